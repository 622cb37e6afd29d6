/** The pretended server behind the protocol: log-ins, batches, calls, bulk loads. */
import { DatabaseSync } from 'node:sqlite';
import { type Engine, type EngineSession, LoginError, type LoginRequest } from '../tds/engine.ts';
import { engineSession } from './engine-session.ts';
import type { StatementFaults } from './execute/statement-faults.ts';
import { cachedCatalog } from './session/cached-catalog.ts';
import { createOpenSessions } from './session/open-sessions.ts';
import { type ServerCatalog, type ServerParts, Session, type SessionIdentity } from './session/session.ts';
import { Snapshots } from './session/snapshots.ts';
import { WriteLock } from './session/write-lock.ts';
import { RowStorage } from './storage/row-storage.ts';
import { createRowStore } from './storage/row-store.ts';
import { createEvaluator } from './storage/scalar-evaluator.ts';

export interface EngineOptions {
  readonly catalog: ServerCatalog;
  readonly serverName: string;
  /** ProductVersion's first three numbers. */
  readonly version: { readonly major: number; readonly minor: number; readonly build: number };
  /** Whether the server acknowledges VECTORSUPPORT, from 2025 on. Default: true. */
  readonly nativeVectors?: boolean;
  /** May change while the server runs. */
  readonly faults: { readonly statements: StatementFaults };
}

/** TDS version of a server: NBCROW came with 2008 R2, 7.4 with 2012. */
const tdsVersion = (version: number): number => (version < 105 ? 0x730a0003 : version < 110 ? 0x730b0003 : 0x74000004);

const systemIdentity: SessionIdentity = {
  id: 1,
  login: 'sa',
  hostName: '',
  applicationName: '',
  library: '',
  nativeVectors: false,
};

export interface SandboxEngine extends Engine {
  /** Resolves when no session is left. */
  idle(): Promise<void>;
}

export function createEngine(options: EngineOptions): SandboxEngine {
  const definitions = { version: 0 };
  const sessions = createOpenSessions();
  const catalog = cachedCatalog(options.catalog, definitions);
  const storage = new RowStorage(catalog.sqlite);
  const snapshots = new Snapshots(storage);
  const system = new Map<string, Session>();
  /** Evaluates what definitions hold. */
  const systemSession = (database: string): Session => {
    let session = system.get(database);
    if (!session) {
      session = new Session(parts, systemIdentity, database);
      system.set(database, session);
    }
    return session;
  };
  const parts: ServerParts = {
    catalog,
    storage,
    rows: createRowStore(storage, systemSession, table => snapshots.beforeChange(table, parts.lock.owner)),
    variableRows: new RowStorage(new DatabaseSync(':memory:')),
    lock: new WriteLock(),
    snapshots,
    definitions,
    endSession: sessions.end,
  };
  catalog.attach(parts.rows, createEvaluator(systemSession));

  async function login(request: LoginRequest, spid: number): Promise<EngineSession> {
    const who = catalog.signIn(request.user, request.password);
    if (!who) throw new LoginError(`Login failed for user '${request.user}'.`);
    const database = request.database === '' ? who.defaultDatabase : request.database;
    const id = catalog.databaseId(database);
    if (id === null || !catalog.actingUser(who.login, database))
      throw new LoginError(`Cannot open database "${database}" requested by the login. The login failed.`, 4060, 1, 11);
    const nativeVectors = (options.nativeVectors ?? true) && catalog.version >= 170 && request.vectorVersion > 0;
    const session = new Session(
      parts,
      {
        id: spid,
        login: who.login,
        hostName: request.hostName,
        applicationName: request.applicationName,
        library: request.library,
        nativeVectors,
      },
      catalog.databaseName(id)!,
    );
    session.enter(session.database);
    catalog.sessionChanged(session.context, true);
    const opened = engineSession(session, options.faults);
    const registered = sessions.add(spid);
    return {
      ...opened,
      onEnd(cut) {
        registered.cut = cut;
      },
      get database() {
        return opened.database;
      },
      get collation() {
        return opened.collation;
      },
      async close() {
        try {
          await opened.close();
        } finally {
          registered.close();
        }
      },
    };
  }
  return {
    serverName: options.serverName,
    version: options.version,
    tdsVersion: tdsVersion(catalog.version),
    login,
    idle: sessions.idle,
  };
}
