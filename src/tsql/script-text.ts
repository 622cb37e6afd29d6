import { type ScriptPosition, XpdbError } from '../model/error.ts';

/** Thrown (and caught by the splitter) where the text at hand ends and more may come. */
export const needMore: unique symbol = Symbol('more text is needed');

const charClass = { blank: 1, lineBreak: 2, wordStart: 4, digit: 8 } as const;
/** Classes of characters below U+0080. */
const classes = new Uint8Array(128);
for (let c = 0; c <= 32; c++) classes[c] = charClass.blank;
classes[10] = charClass.blank | charClass.lineBreak;
classes[13] = charClass.blank | charClass.lineBreak;
for (let c = 48; c < 58; c++) classes[c] = charClass.digit;
for (let c = 65; c < 91; c++) classes[c] = classes[c + 32] = charClass.wordStart;
for (const c of '_#@') classes[c.charCodeAt(0)] = charClass.wordStart;
classes[36] = charClass.digit;

export const isBlank = (c: number): boolean =>
  c < 128
    ? (classes[c]! & charClass.blank) !== 0
    : c === 0xa0 || c === 0xfeff || c === 0x3000 || (c >= 0x2000 && c <= 0x200a);
/** Letters of other scripts count; NaN, which stands behind the end, does not. */
export const isWordStart = (c: number): boolean =>
  c < 128 ? classes[c] === charClass.wordStart : c >= 128 && !isBlank(c);
/** Letters, digits, `_ # @ $`. */
export const isWordPart = (c: number): boolean =>
  c < 128 ? (classes[c]! & (charClass.wordStart | charClass.digit)) !== 0 : c >= 128 && !isBlank(c);

/**
 * The part of a script that is in memory, and where it lies in the whole. Every look beyond it throws `needMore` until the
 * text is complete; the caller then adds text and starts anew from the last piece that it gave out. As each time at least
 * half of what is held is added, that stays linear.
 */
export class ScriptText {
  text = '';
  /** Whether nothing follows `text`. */
  complete = false;
  readonly #file: string | undefined;
  #line: number;
  #column: number;
  /** Offset whose line and column are `#line` and `#column`. */
  #counted = 0;
  /** Whether some CR has no LF behind it, so that counting must look for both. */
  #loneCr = false;

  /** @param start place of the first character that will be added */
  constructor(file: string | undefined, start?: ScriptPosition) {
    this.#file = file;
    this.#line = start?.line ?? 1;
    this.#column = start?.column ?? 1;
  }

