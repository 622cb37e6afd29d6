/** Passes over the rows of INSERTs in the bytes of a script, as row-skimmer.ts of tsql does in its text. Hot path. */

import { rowEnd, unfinished, unusual } from '../data/bulk/row-end.ts';
import type { SkimState } from '../tsql/row-skimmer.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { type KeptBytes, type UnreadBytes, viewOf } from './unread-bytes.ts';

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

const comma = 0x2c;
const open = 0x28;
const semicolon = 0x3b;

export class ByteRowSkimmer {
  readonly #unread: UnreadBytes;
  readonly #word: string;
  /** Before the first row of the INSERT, or behind a row. */
  place: 'first' | 'behind' = 'first';
  #head: DataView | null = null;
  #headPiece: InsertHeadPiece | null = null;

  /** @param separator word that ends a batch */
  constructor(unread: UnreadBytes, separator: string) {
    this.#unread = unread;
    this.#word = separator;
  }

  /** @param head of the INSERT at hand; null where INSERTs behind it are none to go on with */
  begin(head: InsertHeadPiece | null, place: 'first' | 'behind'): void {
    this.place = place;
    if (head === this.#headPiece) return;
    this.#headPiece = head;
    this.#head = head === null ? null : viewOf(Buffer.from(head.text));
  }

  /** As ScriptPieces.skimRows, from where `unread` stands. */
  skim(taker: ByteRowTaker): SkimState {
    const unread = this.#unread;
    unread.extend();
    const from = unread.at;
    const { position } = unread;
    taker.begin(from);
    const state = this.#skim(taker);
    if (unread.at > from) taker.keep(unread.keep(from, position), this.place === 'behind');
    if (state !== 'more') return state;
    unread.wait();
    return unread.ended ? 'other' : 'more';
  }

  #skim(taker: ByteRowTaker): SkimState {
    const unread = this.#unread;
    const { bytes, end } = unread;
    for (;;) {
      let at = unread.at;
      if (this.place === 'behind') {
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
      let behind = taker.rows(unread.view, at, end);
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
    this.#unread.at = row;
    this.place = 'behind';
  }

  #blanks(from: number): number {
    const { bytes, end } = this.#unread;
    let at = from;
    while (at < end && bytes[at]! <= 32) at++;
    return at;
  }

  /** From behind the last row of an INSERT to behind the head of the next one. @returns null when it is there */
  #sameHead(behind: number, taker: ByteRowTaker): SkimState | null {
    const unread = this.#unread;
    const { bytes, end } = unread;
    const head = this.#head;
    if (head === null) return 'other';
    let at = this.#blanks(bytes[behind] === semicolon ? behind + 1 : behind);
    for (let next = this.#separator(at); next !== at; next = this.#separator(at)) {
      if (next < 0) return unread.ended ? 'other' : 'more';
      at = this.#blanks(next);
    }
    const start = this.#blanks(at + head.byteLength);
    if (start >= end) return 'more';
    if (bytes[start] !== open || !stands(head, unread.view, at)) return 'other';
    if (!taker.statement()) return 'stopped';
    unread.at = at + head.byteLength;
    this.place = 'first';
    return null;
  }

  /** Offset behind a line that is the separator alone; `at` when it is not, -1 when that can't be told yet. */
  #separator(at: number): number {
    const { bytes, end } = this.#unread;
    const word = this.#word;
    for (let i = 0; i < word.length; i++) {
      if (at + i >= end) return -1;
      if ((bytes[at + i]! | 0x20) !== (word.charCodeAt(i) | 0x20)) return at;
    }
    let i = at;
    while (i > 0 && (bytes[i - 1] === 32 || bytes[i - 1] === 9)) i--;
    // Behind what was let go of stands a row or a head.
    if (i === 0 || (bytes[i - 1] !== 10 && bytes[i - 1] !== 13)) return at;
    i = at + word.length;
    while (bytes[i] === 32 || bytes[i] === 9 || bytes[i] === 13) i++;
    if (i >= end) return -1;
    return bytes[i] === 10 ? i + 1 : at;
  }
}

/** Whether the same bytes stand at `at`: a call into Node's own comparison would take longer than those of a head do. */
function stands(expected: DataView, script: DataView, at: number): boolean {
  const length = expected.byteLength;
  let i = 0;
  for (; i <= length - 4; i += 4) if (expected.getInt32(i) !== script.getInt32(at + i)) return false;
  for (; i < length; i++) if (expected.getUint8(i) !== script.getUint8(at + i)) return false;
  return true;
}
