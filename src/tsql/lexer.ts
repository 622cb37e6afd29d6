import { type ScriptPosition, XpdbError } from '../model/error.ts';
import type { Token, TokenKind } from './token.ts';

export interface TokenizeOptions {
  /** Where the text begins in its script; tokens and errors count from there. */
  readonly position?: ScriptPosition;
  /** Whether comments and blanks are tokens too. */
  readonly trivia?: boolean;
}

const operators3 = new Set(['||=']);
const operators2 = new Set([
  '<>',
  '<=',
  '>=',
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

/** Classes of characters below U+0080: 1 blank, 2 line break, 4 digit, 8 start of a word, 16 part of a word. */
const classes = new Uint8Array(128);
for (const c of ' \t\v\f\u001c\u001d\u001e\u001f') classes[c.charCodeAt(0)] = 1;
for (let c = 0; c < 32; c++) classes[c] = classes[c]! | 1;
classes[10] = 2;
classes[13] = 2;
for (let c = 48; c < 58; c++) classes[c] = 4 | 16;
for (let c = 65; c < 91; c++) classes[c] = 8 | 16;
for (let c = 97; c < 123; c++) classes[c] = 8 | 16;
for (const c of '_#') classes[c.charCodeAt(0)] = 8 | 16;
for (const c of '@$') classes[c.charCodeAt(0)] = 16;

const isBlank = (c: number) =>
  c < 128 ? (classes[c]! & 3) !== 0 : c === 0xa0 || c === 0x3000 || c === 0xfeff || (c >= 0x2000 && c <= 0x200a);
/** Letters of other scripts, halves of surrogate pairs included, belong to words (rules for regular identifiers). */
const isWordPart = (c: number) => (c < 128 ? (classes[c]! & 16) !== 0 : c >= 128 && !isBlank(c));
const isWordStart = (c: number) => (c < 128 ? (classes[c]! & 8) !== 0 : c >= 128 && !isBlank(c));
const isDigit = (c: number) => c >= 48 && c <= 57;

/**
 * Tokens of a statement, batch or expression that is in memory as a whole, `end` last.
 * @throws XpdbError (number 102, or 105 for a quote) when a string, quoted name or comment does not end; the position is where it began
 */
export function tokenize(text: string, options: TokenizeOptions = {}): Token[] {
  const tokens: Token[] = [];
  const length = text.length;
  let at = 0;
  let line = options.position?.line ?? 1;
  let lineStart = 1 - (options.position?.column ?? 1);

  const push = (kind: TokenKind, start: number, startLine: number, column: number, value: string) => {
    if (options.trivia || (kind !== 'comment' && kind !== 'space')) {
      tokens.push({ kind, text: text.slice(start, at), value, start, end: at, line: startLine, column });
    }
  };
  /** Moves `at` to `to`, counting the line breaks between. */
  const advance = (to: number) => {
    for (; at < to; at++) {
      const c = text.charCodeAt(at);
      if (c === 10 || (c === 13 && text.charCodeAt(at + 1) !== 10)) {
        line++;
        lineStart = at + 1;
      }
    }
  };
  const unclosed = (what: string, column: number, startLine: number, number: number): never => {
    throw new XpdbError(`${what} is not closed`, {
      position: {
        ...(options.position?.file === undefined ? {} : { file: options.position.file }),
        line: startLine,
        column,
      },
      number,
    });
  };

  while (at < length) {
    const start = at;
    const startLine = line;
    const column = start - lineStart + 1;
    const c = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (isBlank(c)) {
      let to = at + 1;
      while (to < length && isBlank(text.charCodeAt(to))) to++;
      advance(to);
      push('space', start, startLine, column, text.slice(start, at));
    } else if (c === 45 && next === 45) {
      at += 2;
      while (at < length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
      push('comment', start, startLine, column, text.slice(start, at));
    } else if (c === 47 && next === 42) {
      let depth = 1;
      let to = at + 2;
      while (to < length && depth > 0) {
        const a = text.charCodeAt(to);
        const b = text.charCodeAt(to + 1);
        if (a === 42 && b === 47) {
          depth--;
          to += 2;
        } else if (a === 47 && b === 42) {
          depth++;
          to += 2;
        } else to++;
      }
      if (depth > 0) unclosed('comment /*', column, startLine, 113);
      advance(to);
      push('comment', start, startLine, column, text.slice(start, at));
    } else if (c === 39 || ((c === 78 || c === 110) && next === 39)) {
      const national = c !== 39;
      const end = closing(text, at + (national ? 2 : 1), "'");
      if (end < 0) unclosed('string', column, startLine, 105);
      const content = text.slice(start + (national ? 2 : 1), end);
      advance(end + 1);
      push(national ? 'nstring' : 'string', start, startLine, column, stringValue(content));
    } else if (c === 91 || c === 34) {
      const end = closing(text, at + 1, c === 91 ? ']' : '"');
      if (end < 0) unclosed(c === 91 ? 'name in brackets' : 'quoted name', column, startLine, 105);
      const content = text.slice(start + 1, end);
      advance(end + 1);
      push(
        c === 91 ? 'bracketed' : 'quoted',
        start,
        startLine,
        column,
        c === 91 ? content.replaceAll(']]', ']') : content.replaceAll('""', '"'),
      );
    } else if (c === 48 && (next === 120 || next === 88)) {
      let to = at + 2;
      for (; to < length; to++) {
        const h = text.charCodeAt(to);
        if (isDigit(h) || (h >= 65 && h <= 70) || (h >= 97 && h <= 102)) continue;
        // A backslash before a line break continues the literal on the next line.
        if (h === 92 && /^(\r\n|\n)/.test(text.slice(to + 1, to + 3))) to += text.charCodeAt(to + 1) === 13 ? 2 : 1;
        else break;
      }
      advance(to);
      push('binary', start, startLine, column, text.slice(start, at).replace(/\\\r?\n/g, ''));
    } else if (isDigit(c) || (c === 46 && isDigit(next))) {
      at = numberEnd(text, at);
      push('number', start, startLine, column, text.slice(start, at));
    } else if (c === 36 && (isDigit(next) || next === 46 || next === 45)) {
      at = numberEnd(text, at + (next === 45 ? 2 : 1));
      push('money', start, startLine, column, text.slice(start, at));
    } else if (c === 64 || isWordStart(c) || (c === 36 && isWordPart(next))) {
      at++;
      while (at < length && isWordPart(text.charCodeAt(at))) at++;
      const word = text.slice(start, at);
      push(c === 64 ? 'variable' : 'word', start, startLine, column, c === 64 ? word : word.toUpperCase());
    } else {
      const three = text.substr(at, 3);
      const two = three.slice(0, 2);
      at += operators3.has(three) ? 3 : operators2.has(two) ? 2 : 1;
      push('operator', start, startLine, column, text.slice(start, at));
    }
  }
  tokens.push({ kind: 'end', text: '', value: '', start: length, end: length, line, column: length - lineStart + 1 });
  return tokens;
}

/** Offset of the closing quote, doubled ones skipped; -1 when there is none. */
function closing(text: string, from: number, quote: string): number {
  for (let i = text.indexOf(quote, from); i >= 0; i = text.indexOf(quote, i + 2)) {
    if (text[i + 1] !== quote) return i;
  }
  return -1;
}

/** Content of a string: doubled quotes are one, and a backslash before LF or CRLF vanishes with it (documented line continuation). */
function stringValue(content: string): string {
  const plain = content.includes("''") ? content.replaceAll("''", "'") : content;
  return plain.includes('\\') ? plain.replace(/\\\r?\n/g, '') : plain;
}

/** `12`, `1.5`, `.5`, `1.`, `1E3`, `1.5e-10`. */
function numberEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) === 46) {
    at++;
    while (isDigit(text.charCodeAt(at))) at++;
  }
  const e = text.charCodeAt(at);
  if (e === 69 || e === 101) {
    let to = at + 1;
    const sign = text.charCodeAt(to);
    if (sign === 43 || sign === 45) to++;
    // `1E` alone is 1E0 to the server.
    while (isDigit(text.charCodeAt(to))) to++;
    at = to;
  }
  return at;
}
