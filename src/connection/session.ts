/**
 * A log-in on one server, seen by catalog, exporter and importer. The implementation is in tedious-session.ts; nothing
 * outside this folder knows tedious.
 */

import type { RowsTaken } from '../data/rows-taken.ts';
import type { WireColumn } from '../data/wire-column.ts';
import type { CellValue } from './cell-value.ts';
import type { ServerMessage } from './sql-error.ts';

/** ProductVersion as LOGINACK gives it: 10.50.6000 is 2008 R2. */
export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/** The first result set of a query, whole in memory: for the catalog and other small answers. */
export interface ResultTable {
  readonly columns: readonly WireColumn[];
  readonly rows: readonly (readonly CellValue[])[];
}

export interface ExecuteOptions {
  /** INFO messages (PRINT, warnings, progress of RESTORE) as they arrive. */
  readonly onMessage?: (message: ServerMessage) => void;
  /** Milliseconds until the batch is cancelled at the server; 0 (the default) means never. */
  readonly timeoutMs?: number;
}

/** What a batch did besides its rows. */
export interface BatchResult {
  /** Row counts of the statements that sent one, in order. */
  readonly rowCounts: readonly number[];
  /** INFO messages, in order. */
  readonly messages: readonly ServerMessage[];
  /** Result sets that the batch sent and that nobody read. */
  readonly resultSets: number;
}

/**
 * Takes the rows of a result as the bytes that the server sent.
 * Whenever a method returns a promise, nothing more is parsed and the socket is paused until it settles; a rejection or a
 * throw cancels the query and is what `streamRows` then rejects with.
 */
export interface RowSink {
  /** Called for every result set before its rows. */
  columns(columns: readonly WireColumn[]): void | Promise<void>;
  /**
   * `count` whole rows in `bytes[start, end)`, back to back, each a ROW (0xD1) or NBCROW (0xD2) token with its token
   * byte. The bytes are valid until the call (or its promise) is done: copy what is kept.
   */
  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void>;
  /**
   * Takes rows from `start` on, where one begins, whose ends nobody has looked for yet: up to one that `end` cuts. Null when it takes none; then
   * the next ones come by `rows`. A sink that reads its rows anyway spares going through them twice.
   */
  takeRows?(bytes: Uint8Array, start: number, end: number): RowsTaken | null;
  /**
   * A row of more than `largeRowBytes` is not joined but handed over in parts, in wire form: start, parts, end. Without
   * these three methods rows of any size are joined and go to `rows`.
   */
  largeRowStart?(): void | Promise<void>;
  largeRowPart?(bytes: Uint8Array): void | Promise<void>;
  largeRowEnd?(): void | Promise<void>;
}

export interface StreamOptions extends ExecuteOptions {
  /** Rows above this many bytes go to `largeRowPart`. Default 4 MB. */
  readonly largeRowBytes?: number;
}

export interface Session {
  /** The current database, as the server last told it. */
  readonly database: string;
  /** What the connection string named, for messages: `host,port` or `host\instance`. */
  readonly server: string;
  readonly serverVersion: ServerVersion;
  /**
   * The server sends and takes vector of single precision in its binary form (wire type F5), exact to the last bit; else it
   * describes and sends such columns as text in varchar(max).
   */
  readonly nativeVectors: boolean;
  readonly closed: boolean;
  readonly inTransaction: boolean;

  /**
   * Runs a query of a small result and yields its first result set, values exact (see CellValue).
   * @throws SqlServerError when the server reports an error; XpdbError when the connection is lost or the query yields no columns.
   */
  query(sql: string): Promise<ResultTable>;

  /** Like `query`, row by row; leaving the loop early cancels the query at the server. */
  queryRows(sql: string): AsyncIterable<readonly CellValue[]>;

  /**
   * Runs one batch of a script as it stands (no sp_executesql around it). Rows that it sends are counted, not kept.
   * @throws SqlServerError with all errors of the batch.
   */
  execute(batch: string, options?: ExecuteOptions): Promise<BatchResult>;

  /** Streams the rows of a query as raw bytes. */
  streamRows(sql: string, sink: RowSink, options?: StreamOptions): Promise<{ rows: number }>;

  /**
   * Sends the statement (`INSERT BULK …`) and then one bulk-load message made of the given pieces: COLMETADATA, ROW
   * tokens, DONE. Pieces of 64 KB or more are best. Yields the rows that the server counted.
   * @throws SqlServerError of the statement or of the load; whatever `message` throws, before the server's echo of it.
   */
  bulkLoad(
    insertBulkStatement: string,
    message: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: ExecuteOptions,
  ): Promise<number>;

  beginTransaction(isolation?: IsolationLevel): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;

  /** USE with the name quoted. */
  useDatabase(name: string): Promise<void>;

  /** Cancels what is running (attention); the pending promise rejects with CancelledError. Does nothing when idle. */
  cancel(): void;

  /** Ends the connection; pending work is rejected. Never throws. */
  close(): Promise<void>;
}

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';
