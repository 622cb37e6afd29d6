/** Files and filegroups of databases: where they lie, how they grow. */
import type { DatabaseFile } from '../../../model/database.ts';
import type { AlterDatabase, FilegroupDefinition } from '../../../tsql/ddl/statement.ts';
import type { ServerError } from '../../engine/server-error.ts';
import { directoryExists } from '../server-options.ts';
import type { CatalogState, Scope } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { guidOf } from '../system-content.ts';
import { spaceNamed } from './data-spaces.ts';
import { alterFailed, fail, syntaxError } from './failure.ts';

const pageKb = 8;

const unlimitedLog = 268435456;

/** The file's place must exist on the pretended volumes (5133), and no file may be there yet (5170). */
export function checkPath(state: CatalogState, file: DatabaseFile, more: ServerError['more']): void {
  if (!directoryExists(state.options, file.physicalName)) {
    const reason =
      state.options.platform === 'linux' || /^[A-Za-z]:/.test(file.physicalName)
        ? '2(The system cannot find the file specified.)'
        : '3(The system cannot find the path specified.)';
    throw fail(
      5133,
      `Directory lookup for the file "${file.physicalName}" failed with the operating system error ${reason}.`,
      { more },
    );
  }
  const fold = (p: string): string => (state.options.platform === 'windows' ? p.toLowerCase() : p);
  const taken = state.store
    .all('SELECT physical_name FROM "b.sys.master_files"')
    .some(r => fold(text(r['physical_name'])) === fold(file.physicalName));
  if (taken)
    throw fail(
      5170,
      `Cannot create file '${file.physicalName}' because it already exists. Change the file path or the file name, and retry the operation.`,
      { more },
    );
}

interface FileGrowth {
  readonly size: number;
  readonly maxSize: number;
  readonly growth: number;
  readonly percent: boolean;
}

function growthOf(state: CatalogState, file: Partial<DatabaseFile>, kind: DatabaseFile['kind']): FileGrowth {
  const modern = state.options.version >= 130;
  const log = kind === 'log';
  const pages = (kb: number): number => Math.ceil(kb / pageKb);
  const given = file.growth ?? null;
  const max = file.maxSizeKb ?? null;
  return {
    size:
      kind === 'filestream'
        ? 0
        : file.sizeKb
          ? pages(file.sizeKb)
          : modern
            ? 1024
            : log
              ? 128
              : state.options.version >= 110
                ? 640
                : 384,
    maxSize: max === null || max === -1 ? (log ? unlimitedLog : -1) : pages(max),
    growth:
      kind === 'filestream'
        ? 0
        : given
          ? given.unit === '%'
            ? given.value
            : pages(given.value)
          : modern
            ? 8192
            : log
              ? 10
              : 128,
    percent: given ? given.unit === '%' : !modern && log,
  };
}

export function addFile(state: CatalogState, db: number, file: DatabaseFile, spaceId: number): void {
  const { store } = state;
  const taken = store
    .all('SELECT name FROM "b.sys.master_files" WHERE database_id = ?', db)
    .some(r => text(r['name']).toLowerCase() === file.logicalName.toLowerCase());
  if (taken)
    throw fail(1828, `The logical file name "${file.logicalName}" is already in use. Choose a different name.`, {
      state: 3,
    });
  const first = store.get('SELECT 1 AS x FROM "b.sys.master_files" WHERE database_id = ?', db);
  const used = new Set(
    store.all('SELECT file_id FROM "b.sys.master_files" WHERE database_id = ?', db).map(r => num(r['file_id'])),
  );
  let id = file.kind === 'log' && !used.has(2) ? 2 : first ? 3 : 1;
  while (used.has(id)) id++;
  if (file.kind === 'filestream' && id < 65537 && !used.has(65537)) id = 65537;
  const growth = growthOf(state, file, file.kind);
  store.insert('sys.master_files', {
    database_id: db,
    file_id: id,
    file_guid: guidOf(`${db} ${id} ${file.logicalName}`),
    type: file.kind === 'rows' ? 0 : file.kind === 'log' ? 1 : 2,
    data_space_id: file.kind === 'log' ? 0 : spaceId,
    name: file.logicalName,
    physical_name: file.physicalName,
    state: 0,
    size: growth.size,
    max_size: growth.maxSize,
    growth: growth.growth,
    is_percent_growth: growth.percent,
  });
}

