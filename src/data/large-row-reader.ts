/**
 * Takes one row that comes in parts of any size apart into its values: small ones whole, large ones piece by piece, so that no more
 * than a small value or one part of a large one is in memory.
 */

import { XpdbError } from '../model/error.ts';
import { type ColumnCodec, columnCodecs } from './cell-literal.ts';
import { type CodePage, noUnit } from './code-page.ts';
import { copyBytes } from './copy-bytes.ts';
import { NBCROW, ROW } from './row-scanner.ts';
import { Family } from './type-family.ts';
import { Layout, layoutOf, ValueReader } from './value-layout.ts';
import type { WireColumn } from './wire-column.ts';

/** What a row's values go to, in the order of the columns. Bytes are valid during the call. */
export interface LargeRowHandler {
  nullValue(column: number): void;
  /** A value of bounded size, as it stands in the row without its length. */
  value(column: number, bytes: DataView, at: number, length: number): void;
  /**
   * A value begins that may be large: of a max type, text, ntext, image, xml, json or a CLR type.
   * @param length its bytes, of text, ntext and image; -1 where the row does not tell before the value
   */
  open(column: number, length: number): void;
  /** Bytes of it, cut between characters; the byte order mark of xml is left out. */
  piece(column: number, bytes: Uint8Array): void;
  close(column: number): void;
}

/** Most bytes of one piece. */
export const pieceBytes = 1 << 16;

const Expect = { token: 0, bitmap: 1, value: 2, plpTotal: 3, chunkLength: 4, chunk: 5, pointer: 6, none: 7 } as const;

export class LargeRowReader {
  readonly codecs: readonly ColumnCodec[];
  readonly #handler: LargeRowHandler;
  readonly #layouts: Uint8Array;
  readonly #bitmapBytes: number;
  readonly #reader = new ValueReader();
  /** Bytes of what is expected that have come so far; values of bounded size are gathered here as a whole. */
  #small = new Uint8Array(1024);
  #have = 0;
  #need = 1;
  #expect: number = Expect.token;
  #bitmap: Uint8Array = new Uint8Array(0);
  #column = 0;
  /** Bytes of the chunk or text value that are still to come. */
  #left = 0;
  /** Bytes of a character that a part cut. */
  #carry = new Uint8Array(0);
  #first = true;

  /**
   * @param unicode as in columnCodecs
   * @throws XpdbError naming the column for a collation without a known code page
   */
  constructor(columns: readonly WireColumn[], handler: LargeRowHandler, unicode?: ReadonlySet<string>) {
    this.#handler = handler;
    this.codecs = columnCodecs(columns, unicode);
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmapBytes = (columns.length + 7) >> 3;
  }

