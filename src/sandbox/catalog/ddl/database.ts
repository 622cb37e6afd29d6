/** CREATE, ALTER and DROP DATABASE; USE. */
import type { DatabaseFile } from '../../../model/database.ts';
import type { AlterDatabase, CreateDatabase, DropDatabase, FilegroupDefinition } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, DdlOutcome } from '../../engine/catalog-access.ts';
import type { ServerError } from '../../engine/server-error.ts';
import { knownCollation } from '../collations.ts';
import { defaultDataPath, directoryExists } from '../server-options.ts';
import { type CatalogState, databaseRow, type Scope } from '../state.ts';
import { forgetDatabase, num, type Row, text } from '../store.ts';
import { guidOf, seedDatabase } from '../system-content.ts';
import { spaceNamed } from './data-spaces.ts';
import { containmentFields, newDatabaseFields, optionFields } from './database-options.ts';
import { createSnapshot, snapshotSource } from './database-snapshot.ts';
import { refuseOthers } from './exclusive-access.ts';
import { command, done, fail, keywordError, message, syntaxError } from './failure.ts';

const pageKb = 8;
const unlimitedLog = 268435456;
const alterFailed = message(5069, 'ALTER DATABASE statement failed.');
const createFailed = message(
  1802,
  'CREATE DATABASE failed. Some file names listed could not be created. Check related errors.',
  16,
  4,
);

const isSystem = (db: number): boolean => db <= 4;

