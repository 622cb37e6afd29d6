/**
 * The literals of one row, joined by commas: what stands between the parentheses of VALUES, and what the rowsum covers.
 * Hot path.
 */

import { XpdbError } from '../model/error.ts';
import { type ColumnCodec, columnCodec, writeLiteral } from './cell-literal.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { NBCROW, ROW } from './row-scanner.ts';
import { layoutOf, ValueReader } from './value-layout.ts';
import type { WireColumn } from './wire-column.ts';

const comma = 0x2c;

export class RowText {
  readonly codecs: readonly ColumnCodec[];
  /** Most bytes of text beside three for each byte of the row. */
  readonly overhead: number;
  /** Behind the row that was read last. */
  end = 0;
  readonly #layouts: Uint8Array;
  readonly #bitmapBytes: number;
  readonly #value = new ValueReader();

  /** @throws XpdbError naming the column for a collation without a known code page */
  constructor(columns: readonly WireColumn[]) {
    this.codecs = columns.map(columnCodec);
    this.overhead = this.codecs.reduce((sum, codec) => sum + codec.overhead, 64);
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmapBytes = (columns.length + 7) >> 3;
  }

  /**
   * @param out behind `state.limit` still has room for `overhead` bytes
   * @param start of the row's token byte; `end` is set to the position behind the row
   * @returns the position behind the text, or noRoom
   */
  write(out: Uint8Array, pos: number, bytes: Uint8Array, start: number, state: LiteralState): number {
    const codecs = this.codecs;
    const layouts = this.#layouts;
    const value = this.#value;
    const token = bytes[start]!;
    let at = start + 1;
    let bitmap = -1;
    if (token === NBCROW) {
      bitmap = at;
      at += this.#bitmapBytes;
    } else if (token !== ROW) throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
    let next = pos;
    for (let i = 0; i < codecs.length; i++) {
      if (i > 0) out[next++] = comma;
      if (bitmap >= 0 && (bytes[bitmap + (i >> 3)]! & (1 << (i & 7))) !== 0) {
        next = writeNull(out, next);
        continue;
      }
      at = value.read(bytes, at, layouts[i]!);
      if (value.length < 0) {
        next = writeNull(out, next);
        continue;
      }
      // No literal takes more than three bytes a byte of its value and what `overhead` counts; guards look for themselves.
      if (next + 3 * value.length > state.limit) return noRoom;
      next = writeLiteral(codecs[i]!, out, next, value.bytes, value.at, value.length, state);
      if (next === noRoom) return noRoom;
    }
    this.end = at;
    return next;
  }

  /** Sets `end` without writing. */
  skip(bytes: Uint8Array, start: number): void {
    const bitmap = bytes[start] === NBCROW ? start + 1 : -1;
    let at = bitmap < 0 ? start + 1 : start + 1 + this.#bitmapBytes;
    for (let i = 0; i < this.#layouts.length; i++) {
      if (bitmap >= 0 && (bytes[bitmap + (i >> 3)]! & (1 << (i & 7))) !== 0) continue;
      at = this.#value.read(bytes, at, this.#layouts[i]!);
    }
    this.end = at;
  }
}

export function writeNull(out: Uint8Array, pos: number): number {
  out[pos] = 0x4e;
  out[pos + 1] = 0x55;
  out[pos + 2] = 0x4c;
  out[pos + 3] = 0x4c;
  return pos + 4;
}
