/** Rows of a query as a count and a content hash, computed as they come: what verify and import compare. */

import { LargeRowText } from '../data/large-row-text.ts';
import { type LiteralState, noRoom } from '../data/literal-state.ts';
import { RowText } from '../data/row-text.ts';
import { RowHash, Rowsum } from '../data/rowsum.ts';
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

/** Room for the text of this many bytes of rows before they are hashed. */
const bufferBytes = 1 << 18;
/** Positions of rows in the buffer that are not hashed yet, start and end of each. */
const waiting = 64;

class SummingSink implements RowSink {
  readonly sum = new Rowsum();
  described: readonly WireColumn[] = [];
  readonly #withoutValues: boolean;
  readonly #onRows: ((rows: number) => void) | undefined;
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  #text = new RowText([]);
  #out = new DataView(new ArrayBuffer(bufferBytes));
  /** Rows are hashed a few at a time: reading words that were just stored in other widths stalls the processor. */
  readonly #rows = new Int32Array(waiting);
  #count = 0;
  #pos = 0;
  readonly #hash = new RowHash();
  #large: LargeRowText | undefined;

  constructor(withoutValues: boolean, onRows: ((rows: number) => void) | undefined) {
    this.#withoutValues = withoutValues;
    this.#onRows = onRows;
  }

  columns(columns: readonly WireColumn[]): void {
    this.described = columns;
    this.#text = new RowText(columns);
    this.#large = undefined;
  }

  rows(bytes: Uint8Array, start: number, end: number, count: number): void {
    if (this.#withoutValues) {
      for (let i = 0; i < count; i++) this.sum.add(this.#out, 0, 0);
    } else {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = start; at < end; ) at = this.#row(view, at);
      this.#flush();
    }
    this.#onRows?.(this.sum.rows);
  }

  #row(bytes: DataView, at: number): number {
    for (;;) {
      // Behind the limit there is room for the fixed parts of literals, and 16 bytes that the hash may read.
      this.#state.limit = this.#out.byteLength - this.#text.overhead - 16;
      const end =
        this.#pos > this.#state.limit ? noRoom : this.#text.write(this.#out, this.#pos, bytes, at, this.#state);
      if (end !== noRoom) {
        this.#rows[this.#count++] = this.#pos;
        this.#rows[this.#count++] = end;
        this.#pos = end;
        if (this.#count === waiting) this.#flush();
        return this.#text.end;
      }
      if (this.#pos > 0) this.#flush();
      else this.#out = new DataView(new ArrayBuffer(this.#out.byteLength * 2));
    }
  }

  #flush(): void {
    for (let i = 0; i < this.#count; i += 2) this.sum.add(this.#out, this.#rows[i]!, this.#rows[i + 1]!);
    this.#count = 0;
    this.#pos = 0;
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
