/**
 * `N'…'` and `'…'` as UTF-16 (nchar, nvarchar, ntext, xml) or as the bytes of a code page (char, varchar, text). Hot path: short
 * texts character by character, the rest of long ones in pieces.
 */

import type { CodePageEncoder } from './code-page-encoder.ts';
import { cursor, isLineBreak, noRoom, notTaken } from './literal-cursor.ts';

const quote = 0x27;
const backslash = 0x5c;
/** Behind so many characters a search for the end and a call of the runtime's decoder are faster than a loop. */
const longText = 96;

/** Bytes that are more than the character itself: the first ones of other characters, quotes, backslashes, and the zero behind the end. */
const special = new Uint8Array(256).fill(1, 0x80);
special[0] = special[quote] = special[backslash] = 1;

/** Kind of a string literal. */
export const StringForm = { none: 0, character: 1, unicode: 2 } as const;

/** Whether a string literal stands at `at`; then `cursor.at` is behind its opening quote. */
export function stringForm(text: DataView, at: number): number {
  const c = text.getUint8(at);
  if (c === quote) {
    cursor.at = at + 1;
    return StringForm.character;
  }
  if ((c === 0x4e || c === 0x6e) && text.getUint8(at + 1) === quote) {
    cursor.at = at + 2;
    return StringForm.unicode;
  }
  return StringForm.none;
}

/** No character, but bytes that are not UTF-8. */
const noPoint = -1;

