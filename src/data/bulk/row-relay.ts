/**
 * Row bytes of a SELECT to the row bytes of a bulk load: NBCROW becomes ROW, values of NOT NULL columns get a length, and nothing
 * is decoded. Hot path: what stays as it is is copied in one go, over as many columns and rows as there are.
 */

import { XpdbError } from '../../model/error.ts';
import { wireColumns } from '../kernel/kernel-plan.ts';
import { KernelRows, type KernelUse } from '../kernel/kernel-rows.ts';
import { NBCROW, ROW } from '../row-scanner.ts';
import { Layout, ValueReader } from '../value-layout.ts';
import type { WireColumn } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';
import { type RelayColumn, RelayStep, relayColumn } from './relay-plan.ts';
import { RowBuffer } from './row-buffer.ts';
import { closeFrame, frameHead, writeNullValue } from './value-frame.ts';

/** Bytes that are enough to be sent. */
export const enoughBytes = 1 << 18;
/** Most bytes that one step writes beside the value. */
const stepBytes = 64;
/** From here on a call of the runtime's own copies faster than a loop. */
const longRun = 256;

export class RowRelay {
  readonly #columns: readonly RelayColumn[];
  readonly #steps: Uint8Array;
  readonly #bitmapBytes: number;
  /** What was made and not handed over yet; others may add rows of their own. */
  readonly buffer = new RowBuffer();
  readonly #value = new ValueReader();
  readonly #kernel: KernelRows;

  /**
   * @param sources columns of the rows, one for each target
   * @throws XpdbError naming the first column whose values the target's type does not take
   */
  constructor(sources: readonly WireColumn[], targets: readonly BulkColumn[], use?: KernelUse) {
    if (sources.length !== targets.length) {
      throw new XpdbError(`rows of ${sources.length} columns do not go into ${targets.length}`);
    }
    this.#columns = sources.map((source, i) => relayColumn(source, targets[i]!));
    this.#steps = Uint8Array.from(this.#columns, column => column.step);
    this.#bitmapBytes = (sources.length + 7) >> 3;
    const plan = { columns: wireColumns(sources, this.#columns), summing: false, texts: [], numbers: [] };
    this.#kernel = new KernelRows(plan, 'relayRows', use);
  }

  /** Rows taken and not handed over yet. */
  get rows(): number {
    return this.buffer.rows;
  }

  get bytes(): number {
    return this.buffer.bytes;
  }

  take(): readonly Uint8Array[] {
    return this.buffer.take();
  }

  recycle(pieces: readonly Uint8Array[]): void {
    this.buffer.recycle(pieces);
  }

  /** Takes the whole rows in [start, end), back to back, each a ROW or NBCROW token. */
  write(bytes: Uint8Array, start: number, end: number): void {
    const kernel = this.#kernel.begin(end - start) ? this.#kernel : null;
    for (let at = start; at < end; ) {
      if (kernel?.take(bytes, at, end, null)) at = this.#taken(kernel);
      else at = this.#write(bytes, at, end, kernel === null ? Number.POSITIVE_INFINITY : 1);
    }
  }

  /**
   * Takes rows whose ends nobody has looked for yet, from `start` on: up to one that `end` cuts, one that needs more care, or until there is
   * enough to be sent.
   * @returns position behind them; `start` for none
   */
  writeFrom(bytes: Uint8Array, start: number, end: number): number {
    return this.#kernel.takeFrom(bytes, start, end, null, () => {
      this.#taken(this.#kernel);
      return this.bytes < enoughBytes;
    });
  }

