/** One log-in as the protocol drives it: each request runs to its last token, whatever happens. */
import type { WireCollation } from '../../data/wire-column.ts';
import {
  type BulkRows,
  type EngineSession,
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
import type { Session } from './session/session.ts';
import { type IsolationLevel, initialOptions } from './session/set-options.ts';
import { Cancelled } from './session/write-lock.ts';
import { collationNamed } from './types/collation.ts';
import { wireCollationOf } from './types/wire-form.ts';

const isolationLevels: readonly (IsolationLevel | null)[] = [
  null,
  'READ UNCOMMITTED',
  'READ COMMITTED',
  'REPEATABLE READ',
  'SERIALIZABLE',
  'SNAPSHOT',
];

/** Of VECTORSUPPORT (MS-TDS 2.2.7.11), that of single precision: a client that asks for a later one gets this. */
const vectorVersion = 1;

/** `faults` may change while the session lives. */
export function engineSession(session: Session, faults: { readonly statements: StatementFaults }): EngineSession {
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
    vectorVersion: session.nativeVectors ? vectorVersion : 0,

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
          x.batchText = Buffer.from(call.parameters[0]?.value ?? []).toString('utf16le');
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
