/** The catalog of a pretended server, in a SQLite database: what the engine asks and changes of it. */
import type { DatabaseSync } from 'node:sqlite';
import { XpdbError } from '../../model/error.ts';
import type { CatalogAccess, SandboxTable } from '../engine/catalog-access.ts';
import { ServerError } from '../engine/server-error.ts';
import { createCollationCache, createState, type RunningState, readCollation } from './catalog-state.ts';
import { findType } from './ddl/column-types.ts';
import { addDatabase } from './ddl/database.ts';
import { sessionsInTheWay } from './ddl/exclusive-access.ts';
import { executeDdl } from './ddl/execute-ddl.ts';
import { setAdministrator } from './ddl/login.ts';
import { metadataFunction } from './functions/metadata-function.ts';
import { partitionFunctionNamed } from './partition-functions.ts';
import { executeProcedure } from './procedures/execute-procedure.ts';
import { createResolver } from './resolver.ts';
import { createRowCounts, rowCountViews } from './row-counts.ts';
import type { ServerOptions } from './server-options.ts';
import { sessionViews } from './sessions.ts';
import { type ActingUser, actingUser, type SignedIn, signIn } from './sign-in.ts';
import { databaseRow, foldName, type Scope } from './state.ts';
import { num, openStore, type Store, text } from './store.ts';
import { seedServer, systemFiles } from './system-content.ts';
import { loadTable, typeOfRow } from './table-loader.ts';
import { viewStatements } from './views/view-statements.ts';

export interface CatalogOptions extends ServerOptions {
  readonly sqlite: DatabaseSync;
  /** The administrator's log-in. */
  readonly user: string;
  readonly password: string;
}

export interface Catalog extends CatalogAccess {
  /** null = 18456. */
  signIn(name: string, password: string): SignedIn | null;
  /** null = 916: the login has no user in the database. */
  actingUser(login: string, database: string): ActingUser | null;
}

/** What of the options a file was made with, and may not change. */
function identityOf(options: CatalogOptions): string {
  const { version, azure, edition, collation, platform } = options;
  return JSON.stringify({ version, azure, edition, collation, platform });
}

function checkFile(store: Store, options: CatalogOptions): void {
  const made = text(store.get("SELECT value FROM server_meta WHERE name = 'server'")?.['value']);
  const asked = identityOf(options);
  if (made !== asked) {
    throw new XpdbError(`the sandbox's file holds another server: ${made}, not ${asked}`, {
      hint: 'start the sandbox with the options that the file was made with, or name a new file',
    });
  }
}

/** Fills an empty store: the server and its four system databases. */
function seed(state: RunningState, options: CatalogOptions): void {
  const { store } = state;
  seedServer(store, options);
  const files = systemFiles(options);
  ['master', 'tempdb', 'model', 'msdb'].forEach((name, i) => {
    const id = i + 1;
    addDatabase(state, id, name, options.collation, new Uint8Array([1]), {
      // Captured: master and msdb have snapshot isolation on.
      snapshot_isolation_state: name === 'master' || name === 'msdb' ? 1 : 0,
      recovery_model: name === 'model' ? 1 : 3,
      is_broker_enabled: name === 'tempdb' || name === 'msdb',
      is_trustworthy_on: name === 'msdb',
      is_db_chaining_on: name !== 'model',
    });
    (files[name] ?? []).forEach((path, j) => {
      store.insert('sys.master_files', {
        database_id: id,
        file_id: j + 1,
        type: j,
        data_space_id: j === 0 ? 1 : 0,
        name: systemFileName(name, j),
        physical_name: path,
        size: 1024,
        max_size: j === 0 ? -1 : 268435456,
        growth: 8192,
      });
    });
  });
  store.run("INSERT INTO server_meta VALUES ('server', ?)", identityOf(options));
}

function systemFileName(database: string, file: number): string {
  if (database === 'master') return file === 0 ? 'master' : 'mastlog';
  if (database === 'tempdb') return file === 0 ? 'tempdev' : 'templog';
  if (database === 'model') return file === 0 ? 'modeldev' : 'modellog';
  return file === 0 ? 'MSDBData' : 'MSDBLog';
}

/**
 * Opens the catalog in `options.sqlite`: a new server when that is empty, else the one that was kept there.
 * @throws XpdbError when the file holds a server of another version, edition, collation or platform
 */
