/** One row that comes in parts, for formats whose cells are made of canonical literals: CSV and JSON lines. */

import { writeHex } from './binary.ts';
import { writeLiteral } from './cell-literal.ts';
import { writeCharactersBody, writeUtf16Body } from './character.ts';
import { columnTroubles } from './column-troubles.ts';
import { type LargeRowHandler, LargeRowReader, pieceBytes } from './large-row-reader.ts';
import { LargeRowText } from './large-row-text.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import type { LiteralState } from './literal-state.ts';
import { OutputBytes } from './output-bytes.ts';
import { RowHash } from './rowsum.ts';
import { Family } from './type-family.ts';
import type { WireColumn } from './wire-column.ts';

/** How a format writes the cells of one row, in the order of the columns. Text is canonical. */
export interface CellFormat {
  /** What stands before the cell, behind the one before it. */
  before(out: OutputBytes, column: number): void;
  /** The whole literal in `text[0, end)`, NULL too. */
  literal(out: OutputBytes, column: number, text: DataView, end: number): void;
  /** A value of a max type: what stands before its text, the inside of its literal in pieces, what stands behind. */
  open(out: OutputBytes, column: number): void;
  body(out: OutputBytes, column: number, text: DataView, end: number): void;
  close(out: OutputBytes, column: number): void;
  /** What ends the row. */
  end(out: OutputBytes): void;
  /** Columns with characters that the format lacks. */
  replaced(): readonly ColumnTrouble[];
}

export class LargeRowCells implements LargeRowHandler, LargeRowWriter {
  readonly #format: CellFormat;
  readonly #reader: LargeRowReader;
  readonly #canonical: LargeRowText;
  readonly #hash = new RowHash();
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  readonly #out = new OutputBytes();
  #text = new DataView(new ArrayBuffer(3 * pieceBytes + 1024));

  /** @throws XpdbError naming the column for a collation without a known code page */
  constructor(columns: readonly WireColumn[], format: CellFormat) {
    this.#format = format;
    this.#reader = new LargeRowReader(columns, this);
    this.#canonical = new LargeRowText(columns, text => this.#hash.update(text));
  }

  get pending(): number {
    return this.#out.length;
  }

  part(bytes: Uint8Array): void {
    this.#canonical.part(bytes);
    this.#reader.part(bytes);
  }

  end(): void {
    this.#canonical.end();
    this.#reader.end();
    this.#out.reserve(16);
    this.#format.end(this.#out);
    this.#hash.finish();
  }

  take(): Uint8Array {
    return this.#out.take();
  }

  denormals(): readonly ColumnTrouble[] {
    return columnTroubles(this.#reader.codecs, i => this.#reader.codecs[i]!.denormals);
  }

  malformed(): readonly ColumnTrouble[] {
    return this.#format.replaced();
  }

  nullValue(column: number): void {
    this.#text.setInt32(0, 0x4c4c554e, true);
    this.#literal(column, 4);
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    const codec = this.#reader.codecs[column]!;
    const room = 3 * length + codec.overhead;
    if (this.#text.byteLength < room + codec.overhead)
      this.#text = new DataView(new ArrayBuffer(room + codec.overhead));
    this.#state.limit = this.#text.byteLength - codec.overhead;
    const end = writeLiteral(codec, this.#text, 0, bytes, at, length, this.#state);
    if (end < 0) throw new Error(`the literal of ${length} bytes of column ${codec.name} is larger than it may be`);
    this.#literal(column, end);
  }

  #literal(column: number, end: number): void {
    // What an earlier literal left there must not be taken for the second of two apostrophes.
    this.#text.setUint8(end, 0);
    this.#out.reserve(this.#room(end));
    this.#format.before(this.#out, column);
    this.#format.literal(this.#out, column, this.#text, end);
  }

  open(column: number): void {
    this.#out.reserve(this.#room(0));
    this.#format.before(this.#out, column);
    this.#format.open(this.#out, column);
  }

  piece(column: number, piece: Uint8Array): void {
    const codec = this.#reader.codecs[column]!;
    const bytes = new DataView(piece.buffer, piece.byteOffset, piece.length);
    let end: number;
    if (codec.family === Family.utf16 || codec.family === Family.xml) {
      end = writeUtf16Body(this.#text, 0, bytes, 0, piece.length & ~1, this.#state);
    } else if (codec.family === Family.characters || codec.family === Family.json) {
      end = writeCharactersBody(this.#text, 0, bytes, 0, piece.length, codec.page!, this.#state);
    } else end = writeHex(this.#text, 0, bytes, 0, piece.length);
    this.#out.reserve(this.#room(end));
    this.#format.body(this.#out, column, this.#text, end);
  }

  close(column: number): void {
    this.#out.reserve(this.#room(0));
    this.#format.close(this.#out, column);
  }

  /** No format needs more than six bytes for a byte of text, and a column's name beside. */
  #room(end: number): number {
    return 6 * end + 2048;
  }
}
