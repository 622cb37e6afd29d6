/** A row of the native format that is too large to be handed over whole: its bytes as they come, hashed in canonical wire form. */

import { copyBytes } from './copy-bytes.ts';
import { type LargeRowHandler, LargeRowReader } from './large-row-reader.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import { OutputBytes } from './output-bytes.ts';
import { RowHash } from './rowsum.ts';
import { Layout, layoutOf } from './value-layout.ts';
import { type WireColumn, WireType } from './wire-column.ts';
import { isChunked, WireSum, writeLength } from './wire-sum.ts';

export function createNativeLargeRow(columns: readonly WireColumn[]): LargeRowWriter {
  return columns.some(column => isChunked(layoutOf(column))) ? new LargeWireRow(columns) : new WideWireRow(columns);
}

/** A row of many bounded values: whole in memory, for its bitmap is hashed first, and it has a few megabytes at most. */
class WideWireRow implements LargeRowWriter {
  readonly #columns: readonly WireColumn[];
  readonly #out = new OutputBytes();
  #row: Uint8Array[] = [];

  constructor(columns: readonly WireColumn[]) {
    this.#columns = columns;
  }

  get pending(): number {
    return this.#out.length;
  }

  part(bytes: Uint8Array): void {
    this.#row.push(copyBytes(bytes));
    this.#out.append(bytes);
  }

  end(): void {
    const row = Buffer.concat(this.#row);
    this.#row = [];
    new WireSum(this.#columns).add(row, 0, row.length);
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

  malformed(): readonly ColumnTrouble[] {
    return [];
  }
}

class LargeWireRow implements LargeRowHandler, LargeRowWriter {
  readonly #reader: LargeRowReader;
  readonly #layouts: Uint8Array;
  readonly #hash = new RowHash();
  readonly #bitmap: Uint8Array;
  readonly #length = new DataView(new ArrayBuffer(8));
  readonly #out = new OutputBytes();
  /** Bytes of the open value so far. */
  #bytes = 0;

  constructor(columns: readonly WireColumn[]) {
    this.#reader = new LargeRowReader(columns.map(asBytes), this);
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmap = new Uint8Array((columns.length + 7) >> 3);
  }

  get pending(): number {
    return this.#out.length;
  }

  part(bytes: Uint8Array): void {
    this.#reader.part(bytes);
    this.#out.append(bytes);
  }

  end(): void {
    this.#reader.end();
    this.#hash.update(this.#bitmap);
    this.#hash.finish();
    this.#bitmap.fill(0);
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

  malformed(): readonly ColumnTrouble[] {
    return [];
  }

  nullValue(column: number): void {
    this.#bitmap[column >> 3]! |= 1 << (column & 7);
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    this.#writeLength(column, length);
    this.#hash.update(new Uint8Array(bytes.buffer, bytes.byteOffset + at, length));
  }

  open(): void {
    this.#bytes = 0;
  }

  piece(_: number, bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  close(column: number): void {
    this.#writeLength(column, this.#bytes);
  }

  #writeLength(column: number, length: number): void {
    const count = writeLength(this.#length, 0, this.#layouts[column]!, length);
    this.#hash.update(new Uint8Array(this.#length.buffer, 0, count));
  }
}

/** A type of the same framing whose values are bytes, so that no code page is asked for. */
function asBytes(column: WireColumn): WireColumn {
  const { type } = column;
  if (type === WireType.xml) return column;
  if (layoutOf(column) === Layout.textPointer) return { ...column, type: WireType.image };
  if (isChunked(layoutOf(column))) return { ...column, type: WireType.bigVarBinary, maxLength: 0xffff };
  switch (type) {
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      return { ...column, type: WireType.bigBinary };
    default:
      return column;
  }
}
