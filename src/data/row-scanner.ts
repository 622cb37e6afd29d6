/**
 * Finds where rows end in the bytes of a result (ROW 0xD1, NBCROW 0xD2; MS-TDS 2.2.7.19, 2.2.7.15) without decoding a
 * value. Hot path: every byte that is read from a server passes here.
 */

import { XpdbError } from '../model/error.ts';
import { Layout, layoutOf } from './value-layout.ts';
import type { WireColumn } from './wire-column.ts';

export const ROW = 0xd1;
export const NBCROW = 0xd2;

/** Of this module: what is imported is loaded anew in every turn of a loop. */
const { byteLength, ushortLength, plp, textPointer, longLength } = Layout;

/** What the resumable scan expects next. */
const Expect = {
  token: 0,
  bitmap: 1,
  value: 2,
  length: 3,
  skip: 4,
  plpTotal: 5,
  plpChunk: 6,
  plpSkip: 7,
  pointerLength: 8,
  pointerSkip: 9,
} as const;

/** Rows that are looked for at once where a sink refused to do it itself. */
const fewestAtOnce = 32;
const mostAtOnce = 1 << 16;

/**
 * One scanner belongs to one result set. `scanRows` runs over whole rows; a row that is cut by the end of the bytes goes
 * through `scanPart`, which remembers its place, so nothing is ever scanned twice however large a value is.
 */
export class RowScanner {
  /** Rows that the last `scanRows` passed. */
  count = 0;
  readonly #layouts: Uint8Array;
  readonly #bitmapBytes: number;
  readonly #bitmap: Uint8Array;
  #atOnce = fewestAtOnce;
  #expect: number = Expect.token;
  #column = 0;
  #nullBitmap = false;
  #have = 0;
  #need = 0;
  #low = 0;
  #high = 0;
  #skip = 0;

  constructor(columns: readonly WireColumn[]) {
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmapBytes = (columns.length + 7) >> 3;
    this.#bitmap = new Uint8Array(this.#bitmapBytes);
  }

  /** Whether `scanPart` is in the middle of a row. */
  get inRow(): boolean {
    return this.#expect !== Expect.token;
  }

  /**
   * Passes over whole rows from `start`, where a token begins.
   * @param most rows at most
   * @returns the position after the last whole row: there begins a token that is no row, a row that `end` cuts, or nothing.
   */
  scanRows(bytes: Uint8Array, start: number, end: number, most = Number.POSITIVE_INFINITY): number {
    const layouts = this.#layouts;
    const columns = layouts.length;
    let rows = 0;
    let rowStart = start;
    scan: while (rowStart < end && rows < most) {
      const token = bytes[rowStart]!;
      let position = rowStart + 1;
      let bitmap = -1;
      if (token === NBCROW) {
        bitmap = position;
        position += this.#bitmapBytes;
        if (position > end) break;
      } else if (token !== ROW) break;
      for (let i = 0; i < columns; i++) {
        if (bitmap >= 0 && (bytes[bitmap + (i >> 3)]! & (1 << (i & 7))) !== 0) continue;
        const layout = layouts[i]!;
        if (layout < 16) {
          position += layout;
        } else if (layout === byteLength) {
          if (position >= end) break scan;
          position += 1 + bytes[position]!;
        } else if (layout === ushortLength) {
          if (position + 2 > end) break scan;
          const length = bytes[position]! | (bytes[position + 1]! << 8);
          position += length === 0xffff ? 2 : 2 + length;
        } else if (layout === plp) {
          if (position + 8 > end) break scan;
          const isNull = uint32(bytes, position) === 0xffffffff && uint32(bytes, position + 4) === 0xffffffff;
          position += 8;
          if (!isNull) {
            for (;;) {
              if (position + 4 > end) break scan;
              const chunk = uint32(bytes, position);
              position += 4 + chunk;
              if (chunk === 0) break;
            }
          }
        } else if (layout === textPointer) {
          if (position >= end) break scan;
          const pointer = bytes[position]!;
          position += 1;
          if (pointer > 0) {
            position += pointer + 8;
            if (position + 4 > end) break scan;
            position += 4 + uint32(bytes, position);
          }
        } else {
          if (position + 4 > end) break scan;
          position += 4 + uint32(bytes, position);
        }
      }
      if (position > end) break;
      rowStart = position;
      rows++;
    }
    this.count = rows;
    return rowStart;
  }

