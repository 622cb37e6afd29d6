/**
 * The content hash of rows in the native format: as the rowsum, but over each row's canonical wire form, because making text of every
 * value would cost five times as much. Equal for equal values in columns of equal types, whichever way the server framed them.
 *
 * Without columns of max types, xml, json, CLR types, text, ntext and image:
 * - a row without NULL is its values as they stand in a ROW token, hashed with the rowsum's seed;
 * - a row with NULL is the null bitmap of NBCROW and the other values, hashed with the seed's complement.
 * Rows in either token as servers send them are in this form already, so nothing is copied for them.
 *
 * With such columns: the values, NULL ones left out, then the null bitmap, hashed with the rowsum's seed. A value of these types is its
 * bytes and then their number (8 bytes), without chunks and text pointers, so that it can be hashed as it comes.
 */
import { XpdbError } from '../model/error.ts';
import { wireColumns } from './kernel/kernel-plan.ts';
import { KernelRows, type KernelUse } from './kernel/kernel-rows.ts';
import { NBCROW, ROW } from './row-scanner.ts';
import { hashBytes, Rowsum, rowsumSeed } from './rowsum.ts';
import { Layout, layoutOf, ValueReader } from './value-layout.ts';
import { type WireColumn, WireType } from './wire-column.ts';

export const noNullSeed = rowsumSeed;
export const someNullSeed = ~rowsumSeed;

/** The hash reads up to so many bytes behind a row. */
const behind = 16;

export class WireSum {
  readonly rowsum = new Rowsum();
  readonly #layouts: Uint8Array;
  readonly #bitmapBytes: number;
  /** Values that come in chunks or behind a text pointer. */
  readonly #chunked: boolean;
  readonly #value = new ValueReader();
  readonly #bitmap: Uint8Array;
  /** 1 for xml, whose byte order mark is no part of the value. */
  readonly #marked: Uint8Array;
  #scratch = new DataView(new ArrayBuffer(1 << 12));
  readonly #kernel: KernelRows | null;

  constructor(columns: readonly WireColumn[], use?: KernelUse) {
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmapBytes = (columns.length + 7) >> 3;
    this.#chunked = this.#layouts.some(isChunked);
    this.#bitmap = new Uint8Array(this.#bitmapBytes);
    this.#marked = Uint8Array.from(columns, column => (column.type === WireType.xml ? 1 : 0));
    const plan = { columns: wireColumns(columns), summing: true, texts: [], numbers: [] };
    this.#kernel = this.#chunked ? null : new KernelRows(plan, 'sumWireRows', use);
  }

  /**
   * Adds the whole rows in [start, end).
   * @throws XpdbError when the bytes are no rows or the last one is cut
   */
  add(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kernel = this.#kernel?.begin(end - start) ? this.#kernel : null;
    let at = start;
    while (at < end) {
      if (kernel?.take(bytes, at, end, this.rowsum)) {
        at = kernel.end;
        continue;
      }
      at = this.#chunked ? this.#anyRow(view, at, end) : this.#plainRow(view, at, end);
      this.rowsum.addLanes();
    }
    if (at > end) throw cut();
  }

  /**
   * Adds rows whose ends nobody has looked for yet, from `start` on: up to one that `end` cuts or that needs more care.
   * @returns position behind them; `start` for none
   */
  addFrom(bytes: Uint8Array, start: number, end: number): number {
    return this.#kernel?.takeFrom(bytes, start, end, this.rowsum) ?? start;
  }

