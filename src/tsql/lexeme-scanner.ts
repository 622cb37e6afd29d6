/** Goes through a script lexeme by lexeme: words, names, strings and marks, comments passed over, GO lines seen. */

import { isBlank, isWordPart, isWordStart, type ScriptText } from './script-text.ts';

/** What stands at the beginning of a line and is no T-SQL. */
export type LineKind = 'separator' | 'command' | null;

export type LexemeKind = 'word' | 'name' | 'string' | 'number' | 'mark' | 'separator' | 'end';

/** Throws `needMore` where the text at hand does not tell. */
export class LexemeScanner {
  readonly #source: ScriptText;
  readonly #lineKind: (at: number) => LineKind;
  /** Current lexeme. */
  kind: LexemeKind = 'end';
  start = 0;
  end = 0;
  /** Upper case when `kind` is word, the character when it is a mark. */
  word = '';
  #lineStart = false;

  /** @param lineKind looks at a line that begins, behind blanks, at the offset; a command is blanked out when it was seen */
  constructor(source: ScriptText, lineKind: (at: number) => LineKind) {
    this.#source = source;
    this.#lineKind = lineKind;
  }

  /** Goes to the first lexeme at or behind `at`. */
  begin(at: number, lineStart: boolean): void {
    this.end = at;
    this.#lineStart = lineStart;
    this.next();
  }

  /** Goes to the next lexeme. A separator or the end of the script stays. */
  next(): void {
    const source = this.#source;
    let at = this.end;
    let lineStart = this.#lineStart;
    for (;;) {
      const c = source.char(at);
      if (Number.isNaN(c)) {
        this.kind = 'end';
        this.start = this.end = at;
        this.word = '';
        return;
      }
      if (isBlank(c)) {
        if (c === 10 || c === 13) lineStart = true;
        at++;
        continue;
      }
      if (lineStart) {
        lineStart = false;
        // A command line is blanked out when it is seen.
        if (this.#lineKind(at) === 'separator') {
          this.kind = 'separator';
          this.start = this.end = at;
          this.#lineStart = true;
          this.word = '';
          return;
        }
        if (isBlank(source.char(at))) continue;
      }
      if (c === 45 && source.char(at + 1) === 45) {
        at = source.lineEnd(at);
        continue;
      }
      if (c === 47 && source.char(at + 1) === 42) {
        at = source.commentEnd(at);
        continue;
      }
      this.#lineStart = false;
      this.start = at;
      this.#lexeme(c, at);
      return;
    }
  }

  #lexeme(c: number, at: number): void {
    const source = this.#source;
    if (c === 39 || c === 34 || c === 91) {
      this.end = source.quoteEnd(at);
      this.kind = c === 39 ? 'string' : 'name';
      this.word = '';
    } else if (isWordStart(c)) {
      if ((c === 78 || c === 110) && source.char(at + 1) === 39) {
        this.end = source.quoteEnd(at + 1);
        this.kind = 'string';
        this.word = '';
        return;
      }
      let end = at + 1;
      while (isWordPart(source.char(end))) end++;
      this.end = end;
      this.kind = 'word';
      this.word = source.text.slice(at, end).toUpperCase();
    } else if (c >= 48 && c <= 57) {
      let end = at + 1;
      while (isWordPart(source.char(end))) end++;
      this.end = end;
      this.kind = 'number';
      this.word = '';
    } else {
      this.end = at + 1;
      this.kind = 'mark';
      this.word = source.text[at]!;
    }
  }

  /** Whether the batch ends here. */
  get isOver(): boolean {
    return this.kind === 'separator' || this.kind === 'end';
  }

  /** A call of its own, since the compiler takes `kind` and `word` for unchanged by `next`. */
  isWord(word: string): boolean {
    return this.kind === 'word' && this.word === word;
  }

  isMark(mark: string): boolean {
    return this.kind === 'mark' && this.word === mark;
  }

  /** The word behind the current lexeme, in upper case; '' when there is none. */
  following(): string {
    const source = this.#source;
    const at = source.skipTrivia(this.end);
    let end = at;
    while (isWordPart(source.char(end))) end++;
    return source.text.slice(at, end).toUpperCase();
  }

  /** Whether a parenthesis opens behind the current lexeme. */
  opensParenthesis(): boolean {
    return this.#source.char(this.#source.skipTrivia(this.end)) === 40;
  }
}
