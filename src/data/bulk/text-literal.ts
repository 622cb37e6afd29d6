/**
 * `N'…'` and `'…'` as UTF-16 (nchar, nvarchar, ntext, xml) or as the bytes of a code page (char, varchar, text). Hot path: short
 * texts unit by unit, long ones by Buffer's own routines.
 */

import type { CodePageEncoder } from './code-page-encoder.ts';
import { cursor, isLineBreak, notTaken } from './literal-cursor.ts';

const quote = 0x27;
const backslash = 0x5c;
/** From this many characters on a call into Node's C++ is faster than a loop. */
const longText = 96;

/** Kind of a string literal. */
export const StringForm = { none: 0, character: 1, unicode: 2 } as const;

/** Whether a string literal stands at `at`; then `cursor.at` is behind its opening quote. */
export function stringForm(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === quote) {
    cursor.at = at + 1;
    return StringForm.character;
  }
  if ((c === 0x4e || c === 0x6e) && text.charCodeAt(at + 1) === quote) {
    cursor.at = at + 2;
    return StringForm.unicode;
  }
  return StringForm.none;
}

/**
 * UTF-16LE of a literal that begins at `at`, behind its quote.
 * @param page the database's, through which a literal without N passes; null for one with N
 * @returns the position behind the text, or notTaken
 */
export function writeUtf16Text(
  text: string,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder | null,
): number {
  const begin = page === null ? longStart(text, at) : -1;
  if (begin >= 0) return writeLongUtf16(text, at, begin, out, pos);
  let next = pos | 0;
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      if (text.charCodeAt(i + 1) !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i++;
    } else if (c === backslash) {
      if (isLineBreak(text, i + 1)) return notTaken;
    } else if (c >= 0x80) {
      if (page !== null && !passes(page, text, i)) return notTaken;
    } else if (Number.isNaN(c)) return notTaken;
    out.setUint16(next, c, true);
    next = (next + 2) | 0;
  }
}

/** Offset of the first quote of a long literal; -1 for a short one. */
function longStart(text: string, at: number): number {
  // A look at one place tells nearly always, so that short texts are not searched twice.
  if (at + longText >= text.length) return -1;
  const found = text.indexOf("'", at);
  return found - at >= longText ? found : -1;
}

function writeLongUtf16(text: string, at: number, first: number, out: DataView, pos: number): number {
  const bytes = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
  let next = pos;
  let from = at;
  let found = first;
  for (;;) {
    if (found < 0) return notTaken;
    const doubled = text.charCodeAt(found + 1) === quote;
    const piece = text.slice(from, doubled ? found + 1 : found);
    if (hasContinuation(piece)) return notTaken;
    next += bytes.write(piece, next, 'utf16le');
    if (!doubled) break;
    from = found + 2;
    found = text.indexOf("'", from);
  }
  cursor.at = found + 1;
  return next;
}

function hasContinuation(piece: string): boolean {
  for (let i = piece.indexOf('\\'); i >= 0; i = piece.indexOf('\\', i + 1)) {
    if (isLineBreak(piece, i + 1)) return true;
  }
  return false;
}

/** Whether the unit at `at` is a character of the page, or a well-formed pair where the page is UTF-8. */
function passes(page: CodePageEncoder, text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (page.kind !== 'utf8') return page.bytes[unit] !== 0;
  if (unit < 0xd800 || unit > 0xdfff) return true;
  if (unit < 0xdc00) return isLow(text.charCodeAt(at + 1));
  return isHigh(text.charCodeAt(at - 1));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/**
 * Bytes of the column's code page, of a literal that begins at `at`, behind its quote.
 * @param page the column's
 * @param through the database's, through which a literal without N passes first; null for one with N
 * @returns the position behind the text, or notTaken, also for a character that the page lacks
 */
export function writeCodePageText(
  text: string,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder,
  through: CodePageEncoder | null,
): number {
  let next = pos | 0;
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      if (text.charCodeAt(i + 1) !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i++;
    } else if (c === backslash) {
      if (isLineBreak(text, i + 1)) return notTaken;
    } else if (c >= 0x80) {
      if (through !== null && !passes(through, text, i)) return notTaken;
      next = writeUnit(text, i, out, next, page);
      if (next === notTaken) return notTaken;
      if (page.kind === 'utf8' && isHigh(c)) i++;
      continue;
    } else if (Number.isNaN(c)) return notTaken;
    out.setUint8(next, c);
    next = (next + 1) | 0;
  }
}

/** A character from U+0080 on. @returns notTaken for one that the page lacks */
function writeUnit(text: string, at: number, out: DataView, pos: number, page: CodePageEncoder): number {
  const unit = text.charCodeAt(at);
  if (page.kind === 'utf8') return writeUtf8(unit, text.charCodeAt(at + 1), out, pos);
  const code = page.bytes[unit]!;
  if (code === 0) return notTaken;
  if (code < 256) {
    out.setUint8(pos, code);
    return pos + 1;
  }
  out.setUint16(pos, code);
  return pos + 2;
}

/** @param after the next unit, for a pair of surrogates */
function writeUtf8(unit: number, after: number, out: DataView, pos: number): number {
  if (unit < 0x800) {
    out.setUint8(pos, 0xc0 | (unit >> 6));
    out.setUint8(pos + 1, 0x80 | (unit & 0x3f));
    return pos + 2;
  }
  if (unit < 0xd800 || unit > 0xdfff) {
    out.setUint8(pos, 0xe0 | (unit >> 12));
    out.setUint8(pos + 1, 0x80 | ((unit >> 6) & 0x3f));
    out.setUint8(pos + 2, 0x80 | (unit & 0x3f));
    return pos + 3;
  }
  if (!isHigh(unit) || !isLow(after)) return notTaken;
  const point = 0x10000 + ((unit - 0xd800) << 10) + (after - 0xdc00);
  out.setUint8(pos, 0xf0 | (point >> 18));
  out.setUint8(pos + 1, 0x80 | ((point >> 12) & 0x3f));
  out.setUint8(pos + 2, 0x80 | ((point >> 6) & 0x3f));
  out.setUint8(pos + 3, 0x80 | (point & 0x3f));
  return pos + 4;
}

/** A string that is no literal any more: UTF-16LE. */
export function writeUtf16String(value: string, out: DataView, pos: number): number {
  return pos + Buffer.from(out.buffer, out.byteOffset, out.byteLength).write(value, pos, 'utf16le');
}

/** A string that is no literal any more, in a code page. @returns notTaken for a character that the page lacks */
export function writeCodePageString(value: string, out: DataView, pos: number, page: CodePageEncoder): number {
  let next = pos;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c < 0x80) {
      out.setUint8(next++, c);
      continue;
    }
    next = writeUnit(value, i, out, next, page);
    if (next === notTaken) return notTaken;
    if (page.kind === 'utf8' && isHigh(c)) i++;
  }
  return next;
}