  /** A row of values that stand in one piece each. */
  #plainRow(bytes: DataView, start: number, end: number): number {
    const layouts = this.#layouts;
    const token = bytes.getUint8(start);
    if (token !== ROW && token !== NBCROW) throw noRow(token);
    let bitmap = -1;
    let at = start + 1;
    let nulls = false;
    if (token === NBCROW) {
      bitmap = at;
      at += this.#bitmapBytes;
    }
    for (let i = 0; i < layouts.length; i++) {
      if (bitmap >= 0 && (bytes.getUint8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) {
        nulls = true;
        continue;
      }
      const layout = layouts[i]!;
      if (layout === Layout.byteLength) {
        const length = bytes.getUint8(at);
        if (length === 0) return this.#anyRow(bytes, start, end);
        at = (at + 1 + length) | 0;
      } else if (layout === Layout.ushortLength) {
        const length = bytes.getUint16(at, true);
        if (length === 0xffff) return this.#anyRow(bytes, start, end);
        at = (at + 2 + length) | 0;
      } else if (layout < 16) {
        if (layout === 0) return this.#anyRow(bytes, start, end);
        at += layout;
      } else {
        const length = bytes.getUint32(at, true);
        if (length === 0) return this.#anyRow(bytes, start, end);
        at += 4 + length;
      }
    }
    if (at > end) throw cut();
    const from = bitmap < 0 ? start + 1 : nulls ? bitmap : bitmap + this.#bitmapBytes;
    const seed = nulls ? someNullSeed : noNullSeed;
    if (at + behind <= bytes.byteLength) hashBytes(bytes, from, at, seed);
    else {
      this.#room(at - from);
      new Uint8Array(this.#scratch.buffer).set(new Uint8Array(bytes.buffer, bytes.byteOffset + from, at - from));
      hashBytes(this.#scratch, 0, at - from, seed);
    }
    return at;
  }

  /** Any row, laid out anew in its canonical form. */
  #anyRow(bytes: DataView, start: number, end: number): number {
    const layouts = this.#layouts;
    const value = this.#value;
    const token = bytes.getUint8(start);
    if (token !== ROW && token !== NBCROW) throw noRow(token);
    const given = token === NBCROW ? start + 1 : -1;
    let at = given < 0 ? start + 1 : given + this.#bitmapBytes;
    const bitmap = this.#bitmap.fill(0);
    // The bitmap stands before the values, or behind them where values are chunked.
    let pos = this.#chunked ? 0 : this.#bitmapBytes;
    let nulls = false;
    for (let i = 0; i < layouts.length; i++) {
      let isNull = given >= 0 && (bytes.getUint8(given + (i >> 3)) & (1 << (i & 7))) !== 0;
      if (!isNull) {
        at = value.read(bytes, at, layouts[i]!);
        if (at > end) throw cut();
        isNull = value.length < 0;
        if (!isNull) pos = this.#append(pos, i);
      }
      if (isNull) {
        nulls = true;
        bitmap[i >> 3]! |= 1 << (i & 7);
      }
    }
    this.#room(pos + this.#bitmapBytes);
    new Uint8Array(this.#scratch.buffer).set(bitmap, this.#chunked ? pos : 0);
    if (this.#chunked) hashBytes(this.#scratch, 0, pos + this.#bitmapBytes, noNullSeed);
    else hashBytes(this.#scratch, nulls ? 0 : this.#bitmapBytes, pos, nulls ? someNullSeed : noNullSeed);
    return at;
  }

  /** Appends the value that was read last. @returns the position behind it */
  #append(pos: number, column: number): number {
    const layout = this.#layouts[column]!;
    const { at, length, bytes } = this.#value;
    const skip = this.#marked[column] === 1 ? markLength(bytes, at, length) : 0;
    this.#room(pos + length + 8);
    const out = this.#scratch;
    const head = isChunked(layout) ? 0 : writeLength(out, pos, layout, length);
    new Uint8Array(out.buffer).set(
      new Uint8Array(bytes.buffer, bytes.byteOffset + at + skip, length - skip),
      pos + head,
    );
    const behind = pos + head + length - skip;
    return isChunked(layout) ? behind + writeLength(out, behind, layout, length - skip) : behind;
  }

  #room(length: number): void {
    if (length + behind <= this.#scratch.byteLength) return;
    const larger = new Uint8Array(2 * (length + behind));
    larger.set(new Uint8Array(this.#scratch.buffer));
    this.#scratch = new DataView(larger.buffer);
  }
}

/** Whether values come in chunks or behind a text pointer, and may be large. */
export function isChunked(layout: number): boolean {
  return layout === Layout.plp || layout === Layout.textPointer;
}

/** The length as the canonical form has it. @returns its bytes */
export function writeLength(out: DataView, pos: number, layout: number, length: number): number {
  if (layout < 16) return 0;
  if (layout === Layout.byteLength) {
    out.setUint8(pos, length);
    return 1;
  }
  if (layout === Layout.ushortLength) {
    out.setUint16(pos, length, true);
    return 2;
  }
  out.setUint32(pos, length % 4294967296, true);
  if (layout === Layout.longLength) return 4;
  out.setUint32(pos + 4, Math.floor(length / 4294967296), true);
  return 8;
}

function markLength(bytes: DataView, at: number, length: number): number {
  return length >= 2 && bytes.getUint16(at, true) === 0xfeff ? 2 : 0;
}

function cut(): XpdbError {
  return new XpdbError('the bytes end in the middle of a row');
}

function noRow(token: number): XpdbError {
  return new XpdbError(`the token 0x${token.toString(16)} begins no row`);
}
