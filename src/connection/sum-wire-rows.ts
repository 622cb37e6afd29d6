/** Rows of a query as a count and the content hash of the native format: what an import of native chunks compares. */

import type { LargeRowWriter } from '../data/large-row-writer.ts';
import { createNativeLargeRow } from '../data/native-large-row.ts';
import type { RowsTaken } from '../data/rows-taken.ts';
import type { WireColumn } from '../data/wire-column.ts';
import { WireSum } from '../data/wire-sum.ts';
import type { RowSink, Session } from './session.ts';
import type { RowsSummed } from './sum-rows.ts';

const largeRowBytes = 1 << 20;

/**
 * Streams a query's rows into the sum of their wire form (wire-sum.ts). Memory does not grow with the rows nor with their values.
 * @throws SqlServerError
 */
export async function sumWireRows(session: Session, sql: string): Promise<RowsSummed> {
  const sink = new WireSink();
  await session.streamRows(sql, sink, { largeRowBytes });
  const { rowsum } = sink.sum;
  return { rows: rowsum.rows, rowsum: rowsum.toString(), columns: sink.described };
}

class WireSink implements RowSink {
  sum = new WireSum([]);
  described: readonly WireColumn[] = [];
  #large: LargeRowWriter | null = null;

  columns(columns: readonly WireColumn[]): void {
    this.described = columns;
    this.sum = new WireSum(columns);
    this.#large = null;
  }

  rows(bytes: Uint8Array, start: number, end: number): void {
    this.sum.add(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null {
    const { rowsum } = this.sum;
    const before = rowsum.rows;
    const at = this.sum.addFrom(bytes, start, end);
    return at === start ? null : { end: at, count: rowsum.rows - before, wait: undefined };
  }

  largeRowStart(): void {
    this.#large ??= createNativeLargeRow(this.described);
  }

  largeRowPart(bytes: Uint8Array): void {
    this.#large!.part(bytes);
    // Only its hash is wanted.
    this.#large!.recycle?.(this.#large!.take());
  }

  largeRowEnd(): void {
    this.#large!.end();
    this.sum.rowsum.addLanes();
  }
}
