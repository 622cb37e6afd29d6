/**
 * Tokens of one batch, made on demand: a statement that another parser reads (DDL) is skipped by its offset, and of a batch of
 * a million literals nothing but the syntax tree stays.
 */
import { ServerError } from '../server-error.ts';

export type Kind =
  | 'word'
  | 'name'
  | 'string'
  | 'nstring'
  | 'number'
  | 'money'
  | 'binary'
  | 'variable'
  | 'operator'
  | 'end';

export interface Lexeme {
  kind: Kind;
  /** Words in upper case; names and strings unquoted; else as written. */
  value: string;
  /** As written. */
  text: string;
  start: number;
  end: number;
  line: number;
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isWordStart = (c: number): boolean =>
  (c >= 65 && c <= 90) ||
  (c >= 97 && c <= 122) ||
  c === 95 ||
  c === 35 ||
  (c > 127 && /[\p{L}\p{Nl}\ufffd]/u.test(String.fromCharCode(c)));
const isWordPart = (c: number): boolean =>
  (c >= 65 && c <= 90) ||
  (c >= 97 && c <= 122) ||
  isDigit(c) ||
  c === 95 ||
  c === 35 ||
  c === 36 ||
  c === 64 ||
  (c > 127 && c !== 0xa0 && c !== 0x3000 && c !== 0x2028 && c !== 0x2029);

const threeWay = new Set(['!<=']);
const pairs = new Set([
  '<=',
  '>=',
  '<>',
  '!=',
  '!<',
  '!>',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '::',
  '||',
  '<<',
  '>>',
]);

export class Lexer {
  readonly source: string;
  position: number;
  line = 1;
  quotedIdentifier: boolean;
  /** Offset of the first line break that is not counted yet. */
  private nextBreak: number;
  private countedTo = 0;

  constructor(source: string, quotedIdentifier: boolean) {
    this.source = source;
    this.position = 0;
    this.quotedIdentifier = quotedIdentifier;
    this.nextBreak = this.breakFrom(0);
  }

