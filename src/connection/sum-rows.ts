/** Rows of a query as a count and a content hash, computed as they come: what verify and import compare. */

import { LargeRowText } from '../data/large-row-text.ts';
import type { RowsTaken } from '../data/rows-taken.ts';
import { RowHash, Rowsum } from '../data/rowsum.ts';
import { SummedRows } from '../data/summed-rows.ts';
import type { WireColumn } from '../data/wire-column.ts';
import type { RowSink, Session, StreamOptions } from './session.ts';

export interface RowsSummed {
  readonly rows: number;
  /** 32 hex digits, as in a script's table markers. */
  readonly rowsum: string;
  readonly columns: readonly WireColumn[];
}

export interface SumOptions extends StreamOptions {
  /**
   * The rows' values do not count, only that they are there: for a table none of whose columns takes a value, whose rows a script
   * writes as DEFAULT VALUES.
   */
  readonly withoutValues?: boolean;
  /** Called after each packet of rows with the rows so far. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Streams a query's rows into the rowsum of their canonical text. Memory does not grow with the rows nor with their values.
 * @throws SqlServerError; XpdbError naming the column for a collation without a known code page and for values without a literal
 */
export async function sumRows(session: Session, sql: string, options: SumOptions = {}): Promise<RowsSummed> {
  const sink = new SummingSink(options.withoutValues ?? false, options.onRows);
  await session.streamRows(sql, sink, { largeRowBytes: 1 << 20, ...options });
  return { rows: sink.sum.rows, rowsum: sink.sum.toString(), columns: sink.described };
}

/** With the 16 bytes that a hash may read. */
const noText = new DataView(new ArrayBuffer(16));

class SummingSink implements RowSink {
  readonly sum = new Rowsum();
  described: readonly WireColumn[] = [];
  readonly #withoutValues: boolean;
  readonly #onRows: ((rows: number) => void) | undefined;
  #rows = new SummedRows([]);
  readonly #hash = new RowHash();
  #large: LargeRowText | undefined;

  constructor(withoutValues: boolean, onRows: ((rows: number) => void) | undefined) {
    this.#withoutValues = withoutValues;
    this.#onRows = onRows;
  }

  columns(columns: readonly WireColumn[]): void {
    this.described = columns;
    this.#rows = new SummedRows(columns, this.sum);
    this.#large = undefined;
  }

  rows(bytes: Uint8Array, start: number, end: number, count: number): void {
    if (this.#withoutValues) {
      for (let i = 0; i < count; i++) this.sum.add(noText, 0, 0);
    } else this.#rows.add(bytes, start, end);
    this.#onRows?.(this.sum.rows);
  }

  takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null {
    if (this.#withoutValues) return null;
    const before = this.sum.rows;
    const at = this.#rows.addFrom(bytes, start, end);
    if (at === start) return null;
    this.#onRows?.(this.sum.rows);
    return { end: at, count: this.sum.rows - before, wait: undefined };
  }

  largeRowStart(): void {
    this.#large ??= new LargeRowText(this.described, text => this.#hash.update(text));
  }

  largeRowPart(bytes: Uint8Array): void {
    if (!this.#withoutValues) this.#large!.part(bytes);
  }

  largeRowEnd(): void {
    if (!this.#withoutValues) this.#large!.end();
    this.#hash.finish();
    this.sum.addLanes();
    this.#onRows?.(this.sum.rows);
  }
}