  /** As `scanRows`, where a sink refused to find the ends itself: a few rows, and twice as many each time that it refuses again. */
  scanRefused(bytes: Uint8Array, start: number, end: number): number {
    const behind = this.scanRows(bytes, start, end, this.#atOnce);
    this.#atOnce = Math.min(2 * this.#atOnce, mostAtOnce);
    return behind;
  }

  /** The sink found the ends of rows itself. */
  accepted(): void {
    this.#atOnce = fewestAtOnce;
  }

  /**
   * Goes on with one row, from its token byte or from where the last call stopped.
   * @returns the position after the row, or `end` when the row is cut; `inRow` tells which.
   */
  scanPart(bytes: Uint8Array, start: number, end: number): number {
    let position = start;
    for (;;) {
      switch (this.#expect) {
        case Expect.token:
          if (position >= end) return position;
          if (bytes[position] !== ROW && bytes[position] !== NBCROW) {
            throw new XpdbError(
              `the result holds the token 0x${bytes[position]!.toString(16)} where a row should begin`,
            );
          }
          this.#nullBitmap = bytes[position] === NBCROW;
          position++;
          this.#column = 0;
          this.#have = 0;
          this.#expect = this.#nullBitmap ? Expect.bitmap : Expect.value;
          break;
        case Expect.bitmap:
          while (this.#have < this.#bitmapBytes) {
            if (position >= end) return position;
            this.#bitmap[this.#have++] = bytes[position++]!;
          }
          this.#expect = Expect.value;
          break;
        case Expect.value: {
          const i = this.#column;
          if (i >= this.#layouts.length) {
            this.#expect = Expect.token;
            return position;
          }
          if (this.#nullBitmap && (this.#bitmap[i >> 3]! & (1 << (i & 7))) !== 0) {
            this.#column++;
            break;
          }
          const layout = this.#layouts[i]!;
          if (layout < 16) this.#skipValue(layout);
          else if (layout === byteLength) this.#read(1, Expect.length);
          else if (layout === ushortLength) this.#read(2, Expect.length);
          else if (layout === longLength) this.#read(4, Expect.length);
          else if (layout === plp) this.#read(8, Expect.plpTotal);
          else this.#read(1, Expect.pointerLength);
          break;
        }
        case Expect.skip:
        case Expect.plpSkip:
        case Expect.pointerSkip: {
          const step = Math.min(this.#skip, end - position);
          position += step;
          this.#skip -= step;
          if (this.#skip > 0) return position;
          if (this.#expect === Expect.plpSkip) this.#read(4, Expect.plpChunk);
          else if (this.#expect === Expect.pointerSkip) this.#read(4, Expect.length);
          else {
            this.#column++;
            this.#expect = Expect.value;
          }
          break;
        }
        default: {
          while (this.#have < this.#need) {
            if (position >= end) return position;
            const byte = bytes[position++]!;
            if (this.#have < 4) this.#low += byte * 2 ** (8 * this.#have);
            else this.#high += byte * 2 ** (8 * (this.#have - 4));
            this.#have++;
          }
          this.#lengthRead();
        }
      }
    }
  }

  #read(bytes: number, then: number): void {
    this.#need = bytes;
    this.#have = 0;
    this.#low = 0;
    this.#high = 0;
    this.#expect = then;
  }

  #skipValue(bytes: number): void {
    this.#skip = bytes;
    this.#expect = Expect.skip;
  }

  #lengthRead(): void {
    switch (this.#expect) {
      case Expect.length:
        this.#skipValue(this.#need === 2 && this.#low === 0xffff ? 0 : this.#low);
        break;
      case Expect.plpTotal:
        if (this.#low === 0xffffffff && this.#high === 0xffffffff) this.#skipValue(0);
        else this.#read(4, Expect.plpChunk);
        break;
      case Expect.plpChunk:
        if (this.#low === 0) this.#skipValue(0);
        else {
          this.#skip = this.#low;
          this.#expect = Expect.plpSkip;
        }
        break;
      default:
        if (this.#low === 0) this.#skipValue(0);
        else {
          this.#skip = this.#low + 8;
          this.#expect = Expect.pointerSkip;
        }
    }
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