  /** Appends what the kernel made. @returns position behind the rows that it took */
  #taken(kernel: KernelRows): number {
    const buffer = this.buffer;
    const { text } = kernel;
    buffer.reserve(text.length);
    new Uint8Array(buffer.out.buffer, buffer.position, text.length).set(text);
    buffer.position += text.length;
    buffer.rows += kernel.rows;
    return kernel.end;
  }

  /** Takes `most` rows at most. @returns the position behind them */
  #write(bytes: Uint8Array, start: number, end: number, most: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const steps = this.#steps;
    /** Begin of what is to be copied as it is. */
    let run = start;
    let at = start;
    let rows = 0;
    while (at < end && rows < most) {
      const token = view.getUint8(at);
      let bitmap = -1;
      if (token === NBCROW) {
        this.#copy(view, run, at);
        this.#byte(ROW);
        bitmap = at + 1;
        at = run = bitmap + this.#bitmapBytes;
      } else if (token === ROW) at++;
      else throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
      for (let i = 0; i < steps.length; i++) {
        if (bitmap >= 0 && (view.getUint8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) {
          this.#copy(view, run, at);
          this.#null(i);
          run = at;
          continue;
        }
        switch (steps[i]!) {
          case RelayStep.byteLength:
            at = at + 1 + view.getUint8(at);
            break;
          case RelayStep.ushortLength: {
            const length = view.getUint16(at, true);
            at += length === 0xffff ? 2 : 2 + length;
            break;
          }
          case RelayStep.widen: {
            const length = view.getUint8(at);
            if (length !== 0 && length !== this.#columns[i]!.size) {
              this.#copy(view, run, at);
              this.#widen(view, at, length, this.#columns[i]!.size);
              run = at + 1 + length;
            }
            at += 1 + length;
            break;
          }
          case RelayStep.fixed: {
            const { size } = this.#columns[i]!;
            this.#copy(view, run, at);
            this.#byte(size);
            run = at;
            at += size;
            break;
          }
          case RelayStep.reframe:
            this.#copy(view, run, at);
            run = at = this.#reframe(view, at, this.#columns[i]!);
            break;
          default:
            at = this.#value.read(view, at, this.#columns[i]!.from);
        }
      }
      rows++;
    }
    this.#copy(view, run, at);
    this.buffer.rows += rows;
    return at;
  }

  /** Bytes as they are. */
  #copy(bytes: DataView, from: number, to: number): void {
    const length = to - from;
    if (length === 0) return;
    const buffer = this.buffer;
    if (buffer.position + length > buffer.out.byteLength) buffer.reserve(length);
    const { out, position } = buffer;
    buffer.position = position + length;
    if (length >= longRun) {
      new Uint8Array(out.buffer, position, length).set(new Uint8Array(bytes.buffer, bytes.byteOffset + from, length));
      return;
    }
    let i = 0;
    for (; i + 4 <= length; i += 4) out.setInt32(position + i, bytes.getInt32(from + i));
    for (; i < length; i++) out.setUint8(position + i, bytes.getUint8(from + i));
  }

  #byte(value: number): void {
    const buffer = this.buffer;
    if (buffer.position === buffer.out.byteLength) buffer.reserve(1);
    buffer.out.setUint8(buffer.position++, value);
  }

  #null(column: number): void {
    const buffer = this.buffer;
    buffer.reserve(stepBytes);
    buffer.position = writeNullValue(buffer.out, buffer.position, this.#columns[column]!.to);
  }

  /** Sign and magnitude, and zeros behind. */
  #widen(bytes: DataView, at: number, length: number, size: number): void {
    const buffer = this.buffer;
    buffer.reserve(stepBytes);
    const { out, position } = buffer;
    out.setUint8(position, size);
    for (let i = 1; i <= size; i++) out.setUint8(position + i, i <= length ? bytes.getUint8(at + i) : 0);
    buffer.position = position + 1 + size;
  }

  /** @returns the position behind the value that was read */
  #reframe(bytes: DataView, at: number, { from, to }: RelayColumn): number {
    const value = this.#value;
    const next = value.read(bytes, at, from);
    const buffer = this.buffer;
    buffer.reserve(stepBytes + Math.max(0, value.length));
    const { out, position } = buffer;
    if (value.length < 0) {
      buffer.position = writeNullValue(out, position, to);
      return next;
    }
    if (to === Layout.ushortLength && value.length > 8000) {
      throw new XpdbError(`a value of ${value.length} bytes does not fit into a column of at most 8,000`);
    }
    const head = position + frameHead(to);
    const source = new Uint8Array(value.bytes.buffer, value.bytes.byteOffset + value.at, value.length);
    new Uint8Array(out.buffer, head, value.length).set(source);
    buffer.position = closeFrame(out, position, to, head + value.length);
    return next;
  }
}
