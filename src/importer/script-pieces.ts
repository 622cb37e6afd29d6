/**
 * Reads a script from its bytes: the rows of INSERTs as they lie, everything else as the pieces of its text. Only what is not rows is
 * ever decoded, in parts that are small at first, since rows may follow soon.
 */

import { rowEnd, unfinished, unusual } from '../data/bulk/row-end.ts';
import type { ScriptPosition } from '../model/error.ts';
import { ScriptSplitter, type SplitOptions } from '../tsql/batch-splitter.ts';
import type { RowPlace, SkimState } from '../tsql/row-skimmer.ts';
import { decodeUtf8 } from '../tsql/script-decoder.ts';
import type { InsertHeadPiece, ScriptPiece } from '../tsql/script-piece.ts';
import { placeAt } from './byte-place.ts';
import { ScriptWindows } from './script-windows.ts';

/** Takes rows as they lie in the bytes of a script. */
export interface ByteRowTaker {
  /** The offsets that come now count from here. */
  begin(from: number): void;
  /** Another INSERT with the same head begins. @returns false to stop before it */
  statement(): boolean;
  /**
   * A row begins at `start`, and others may follow, with commas between.
   * @returns the offset behind the last one that was taken; -1 when the first was not, or does not end before `end`
   */
  rows(script: DataView, start: number, end: number): number;
  /** Of a row that ends and was not taken. */
  refuse(start: number): void;
  /** Whether to stop behind the row that was taken last. */
  readonly stops: boolean;
  /** What was passed over; it ends behind a row, or else behind a head. */
  keep(script: KeptBytes, behindRow: boolean): void;
}

/** A part of a script, and where it begins. */
export interface KeptBytes {
  readonly bytes: Buffer;
  readonly position: ScriptPosition;
  /** They are not needed any more: their memory may be used again. Once only. */
  readonly release: () => void;
}

/** Bytes of text that are decoded at once: the first time, and at most. */
const firstPart = 1 << 12;
const largestPart = 1 << 18;

const comma = 0x2c;
const open = 0x28;
const semicolon = 0x3b;

export class ScriptPieces {
  readonly #splitter: ScriptSplitter;
  readonly #file: string | undefined;
  readonly #windows = new ScriptWindows();
  /** Bytes that were not read, in [#at, #end), with a margin of zeros behind. */
  #window = this.#windows.open([]);
  #bytes = this.#window.bytes;
  /** A new one for each window: who reads it knows by that whether it is the same. */
  #view = viewOf(this.#bytes);
  #at = 0;
  #end = 0;
  /** Place of an offset in `#bytes`, while the splitter has no text. */
  #known: { readonly at: number; readonly position: ScriptPosition } | null = null;
  /** Among rows, while the splitter has no text. */
  #place: RowPlace = 'none';
  #headBytes: { readonly head: InsertHeadPiece; readonly bytes: DataView } | null = null;
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  /** Bytes to wait for before it is worth to look for rows again. */
  #wanted = 0;
  #part = firstPart;
  #ended = false;

  constructor(options: SplitOptions) {
    this.#splitter = new ScriptSplitter(options);
    this.#file = options.file;
  }

