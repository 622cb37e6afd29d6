/** The bytes of a script that were written and not read yet, and where in the script they stand. */

import type { ScriptPosition } from '../model/error.ts';
import { placeAt } from './byte-place.ts';
import { ScriptWindows } from './script-windows.ts';

/** A part of a script, and where it begins. */
export interface KeptBytes {
  readonly bytes: Buffer;
  readonly position: ScriptPosition;
  /** They are not needed any more: their memory may be used again. Once only. */
  readonly release: () => void;
}

export class UnreadBytes {
  readonly #windows = new ScriptWindows();
  #window = this.#windows.open([]);
  /** What was not read is [at, end) of them, with a margin of zeros behind. */
  bytes = this.#window.bytes;
  at = 0;
  end = 0;
  /** The same bytes; a new view for each window: who reads it knows by that whether it is the same. */
  view = viewOf(this.bytes);
  /** Place of an offset, while nobody else holds text before it. */
  #known: { readonly at: number; readonly position: ScriptPosition } | null = null;
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  /** Bytes to wait for before it is worth to look again. */
  #wanted = 0;
  #ended = false;

  /** @param part its memory may be used again then */
  write(part: Uint8Array): void {
    if (this.#pendingLength + part.length > this.#wanted) {
      this.#hold([this.bytes.subarray(this.at, this.end), ...this.#pending, part]);
      this.#pending = [];
      this.#pendingLength = 0;
      return;
    }
    this.#pending.push(Buffer.from(part));
    this.#pendingLength += part.length;
  }

  /** Nothing follows what was written. */
  finish(): void {
    this.#ended = true;
    this.#wanted = -1;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether all that was not read stands here, so that its place is known. */
  get holdsAll(): boolean {
    return this.#known !== null;
  }

  /** Where what was not read begins; only while it `holdsAll`. */
  get position(): ScriptPosition {
    const { at, position } = this.#known!;
    if (at === this.at) return position;
    const counted = placeAt(this.bytes, at, this.at, position);
    this.#known = { at: this.at, position: counted };
    return counted;
  }

  /** Takes back text that was decoded and not read, and stands at the place; from then on it `holdsAll`. */
  putBack(text: string, position: ScriptPosition): void {
    if (text !== '') this.#hold([Buffer.from(text), this.bytes.subarray(this.at, this.end)]);
    this.#known = { at: this.at, position };
    this.#wanted = 0;
  }

  /** Others read on from here. @returns where that is */
  handOver(): ScriptPosition {
    const { position } = this;
    this.#known = null;
    return position;
  }

  /** What is there does not do: at least half as much must come, so that a large value is not looked at again and again. */
  wait(): void {
    this.#wanted = (this.end - this.at) >> 1;
  }

  /** Puts what was written behind what was not read, where there is as much as was waited for. */
  extend(): void {
    if (this.#pendingLength > this.#wanted) this.join();
  }

  /** Puts what was written behind what was not read. @returns whether there was anything */
  join(): boolean {
    if (this.#pendingLength === 0) return false;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hold([this.bytes.subarray(this.at, this.end), ...pending]);
    return true;
  }

  /** What was read from an offset on, for who needs it longer. @param position of the offset */
  keep(from: number, position: ScriptPosition): KeptBytes {
    const window = this.#window;
    window.holders++;
    return { bytes: this.bytes.subarray(from, this.at), position, release: () => this.#windows.release(window) };
  }

  #hold(parts: readonly Uint8Array[]): void {
    if (this.#known !== null) this.#known = { at: 0, position: this.position };
    const window = this.#windows.open(parts);
    // Others may hold what was read of the window before.
    this.#windows.release(this.#window);
    this.#window = window;
    this.bytes = window.bytes;
    this.view = viewOf(window.bytes);
    this.at = 0;
    this.end = window.length;
  }
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