  /** The next bytes of the row, from its token byte on. A row begins by itself where another one ended. */
  part(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#expect === Expect.chunk) {
        const count = Math.min(this.#left, bytes.length - at);
        this.#body(bytes, at, at + count);
        at += count;
        this.#left -= count;
        if (this.#left === 0) this.#chunkEnd();
        continue;
      }
      const count = Math.min(this.#need - this.#have, bytes.length - at);
      this.#gather(bytes, at, count);
      at += count;
      if (this.#have === this.#need) this.#gathered();
    }
  }

  /** @throws XpdbError when the row was not whole */
  end(): void {
    if (this.#expect !== Expect.token || this.#have > 0) throw new XpdbError('the row ends before its last value');
  }

  #gather(bytes: Uint8Array, at: number, count: number): void {
    if (this.#have + count + 16 > this.#small.length) {
      const larger = new Uint8Array(2 * (this.#have + count + 16));
      larger.set(this.#small.subarray(0, this.#have));
      this.#small = larger;
    }
    this.#small.set(bytes.subarray(at, at + count), this.#have);
    this.#have += count;
  }

  #wait(expect: number, need: number): void {
    this.#expect = expect;
    this.#need = need;
    this.#have = 0;
  }

  /** All that was needed is there: take it, or ask for the rest of what its length says. */
  #gathered(): void {
    const small = new DataView(this.#small.buffer);
    switch (this.#expect) {
      case Expect.token: {
        const token = small.getUint8(0);
        if (token !== ROW && token !== NBCROW) throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
        this.#column = -1;
        this.#bitmap = new Uint8Array(this.#bitmapBytes);
        if (token === NBCROW) this.#wait(Expect.bitmap, this.#bitmapBytes);
        else this.#nextColumn();
        return;
      }
      case Expect.bitmap:
        this.#bitmap = this.#small.slice(0, this.#bitmapBytes);
        return this.#nextColumn();
      case Expect.value:
        return this.#smallValue(small);
      case Expect.plpTotal:
        if (small.getUint32(0, true) === 0xffffffff && small.getUint32(4, true) === 0xffffffff) return this.#null();
        this.#open(-1);
        return this.#wait(Expect.chunkLength, 4);
      case Expect.chunkLength:
        this.#left = small.getUint32(0, true);
        if (this.#left === 0) return this.#close();
        return this.#wait(Expect.chunk, 0);
      default: {
        // A text pointer, its time stamp and the length of the value.
        const pointer = small.getUint8(0);
        if (pointer === 0) return this.#null();
        if (this.#have === 1) {
          this.#need = 1 + pointer + 8 + 4;
          return;
        }
        this.#left = small.getUint32(this.#have - 4, true);
        this.#open(this.#left);
        if (this.#left === 0) return this.#close();
        return this.#wait(Expect.chunk, 0);
      }
    }
  }

  #chunkEnd(): void {
    if (this.#layouts[this.#column] === Layout.plp) this.#wait(Expect.chunkLength, 4);
    else this.#close();
  }

  #nextColumn(): void {
    this.#column++;
    const i = this.#column;
    if (i === this.codecs.length) return this.#wait(Expect.token, 1);
    if ((this.#bitmap[i >> 3]! & (1 << (i & 7))) !== 0) return this.#null();
    const layout = this.#layouts[i]!;
    if (layout === Layout.plp) this.#wait(Expect.plpTotal, 8);
    else if (layout === Layout.textPointer) this.#wait(Expect.pointer, 1);
    else if (layout === Layout.byteLength) this.#wait(Expect.value, 1);
    else if (layout === Layout.ushortLength) this.#wait(Expect.value, 2);
    else if (layout === Layout.longLength) this.#wait(Expect.value, 4);
    else if (layout === 0) this.#null();
    else this.#wait(Expect.value, layout);
  }

  #null(): void {
    this.#handler.nullValue(this.#column);
    this.#nextColumn();
  }

  /** Values that come whole: their length first, then together with it. */
  #smallValue(small: DataView): void {
    const layout = this.#layouts[this.#column]!;
    const lengthBytes = layout === Layout.byteLength ? 1 : layout === Layout.ushortLength ? 2 : 4;
    if (layout >= 16 && this.#have === lengthBytes) {
      const length =
        lengthBytes === 1 ? small.getUint8(0) : lengthBytes === 2 ? small.getUint16(0, true) : small.getUint32(0, true);
      const isNull = lengthBytes === 2 ? length === 0xffff : length === 0;
      if (isNull) return this.#null();
      if (length > 0) {
        this.#need = lengthBytes + length;
        return;
      }
    }
    this.#reader.read(small, 0, layout);
    this.#handler.value(this.#column, this.#reader.bytes, this.#reader.at, this.#reader.length);
    this.#nextColumn();
  }

  #open(length: number): void {
    this.#handler.open(this.#column, length);
    this.#carry = new Uint8Array(0);
    this.#first = true;
  }

  #body(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const to = Math.min(end, at + pieceBytes - 8);
      const piece = this.#carry.length > 0 ? join(this.#carry, bytes.subarray(at, to)) : bytes.subarray(at, to);
      const whole = wholeCharacters(this.codecs[this.#column]!, piece);
      this.#carry = copyBytes(piece.subarray(whole));
      this.#piece(piece.subarray(0, whole));
      at = to;
    }
  }

  #close(): void {
    if (this.#carry.length > 0) this.#piece(this.#carry);
    this.#handler.close(this.#column);
    this.#nextColumn();
  }

  #piece(piece: Uint8Array): void {
    if (piece.length === 0) return;
    // A byte order mark is no part of an xml value.
    const { family } = this.codecs[this.#column]!;
    const marked = family === Family.xml && this.#first && piece[0] === 0xff && piece[1] === 0xfe;
    this.#first = false;
    this.#handler.piece(this.#column, marked ? piece.subarray(2) : piece);
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** How many of the bytes are whole characters, whatever comes after them. */
function wholeCharacters(codec: ColumnCodec, piece: Uint8Array): number {
  switch (codec.family) {
    case Family.utf16:
    case Family.xml: {
      const whole = piece.length & ~1;
      const last = whole >= 2 ? piece[whole - 1]! : 0;
      return last >= 0xd8 && last <= 0xdb ? whole - 2 : whole;
    }
    case Family.characters:
    case Family.json:
      return codec.page!.kind === 'single'
        ? piece.length
        : codec.page!.kind === 'utf8'
          ? wholeUtf8(piece)
          : wholePairs(codec.page!, piece);
    default:
      return piece.length;
  }
}

/** A lead byte never stands inside a sequence, so the last one tells whether its sequence is cut. */
function wholeUtf8(piece: Uint8Array): number {
  for (let at = piece.length - 1; at >= 0 && at >= piece.length - 3; at--) {
    const byte = piece[at]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + length > piece.length ? at : piece.length;
  }
  return piece.length;
}

/** Lead and trail bytes look alike: only from the start on is it known which is which. */
function wholePairs(page: CodePage, piece: Uint8Array): number {
  const last = piece.length - 1;
  let at = 0;
  while (at < last) {
    const byte = piece[at]!;
    at += page.units[byte] === noUnit && page.pairs[byte * 256 + piece[at + 1]!] !== 0 ? 2 : 1;
  }
  return at === last && page.units[piece[last]!] === noUnit ? last : piece.length;
}