  /** @param part bytes, whose memory may be used again then, or text */
  write(part: Uint8Array | string): void {
    if (part.length === 0) return;
    if (typeof part === 'string') {
      this.#toText();
      while (this.#decode());
      this.#splitter.write(part);
      return;
    }
    if (this.#pendingLength + part.length > this.#wanted) {
      this.#hold([this.#bytes.subarray(this.#at, this.#end), ...this.#pending, part]);
      this.#pending = [];
      this.#pendingLength = 0;
      return;
    }
    this.#pending.push(Buffer.from(part));
    this.#pendingLength += part.length;
  }

  end(): void {
    this.#ended = true;
    this.#wanted = -1;
  }

  /** Where the next piece or row begins. */
  get position(): ScriptPosition {
    return this.#known === null ? this.#splitter.position : this.#count();
  }

  /** The next piece; null when more must be written first or, after `end`, when there is none. */
  read(): ScriptPiece | null {
    this.#toText();
    for (;;) {
      const piece = this.#splitter.read();
      if (piece !== null || !this.#decode()) return piece;
    }
  }

  /**
   * Inside an INSERT: gives its rows, and those of the INSERTs behind it that have the same head, to the taker, as far as they are
   * there. Nothing but blanks and plain GO lines may stand between them; where anything else follows, `read` goes on.
   * Not for scripts whose variables are expanded.
   */
  skimRows(taker: ByteRowTaker): SkimState {
    if (!this.#toBytes()) return 'other';
    if (this.#pendingLength > this.#wanted) this.#join();
    const from = this.#at;
    const position = this.#count();
    taker.begin(from);
    let state = this.#skim(taker);
    if (this.#at > from) {
      const window = this.#window;
      window.holders++;
      const bytes = this.#bytes.subarray(from, this.#at);
      taker.keep({ bytes, position, release: () => this.#windows.release(window) }, this.#place === 'behind');
    }
    if (state === 'more') {
      this.#wanted = (this.#end - this.#at) >> 1;
      if (this.#ended) state = 'other';
    }
    return state;
  }

  #skim(taker: ByteRowTaker): SkimState {
    const bytes = this.#bytes;
    const end = this.#end;
    for (;;) {
      let at = this.#at;
      if (this.#place === 'behind') {
        at = this.#blanks(at);
        if (bytes[at] !== comma) {
          const next = at === end ? 'more' : this.#sameHead(at, taker);
          if (next !== null) return next;
          continue;
        }
        at++;
      }
      at = this.#blanks(at);
      if (bytes[at] !== open) return at === end ? 'more' : 'other';
      let behind = taker.rows(this.#view, at, end);
      if (behind < 0) {
        behind = rowEnd(bytes, at, end);
        if (behind === unfinished) return 'more';
        if (behind === unusual) return 'other';
        taker.refuse(at);
        this.#moveBehind(behind);
        return 'stopped';
      }
      this.#moveBehind(behind);
      if (taker.stops) return 'stopped';
    }
  }

  #moveBehind(row: number): void {
    this.#at = row;
    this.#place = 'behind';
  }

  #blanks(from: number): number {
    let at = from;
    while (at < this.#end && this.#bytes[at]! <= 32) at++;
    return at;
  }

  /** From behind the last row of an INSERT to behind the head of the next one. @returns null when it is there */
  #sameHead(behind: number, taker: ByteRowTaker): SkimState | null {
    const bytes = this.#bytes;
    const end = this.#end;
    const head = this.#head();
    if (head === null) return 'other';
    let at = this.#blanks(bytes[behind] === semicolon ? behind + 1 : behind);
    for (let next = this.#separator(at); next !== at; next = this.#separator(at)) {
      if (next < 0) return this.#ended ? 'other' : 'more';
      at = this.#blanks(next);
    }
    const start = this.#blanks(at + head.byteLength);
    if (start >= end) return 'more';
    if (bytes[start] !== open || !stands(head, this.#view, at)) return 'other';
    if (!taker.statement()) return 'stopped';
    this.#at = at + head.byteLength;
    this.#place = 'first';
    return null;
  }

  /** Offset behind a line that is the separator alone; `at` when it is not, -1 when that can't be told yet. */
  #separator(at: number): number {
    const bytes = this.#bytes;
    const word = this.#splitter.separator;
    for (let i = 0; i < word.length; i++) {
      if (at + i >= this.#end) return -1;
      if ((bytes[at + i]! | 0x20) !== (word.charCodeAt(i) | 0x20)) return at;
    }
    let i = at;
    while (i > 0 && (bytes[i - 1] === 32 || bytes[i - 1] === 9)) i--;
    // Behind what was let go of stands a row or a head.
    if (i === 0 || (bytes[i - 1] !== 10 && bytes[i - 1] !== 13)) return at;
    i = at + word.length;
    while (bytes[i] === 32 || bytes[i] === 9 || bytes[i] === 13) i++;
    if (i >= this.#end) return -1;
    return bytes[i] === 10 ? i + 1 : at;
  }

  /** The bytes of the head of the INSERT at hand. */
  #head(): DataView | null {
    const { head } = this.#splitter;
    if (head === null) return null;
    if (this.#headBytes?.head !== head) this.#headBytes = { head, bytes: viewOf(Buffer.from(head.text)) };
    return this.#headBytes.bytes;
  }

  #count(): ScriptPosition {
    const { at, position } = this.#known!;
    if (at === this.#at) return position;
    const counted = placeAt(this.#bytes, at, this.#at, position);
    this.#known = { at: this.#at, position: counted };
    return counted;
  }

  /** Takes the splitter's text back. @returns false when it is text that bytes can't be made of, or outside of an INSERT */
  #toBytes(): boolean {
    if (this.#known !== null) return true;
    const place = this.#splitter.rowPlace;
    if (place === 'none') return false;
    const text = this.#splitter.release();
    const { position } = this.#splitter;
    if (!text.isWellFormed()) {
      this.#splitter.resume(position, place);
      this.#splitter.write(text);
      return false;
    }
    this.#place = place;
    if (text !== '') this.#hold([Buffer.from(text), this.#bytes.subarray(this.#at, this.#end)]);
    this.#known = { at: this.#at, position };
    this.#wanted = 0;
    return true;
  }

  #toText(): void {
    if (this.#known === null) return;
    const position = this.#count();
    this.#known = null;
    this.#splitter.resume(position, this.#place === 'first' ? 'first' : 'behind');
    this.#part = firstPart;
  }

  /** Gives more text to the splitter. @returns whether there was any, or its end */
  #decode(): boolean {
    if (this.#at === this.#end) this.#join();
    const to = wholeCharacters(this.#bytes, this.#at, Math.min(this.#end, this.#at + this.#part));
    if (to > this.#at) {
      this.#splitter.write(decodeUtf8(this.#bytes.subarray(this.#at, to), this.#file));
      this.#at = to;
      this.#part = Math.min(2 * this.#part, largestPart);
      return true;
    }
    if (this.#pendingLength > 0) {
      this.#join();
      return true;
    }
    if (!this.#ended || this.#splitter.ended) return false;
    if (this.#at < this.#end) decodeUtf8(this.#bytes.subarray(this.#at, this.#end), this.#file);
    this.#splitter.end();
    return true;
  }

  /** Puts what was written behind what was not read. */
  #join(): void {
    if (this.#pendingLength === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hold([this.#bytes.subarray(this.#at, this.#end), ...pending]);
  }

  #hold(parts: readonly Uint8Array[]): void {
    if (this.#known !== null) this.#known = { at: 0, position: this.#count() };
    const window = this.#windows.open(parts);
    // Takers may hold what was passed over of the window before.
    this.#windows.release(this.#window);
    this.#window = window;
    this.#bytes = window.bytes;
    this.#view = viewOf(window.bytes);
    this.#at = 0;
    this.#end = window.length;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether the same bytes stand at `at`: a call into Node's own comparison would take longer than those of a head do. */
function stands(expected: DataView, script: DataView, at: number): boolean {
  const length = expected.byteLength;
  let i = 0;
  for (; i <= length - 4; i += 4) if (expected.getInt32(i) !== script.getInt32(at + i)) return false;
  for (; i < length; i++) if (expected.getUint8(i) !== script.getUint8(at + i)) return false;
  return true;
}

/** The last offset up to `to` behind which a character begins. */
function wholeCharacters(bytes: Uint8Array, from: number, to: number): number {
  let last = to - 1;
  while (last > from && last > to - 4 && (bytes[last]! & 0xc0) === 0x80) last--;
  if (last < from) return to;
  const first = bytes[last]!;
  const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return last + length > to ? last : to;
}