/** Adds a filegroup (PRIMARY is there already). */
export function addFilegroup(
  state: CatalogState,
  db: number,
  group: Omit<FilegroupDefinition, 'files'>,
  key: (name: string) => string,
): number {
  const { store } = state;
  if (store.get('SELECT 1 AS x FROM "b.sys.data_spaces" WHERE db = ? AND name_key = ?', db, key(group.name))) {
    throw fail(1921, `There is already a filegroup '${group.name}' in the database.`);
  }
  if (group.kind === 'memoryOptimized')
    throw state.options.version < 120
      ? syntaxError('MEMORY_OPTIMIZED_DATA')
      : fail(40000, 'not supported by the sandbox: CONTAINS MEMORY_OPTIMIZED_DATA');
  if (group.kind === 'filestream' && !state.options.filestream)
    throw fail(5591, 'FILESTREAM feature is disabled.', { state: 3 });
  const id =
    Math.max(
      1,
      num(
        store.get('SELECT max(data_space_id) AS n FROM "b.sys.data_spaces" WHERE db = ? AND type <> \'PS\'', db)?.['n'],
      ),
    ) + 1;
  const type = group.kind === 'filestream' ? 'FD' : 'FG';
  const firstFilestream =
    type === 'FD' && !store.get('SELECT 1 AS x FROM "b.sys.data_spaces" WHERE db = ? AND type = \'FD\'', db);
  store.insert('sys.data_spaces', {
    db,
    name: group.name,
    data_space_id: id,
    type,
    is_default: group.isDefault || firstFilestream,
  });
  store.insert('sys.filegroups', { db, data_space_id: id, filegroup_guid: guidOf(`filegroup ${db} ${group.name}`) });
  if (group.isDefault && type === 'FG')
    store.run(
      'UPDATE "b.sys.data_spaces" SET is_default = 0 WHERE db = ? AND type = \'FG\' AND data_space_id <> ?',
      db,
      id,
    );
  return id;
}

export const newFile = (logicalName: string, physicalName: string, kind: DatabaseFile['kind']): DatabaseFile => ({
  logicalName,
  physicalName,
  kind,
  sizeKb: null,
  maxSizeKb: null,
  growth: null,
});

export const defaultSpaceId = (scope: Scope): number =>
  num(
    scope.store.get(
      'SELECT data_space_id AS n FROM "b.sys.data_spaces" WHERE db = ? AND type = \'FG\' AND is_default = 1',
      scope.db,
    )?.['n'],
  ) || 1;

export function fileNamed(scope: Scope, name: string): Row {
  const row = scope.store
    .all('SELECT * FROM "b.sys.master_files" WHERE database_id = ?', scope.db)
    .find(r => text(r['name']).toLowerCase() === name.toLowerCase());
  if (!row) throw fail(5041, `MODIFY FILE failed. File '${name}' does not exist.`, { more: [alterFailed] });
  return row;
}

export function filegroupNamed(scope: Scope, name: string): Row {
  const row = spaceNamed(scope, name);
  if (!row || text(row['type']) === 'PS') {
    throw fail(5036, `MODIFY FILEGROUP failed. Filegroup '${name}' does not exist.`, { more: [alterFailed] });
  }
  return row;
}

export function modifyFile(scope: Scope, file: Extract<AlterDatabase['action'], { kind: 'modifyFile' }>['file']): void {
  const row = fileNamed(scope, file.logicalName);
  const kind = (['rows', 'log', 'filestream'] as const)[num(row['type'])] ?? 'rows';
  const growth = growthOf(scope.state, file, kind);
  if (
    file.physicalName !== undefined &&
    file.physicalName !== '' &&
    !directoryExists(scope.state.options, file.physicalName)
  ) {
    throw fail(
      5133,
      `Directory lookup for the file "${file.physicalName}" failed with the operating system error 2(The system cannot find the file specified.).`,
      { more: [alterFailed] },
    );
  }
  scope.store.update(
    'sys.master_files',
    { database_id: scope.db, file_id: num(row['file_id']) },
    {
      file_id: num(row['file_id']),
      ...(file.newName === undefined ? {} : { name: file.newName }),
      ...(file.physicalName === undefined || file.physicalName === '' ? {} : { physical_name: file.physicalName }),
      ...(file.sizeKb ? { size: growth.size } : {}),
      ...(file.maxSizeKb ? { max_size: growth.maxSize } : {}),
      ...(file.growth ? { growth: growth.growth, is_percent_growth: growth.percent } : {}),
      ...(file.offline ? { state: 6 } : {}),
    },
  );
}

export function modifyFilegroup(
  scope: Scope,
  name: string,
  change: Extract<AlterDatabase['action'], { kind: 'modifyFilegroup' }>['change'],
): void {
  const row = filegroupNamed(scope, name);
  const { store, db } = scope;
  const id = num(row['data_space_id']);
  if (typeof change === 'object') store.update('sys.data_spaces', { db, data_space_id: id }, { name: change.newName });
  else if (change === 'DEFAULT') {
    const type = text(row['type']);
    if (num(row['is_default']) === 1) return;
    store.run('UPDATE "b.sys.data_spaces" SET is_default = 0 WHERE db = ? AND type = ?', db, type);
    store.update('sys.data_spaces', { db, data_space_id: id }, { is_default: true });
  } else if (change === 'READ_ONLY' || change === 'READ_WRITE') {
    store.update('sys.filegroups', { db, data_space_id: id }, { is_read_only: change === 'READ_ONLY' });
  } else {
    if (scope.version < 130) throw syntaxError(change);
    store.update(
      'sys.filegroups',
      { db, data_space_id: id },
      { is_autogrow_all_files: change === 'AUTOGROW_ALL_FILES' },
    );
  }
}
