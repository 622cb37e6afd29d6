/**
 * The canonical text of one row that comes in parts of any size, given on as it is made: the same bytes as RowText writes for the
 * whole row, with no more than a small value or one part of a large one in memory.
 */

import { writeHex } from './binary.ts';
import { type ColumnCodec, writeLiteral } from './cell-literal.ts';
import { writeCharactersBody, writeUtf16Body } from './character.ts';
import { type LargeRowHandler, LargeRowReader, pieceBytes } from './large-row-reader.ts';
import type { LiteralState } from './literal-state.ts';
import { Family } from './type-family.ts';
import type { WireColumn } from './wire-column.ts';

const ascii = new TextEncoder();
const comma = ascii.encode(',');
const nullText = ascii.encode('NULL');

/** What stands around the body of a value that may be large. */
const around: Readonly<Record<number, readonly [before: Uint8Array, after: Uint8Array]>> = {
  [Family.utf16]: [ascii.encode("N'"), ascii.encode("'")],
  [Family.characters]: [ascii.encode("N'"), ascii.encode("'")],
  [Family.binary]: [ascii.encode('0x'), ascii.encode('')],
  [Family.xml]: [ascii.encode("CONVERT(xml, N'"), ascii.encode("', 1)")],
  [Family.json]: [ascii.encode("CAST(N'"), ascii.encode("' AS json)")],
  [Family.udt]: [ascii.encode('CAST(0x'), ascii.encode('')],
};

export class LargeRowText implements LargeRowHandler {
  readonly #take: (text: Uint8Array) => void;
  readonly #reader: LargeRowReader;
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  #out = new Uint8Array(3 * pieceBytes + 1024);
  #view = new DataView(this.#out.buffer);

  /**
   * @param take gets the text piece by piece; the bytes are valid during the call
   * @throws XpdbError naming the column for a collation without a known code page
   */
  constructor(columns: readonly WireColumn[], take: (text: Uint8Array) => void) {
    this.#take = take;
    this.#reader = new LargeRowReader(columns, this);
  }

  /** The next bytes of the row, from its token byte on. A row begins by itself where another one ended. */
  part(bytes: Uint8Array): void {
    this.#reader.part(bytes);
  }

  /** @throws XpdbError when the row was not whole */
  end(): void {
    this.#reader.end();
  }

  nullValue(column: number): void {
    if (column > 0) this.#take(comma);
    this.#take(nullText);
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    if (column > 0) this.#take(comma);
    const codec = this.#codec(column);
    this.#room(3 * length + codec.overhead);
    this.#state.limit = this.#out.length;
    const end = writeLiteral(codec, this.#view, 0, bytes, at, length, this.#state);
    if (end < 0) throw new Error(`the literal of ${length} bytes of column ${codec.name} is larger than it may be`);
    this.#take(this.#out.subarray(0, end));
  }

  open(column: number): void {
    if (column > 0) this.#take(comma);
    this.#take(this.#edge(column, 0));
  }

  piece(column: number, piece: Uint8Array): void {
    const codec = this.#codec(column);
    const bytes = new DataView(piece.buffer, piece.byteOffset, piece.length);
    let end: number;
    switch (codec.family) {
      case Family.utf16:
      case Family.xml:
        // An odd byte behind UTF-16 stands for nothing, as where the value comes whole.
        end = writeUtf16Body(this.#view, 0, bytes, 0, piece.length & ~1, this.#state);
        break;
      case Family.characters:
      case Family.json:
        end = writeCharactersBody(this.#view, 0, bytes, 0, piece.length, codec.page!, this.#state);
        break;
      default:
        end = writeHex(this.#view, 0, bytes, 0, piece.length);
    }
    this.#take(this.#out.subarray(0, end));
  }

  close(column: number): void {
    this.#take(this.#edge(column, 1));
  }

  #codec(column: number): ColumnCodec {
    return this.#reader.codecs[column]!;
  }

  #edge(column: number, side: 0 | 1): Uint8Array {
    const codec = this.#codec(column);
    if (codec.family === Family.udt && side === 1) return codec.suffix;
    return around[codec.family]![side];
  }

  #room(bytes: number): void {
    if (bytes <= this.#out.length) return;
    this.#out = new Uint8Array(bytes);
    this.#view = new DataView(this.#out.buffer);
  }
}
