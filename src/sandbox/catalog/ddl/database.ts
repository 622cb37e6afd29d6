/** CREATE and DROP DATABASE; USE. */
import type { DatabaseFile } from '../../../model/database.ts';
import type { CreateDatabase, DropDatabase } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, DdlOutcome } from '../../engine/catalog-access.ts';
import { knownCollation } from '../collations.ts';
import { defaultDataPath } from '../server-options.ts';
import { type CatalogState, databaseRow } from '../state.ts';
import { forgetDatabase, num, text } from '../store.ts';
import { guidOf, seedDatabase } from '../system-content.ts';
import { addFile, addFilegroup, checkPath, newFile } from './database-files.ts';
import { containmentFields, newDatabaseFields } from './database-options.ts';
import { createSnapshot, snapshotSource } from './database-snapshot.ts';
import { command, done, fail, keywordError, message, syntaxError } from './failure.ts';
import { setOption } from './set-database-option.ts';

const createFailed = message(
  1802,
  'CREATE DATABASE failed. Some file names listed could not be created. Check related errors.',
  16,
  4,
);

export const isSystem = (db: number): boolean => db <= 4;

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
