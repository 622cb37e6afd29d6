/**
 * Reads a script from its bytes: the rows of INSERTs as they lie, everything else as the pieces of its text. Only what is not rows is
 * ever decoded, in parts that are small at first, since rows may follow soon.
 */

import type { ScriptPosition } from '../model/error.ts';
import { ScriptSplitter, type SplitOptions } from '../tsql/batch-splitter.ts';
import type { SkimState } from '../tsql/row-skimmer.ts';
import { decodeUtf8 } from '../tsql/script-decoder.ts';
import type { ScriptPiece } from '../tsql/script-piece.ts';
import { ByteRowSkimmer, type ByteRowTaker } from './byte-row-skimmer.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Bytes of text that are decoded at once: the first time, and at most. */
const firstPart = 1 << 12;
const largestPart = 1 << 18;

export class ScriptPieces {
  readonly #splitter: ScriptSplitter;
  readonly #file: string | undefined;
  readonly #unread = new UnreadBytes();
  readonly #rows: ByteRowSkimmer;
  #part = firstPart;

  constructor(options: SplitOptions) {
    this.#splitter = new ScriptSplitter(options);
    this.#file = options.file;
    this.#rows = new ByteRowSkimmer(this.#unread, this.#splitter.separator);
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
    this.#unread.write(part);
  }

  end(): void {
    this.#unread.finish();
  }

  /** Where the next piece or row begins. */
  get position(): ScriptPosition {
    return this.#unread.holdsAll ? this.#unread.position : this.#splitter.position;
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
    return this.#toBytes() ? this.#rows.skim(taker) : 'other';
  }

  /** Takes the splitter's text back. @returns false when it is text that bytes can't be made of, or outside of an INSERT */
  #toBytes(): boolean {
    const unread = this.#unread;
    if (unread.holdsAll) return true;
    const place = this.#splitter.rowPlace;
    if (place === 'none') return false;
    const text = this.#splitter.release();
    const { position } = this.#splitter;
    if (!text.isWellFormed()) {
      this.#splitter.resume(position, place);
      this.#splitter.write(text);
      return false;
    }
    this.#rows.begin(this.#splitter.head, place);
    unread.putBack(text, position);
    return true;
  }

  #toText(): void {
    if (!this.#unread.holdsAll) return;
    this.#splitter.resume(this.#unread.handOver(), this.#rows.place);
    this.#part = firstPart;
  }

  /** Gives more text to the splitter. @returns whether there was any, or its end */
  #decode(): boolean {
    const unread = this.#unread;
    if (unread.at === unread.end) unread.join();
    const to = wholeCharacters(unread.bytes, unread.at, Math.min(unread.end, unread.at + this.#part));
    if (to > unread.at) {
      this.#splitter.write(decodeUtf8(unread.bytes.subarray(unread.at, to), this.#file));
      unread.at = to;
      this.#part = Math.min(2 * this.#part, largestPart);
      return true;
    }
    if (unread.join()) return true;
    if (!unread.ended || this.#splitter.ended) return false;
    if (unread.at < unread.end) decodeUtf8(unread.bytes.subarray(unread.at, unread.end), this.#file);
    this.#splitter.end();
    return true;
  }
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
