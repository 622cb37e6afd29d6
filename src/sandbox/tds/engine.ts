/** What the protocol layer asks of the engine behind it. Types only. */
import type { WireCollation, WireColumn } from '../../data/wire-column.ts';

export interface LoginRequest {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly applicationName: string;
  readonly hostName: string;
  /** Client interface: `Tedious`, `.Net SqlClient Data Provider`. */
  readonly library: string;
  readonly language: string;
  /** TDS version that the client asked for, as MS-TDS writes it: 0x74000004. */
  readonly tdsVersion: number;
  /** Version of the feature VECTORSUPPORT that it asks for; 0 for none. */
  readonly vectorVersion: number;
}

/** Thrown by `Engine.login`: becomes an ERROR token and the end of the connection. */
export class LoginError extends Error {
  readonly number: number;
  readonly state: number;
  readonly class: number;

  constructor(message: string, number = 18456, state = 1, severity = 14) {
    super(message);
    this.number = number;
    this.state = state;
    this.class = severity;
  }
}

/** The client ended a message with the IGNORE bit: nothing of it counts, its rows are undone, a DONE with error is the answer. */
export class MessageIgnored extends Error {
  constructor() {
    super('the client took its message back');
    this.name = 'MessageIgnored';
  }
}

/** A request of a kind that the sandbox cannot read; the connection goes on. */
export class UnsupportedRequest extends Error {
  constructor(what: string) {
    super(`not supported by the sandbox: ${what}`);
    this.name = 'UnsupportedRequest';
  }
}

export interface Engine {
  readonly serverName: string;
  /** LOGINACK's program version: 10.50.6000 for 2008 R2. */
  readonly version: { readonly major: number; readonly minor: number; readonly build: number };
  /** Highest TDS version of the posed server: 0x730a0003 (2008), 0x730b0003 (2008 R2), 0x74000004 (2012 and later). */
  readonly tdsVersion: number;
  /** @throws LoginError */
  login(request: LoginRequest, spid: number): Promise<EngineSession>;
}

export interface ServerMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
  readonly procedure?: string;
  readonly line: number;
}

export interface DoneToken {
  readonly kind: 'done' | 'doneInProc' | 'doneProc';
  readonly more?: boolean;
  readonly error?: boolean;
  /** null = no count (the COUNT bit off). */
  readonly count: number | bigint | null;
  /** CurCmd: 193 SELECT, 195 INSERT … 253 none. */
  readonly command: number;
  readonly attention?: boolean;
}

/**
 * Writes the tokens of one response message. Methods are synchronous into a buffer; `drain` is awaited now and then
 * (always between chunks of rows), so that a slow client holds the engine back.
 */
export interface ResponseWriter {
  columns(columns: readonly WireColumn[]): void;
  /** Ready token bytes: one or many ROW / NBCROW tokens, back to back. */
  rows(bytes: Uint8Array): void;
  order(columns: readonly number[]): void;
  info(message: ServerMessage): void;
  error(message: ServerMessage): void;
  done(token: DoneToken): void;
  returnStatus(value: number): void;
  /** Output parameter of an RPC: its name, type and value bytes as in a row. */
  returnValue(name: string, ordinal: number, column: WireColumn, value: Uint8Array): void;
  databaseChanged(to: string, from: string): void;
  languageChanged(to: string, from: string): void;
  /** The session's outermost transaction began or ended (ENVCHANGE 8, 9, 10). */
  transactionChanged(how: 'begun' | 'committed' | 'rolledBack'): void;
  /** Whether columns may use NBCROW (TDS 7.3B and later). */
  readonly allowsNbcRow: boolean;
  drain(): Promise<void>;
}

export interface RpcParameter {
  readonly name: string;
  /** Output by reference. */
  readonly output: boolean;
  readonly column: WireColumn;
  /** Value bytes as in a row, length prefix included; null for SQL NULL. */
  readonly value: Uint8Array;
  readonly isNull: boolean;
}

export interface RpcRequest {
  /** Name, or the well-known id (10 = sp_executesql, 11 sp_prepare, 12 sp_execute, 13 sp_prepexec, 15 sp_unprepare). */
  readonly procedure: string | number;
  readonly parameters: readonly RpcParameter[];
}

/** One bulk-load message. */
export interface BulkRows {
  /** Columns of its COLMETADATA; null when the message has none. */
  readonly columns: readonly WireColumn[] | null;
  /** Chunks of whole ROW tokens, token bytes included. */
  readonly chunks: AsyncIterable<{ readonly bytes: Uint8Array; readonly rows: number }>;
}

export interface EngineSession {
  readonly database: string;
  readonly collation: WireCollation;
  /** Version of VECTORSUPPORT that the log-in's answer acknowledges; 0 for none. */
  readonly vectorVersion: number;
  /** Runs a batch and writes all its tokens, the final DONE included. Rejects only on a defect. */
  executeBatch(sql: string, out: ResponseWriter, signal: AbortSignal): Promise<void>;
  executeRpc(request: RpcRequest, out: ResponseWriter, signal: AbortSignal): Promise<void>;
  /** The data after an INSERT BULK statement. */
  bulkLoad(rows: BulkRows, out: ResponseWriter, signal: AbortSignal): Promise<void>;
  /** Transaction manager requests; `isolation` 0 = unchanged, 1 read uncommitted … 5 snapshot. @throws an object with number and message */
  beginTransaction(isolation: number, name: string): Promise<void>;
  commitTransaction(): Promise<void>;
  rollbackTransaction(): Promise<void>;
  saveTransaction(name: string): Promise<void>;
  /** Called once: how the engine cuts the connection when the session is ended from outside. */
  onEnd?(cut: () => void): void;
  /** Connection reset (RESETCONNECTION bit). */
  reset(): Promise<void>;
  close(): Promise<void>;
}
