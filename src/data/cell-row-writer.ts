/**
 * Writer of a format that makes its rows from the cells of canonical text: CSV and JSON lines. The kernel takes the rows that it can
 * (kernel/), the format the rest, byte for byte alike. Hot path.
 */

import { XpdbError } from '../model/error.ts';
import type { CanonicalRows } from './canonical-rows.ts';
import { columnTroubles } from './column-troubles.ts';
import { inTable } from './in-table.ts';
import type { KernelRows } from './kernel/kernel-rows.ts';
import type { ColumnTrouble } from './large-row-writer.ts';
import type { OutputBytes } from './output-bytes.ts';
import { enoughBytes, type RowWriter } from './row-writer.ts';
import type { Rowsum } from './rowsum.ts';

export interface RowFormat {
  /** For messages. */
  readonly table: string;
  readonly canonical: CanonicalRows;
  readonly out: OutputBytes;
  /** Null when a column, or the options, are none for it. */
  readonly kernel: KernelRows | null;
  /** Writes the row that `canonical` holds. */
  writeRow(): void;
  /** Column by column, how many values had characters that were replaced. */
  readonly replaced: ArrayLike<number>;
}

export class CellRowWriter implements RowWriter {
  rows = 0;
  readonly #format: RowFormat;
  readonly #canonical: CanonicalRows;
  readonly #out: OutputBytes;

  constructor(format: RowFormat) {
    this.#format = format;
    this.#canonical = format.canonical;
    this.#out = format.out;
  }

  get rowsum(): Rowsum {
    return this.#canonical.rowsum;
  }

  get pending(): number {
    return this.#out.length;
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const canonical = this.#canonical;
    const format = this.#format;
    const kernel = format.kernel?.begin(end - start) ? format.kernel : null;
    try {
      for (let at = start; at < end; ) {
        if (kernel?.take(bytes, at, end, canonical.rowsum)) at = this.#taken(kernel);
        else {
          at = canonical.read(view, at);
          format.writeRow();
          canonical.sum();
          this.rows++;
        }
      }
    } catch (error) {
      throw error instanceof XpdbError ? inTable(error, format.table) : error;
    }
  }

  writeFrom(bytes: Uint8Array, start: number, end: number): number {
    const { kernel, canonical } = this.#format;
    const use = () => {
      this.#taken(kernel!);
      return this.pending < enoughBytes;
    };
    return kernel?.takeFrom(bytes, start, end, canonical.rowsum, use) ?? start;
  }

  /** Appends what the kernel made. @returns position behind the rows that it took */
  #taken(kernel: KernelRows): number {
    this.#out.append(kernel.text);
    this.rows += kernel.rows;
    return kernel.end;
  }

  finish(): void {}

  end(): void {}

  take(): Uint8Array {
    return this.#out.take();
  }

  recycle(bytes: Uint8Array): void {
    this.#out.recycle(bytes);
  }

  denormals(): readonly ColumnTrouble[] {
    const { codecs } = this.#canonical.text;
    return columnTroubles(codecs, i => codecs[i]!.denormals);
  }

  replaced(): readonly ColumnTrouble[] {
    return columnTroubles(this.#canonical.text.codecs, i => this.#format.replaced[i] ?? 0);
  }
}