export function createCatalog(options: CatalogOptions): Catalog {
  const { sqlite } = options;
  const collations = createCollationCache(options.collation, db => readCollation(store, db));
  const store = openStore(sqlite, (db, name) => foldName(name, db === null ? options.collation : collations.of(db)));
  const tables = new Map<string, SandboxTable | null>();
  const state = createState(store, options, collations, (db, objectId) => {
    if (objectId !== 0) tables.delete(`${db}:${objectId}`);
    else for (const key of tables.keys()) if (key.startsWith(`${db}:`)) tables.delete(key);
  });
  if (store.existed) checkFile(store, options);
  else {
    sqlite.exec('BEGIN');
    seed(state, options);
    sqlite.exec('COMMIT');
  }
  setAdministrator({ state, store }, options.user, options.password);
  for (const sql of viewStatements()) sqlite.exec(sql);

  const { sessions } = state;
  sessions.writeDown();
  const table = (db: number, id: number): SandboxTable | null => {
    const key = `${db}:${id}`;
    let found = tables.get(key);
    if (found === undefined) {
      found = loadTable(store, db, id);
      tables.set(key, found);
    }
    return found;
  };
  const rowCounts = createRowCounts(store, state.rows, table);
  const resolver = createResolver(state, table, {
    of(view, db) {
      if (sessionViews.has(view)) return sessions.writeDown;
      if (rowCountViews.has(view)) return () => rowCounts.refresh(db);
      if (view === 'sys.identity_columns') return state.live.writeDown;
      return null;
    },
  });

  const databaseField = (name: string, field: string): string => text(databaseRow(state, name)?.[field]);
  return {
    sqlite,
    version: options.version,
    serverCollation: options.collation,
    attach: state.attach,

    databaseId(name) {
      const row = databaseRow(state, name);
      return row ? num(row['database_id']) : null;
    },
    databaseName(id) {
      const row = store.get('SELECT name FROM "b.sys.databases" WHERE database_id = ?', id);
      return row ? text(row['name']) : null;
    },
    databaseCollation: name => databaseField(name, 'collation_name') || options.collation,
    compatibilityLevel: name => Number(databaseField(name, 'compatibility_level')) || options.version,

    allowsSnapshot: name => databaseField(name, 'snapshot_isolation_state') === '1',
    isReadOnly: name => databaseField(name, 'is_read_only') === '1',

    resolve: resolver.resolve,
    tableType: resolver.tableType,
    tableById: table,
    partitionFunction(name, database) {
      const row = databaseRow(state, database);
      if (!row) return null;
      const db = num(row['database_id']);
      return partitionFunctionNamed(store, db, state.key(db, name));
    },
    aliasType(name, context) {
      const row = databaseRow(state, name.database ?? context.database);
      if (!row) return null;
      const scope: Scope = { state, store, context, db: num(row['database_id']), version: options.version };
      const type = findType(scope, name.schema, name.name);
      if (!type || num(type['is_table_type']) === 1) return null;
      return {
        type: typeOfRow(type),
        nullable: num(type['is_nullable']) === 1,
        userTypeId: num(type['user_type_id']),
      };
    },

    checkAccess(database, context) {
      if (sessions.isReserved(database, context.sessionId)) {
        throw new ServerError(
          924,
          `Database '${databaseField(database, 'name')}' is already open and can only have one user at a time.`,
          { class: 14 },
        );
      }
    },
    sessionsInTheWay: (statement, context) => sessionsInTheWay(state, statement, context),
    executeDdl(statement, context) {
      if (['use', 'alterDatabase', 'dropDatabase'].includes(statement.kind)) sessions.writeDown();
      return executeDdl(state, statement, context);
    },
    executeSystemProcedure(name, arguments_, context) {
      const own = name.database === null ? context : { ...context, database: name.database };
      return executeProcedure(state, name.name, arguments_, own);
    },
    metadataFunction: (name, arguments_, context) => metadataFunction(state, name, arguments_, context),

    identityState: t => ({ lastValue: state.identity.get(t.databaseId, t.objectId) }),
    setIdentityState: (t, value) => state.identity.set(t.databaseId, t.objectId, value),
    nextSequenceValue: state.live.nextSequenceValue,
    nextRowVersion: state.live.nextRowVersion,
    lastRowVersion: state.live.lastRowVersion,

    setConstraintsUntrusted(t) {
      const ids = store.all(
        "SELECT object_id FROM \"b.sys.objects\" WHERE db = ? AND parent_object_id = ? AND type IN ('F ', 'C ')",
        t.databaseId,
        t.objectId,
      );
      for (const row of ids) {
        const where = { db: t.databaseId, object_id: num(row['object_id']) };
        store.update('sys.foreign_keys', where, { is_not_trusted: true });
        store.update('sys.check_constraints', where, { is_not_trusted: true });
      }
    },
    beforeCommit: state.live.writeDown,
    afterRollback() {
      tables.clear();
      rowCounts.forget();
      state.forgetCollations();
      state.live.afterRollback();
    },
    sessionChanged(context, alive) {
      sessions.changed(context, alive);
      if (context.transactionCount === 0) state.locks.transactionEnded(context.sessionId);
      if (alive) return;
      state.locks.sessionEnded(context.sessionId);
      state.sessionContext.forget(context.sessionId);
    },

    signIn: (name, password) => signIn(state, name, password),
    actingUser: (login, database) => actingUser(state, login, database),
  };
}