/** The character of two to four bytes at `at`, whose first byte is `c`. Halves of pairs only where `cursor` says so. */
function pointAt(text: DataView, at: number, c: number): number {
  const second = text.getUint8(at + 1) ^ 0x80;
  if (second > 0x3f || c < 0xc2) return noPoint;
  if (c < 0xe0) return ((c & 0x1f) << 6) | second;
  const third = text.getUint8(at + 2) ^ 0x80;
  if (third > 0x3f) return noPoint;
  if (c < 0xf0) {
    const unit = ((c & 0x0f) << 12) | (second << 6) | third;
    return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff && !cursor.halves) ? noPoint : unit;
  }
  const fourth = text.getUint8(at + 3) ^ 0x80;
  const point = ((c & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return fourth > 0x3f || c > 0xf4 || point < 0x10000 || point > 0x10ffff ? noPoint : point;
}

/** Bytes that a character takes in UTF-8. */
function lengthOf(point: number): number {
  return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/**
 * UTF-16LE of a literal that begins at `at`, behind its quote.
 * @param page the database's, through which a literal without N passes; null for one with N
 * @returns the position behind the text, notTaken or noRoom
 */
export function writeUtf16Text(
  text: DataView,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder | null,
): number {
  let next = pos | 0;
  // No character takes more than twice its bytes.
  const stop = (at + ((cursor.room - pos) >> 1)) | 0;
  const long = page === null && at + longText < stop ? (at + longText) | 0 : stop;
  let i = at | 0;
  while (i < long) {
    const c = text.getUint8(i);
    if (special[c] === 0) {
      out.setUint16(next, c, true);
      next = (next + 2) | 0;
      i = (i + 1) | 0;
      continue;
    }
    if (c === quote) {
      if (text.getUint8(i + 1) !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i = (i + 1) | 0;
    } else if (c >= 0x80) {
      const point = pointAt(text, i, c);
      if (point === noPoint || (page !== null && !passes(page, point))) return notTaken;
      next = writeUtf16(point, out, next);
      i = (i + lengthOf(point)) | 0;
      continue;
    } else if (c === backslash ? isLineBreak(text, i + 1) : i >= cursor.end) return notTaken;
    out.setUint16(next, c, true);
    next = (next + 2) | 0;
    i = (i + 1) | 0;
  }
  return long === stop ? noRoom : writeRest(text, i, out, next);
}

function writeUtf16(point: number, out: DataView, pos: number): number {
  if (point < 0x10000) {
    out.setUint16(pos, point, true);
    return pos + 2;
  }
  out.setUint16(pos, 0xd7c0 + (point >> 10), true);
  out.setUint16(pos + 2, 0xdc00 | (point & 0x3ff), true);
  return pos + 4;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The rest of a long text, decoded and copied between its quotes. */
function writeRest(text: DataView, at: number, out: DataView, pos: number): number {
  if (cursor.halves) return notTaken;
  const all = new Uint8Array(text.buffer, text.byteOffset, cursor.end);
  const bytes = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
  let next = pos;
  for (let from = at; ; ) {
    const found = all.indexOf(quote, from);
    if (found < 0) return notTaken;
    const doubled = text.getUint8(found + 1) === quote;
    const to = doubled ? found + 1 : found;
    if (next + 2 * (to - from) > cursor.room) return noRoom;
    let piece: string;
    try {
      piece = decoder.decode(all.subarray(from, to));
    } catch {
      return notTaken;
    }
    if (piece.includes('\\') && /\\\r?\n/.test(piece)) return notTaken;
    next += bytes.write(piece, next, 'utf16le');
    if (!doubled) {
      cursor.at = found + 1;
      return next;
    }
    from = found + 2;
  }
}

/** Whether the page has the character. */
function passes(page: CodePageEncoder, point: number): boolean {
  return page.kind === 'utf8' ? !isHalf(point) : point < 0x10000 && page.bytes[point] !== 0;
}

function isHalf(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

/**
 * Bytes of the column's code page, of a literal that begins at `at`, behind its quote.
 * @param page the column's
 * @param through the database's, through which a literal without N passes first; null for one with N
 * @returns the position behind the text, noRoom, or notTaken, also for a character that the page lacks
 */
export function writeCodePageText(
  text: DataView,
  at: number,
  out: DataView,
  pos: number,
  page: CodePageEncoder,
  through: CodePageEncoder | null,
): number {
  let next = pos | 0;
  const stop = (at + cursor.room - pos) | 0;
  let i = at | 0;
  while (i < stop) {
    const c = text.getUint8(i);
    if (special[c] === 0) {
      out.setUint8(next, c);
      next = (next + 1) | 0;
      i = (i + 1) | 0;
      continue;
    }
    if (c === quote) {
      if (text.getUint8(i + 1) !== quote) {
        cursor.at = i + 1;
        return next;
      }
      i = (i + 1) | 0;
    } else if (c >= 0x80) {
      const point = pointAt(text, i, c);
      if (point === noPoint || (through !== null && !passes(through, point))) return notTaken;
      next = writePoint(point, out, next, page);
      if (next < 0) return notTaken;
      i = (i + lengthOf(point)) | 0;
      continue;
    } else if (c === backslash ? isLineBreak(text, i + 1) : i >= cursor.end) return notTaken;
    out.setUint8(next, c);
    next = (next + 1) | 0;
    i = (i + 1) | 0;
  }
  return noRoom;
}

/** A character from U+0080 on. @returns notTaken for one that the page lacks */
function writePoint(point: number, out: DataView, pos: number, page: CodePageEncoder): number {
  if (!passes(page, point)) return notTaken;
  if (page.kind === 'utf8') return writeUtf8(point, out, pos);
  const code = page.bytes[point]!;
  if (code < 256) {
    out.setUint8(pos, code);
    return pos + 1;
  }
  out.setUint16(pos, code);
  return pos + 2;
}

function writeUtf8(point: number, out: DataView, pos: number): number {
  if (point < 0x800) {
    out.setUint8(pos, 0xc0 | (point >> 6));
    out.setUint8(pos + 1, 0x80 | (point & 0x3f));
    return pos + 2;
  }
  if (point < 0x10000) {
    out.setUint8(pos, 0xe0 | (point >> 12));
    out.setUint8(pos + 1, 0x80 | ((point >> 6) & 0x3f));
    out.setUint8(pos + 2, 0x80 | (point & 0x3f));
    return pos + 3;
  }
  out.setUint8(pos, 0xf0 | (point >> 18));
  out.setUint8(pos + 1, 0x80 | ((point >> 12) & 0x3f));
  out.setUint8(pos + 2, 0x80 | ((point >> 6) & 0x3f));
  out.setUint8(pos + 3, 0x80 | (point & 0x3f));
  return pos + 4;
}

/** A string that is no literal any more: UTF-16LE. @returns the position behind it, or noRoom */
export function writeUtf16String(value: string, out: DataView, pos: number): number {
  if (pos + 2 * value.length > cursor.room) return noRoom;
  return pos + Buffer.from(out.buffer, out.byteOffset, out.byteLength).write(value, pos, 'utf16le');
}

/** A string that is no literal any more, in a code page. @returns notTaken for a character that the page lacks */
export function writeCodePageString(value: string, out: DataView, pos: number, page: CodePageEncoder): number {
  if (pos + 3 * value.length > cursor.room) return noRoom;
  let next = pos;
  for (const character of value) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) out.setUint8(next++, point);
    else {
      next = writePoint(point, out, next, page);
      if (next < 0) return notTaken;
    }
  }
  return next;
}
