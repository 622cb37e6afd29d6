/** Passes over the rows of INSERTs in the text of a script, with no piece made for any. */

import { tupleEnd } from './insert-head.ts';
import type { ScriptLines } from './script-lines.ts';
import type { InsertHeadPiece } from './script-piece.ts';
import { isBlank } from './script-text.ts';
import type { UnreadText } from './unread-text.ts';

/** Takes rows as they lie in the text, for whoever reads them faster than one piece at a time. */
export interface RowTaker {
  /** Another INSERT with the same head begins. @returns false to stop before it */
  statement(): boolean;
  /** A row is [start, end) of the text. @returns false to stop behind it */
  row(text: string, start: number, end: number): boolean;
  /** A GO between such statements was passed. */
  batchEnd(): void;
}

/**
 * Why rows were not passed on any more:
 * - `more`: more text must be written first
 * - `stopped`: the taker stopped it
 * - `other`: something else follows, for `read`
 */
export type SkimState = 'more' | 'stopped' | 'other';

/** Where a splitter stands among the rows of an INSERT: before its first row, behind a row, or outside. */
export type RowPlace = 'first' | 'behind' | 'none';

export class RowSkimmer {
  readonly #unread: UnreadText;
  readonly #lines: ScriptLines;
  place: RowPlace = 'none';
  /** The INSERT whose rows, or the last ones of which, are being read; null where its text was changed by variables. */
  head: InsertHeadPiece | null = null;

  constructor(unread: UnreadText, lines: ScriptLines) {
    this.#unread = unread;
    this.#lines = lines;
  }

  /** The rows of an INSERT are next. */
  begin(head: InsertHeadPiece | null): void {
    this.head = head;
    this.place = 'first';
  }

  /** Not for scripts whose variables are expanded. Throws `needMore` where the text ends. */
  skim(taker: RowTaker): 'stopped' | 'other' {
    const unread = this.#unread;
    const { source } = unread;
    for (;;) {
      let at = unread.at;
      if (this.place === 'behind') {
        at = source.skipTrivia(at);
        if (source.char(at) !== 44) {
          const next = this.#sameHead(at, taker);
          if (next !== 'taken') return next;
          continue;
        }
        at++;
      }
      at = source.skipTrivia(at);
      if (source.char(at) !== 40) return 'other';
      const end = tupleEnd(source, at);
      unread.at = end;
      this.place = 'behind';
      if (!taker.row(source.text, at, end)) return 'stopped';
    }
  }

  /** From behind the last row of an INSERT to behind the head of the next one; changes nothing when there is another thing. */
  #sameHead(end: number, taker: RowTaker): 'taken' | 'stopped' | 'other' {
    const unread = this.#unread;
    const { source } = unread;
    const { head } = this;
    if (!head) return 'other';
    let at = source.char(end) === 59 ? end + 1 : unread.at;
    let lineStart = at === unread.at && unread.isLineStart(at);
    let batches = 0;
    for (let c = source.char(at); ; c = source.char(at)) {
      if (c === 10 || c === 13) lineStart = true;
      if (isBlank(c)) at++;
      else if (lineStart && this.#lines.isInitial(c)) {
        const lineEnd = source.lineEnd(at);
        if (this.#lines.separatorCount(at, lineEnd) !== 1) return 'other';
        at = source.afterLineBreak(lineEnd);
        batches++;
      } else break;
    }
    source.char(at + head.text.length);
    if (!source.text.startsWith(head.text, at)) return 'other';
    const behind = at + head.text.length;
    if (source.char(source.skipTrivia(behind)) !== 40) return 'other';
    if (!taker.statement()) return 'stopped';
    for (; batches > 0; batches--) taker.batchEnd();
    unread.at = behind;
    this.place = 'first';
    return 'taken';
  }
}