/** The file's place must exist on the pretended volumes (5133), and no file may be there yet (5170). */
function checkPath(state: CatalogState, file: DatabaseFile, more: ServerError['more']): void {
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

function addFile(state: CatalogState, db: number, file: DatabaseFile, spaceId: number): void {
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
function addFilegroup(
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

/** Puts a new database into the catalog. System databases are made by it too. */
export function addDatabase(
  state: CatalogState,
  id: number,
  name: string,
  collation: string,
  ownerSid: Uint8Array,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): void {
  state.store.insert('sys.databases', {
    ...newDatabaseFields(state.options.version),
    name,
    database_id: id,
    owner_sid: ownerSid,
    create_date: id <= 4 ? '2003-04-08 09:13:36.390' : state.now(),
    collation_name: collation,
    service_broker_guid: guidOf(`broker ${name}`),
    physical_database_name: name,
    ...fields,
  });
  seedDatabase(state, id, ownerSid, collation);
}

export function createDatabase(state: CatalogState, statement: CreateDatabase, context: CatalogContext): DdlOutcome {
  if (statement.containment !== null && state.options.version < 110) throw syntaxError('CONTAINMENT');
  if (context.transactionCount > 0)
    throw fail(226, 'CREATE DATABASE statement not allowed within multi-statement transaction.', { state: 6 });
  if (databaseRow(state, statement.name))
    throw fail(1801, `Database '${statement.name}' already exists. Choose a different database name.`, { state: 3 });
  if (statement.forAttach) throw fail(40000, 'not supported by the sandbox: CREATE DATABASE … FOR ATTACH');
  let { collation } = statement;
  if (collation !== null) {
    collation = knownCollation(collation, state.options.version) ?? null;
    if (collation === null) throw fail(448, `Invalid collation '${statement.collation}'.`, { state: 3 });
  }
  const used = new Set(state.store.all('SELECT database_id FROM "b.sys.databases"').map(r => num(r['database_id'])));
  let id = 5;
  while (used.has(id)) id++;
  if (snapshotSource(statement) !== undefined) {
    return createSnapshot(state, statement, id, file => checkPath(state, file, [createFailed]));
  }
  const login = state.store.get(
    'SELECT sid FROM "b.sys.server_principals" WHERE name_key = ?',
    state.key(null, context.login),
  );
  const sid = (login?.['sid'] as Uint8Array | undefined) ?? new Uint8Array([1]);
  const model = state.store.get('SELECT recovery_model FROM "b.sys.databases" WHERE database_id = 3');
  addDatabase(state, id, statement.name, collation ?? state.options.collation, sid, {
    ...containmentFields(statement.containment ?? 'NONE'),
    recovery_model: state.options.edition === 'express' ? 3 : num(model?.['recovery_model']) || 1,
    is_auto_close_on: state.options.edition === 'express' && state.options.version < 110,
    ...(state.options.azure
      ? { snapshot_isolation_state: 1, is_read_committed_snapshot_on: true, is_encrypted: true }
      : {}),
  });
  addFiles(state, id, statement);
  for (const [option, value] of Object.entries(statement.options)) setOption(state, id, option, value);
  return done(command.createDatabase);
}

function addFiles(state: CatalogState, id: number, statement: CreateDatabase): void {
  const path = defaultDataPath(state.options);
  const key = (name: string): string => state.key(id, name);
  const groups = statement.filegroups.some(g => g.files.length > 0)
    ? statement.filegroups
    : [
        {
          name: 'PRIMARY',
          kind: 'rows' as const,
          isDefault: true,
          files: [newFile(statement.name, `${path}${statement.name}.mdf`, 'rows')],
        },
      ];
  const withFiles = (spaceId: number, files: readonly DatabaseFile[]): void => {
    for (const file of files) {
      if (file.kind === 'filestream' && !state.options.filestream)
        throw fail(5591, 'FILESTREAM feature is disabled.', { state: 3 });
      checkPath(state, file, [createFailed]);
      addFile(state, id, file, spaceId);
    }
  };
  const primary = groups.find(g => g.name.toUpperCase() === 'PRIMARY') ?? groups[0];
  if (primary) withFiles(1, primary.files);
  const logs =
    statement.logFiles.length > 0
      ? statement.logFiles
      : [
          newFile(
            `${statement.name}_log`,
            `${logPath(path, primary?.files[0], statement)}${statement.name}_log.ldf`,
            'log',
          ),
        ];
  for (const file of logs) {
    checkPath(state, file, [createFailed]);
    addFile(state, id, { ...file, kind: 'log' }, 0);
  }
  for (const group of groups) {
    if (group === primary) continue;
    withFiles(addFilegroup(state, id, group, key), group.files);
  }
}

/** A log without a clause of its own lies beside the primary file when that was placed. */
function logPath(fallback: string, primary: DatabaseFile | undefined, statement: CreateDatabase): string {
  if (!primary || statement.filegroups.length === 0) return fallback;
  const cut = Math.max(primary.physicalName.lastIndexOf('\\'), primary.physicalName.lastIndexOf('/'));
  return cut < 0 ? fallback : primary.physicalName.slice(0, cut + 1);
}

const newFile = (logicalName: string, physicalName: string, kind: DatabaseFile['kind']): DatabaseFile => ({
  logicalName,
  physicalName,
  kind,
  sizeKb: null,
  maxSizeKb: null,
  growth: null,
});

/** Options that master, model and tempdb do not take, with the state of error 5058 (captured for master). */
const refusedForMaster: Readonly<Record<string, number>> = {
  READ_COMMITTED_SNAPSHOT: 2,
  SINGLE_USER: 5,
  MULTI_USER: 5,
  RESTRICTED_USER: 5,
  OFFLINE: 5,
  READ_ONLY: 5,
  AUTO_CLOSE: 1,
  AUTO_SHRINK: 1,
  ALLOW_SNAPSHOT_ISOLATION: 4,
};

function setOption(state: CatalogState, db: number, option: string, value: string): void {
  const fields = optionFields(option, value, state.options.version);
  if (fields !== 'other') {
    state.store.update('sys.databases', { database_id: db }, fields);
    return;
  }
  const upper = option.toUpperCase();
  if (upper === 'DEFAULT_LANGUAGE' || upper === 'DEFAULT_FULLTEXT_LANGUAGE') setLanguage(state, db, upper, value);
  if (upper === 'QUERY_STORE') {
    const on = !/^\(?\s*OFF|^OFF|=\s*OFF\b/i.test(value) && !/^\s*OFF\s*$/i.test(value);
    if (/^CLEAR/i.test(value.trim())) return;
    state.store.update('sys.databases', { database_id: db }, { is_query_store_on: on });
    state.store.update(
      'sys.database_query_store_options',
      { db },
      { desired_state: on ? 2 : 0, actual_state: on ? 2 : 0 },
    );
  }
  if (upper === 'FILESTREAM') {
    const access = /NON_TRANSACTED_ACCESS\s*=\s*(\w+)/i.exec(value)?.[1]?.toUpperCase() ?? 'OFF';
    const directory = /DIRECTORY_NAME\s*=\s*(?:N?'((?:[^']|'')*)'|NULL)/i.exec(value)?.[1];
    state.store.remove('sys.database_filestream_options', { database_id: db });
    state.store.insert('sys.database_filestream_options', {
      database_id: db,
      non_transacted_access: { OFF: 0, READ_ONLY: 1, FULL: 2 }[access] ?? 0,
      directory_name: directory?.replaceAll("''", "'") ?? null,
    });
  }
}

/** A language by its number, name or alias. */
function setLanguage(
  state: CatalogState,
  db: number,
  option: 'DEFAULT_LANGUAGE' | 'DEFAULT_FULLTEXT_LANGUAGE',
  value: string,
): void {
  const written = value.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const row = state.store
    .all('SELECT lcid, name, alias FROM "b.sys.syslanguages"')
    .find(l => [String(l['lcid']), text(l['name']).toLowerCase(), text(l['alias']).toLowerCase()].includes(written));
  if (!row) throw fail(2758, `Language '${value}' is not an official language name or a language alias.`);
  state.store.update(
    'sys.databases',
    { database_id: db },
    option === 'DEFAULT_LANGUAGE'
      ? { default_language_lcid: num(row['lcid']), default_language_name: text(row['name']) }
      : { default_fulltext_language_lcid: num(row['lcid']), default_fulltext_language_name: text(row['alias']) },
  );
}

export function alterDatabase(state: CatalogState, statement: AlterDatabase, context: CatalogContext): DdlOutcome {
  if (statement.name === null && state.options.version < 110) throw syntaxError('CURRENT');
  const row = databaseRow(state, statement.name ?? context.database);
  if (!row) {
    throw fail(
      5011,
      `User does not have permission to alter database '${statement.name}', the database does not exist, or the database is not in a state that allows access checks.`,
      { class: 14, state: 5, more: [alterFailed] },
    );
  }
  const db = num(row['database_id']);
  if (context.transactionCount > 0)
    throw fail(226, 'ALTER DATABASE statement not allowed within multi-statement transaction.', { state: 6 });
  if (statement.name === null && isSystem(db)) {
    throw fail(
      12104,
      `ALTER DATABASE CURRENT failed because '${text(row['name'])}' is a system database. System databases cannot be altered by using the CURRENT keyword. Use the database name to alter a system database.`,
      { state: 2 },
    );
  }
  const scope: Scope = { state, store: state.store, context, db, version: state.options.version };
  refuseOthers(state, statement, context);
  const database = change(scope, statement, row);
  if (statement.action.kind === 'set') reserve(scope, text(row['name']), Object.keys(statement.action.options));
  state.touch(db, 0);
  return { messages: [], command: command.alterDatabase, ...(database === null ? {} : { database }) };
}

/** SINGLE_USER is for the session that sets it. */
function reserve(scope: Scope, database: string, options: readonly string[]): void {
  for (const option of options.map(o => o.toUpperCase())) {
    if (option === 'SINGLE_USER') scope.state.sessions.reserve(database, scope.context.sessionId);
    if (option === 'MULTI_USER' || option === 'RESTRICTED_USER') scope.state.sessions.reserve(database, null);
  }
}

/** Yields the session's new database name when that changed. */
function change(scope: Scope, statement: AlterDatabase, row: Row): string | null {
  const { state, store, db } = scope;
  const { action } = statement;
  switch (action.kind) {
    case 'set':
      if (db === 1) {
        for (const option of Object.keys(action.options)) {
          const refused = refusedForMaster[option.toUpperCase()];
          if (refused !== undefined)
            throw fail(5058, `Option '${option.toUpperCase()}' cannot be set in database 'master'.`, {
              state: refused,
            });
        }
      }
      for (const [option, value] of Object.entries(action.options)) setOption(state, db, option, value);
      return null;
    case 'collate': {
      const collation = knownCollation(action.collation, scope.version);
      if (!collation) throw fail(448, `Invalid collation '${action.collation}'.`, { state: 3 });
      if (isSystem(db))
        throw fail(3708, `Cannot alter the database '${text(row['name'])}' because it is a system database.`, {
          more: [alterFailed],
        });
      changeCollation(scope, collation);
      return null;
    }
    case 'modifyName':
      return rename(scope, row, action.newName);
    case 'addFile': {
      const space = action.filegroup === null ? null : spaceNamed(scope, action.filegroup);
      if (action.filegroup !== null && !space)
        throw fail(5009, 'One or more files listed in the statement could not be found or could not be initialized.', {
          more: [alterFailed],
        });
      for (const file of action.files) {
        const kind = action.log ? 'log' : text(space?.['type']) === 'FD' ? 'filestream' : 'rows';
        if (kind === 'filestream' && !state.options.filestream)
          throw fail(5591, 'FILESTREAM feature is disabled.', { state: 3 });
        checkPath(state, file, [
          message(5009, 'One or more files listed in the statement could not be found or could not be initialized.'),
        ]);
        addFile(state, db, { ...file, kind }, space ? num(space['data_space_id']) : defaultSpaceId(scope));
      }
      return null;
    }
    case 'modifyFile':
      modifyFile(scope, action.file);
      return null;
    case 'removeFile': {
      const file = fileNamed(scope, action.logicalName);
      if (num(file['file_id']) <= 2)
        throw fail(5020, 'The primary data or log file cannot be removed from a database.');
      store.remove('sys.master_files', { database_id: db, file_id: num(file['file_id']) });
      return null;
    }
    case 'addFilegroup':
      addFilegroup(state, db, action.filegroup, name => state.key(db, name));
      return null;
    case 'removeFilegroup': {
      const space = filegroupNamed(scope, action.name);
      const id = num(space['data_space_id']);
      if (store.get('SELECT 1 AS x FROM "b.sys.master_files" WHERE database_id = ? AND data_space_id = ?', db, id)) {
        throw fail(5042, `The filegroup '${action.name}' cannot be removed because it is not empty.`);
      }
      store.remove('sys.data_spaces', { db, data_space_id: id });
      store.remove('sys.filegroups', { db, data_space_id: id });
      return null;
    }
    case 'modifyFilegroup':
      modifyFilegroup(scope, action.name, action.change);
      return null;
  }
}

const defaultSpaceId = (scope: Scope): number =>
  num(
    scope.store.get(
      'SELECT data_space_id AS n FROM "b.sys.data_spaces" WHERE db = ? AND type = \'FG\' AND is_default = 1',
      scope.db,
    )?.['n'],
  ) || 1;

function fileNamed(scope: Scope, name: string): Row {
  const row = scope.store
    .all('SELECT * FROM "b.sys.master_files" WHERE database_id = ?', scope.db)
    .find(r => text(r['name']).toLowerCase() === name.toLowerCase());
  if (!row) throw fail(5041, `MODIFY FILE failed. File '${name}' does not exist.`, { more: [alterFailed] });
  return row;
}

function filegroupNamed(scope: Scope, name: string): Row {
  const row = spaceNamed(scope, name);
  if (!row || text(row['type']) === 'PS') {
    throw fail(5036, `MODIFY FILEGROUP failed. Filegroup '${name}' does not exist.`, { more: [alterFailed] });
  }
  return row;
}

function modifyFile(scope: Scope, file: Extract<AlterDatabase['action'], { kind: 'modifyFile' }>['file']): void {
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

function modifyFilegroup(
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

/** The default collation of new columns and of the names; columns keep theirs. */
function changeCollation(scope: Scope, collation: string): void {
  const { store, db } = scope;
  const bound = store.get(
    'SELECT o.name FROM "b.sys.check_constraints" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id WHERE c.db = ?',
    db,
  );
  if (bound) {
    throw fail(
      5075,
      `The object '${text(bound['name'])}' is dependent on database collation. The database collation cannot be changed if a schema-bound object depends on it. Remove the dependencies on the database collation and then retry the operation.`,
      { more: [alterFailed] },
    );
  }
  store.update('sys.databases', { database_id: db }, { collation_name: collation });
  store.run('UPDATE "b.sys.types" SET collation_name = ? WHERE db = ? AND collation_name IS NOT NULL', collation, db);
  for (const view of [
    'sys.objects',
    'sys.columns',
    'sys.indexes',
    'sys.schemas',
    'sys.types',
    'sys.data_spaces',
    'sys.database_principals',
    'sys.xml_schema_collections',
    'sys.partition_functions',
    'sys.triggers',
    'sys.stats',
  ] as const) {
    for (const row of store.all(`SELECT rowid AS id, name FROM "b.${view}" WHERE db = ? AND name IS NOT NULL`, db)) {
      store.run(
        `UPDATE "b.${view}" SET name_key = ? WHERE rowid = ?`,
        scope.state.key(db, text(row['name'])),
        num(row['id']),
      );
    }
  }
}

/** Yields the new name when it is the session's database. */
export function rename(scope: Scope, row: Row, newName: string): string | null {
  if (isSystem(scope.db)) throw fail(5058, `Option 'MODIFY NAME' cannot be set in database '${text(row['name'])}'.`);
  if (databaseRow(scope.state, newName))
    throw fail(1801, `Database '${newName}' already exists. Choose a different database name.`, {
      state: 3,
      more: [alterFailed],
    });
  scope.store.update('sys.databases', { database_id: scope.db }, { name: newName, physical_database_name: newName });
  const current = scope.state.key(null, scope.context.database) === text(row['name_key']);
  return current ? newName : null;
}

export function dropDatabase(state: CatalogState, statement: DropDatabase, context: CatalogContext): DdlOutcome {
  if (statement.ifExists && state.options.version < 130) throw keywordError('IF');
  if (context.transactionCount > 0)
    throw fail(226, 'DROP DATABASE statement not allowed within multi-statement transaction.', { state: 6 });
  for (const name of statement.names) {
    const row = databaseRow(state, name);
    if (!row) {
      if (statement.ifExists) continue;
      throw fail(3701, `Cannot drop the database '${name}', because it does not exist or you do not have permission.`, {
        class: 11,
      });
    }
    const db = num(row['database_id']);
    if (isSystem(db)) throw fail(3708, `Cannot drop the database '${name}' because it is a system database.`);
    const inUse =
      state.key(null, context.database) === text(row['name_key']) ||
      state.store.get(
        'SELECT 1 AS x FROM "b.sys.dm_exec_sessions" WHERE database_id = ? AND session_id <> ?',
        db,
        context.sessionId,
      ) !== undefined;
    if (inUse) throw fail(3702, `Cannot drop database "${name}" because it is currently in use.`, { state: 3 });
    state.rows().dropDatabase(db);
    forgetDatabase(state.store, db);
    state.store.remove('sys.databases', { database_id: db });
    state.store.remove('sys.master_files', { database_id: db });
    state.store.remove('sys.database_filestream_options', { database_id: db });
    state.touch(db, 0);
  }
  return done(command.dropDatabase);
}

export function useDatabase(state: CatalogState, name: string, context: CatalogContext): DdlOutcome {
  const row = databaseRow(state, name);
  if (!row) throw fail(911, `Database '${name}' does not exist. Make sure that the name is entered correctly.`);
  if (num(row['state']) === 6)
    throw fail(942, `Database '${name}' cannot be opened because it is offline.`, { class: 14, state: 4 });
  const current = text(row['name']);
  const other = state.store.get(
    'SELECT 1 AS x FROM "b.sys.dm_exec_sessions" WHERE database_id = ? AND session_id <> ?',
    num(row['database_id']),
    context.sessionId,
  );
  if (num(row['user_access']) === 1 && other) {
    throw fail(924, `Database '${current}' is already open and can only have one user at a time.`, { class: 14 });
  }
  return {
    messages: [message(5701, `Changed database context to '${current}'.`, 0)],
    command: command.use,
    database: current,
  };
}