  private breakFrom(offset: number): number {
    const found = this.source.indexOf('\n', offset);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
  /** Line of an offset at or after the last one asked for. */
  lineAt(offset: number): number {
    this.countedTo = offset;
    while (this.nextBreak < offset) {
      this.line++;
      this.nextBreak = this.breakFrom(this.nextBreak + 1);
    }
    return this.line;
  }

  seek(offset: number): void {
    this.position = offset;
    // Forward, lines go on being counted from where they are.
    if (offset >= this.countedTo) return;
    this.countedTo = 0;
    this.line = 1;
    this.nextBreak = this.breakFrom(0);
  }

  next(): Lexeme {
    const s = this.source;
    let p = this.position;
    const n = s.length;
    for (;;) {
      const c = s.charCodeAt(p);
      if (p >= n) break;
      if (c <= 32 || c === 0xa0 || c === 0xfeff || c === 0x3000 || c === 0x2028 || c === 0x2029) p++;
      else if (c === 45 && s.charCodeAt(p + 1) === 45) {
        const eol = s.indexOf('\n', p);
        p = eol < 0 ? n : eol + 1;
      } else if (c === 47 && s.charCodeAt(p + 1) === 42) p = this.skipComment(p);
      else break;
    }
    const line = this.lineAt(p);
    if (p >= n) {
      this.position = n;
      return { kind: 'end', value: '', text: '', start: n, end: n, line };
    }
    const c = s.charCodeAt(p);
    let kind: Kind = 'operator';
    let end = p + 1;
    let value: string | undefined;
    if (c === 39) {
      [value, end] = this.quoted(p, "'", line);
      kind = 'string';
    } else if ((c === 78 || c === 110) && s.charCodeAt(p + 1) === 39) {
      [value, end] = this.quoted(p + 1, "'", line);
      kind = 'nstring';
    } else if (c === 34) {
      [value, end] = this.quoted(p, '"', line);
      kind = this.quotedIdentifier ? 'name' : 'string';
    } else if (c === 91) {
      [value, end] = this.quoted(p, ']', line);
      kind = 'name';
    } else if (isDigit(c) || (c === 46 && isDigit(s.charCodeAt(p + 1)))) {
      if (c === 48 && (s.charCodeAt(p + 1) | 32) === 120) {
        end = p + 2;
        for (;;) {
          const d = s.charCodeAt(end);
          if (isDigit(d) || ((d | 32) >= 97 && (d | 32) <= 102)) end++;
          else if (d === 92 && /^\r?\n/.test(s.slice(end + 1, end + 3))) end += s.charCodeAt(end + 1) === 13 ? 3 : 2;
          else break;
        }
        kind = 'binary';
      } else {
        end = p;
        while (isDigit(s.charCodeAt(end))) end++;
        if (s.charCodeAt(end) === 46) {
          end++;
          while (isDigit(s.charCodeAt(end))) end++;
        }
        if ((s.charCodeAt(end) | 32) === 101) {
          let e = end + 1;
          if (s.charCodeAt(e) === 43 || s.charCodeAt(e) === 45) e++;
          while (isDigit(s.charCodeAt(e))) e++;
          end = e;
        }
        kind = 'number';
      }
    } else if (isWordStart(c)) {
      while (end < n && isWordPart(s.charCodeAt(end))) end++;
      kind = 'word';
      value = s.slice(p, end).toUpperCase();
    } else if (c === 64) {
      while (end < n && isWordPart(s.charCodeAt(end))) end++;
      kind = 'variable';
    } else if (c === 36 || c === 163 || c === 8364 || c === 165) {
      const match = /^[$£€¥]\s*([+-]?\d*\.?\d*)/.exec(s.slice(p, p + 60))!;
      if (match[1] === '' && isWordStart(s.charCodeAt(p + 1))) {
        while (end < n && isWordPart(s.charCodeAt(end))) end++;
        kind = 'word';
        value = s.slice(p, end).toUpperCase();
      } else {
        end = p + match[0].length;
        kind = 'money';
        value = match[1] === '' ? '0' : match[1]!;
      }
    } else if (threeWay.has(s.slice(p, p + 3))) end = p + 3;
    else if (pairs.has(s.slice(p, p + 2))) end = p + 2;
    this.position = end;
    const text = s.slice(p, end);
    return { kind, value: value ?? text, text, start: p, end, line };
  }

  private skipComment(start: number): number {
    const s = this.source;
    let depth = 0;
    let p = start;
    while (p < s.length) {
      if (s.startsWith('/*', p)) {
        depth++;
        p += 2;
      } else if (s.startsWith('*/', p)) {
        depth--;
        p += 2;
        if (depth === 0) return p;
      } else p++;
    }
    throw new ServerError(113, "Missing end comment mark '*/'.", { class: 15, line: this.lineAt(start) });
  }

  private quoted(start: number, close: string, line: number): [string, number] {
    const s = this.source;
    let p = start + 1;
    let doubled = false;
    for (;;) {
      const at = s.indexOf(close, p);
      if (at < 0) {
        const near = s.slice(start + 1, start + 129);
        if (close === ']' || (close === '"' && this.quotedIdentifier))
          throw new ServerError(105, `Unclosed quotation mark after the character string '${near}'.`, {
            class: 15,
            line,
          });
        throw new ServerError(105, `Unclosed quotation mark after the character string '${near}'.`, {
          class: 15,
          line,
        });
      }
      if (s[at + 1] === close) {
        doubled = true;
        p = at + 2;
        continue;
      }
      let value = s.slice(start + 1, at);
      if (doubled) value = value.replaceAll(close + close, close);
      // A backslash before a line break joins the lines (documented in "Backslash (Line Continuation)").
      if (close === "'" && value.includes('\\')) value = value.replace(/\\(\r\n|\n)/g, '');
      return [value, at + 1];
    }
  }
}
