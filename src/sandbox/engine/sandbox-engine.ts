/** The pretended server behind the protocol: log-ins, batches, calls, bulk loads. */
import { DatabaseSync } from 'node:sqlite';
import type { WireCollation } from '../../data/wire-column.ts';
import {
  type BulkRows,
  type Engine,
  type EngineSession,
  LoginError,
  type LoginRequest,
  MessageIgnored,
  type ResponseWriter,
  type RpcRequest,
} from '../tds/engine.ts';
import { bulkLoad, failedBulkCommand } from './execute/bulk-load.ts';
import { command } from './execute/commands.ts';
import { Raised, tellError } from './execute/errors.ts';
import { BatchAborted, Execution } from './execute/execution.ts';
import { parseText, runOne, runText } from './execute/executor.ts';
import { newFrame, releaseFrame } from './execute/frame.ts';
import { dropTables } from './execute/procedure-call.ts';
import { callRpc } from './execute/rpc.ts';
import type { StatementFaults } from './execute/statement-faults.ts';
import { Tokens } from './execute/tokens.ts';
import { ServerError } from './server-error.ts';
import { cachedCatalog } from './session/cached-catalog.ts';
import { createOpenSessions } from './session/open-sessions.ts';
import { type ServerCatalog, type ServerParts, Session } from './session/session.ts';
import { type IsolationLevel, initialOptions } from './session/set-options.ts';
import { Snapshots } from './session/snapshots.ts';
import { Cancelled, WriteLock } from './session/write-lock.ts';
import { RowStorage } from './storage/row-storage.ts';
import { createRowStore } from './storage/row-store.ts';
import { createEvaluator } from './storage/scalar-evaluator.ts';
import { collationNamed } from './types/collation.ts';
import { wireCollationOf } from './types/wire-form.ts';

export interface EngineOptions {
  readonly catalog: ServerCatalog;
  readonly serverName: string;
  /** ProductVersion's first three numbers. */
  readonly version: { readonly major: number; readonly minor: number; readonly build: number };
  /** May change while the server runs. */
  readonly faults: { readonly statements: StatementFaults };
}

