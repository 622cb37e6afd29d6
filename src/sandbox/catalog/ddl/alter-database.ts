/** ALTER DATABASE. */
import type { AlterDatabase } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, DdlOutcome } from '../../engine/catalog-access.ts';
import { knownCollation } from '../collations.ts';
import { type CatalogState, databaseRow, type Scope } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { spaceNamed } from './data-spaces.ts';
import { isSystem } from './database.ts';
import {
  addFile,
  addFilegroup,
  checkPath,
  defaultSpaceId,
  filegroupNamed,
  fileNamed,
  modifyFile,
  modifyFilegroup,
} from './database-files.ts';
import { refuseOthers } from './exclusive-access.ts';
import { alterFailed, command, fail, message, syntaxError } from './failure.ts';
import { refusedForMaster, setOption } from './set-database-option.ts';

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
