/** The session on a connection of tedious. Loaded by connect.ts when it is needed, for tedious is slow to load. */

import { Connection, type ConnectionConfiguration, ISOLATION_LEVEL, Request } from 'tedious';
import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';
import { guardPieces } from './bulk-writer.ts';
import { decodeRows } from './cell-decoder.ts';
import type { CellValue } from './cell-value.ts';
import { type FeatureVersions, vectorFeature } from './login-features.ts';
import { attachRawRows, bulkLoadPacket, checkInternals, type RawHook, takePackets, withBuffers } from './raw-rows.ts';
import { messageOf } from './raw-token-stream.ts';
import { Response, type ResponseOptions } from './response.ts';
import { RowQueue, singleResult } from './row-queue.ts';
import type {
  BatchResult,
  ExecuteOptions,
  IsolationLevel,
  ResultTable,
  RowSink,
  ServerVersion,
  Session,
  StreamOptions,
} from './session.ts';
import { SocketBuffers } from './socket-buffers.ts';
import { CancelledError, ConnectionLostError, type ServerMessage, SqlServerError } from './sql-error.ts';

const isolationLevels: Record<IsolationLevel, number> = {
  'read committed': ISOLATION_LEVEL.READ_COMMITTED!,
  'repeatable read': ISOLATION_LEVEL.REPEATABLE_READ!,
  serializable: ISOLATION_LEVEL.SERIALIZABLE!,
  snapshot: ISOLATION_LEVEL.SNAPSHOT!,
};

/** A log-in that failed: the driver's error, what the server said before, and how far it came. */
export class LoginFailure extends Error {
  readonly errors: readonly ServerMessage[];
  /** Whether TLS was up when it failed. */
  readonly secure: boolean;

  constructor(cause: Error, errors: readonly ServerMessage[], secure: boolean) {
    super(cause.message, { cause });
    this.name = 'LoginFailure';
    this.errors = errors;
    this.secure = secure;
  }
}

/**
 * Connects and logs in with a configuration of tedious.
 * @param server name for messages
 * @param requestTimeoutMs for requests without a time-out of their own; 0 for none
 * @param features to ask for
 * @throws LoginFailure, to be worded by the caller; XpdbError when tedious itself does not fit
 */
export async function logIn(
  config: ConnectionConfiguration,
  server: string,
  requestTimeoutMs: number,
  features: FeatureVersions,
): Promise<TediousSession> {
  checkInternals();
  // What comes under TLS comes from other memory: there they would be one copy more.
  const buffers = config.options?.encrypt === false ? new SocketBuffers() : null;
  const connection = new Connection(buffers === null ? config : withBuffers(config, buffers));
  const hook = attachRawRows(connection, features);
  const errors: ServerMessage[] = [];
  let secure = config.options?.encrypt === 'strict';
  let database = '';
  const onError = (token: Parameters<typeof messageOf>[0]): void => void errors.push(messageOf(token));
  connection.on('errorMessage', onError);
  connection.on('secure', () => (secure = true));
  connection.on('databaseChange', name => (database = name));
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect(error => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    connection.close();
    throw new LoginFailure(error as Error, errors, secure);
  }
  connection.off('errorMessage', onError);
  if (!hook.modern) {
    connection.close();
    throw new XpdbError(`${server} speaks the protocol of SQL Server 2000`, {
      hint: 'xpdb reads SQL Server 2008 and later',
    });
  }
  takePackets(connection, buffers);
  return new TediousSession(connection, hook, server, database, requestTimeoutMs);
}

type Send = (request: Request) => void;

export class TediousSession implements Session {
  readonly server: string;
  readonly #connection: Connection;
  readonly #hook: RawHook;
  readonly #requestTimeoutMs: number;
  #database: string;
  #closing = false;

