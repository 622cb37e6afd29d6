/**
 * `N'…'` and `'…'` as UTF-16 (nchar, nvarchar, ntext, xml) or as the bytes of a code page (char, varchar, text). Hot path: short
 * texts unit by unit, the rest of long ones in pieces.
 */

import type { CodePageEncoder } from './code-page-encoder.ts';
import { cursor, isLineBreak, nextBackslash, notTaken } from './literal-cursor.ts';

const quote = 0x27;
const backslash = 0x5c;
/** Behind so many characters a search for the end and a copy are faster than a loop. */
const longText = 96;

/** Kind of a string literal. */
export const StringForm = { none: 0, character: 1, unicode: 2 } as const;

/** Whether a string literal stands at `at`; then `cursor.at` is behind its opening quote. */
export function stringForm(units: Uint16Array, at: number): number {
  const c = units[at]!;
  if (c === quote) {
    cursor.at = at + 1;
    return StringForm.character;
  }
  if ((c === 0x4e || c === 0x6e) && units[at + 1] === quote) {
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
  units: Uint16Array,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder | null,
): number {
  let next = pos | 0;
  const long = page === null ? at + longText : 0;
  for (let i = at | 0; ; i = (i + 1) | 0) {
    const c = units[i]!;
    if (c === quote) {
      if (units[i + 1] !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i = (i + 1) | 0;
    } else if (c === backslash) {
      if (isLineBreak(units, i + 1)) return notTaken;
    } else if (c >= 0x80 && page !== null && !passes(page, units, i)) return notTaken;
    out.setUint16(next, c, true);
    next = (next + 2) | 0;
    if (i === long) return writeRest(units, i + 1, out, next);
  }
}

/** The rest of a long text, copied between its quotes. */
function writeRest(units: Uint16Array, at: number, out: DataView, pos: number): number {
  let next = pos;
  for (let from = at; ; ) {
    const found = units.indexOf(quote, from);
    const doubled = units[found + 1] === quote;
    const to = doubled ? found + 1 : found;
    for (let slash = nextBackslash(from); slash < to; slash = nextBackslash(slash + 1)) {
      if (isLineBreak(units, slash + 1)) return notTaken;
    }
    const length = 2 * (to - from);
    new Uint8Array(out.buffer, next, length).set(new Uint8Array(units.buffer, units.byteOffset + 2 * from, length));
    next += length;
    if (!doubled) {
      cursor.at = found + 1;
      return next;
    }
    from = found + 2;
  }
}

/** Whether the unit at `at` is a character of the page, or of a well-formed pair where the page is UTF-8. */
function passes(page: CodePageEncoder, units: Uint16Array, at: number): boolean {
  const unit = units[at]!;
  if (page.kind !== 'utf8') return page.bytes[unit] !== 0;
  if (unit < 0xd800 || unit > 0xdfff) return true;
  return unit < 0xdc00 ? isLow(units[at + 1]!) : isHigh(units[at - 1]!);
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
  units: Uint16Array,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder,
  through: CodePageEncoder | null,
): number {
  let next = pos | 0;
  for (let i = at | 0; ; i = (i + 1) | 0) {
    const c = units[i]!;
    if (c === quote) {
      if (units[i + 1] !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i = (i + 1) | 0;
    } else if (c === backslash) {
      if (isLineBreak(units, i + 1)) return notTaken;
    } else if (c >= 0x80) {
      if (through !== null && !passes(through, units, i)) return notTaken;
      next = writeUnit(c, units[i + 1]!, out, next, page);
      if (next === notTaken) return notTaken;
      if (page.kind === 'utf8' && isHigh(c)) i = (i + 1) | 0;
      continue;
    }
    out.setUint8(next, c);
    next = (next + 1) | 0;
  }
}

/**
 * A character from U+0080 on.
 * @param after the next unit, for a pair of surrogates
 * @returns notTaken for one that the page lacks
 */
function writeUnit(unit: number, after: number, out: DataView, pos: number, page: CodePageEncoder): number {
  if (page.kind === 'utf8') return writeUtf8(unit, after, out, pos);
  const code = page.bytes[unit]!;
  if (code === 0) return notTaken;
  if (code < 256) {
    out.setUint8(pos, code);
    return pos + 1;
  }
  out.setUint16(pos, code);
  return pos + 2;
}

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
    next = writeUnit(c, value.charCodeAt(i + 1), out, next, page);
    if (next === notTaken) return notTaken;
    if (page.kind === 'utf8' && isHigh(c)) i++;
  }
  return next;
}