  /** Lets go of what stands before `from`, adds text behind. Offsets count from `from` then. */
  extend(from: number, more: string, complete: boolean): void {
    // A CR at the end of what was there: only now it is known whether an LF follows.
    if (this.text.endsWith('\r') && (more === '' ? complete : more.charCodeAt(0) !== 10)) this.#loneCr = true;
    this.#count(from);
    this.#counted = 0;
    if (!this.#loneCr && hasLoneCr(more, complete)) this.#loneCr = true;
    // Joined, not added: a sum is a tree of strings to V8, through which every look at a character would go.
    this.text = from >= this.text.length ? more : [this.text.slice(from), more].join('');
    this.complete = complete;
  }

  /** Lets go of all text; what is added next begins at `start`. */
  restart(start: ScriptPosition): void {
    this.text = '';
    this.complete = false;
    this.#line = start.line;
    this.#column = start.column;
    this.#counted = 0;
  }

  /** Puts blanks over text, so that offsets stay. */
  blank(from: number, to: number): void {
    this.text = this.text.slice(0, from) + ' '.repeat(to - from) + this.text.slice(to);
  }

  /** Line and column of an offset; cheapest when offsets grow from call to call. */
  position(at: number): ScriptPosition {
    this.#count(at);
    return this.#file === undefined
      ? { line: this.#line, column: this.#column }
      : { file: this.#file, line: this.#line, column: this.#column };
  }

  #count(to: number): void {
    if (to <= this.#counted) return;
    const { text } = this;
    let lineStart = -1;
    if (this.#loneCr) {
      for (let i = this.#counted; i < to; i++) {
        const c = text.charCodeAt(i);
        if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) {
          this.#line++;
          lineStart = i + 1;
        }
      }
    } else {
      for (let i = text.indexOf('\n', this.#counted); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) {
        this.#line++;
        lineStart = i + 1;
      }
    }
    this.#column = lineStart < 0 ? this.#column + to - this.#counted : to - lineStart + 1;
    this.#counted = to;
  }

  /** Character code; NaN behind the end of the script. */
  char(at: number): number {
    if (at >= this.text.length && !this.complete) throw needMore;
    return this.text.charCodeAt(at);
  }

  /** Offset of the line break that ends the line of `at`, or of the end. */
  lineEnd(at: number): number {
    const { text } = this;
    for (let i = at; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || c === 13) return i;
    }
    if (!this.complete) throw needMore;
    return text.length;
  }

  /** Offset behind the CR, LF or CRLF at `at`; `at` when there is none. */
  afterLineBreak(at: number): number {
    const c = this.char(at);
    if (c === 13) return this.char(at + 1) === 10 ? at + 2 : at + 1;
    return c === 10 ? at + 1 : at;
  }

  /** Offset behind the string, quoted or bracketed name that opens at `open`. */
  quoteEnd(open: number): number {
    const { text } = this;
    const c = text.charCodeAt(open);
    const quote = c === 91 ? ']' : c === 34 ? '"' : "'";
    for (let at = open + 1; ; ) {
      const found = text.indexOf(quote, at);
      if (found < 0 || found + 1 >= text.length) {
        if (!this.complete) throw needMore;
        if (found < 0) throw this.unclosed(c === 91 ? 'name in brackets' : c === 34 ? 'quoted name' : 'string', open);
        return found + 1;
      }
      if (text.charCodeAt(found + 1) !== quote.charCodeAt(0)) return found + 1;
      at = found + 2;
    }
  }

  /** Offset behind the comment that opens at `open`; comments nest. */
  commentEnd(open: number): number {
    const { text } = this;
    let depth = 1;
    // `/*/` opens and does not close: characters must be taken from the left.
    for (let at = open + 2; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 42 && text.charCodeAt(at + 1) === 47) {
        at++;
        if (--depth === 0) return at + 1;
      } else if (c === 47 && text.charCodeAt(at + 1) === 42) {
        at++;
        depth++;
      }
    }
    if (!this.complete) throw needMore;
    throw this.unclosed('comment', open);
  }

  /** Offset of the next character that is neither blank nor in a comment. Does not stop at lines for runners. */
  skipTrivia(from: number): number {
    for (let at = from; ; ) {
      const c = this.char(at);
      if (isBlank(c)) at++;
      else if (c === 45 && this.char(at + 1) === 45) at = this.lineEnd(at);
      else if (c === 47 && this.char(at + 1) === 42) at = this.commentEnd(at);
      else return at;
    }
  }

  unclosed(what: string, at: number): XpdbError {
    return new XpdbError(`${what} is not closed: the script is cut or damaged`, {
      // The place may lie before what was counted last: a copy counts anew.
      position: this.positionBefore(at),
      number: what === 'comment' ? 113 : what === 'parenthesis' ? 102 : 105,
    });
  }

  /** As `position`, for an offset that may lie before the last one asked for. */
  positionBefore(at: number): ScriptPosition {
    if (at >= this.#counted) return this.position(at);
    const between = this.text.slice(at, this.#counted);
    const breaks = between.match(this.#loneCr ? /\r\n|\n|\r/g : /\n/g)?.length ?? 0;
    const file = this.#file === undefined ? {} : { file: this.#file };
    if (breaks === 0) return { ...file, line: this.#line, column: Math.max(1, this.#column - between.length) };
    const lineStart = Math.max(
      this.text.lastIndexOf('\n', at - 1),
      this.#loneCr ? this.text.lastIndexOf('\r', at - 1) : -1,
    );
    return { ...file, line: this.#line - breaks, column: at - lineStart };
  }
}

function hasLoneCr(text: string, complete: boolean): boolean {
  for (let i = text.indexOf('\r'); i >= 0; i = text.indexOf('\r', i + 1)) {
    if (i + 1 >= text.length ? complete : text.charCodeAt(i + 1) !== 10) return true;
  }
  return false;
}