  constructor(connection: Connection, hook: RawHook, server: string, database: string, requestTimeoutMs: number) {
    this.server = server;
    this.#connection = connection;
    this.#hook = hook;
    this.#database = database;
    this.#requestTimeoutMs = requestTimeoutMs;
    connection.on('databaseChange', name => (this.#database = name));
    // Every loss of the connection ends in `closed` and in the callback of the pending request; the event says no more.
    connection.on('error', () => {});
  }

  get database(): string {
    return this.#database;
  }
  get serverVersion(): ServerVersion {
    return this.#hook.serverVersion;
  }
  get nativeVectors(): boolean {
    return this.#hook.acknowledged.version(vectorFeature) > 0;
  }
  get closed(): boolean {
    return this.#connection.closed;
  }
  get inTransaction(): boolean {
    return this.#connection.inTransaction;
  }

  async query(sql: string): Promise<ResultTable> {
    let columns: readonly WireColumn[] | undefined;
    let results = 0;
    const rows: CellValue[][] = [];
    const sink: RowSink = {
      columns(found) {
        singleResult(++results);
        columns = found;
      },
      rows(bytes, start, end) {
        for (const row of decodeRows(bytes, start, end, columns!)) rows.push(row);
      },
    };
    await this.#batch(sql, { sink });
    if (!columns) throw new XpdbError('the query gave no result', { hint: 'run a SELECT' });
    return { columns, rows };
  }

  async *queryRows(sql: string): AsyncGenerator<readonly CellValue[]> {
    const queue = new RowQueue();
    let done = false;
    const finished = this.#batch(sql, { sink: queue }).then(
      () => queue.end({}),
      error => queue.end({ error }),
    );
    try {
      yield* queue.read();
      done = true;
    } finally {
      if (!done) this.cancel();
      await finished;
    }
  }

  async execute(batch: string, options: ExecuteOptions = {}): Promise<BatchResult> {
    const { rowCounts, messages, resultSets } = await this.#batch(batch, options, options.timeoutMs);
    return { rowCounts, messages, resultSets };
  }

  async streamRows(sql: string, sink: RowSink, options: StreamOptions = {}): Promise<{ rows: number }> {
    const { rows } = await this.#batch(sql, { ...options, sink }, options.timeoutMs);
    return { rows };
  }

  async bulkLoad(
    insertBulkStatement: string,
    message: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: ExecuteOptions = {},
  ): Promise<number> {
    await this.#batch(insertBulkStatement, options, options.timeoutMs);
    const guarded = guardPieces(message, this.#hook.packets(bulkLoadPacket));
    try {
      const send: Send = request => {
        // Before tedious ends the message.
        request.once('cancel', guarded.stop);
        this.#connection.makeRequest(request, bulkLoadPacket, guarded.last as never);
      };
      const { rowCounts } = await this.#run(undefined, options, send, 'during a bulk load', options.timeoutMs);
      return rowCounts.reduce((sum, count) => sum + count, 0);
    } catch (error) {
      if (guarded.failure && !(error instanceof ConnectionLostError)) throw guarded.failure.error;
      throw error;
    } finally {
      guarded.stop();
    }
  }

  async beginTransaction(isolation: IsolationLevel = 'read committed'): Promise<void> {
    const level = isolationLevels[isolation];
    await this.#transaction('starting a transaction', done => this.#connection.beginTransaction(done, '', level));
  }

  async commit(): Promise<void> {
    await this.#transaction('committing', done => this.#connection.commitTransaction(done));
  }

  async rollback(): Promise<void> {
    await this.#transaction('rolling back', done => this.#connection.rollbackTransaction(done));
  }

  async useDatabase(name: string): Promise<void> {
    await this.execute(`USE ${quoteName(name)}`);
  }

  cancel(): void {
    this.#hook.response?.cancel();
  }

  async close(): Promise<void> {
    if (this.#connection.closed) return;
    this.#closing = true;
    await new Promise<void>(resolve => {
      this.#connection.once('end', () => resolve());
      this.#connection.close();
    });
  }

  #batch(sql: string, options: ResponseOptions, timeoutMs?: number): Promise<Response> {
    return this.#run(sql, options, request => this.#connection.execSqlBatch(request), 'while a batch ran', timeoutMs);
  }

  /** Sends one request and waits for the end of its answer. */
  #run(
    sql: string | undefined,
    options: ResponseOptions,
    send: Send,
    during: string,
    timeoutMs = this.#requestTimeoutMs,
  ): Promise<Response> {
    return this.#answer(options, during, timeoutMs, (done, response) => {
      const request = new Request(sql, done);
      request.setTimeout(0);
      response.cancelBy(() => request.cancel());
      send(request);
    });
  }

  /** Begin, commit and rollback make their own request in tedious. */
  #transaction(during: string, start: (done: (error?: Error | null) => void) => void): Promise<Response> {
    return this.#answer({}, during, this.#requestTimeoutMs, (done, response) => {
      response.cancelBy(() => this.#connection.cancel());
      start(done);
    });
  }

  async #answer(
    options: ResponseOptions,
    during: string,
    timeoutMs: number,
    start: (done: (error?: Error | null) => void, response: Response) => void,
  ): Promise<Response> {
    if (this.#hook.response) throw new Error(`the session on ${this.server} is busy with another request`);
    if (this.closed) throw this.#lost(during, []);
    const response = new Response(options);
    this.#hook.response = response;
    const timer = timeoutMs > 0 ? setTimeout(() => response.fail(tooSlow(timeoutMs)), timeoutMs) : undefined;
    try {
      const error = await new Promise<Error | null | undefined>(resolve => {
        const done = (ended?: Error | null) => {
          response.end();
          resolve(ended);
        };
        start(done, response);
      });
      const failure = this.#failureOf(error, response, during);
      if (failure) throw failure.error;
      return response;
    } finally {
      clearTimeout(timer);
      this.#hook.response = undefined;
    }
  }

  #failureOf(
    error: Error | null | undefined,
    response: Response,
    during: string,
  ): { readonly error: unknown } | undefined {
    if (response.failure) return response.failure;
    const { errors } = response;
    if (this.closed || errors.some(e => e.class >= 20)) return { error: this.#lost(during, errors, error) };
    if (response.cancelled && error) return { error: new CancelledError() };
    if (errors.length > 0) return { error: new SqlServerError(errors) };
    return error
      ? { error: new XpdbError(`the server ended the request: ${error.message}`, { cause: error }) }
      : undefined;
  }

  #lost(during: string, errors: readonly ServerMessage[], cause?: unknown): Error {
    return this.#closing ? new CancelledError() : new ConnectionLostError(this.server, during, errors, cause);
  }
}

function tooSlow(timeoutMs: number): XpdbError {
  return new XpdbError(`the server took longer than ${timeoutMs / 1000} seconds`, { hint: 'allow more time with -t' });
}
