/** Rows as the bytes that the server sent: nothing is decoded, nothing can be lost. See native-format.ts. */

import { XpdbError } from '../model/error.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { inTable } from './in-table.ts';
import type { ColumnTrouble } from './large-row-writer.ts';
import { nativeHeader, nativeTrailer } from './native-format.ts';
import { OutputBytes } from './output-bytes.ts';
import type { RowWriter } from './row-writer.ts';
import type { Rowsum } from './rowsum.ts';
import type { WireColumn } from './wire-column.ts';
import { WireSum } from './wire-sum.ts';

export interface NativeRowWriterOptions {
  /** For messages. Null or left out: the table name alone. */
  readonly schema?: string | null;
  readonly table: string;
}

/** Its `rowsum` is of the rows' wire form, so it compares with other sums of that kind only. */
export function createNativeRowWriter(columns: readonly WireColumn[], options: NativeRowWriterOptions): RowWriter {
  return new Writer(columns, options);
}

class Writer implements RowWriter {
  readonly #table: string;
  readonly #sum: WireSum;
  readonly #out = new OutputBytes();

  constructor(columns: readonly WireColumn[], options: NativeRowWriterOptions) {
    this.#table = quoteQualified(options.schema, options.table);
    this.#sum = new WireSum(columns);
    this.#out.append(nativeHeader(columns));
  }

  get rowsum(): Rowsum {
    return this.#sum.rowsum;
  }

  get rows(): number {
    return this.#sum.rowsum.rows;
  }

  get pending(): number {
    return this.#out.length;
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    try {
      this.#sum.add(bytes, start, end);
    } catch (error) {
      throw error instanceof XpdbError ? inTable(error, this.#table) : error;
    }
    this.#out.append(bytes.subarray(start, end));
  }

  writeFrom(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#sum.addFrom(bytes, start, end);
    this.#out.append(bytes.subarray(start, at));
    return at;
  }

  finish(): void {}

  end(): void {
    this.#out.append(nativeTrailer(this.rows, this.rowsum.toString()));
  }

  take(): Uint8Array {
    return this.#out.take();
  }

  recycle(bytes: Uint8Array): void {
    this.#out.recycle(bytes);
  }

  denormals(): readonly ColumnTrouble[] {
    return [];
  }

  replaced(): readonly ColumnTrouble[] {
    return [];
  }
}
