/**
 * The expressions around literals that scripts contain: CAST and CONVERT taken apart, `N'…' + NCHAR(13) + …` joined. Texts are those of
 * `HeldRow`.
 */

import { stringOf } from './held-row.ts';
import { cursor } from './literal-cursor.ts';

/** Offset of the first character from `at` on that is not blank. Comments inside of expressions are left to the server. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= 32) i++;
  return i;
}

export interface CastParts {
  /** Offset of what is cast. */
  readonly inner: number;
  /** Offset behind it, where AS stands. */
  readonly innerEnd: number;
  readonly type: string;
  /** Offset behind the closing parenthesis. */
  readonly end: number;
}

/** Whether the word, in any case, stands at `at`, with a parenthesis after it. @returns offset behind the parenthesis, or -1 */
export function callOf(text: string, at: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if ((text.charCodeAt(at + i) | 0x20) !== word.charCodeAt(i)) return -1;
  }
  const open = skipSpace(text, at + word.length);
  return text.charCodeAt(open) === 0x28 ? skipSpace(text, open + 1) : -1;
}

/** Takes `CAST(x AS type)` apart, of which the parenthesis ends at `inner`. Null when it is not of this form. */
export function castParts(text: string, inner: number): CastParts | null {
  let depth = 0;
  let as = -1;
  for (let i = inner; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x27) {
      i = stringEnd(text, i) - 1;
      if (i < 0) return null;
    } else if (c === 0x28) depth++;
    else if (c === 0x29) {
      if (depth-- > 0) continue;
      return as < 0 ? null : { inner, innerEnd: as, type: text.slice(as + 2, i).trim(), end: i + 1 };
    } else if (depth === 0 && as < 0 && (c | 0x20) === 0x61 && isAs(text, i)) as = i;
  }
  return null;
}

function isAs(text: string, at: number): boolean {
  if ((text.charCodeAt(at + 1) | 0x20) !== 0x73) return false;
  return isBoundary(text.charCodeAt(at - 1)) && isBoundary(text.charCodeAt(at + 2));
}

function isBoundary(c: number): boolean {
  return c <= 32 || c === 0x28 || c === 0x29 || c === 0x27 || c === 0x5b;
}

/** Behind the string that opens at `open`; 0 when it does not end. */
function stringEnd(text: string, open: number): number {
  for (let at = open + 1; ; ) {
    const found = text.indexOf("'", at);
    if (found < 0) return 0;
    if (text.charCodeAt(found + 1) !== 0x27) return found + 1;
    at = found + 2;
  }
}

const collatePattern = /\s+COLLATE\s+(\w+)\s*$/i;

/** Name behind COLLATE at the end of what is cast. The name is no part of a string, for a string ends with its quote. */
export function collateOf(text: string, parts: CastParts): string | null {
  const tail = text.slice(Math.max(parts.inner, parts.innerEnd - 160), parts.innerEnd);
  return collatePattern.exec(tail)?.[1] ?? null;
}

/** The value of a concatenation of strings. */
export interface JoinedText {
  readonly value: string;
  /** Some part was written without N: it passed the database's code page. */
  readonly character: boolean;
}

/** The result of + is cut at 8,000 bytes unless its first operand is of a max type. */
const cutUnits = 4000;

/**
 * Reads `N'…' + NCHAR(13) + CAST(N'' AS nvarchar(max)) + CAST(0x… AS nvarchar(9)) …`. Null for anything else, and where the
 * server would cut the result; else `cursor.at` is behind it.
 */
export function joinedText(text: string, at: number): JoinedText | null {
  let value = '';
  let character = false;
  let unlimited = false;
  for (let i = skipSpace(text, at), first = true; ; first = false) {
    const part = textPart(text, i);
    if (part === null) return null;
    value += part.value;
    if (part.character) character = true;
    if (first) unlimited = part.unlimited;
    i = skipSpace(text, cursor.at);
    if (text.charCodeAt(i) !== 0x2b) break;
    i = skipSpace(text, i + 1);
  }
  return value.length > cutUnits && !unlimited ? null : { value, character };
}

interface TextPart extends JoinedText {
  readonly unlimited: boolean;
}

function textPart(text: string, at: number): TextPart | null {
  const c = text.charCodeAt(at);
  const unicode = (c === 0x4e || c === 0x6e) && text.charCodeAt(at + 1) === 0x27;
  if (c === 0x27 || unicode) return stringPart(text, unicode ? at + 1 : at, !unicode);
  const code = callOf(text, at, 'nchar');
  if (code >= 0) return charPart(text, code, 0xd800, false);
  const byte = callOf(text, at, 'char');
  if (byte >= 0) return charPart(text, byte, 0x80, true);
  const inner = callOf(text, at, 'cast');
  return inner < 0 ? null : castPart(text, inner);
}

function stringPart(text: string, open: number, character: boolean): TextPart | null {
  const end = stringEnd(text, open);
  if (end === 0) return null;
  const content = text.slice(open + 1, end - 1);
  // A backslash takes a line break after it away.
  if (/\\\r?\n/.test(content)) return null;
  cursor.at = end;
  const value = stringOf(content.replaceAll("''", "'"));
  if (value === null) return null;
  return { value, character, unlimited: !character && value.length > cutUnits };
}

/** NCHAR of a unit that is no surrogate, CHAR of an ASCII code. */
function charPart(text: string, at: number, limit: number, character: boolean): TextPart | null {
  let code = 0;
  let i = at;
  for (let c = text.charCodeAt(i); c >= 48 && c <= 57; c = text.charCodeAt(++i))
    code = Math.min(code * 10 + c - 48, limit);
  const close = skipSpace(text, i);
  if (i === at || code >= limit || text.charCodeAt(close) !== 0x29) return null;
  cursor.at = close + 1;
  return { value: String.fromCharCode(code), character, unlimited: false };
}

const unicodeType = /^\[?nvarchar\]?\s*\(\s*(\d+|max)\s*\)$/i;
const hexPattern = /^0x((?:[0-9a-f]{4})*)$/i;

/** CAST(N'…' AS nvarchar(max)), CAST(0x… AS nvarchar(n)) */
function castPart(text: string, inner: number): TextPart | null {
  const parts = castParts(text, inner);
  const type = parts && unicodeType.exec(parts.type);
  if (!parts || !type) return null;
  const unlimited = type[1]!.toLowerCase() === 'max';
  const source = text.slice(parts.inner, parts.innerEnd).trim();
  const hex = hexPattern.exec(source);
  let value: string;
  if (hex) value = Buffer.from(hex[1]!, 'hex').toString('utf16le');
  else {
    const part = /^n'/i.test(source) ? stringPart(text, parts.inner + 1, false) : null;
    if (part === null || skipSpace(text, cursor.at) !== parts.innerEnd) return null;
    value = part.value;
  }
  // What is too long is cut by the server.
  if (!unlimited && value.length > Number(type[1])) return null;
  cursor.at = parts.end;
  return { value, character: false, unlimited };
}
