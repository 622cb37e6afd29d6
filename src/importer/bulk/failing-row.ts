/**
 * Which row makes a load fail: the server does not tell. Halves of the rows are loaded, again and again, into a transaction that is
 * rolled back at the end; what passed stays in it, so that a duplicate meets its twin.
 */

import type { Session } from '../../connection/session.ts';
import { SqlServerError } from '../../connection/sql-error.ts';
import { RowCutter } from '../../data/bulk/row-cutter.ts';
import type { NativeRowSink } from '../../data/native-row-reader.ts';
import type { WireColumn } from '../../data/wire-column.ts';
import type { QualifiedName } from '../../model/name.ts';
import { createNativeLoad, type NativeLoad, type NativeLoadOptions } from './native-load.ts';

/** The rows are cut here, so their ends must be known. */
type WholeRowSink = Omit<NativeRowSink, 'takeRows'>;

export interface FailingRow {
  /** From 1, in the order in which the rows come. */
  readonly row: number;
  readonly error: SqlServerError;
}

/**
 * @param session without an open transaction
 * @param total rows that `read` gives; as a whole they failed
 * @param read gives the rows, the same every time
 * @returns null when it can't be told: together they pass now, or the server gives the transaction up with the first error
 */
export async function findFailingRow(
  session: Session,
  table: QualifiedName,
  total: number,
  read: (sink: WholeRowSink) => Promise<void>,
  options: NativeLoadOptions = {},
): Promise<FailingRow | null> {
  await session.beginTransaction();
  try {
    let passed = 0;
    let failed = total + 1;
    let found: SqlServerError | null = null;
    while (passed + 1 < failed) {
      // The last one alone tells the error.
      const until = found === null ? total : (passed + failed) >> 1;
      const error = await loadSome(session, table, passed, until, read, options);
      if (error === null) {
        if (found === null) return null;
        passed = until;
      } else {
        if (session.closed || !session.inTransaction) return null;
        failed = until;
        found = error;
      }
    }
    return found === null ? null : { row: failed, error: found };
  } finally {
    if (!session.closed && session.inTransaction) await session.rollback();
  }
}

/** Loads the rows [from, to) of all. @returns the server's error; null when they passed */
async function loadSome(
  session: Session,
  table: QualifiedName,
  from: number,
  to: number,
  read: (sink: WholeRowSink) => Promise<void>,
  options: NativeLoadOptions,
): Promise<SqlServerError | null> {
  const load = createNativeLoad(session, table, options);
  try {
    await read(new Window(load, from, to));
    await load.finish();
    return null;
  } catch (error) {
    await load.fail(error);
    if (error instanceof SqlServerError) return error;
    throw error;
  }
}

/** Passes on the rows [from, to). */
class Window implements NativeRowSink {
  readonly #load: NativeLoad;
  readonly #from: number;
  readonly #to: number;
  #cutter: RowCutter | null = null;
  /** Rows seen. */
  #at = 0;

  constructor(load: NativeLoad, from: number, to: number) {
    this.#load = load;
    this.#from = from;
    this.#to = to;
  }

  get #inside(): boolean {
    return this.#at >= this.#from && this.#at < this.#to;
  }

  async columns(columns: readonly WireColumn[]): Promise<void> {
    this.#cutter = new RowCutter(columns);
    await this.#load.columns(columns);
  }

  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void> {
    const before = Math.max(0, Math.min(count, this.#from - this.#at));
    const wanted = Math.max(0, Math.min(count, this.#to - this.#at) - before);
    this.#at += count;
    if (wanted === 0) return;
    const first = this.#cutter!.behind(bytes, start, before);
    const last = before + wanted === count ? end : this.#cutter!.behind(bytes, first, wanted);
    return this.#load.rows(bytes, first, last, wanted);
  }

  largeRowStart(): void {
    if (this.#inside) this.#load.largeRowStart();
  }

  largeRowPart(bytes: Uint8Array): void | Promise<void> {
    if (this.#inside) return this.#load.largeRowPart(bytes);
  }

  async largeRowEnd(): Promise<void> {
    if (this.#inside) await this.#load.largeRowEnd();
    this.#at++;
  }
}
