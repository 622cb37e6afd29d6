/**
 * The literals of one row, joined by commas: what stands between the parentheses of VALUES, and what the rowsum covers.
 * Hot path.
 */

import { XpdbError } from '../model/error.ts';
import { type ColumnCodec, columnCodecs, writeFloat, writeLiteral } from './cell-literal.ts';
import { writeCharacters, writeUtf16 } from './character.ts';
import { writeDatetime2 } from './date-time.ts';
import { writeDecimal } from './decimal.ts';
import { writeInt4, writeInt8, writeIntN } from './integer.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { NBCROW, ROW } from './row-scanner.ts';
import { Family } from './type-family.ts';
import { Layout, layoutOf, ValueReader } from './value-layout.ts';
import type { WireColumn } from './wire-column.ts';

const comma = 0x2c;

/** Framing and family of a column in one number: from `shortText` on a length of two bytes, below it one byte. */
const Plan = {
  other: 0,
  intN: 1,
  decimalN: 2,
  bitN: 3,
  datetime2N: 4,
  floatN: 5,
  byteLength: 6,
  shortText: 7,
  utf16: 8,
  characters: 9,
} as const;

function planOf(family: number, layout: number): number {
  if (layout === Layout.byteLength) {
    if (family === Family.int) return Plan.intN;
    if (family === Family.bit) return Plan.bitN;
    if (family === Family.datetime2) return Plan.datetime2N;
    if (family === Family.float) return Plan.floatN;
    return family === Family.decimal ? Plan.decimalN : Plan.byteLength;
  }
  if (layout !== Layout.ushortLength) return Plan.other;
  if (family === Family.utf16) return Plan.utf16;
  return family === Family.characters ? Plan.characters : Plan.shortText;
}

export class RowText {
  readonly codecs: readonly ColumnCodec[];
  /** Most bytes of text beside three for each byte of the row. */
  readonly overhead: number;
  /** Behind the row that was read last. */
  end = 0;
  readonly #layouts: Uint8Array;
  readonly #plans: Uint8Array;
  readonly #scales: Uint8Array;
  readonly #bitmapBytes: number;
  readonly #value = new ValueReader();

  /**
   * @param unicode as in columnCodecs
   * @throws XpdbError naming the column for a collation without a known code page
   */
  constructor(columns: readonly WireColumn[], unicode?: ReadonlySet<string>) {
    this.codecs = columnCodecs(columns, unicode);
    this.overhead = this.codecs.reduce((sum, codec) => sum + codec.overhead, 64);
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#plans = Uint8Array.from(this.codecs, (codec, i) => planOf(codec.family, this.#layouts[i]!));
    this.#scales = Uint8Array.from(columns, column => column.scale);
    this.#bitmapBytes = (columns.length + 7) >> 3;
  }

  /**
   * @param out behind `state.limit` still has room for `overhead` bytes
   * @param start of the row's token byte; `end` is set to the position behind the row
   * @returns the position behind the text, or noRoom
   */
  write(out: DataView, pos: number, bytes: DataView, start: number, state: LiteralState): number {
    const codecs = this.codecs;
    const layouts = this.#layouts;
    const value = this.#value;
    const token = bytes.getUint8(start);
    let at = start + 1;
    let bitmap = -1;
    if (token === NBCROW) {
      bitmap = at;
      at += this.#bitmapBytes;
    } else if (token !== ROW) throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
    const plans = this.#plans;
    const scales = this.#scales;
    const limit = state.limit | 0;
    let next = pos | 0;
    for (let i = 0; i < plans.length; i++) {
      if (i > 0) {
        out.setUint8(next, comma);
        next = (next + 1) | 0;
      }
      if (bitmap >= 0 && (bytes.getUint8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) {
        next = writeNull(out, next);
        continue;
      }
      // The commonest framings in place: a call and an object for each cell would cost more than most codecs.
      const plan = plans[i]!;
      let length: number;
      if (plan >= Plan.shortText) {
        length = bytes.getUint8(at) | (bytes.getUint8(at + 1) << 8);
        at = (at + 2) | 0;
        if (length === 0xffff) {
          next = writeNull(out, next);
          continue;
        }
        if (next + 3 * length > limit) return noRoom;
      } else if (plan !== Plan.other) {
        length = bytes.getUint8(at);
        at = (at + 1) | 0;
        if (length === 0) {
          next = writeNull(out, next);
          continue;
        }
      } else {
        at = value.read(bytes, at, layouts[i]!);
        if (value.length < 0) {
          next = writeNull(out, next);
          continue;
        }
        // No literal takes more than three bytes a byte of its value and what `overhead` counts; guards look for themselves.
        if (next + 3 * value.length > limit) return noRoom;
        next = writeLiteral(codecs[i]!, out, next, value.bytes, value.at, value.length, state);
        if (next === noRoom) return noRoom;
        continue;
      }
      switch (plan) {
        case Plan.intN:
          if (length === 4) next = writeInt4(out, next, bytes, at);
          else if (length === 8) next = writeInt8(out, next, bytes, at);
          else next = writeIntN(out, next, bytes, at, length);
          break;
        case Plan.decimalN:
          next = writeDecimal(out, next, bytes, at, length, scales[i]!);
          break;
        case Plan.bitN:
          out.setUint8(next, bytes.getUint8(at) === 0 ? 0x30 : 0x31);
          next = (next + 1) | 0;
          break;
        case Plan.datetime2N:
          out.setInt16(next, 0x274e, true);
          next = writeDatetime2(out, next + 2, bytes, at, length, scales[i]!);
          out.setUint8(next, 0x27);
          next = (next + 1) | 0;
          break;
        case Plan.floatN:
          next = writeFloat(codecs[i]!, out, next, bytes, at, length, state);
          break;
        case Plan.utf16:
          next = writeUtf16(out, next, bytes, at, at + length, state);
          break;
        case Plan.characters:
          next = writeCharacters(out, next, bytes, at, at + length, codecs[i]!, state);
          break;
        default:
          next = writeLiteral(codecs[i]!, out, next, bytes, at, length, state);
      }
      if (next === noRoom) return noRoom;
      at = (at + length) | 0;
    }
    this.end = at;
    return next;
  }

  /** Sets `end` without writing. */
  skip(bytes: DataView, start: number): void {
    const bitmap = bytes.getUint8(start) === NBCROW ? start + 1 : -1;
    let at = bitmap < 0 ? start + 1 : start + 1 + this.#bitmapBytes;
    for (let i = 0; i < this.#layouts.length; i++) {
      if (bitmap >= 0 && (bytes.getUint8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) continue;
      at = this.#value.read(bytes, at, this.#layouts[i]!);
    }
    this.end = at;
  }
}

/** `NULL` in one store. */
export function writeNull(out: DataView, pos: number): number {
  out.setInt32(pos, 0x4c4c554e, true);
  return pos + 4;
}