/** TDS version of a server: NBCROW came with 2008 R2, 7.4 with 2012. */
const tdsVersion = (version: number): number => (version < 105 ? 0x730a0003 : version < 110 ? 0x730b0003 : 0x74000004);

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
      session = new Session(parts, { id: 1, login: 'sa', hostName: '', applicationName: '', library: '' }, database);
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
    const session = new Session(
      parts,
      {
        id: spid,
        login: who.login,
        hostName: request.hostName,
        applicationName: request.applicationName,
        library: request.library,
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

const isolationLevels: readonly (IsolationLevel | null)[] = [
  null,
  'READ UNCOMMITTED',
  'READ COMMITTED',
  'REPEATABLE READ',
  'SERIALIZABLE',
  'SNAPSHOT',
];

function engineSession(session: Session, faults: EngineOptions['faults']): EngineSession {
  const { catalog } = session;
  const idle = (): { timeout: number; signal: AbortSignal } => session.waiter(new AbortController().signal);

  /** Runs one request and ends its response, whatever happens. */
  async function request(
    out: ResponseWriter,
    signal: AbortSignal,
    work: (x: Execution) => Promise<void>,
    procedure: boolean,
  ): Promise<void> {
    const tokens = new Tokens(out);
    const frame = newFrame();
    const x = new Execution(session, tokens, signal, frame, faults.statements, {
      runText,
      runOne,
      parse: text => parseText(session, text),
    });
    try {
      await work(x);
      endUncommittable(x);
    } catch (error) {
      if (error instanceof Cancelled || (error instanceof MessageIgnored && signal.aborted)) cancelled(x, procedure);
      else if (error instanceof MessageIgnored) tokens.done(0, null, true);
      else if (error instanceof Raised) throw new Error(`nobody caught ${error.message}`);
      else if (!(error instanceof BatchAborted)) {
        if (session.transaction.count > 0) session.transaction.abandon();
        throw error;
      }
    } finally {
      releaseFrame(frame, session);
      session.caught = null;
      catalog.sessionChanged(session.context, true);
    }
    tokens.end();
  }

  /** A batch may not leave behind a transaction that cannot be committed. */
  function endUncommittable(x: Execution): void {
    if (!session.transaction.doomed) return;
    session.transaction.rollback(null);
    x.tokens.transactionChanged('rolledBack');
    x.tokens.message(
      {
        number: 3998,
        state: 1,
        class: 16,
        line: 1,
        message: 'Uncommittable transaction is detected at the end of the batch. The transaction is rolled back.',
      },
      1,
    );
    x.tokens.done(command.none, null, true);
  }

  /**
   * Attention: the response ends with an error DONE and no message. A TRY around the statement and a transaction that
   * XACT_ABORT rolls back each have a DONE of their own, of which the last is the error (captured: attention.*).
   */
  function cancelled(x: Execution, procedure: boolean): void {
    const { transaction, options } = session;
    const rolls = transaction.count > 0 && options.xactAbort;
    const commands = [
      x.command,
      ...(x.cancelledTries > 0 ? [command.tryCancelled] : []),
      ...(rolls ? [command.none] : []),
    ];
    const last = commands.pop()!;
    for (const c of commands) x.tokens.done(c, null);
    if (rolls) {
      transaction.rollback(null);
      x.tokens.transactionChanged('rolledBack');
    }
    x.tokens.procedureDepth = 0;
    if (procedure) x.tokens.doneProcedure(true);
    else x.tokens.done(last, null, true);
  }

  /** A bulk load was announced, something else came. */
  function refuseWithoutRows(x: Execution): boolean {
    if (!session.announcedBulk) return false;
    session.announcedBulk = null;
    tellError(
      x,
      new ServerError(4022, 'Bulk load data was expected but not sent. The batch will be terminated.', { class: 16 }),
      command.none,
      1,
    );
    return true;
  }

  return {
    get database() {
      return session.database;
    },
    get collation(): WireCollation {
      return wireCollationOf(collationNamed(catalog.databaseCollation(session.database)));
    },

    executeBatch: (sql, out, signal) =>
      request(
        out,
        signal,
        async x => {
          if (refuseWithoutRows(x)) return;
          x.batchText = sql;
          await x.runText(x, sql, x.frame);
        },
        false,
      ),

    executeRpc: (call: RpcRequest, out, signal) =>
      request(
        out,
        signal,
        async x => {
          if (refuseWithoutRows(x)) return;
          x.batchText = String(call.parameters[0]?.value ?? '');
          let ended = false;
          try {
            await callRpc(x, call);
          } catch (error) {
            if (!(error instanceof ServerError)) throw error;
            ended = tellError(x, error, command.execute, 1);
          }
          if (!ended) x.tokens.doneProcedure();
        },
        true,
      ),

    bulkLoad: (rows: BulkRows, out, signal) =>
      request(
        out,
        signal,
        async x => {
          const announced = session.announcedBulk;
          session.announcedBulk = null;
          try {
            if (!announced)
              throw new ServerError(4002, 'The incoming tabular data stream (TDS) protocol stream is incorrect.');
            await bulkLoad(x, announced, rows);
          } catch (error) {
            if (!(error instanceof ServerError)) throw error;
            tellError(x, error, failedBulkCommand(error, session.options.xactAbort), 1);
          }
        },
        false,
      ),

    async beginTransaction(isolation, name) {
      const level = isolationLevels[isolation];
      if (level) session.options.isolation = level;
      session.transaction.begin(name === '' ? null : name);
    },
    async commitTransaction() {
      session.transaction.commit();
    },
    async rollbackTransaction() {
      session.transaction.rollback(null);
    },
    async saveTransaction(name) {
      await session.transaction.save(name, idle());
    },

    async reset() {
      await leave();
      session.options = initialOptions();
      session.identityInsert = null;
      session.prepared.clear();
      session.enter(session.database);
    },
    async close() {
      await leave();
      catalog.sessionChanged(session.context, false);
    },
  };

  /** Ends what is open: transaction, temporary tables. */
  async function leave(): Promise<void> {
    if (session.transaction.count > 0) session.transaction.abandon();
    session.announcedBulk = null;
    const left = session.temporary.remaining();
    if (left.length > 0) {
      const quiet = new Tokens(silent);
      const x = new Execution(session, quiet, new AbortController().signal, newFrame(), [], {
        runText,
        runOne,
        parse: text => parseText(session, text),
      });
      await dropTables(x, left);
    }
    session.temporary.forget();
  }
}

const nothing = (): void => undefined;
const silent: ResponseWriter = {
  columns: nothing,
  rows: nothing,
  order: nothing,
  info: nothing,
  error: nothing,
  done: nothing,
  returnStatus: nothing,
  returnValue: nothing,
  databaseChanged: nothing,
  languageChanged: nothing,
  transactionChanged: nothing,
  allowsNbcRow: false,
  drain: () => Promise.resolve(),
};
