/**
 * The text of a vector of single precision, `[1.5, -2e-3]`, as its bytes (MS-TDS 2.2.5.5.7). The server reads an array of JSON numbers
 * with as many of them as the column has dimensions; everything else is its error to give.
 */

import { columnDimensions, writeVectorHeader } from '../vector.ts';
import { isPlainSingle, scannedDouble } from './float-literal.ts';
import { asciiText, cursor, noRoom, notTaken } from './literal-cursor.ts';
import { scanNumber, scanned } from './number-scanner.ts';

const quote = 0x27;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * The value with its length from the text behind its opening quote.
 * @param maxLength bytes of each value of the column
 * @returns the position behind the value, noRoom, or notTaken: also for numbers of which it is not certain which single the server makes
 * of them, those in the middle of two, denormal or too large
 */
export function writeVectorText(text: DataView, at: number, maxLength: number, out: DataView, pos: number): number {
  if (pos + 2 + maxLength > cursor.room) return noRoom;
  const dimensions = columnDimensions(maxLength, 0);
  let next = writeVectorHeader(out, pos + 2, dimensions);
  let i = skipJsonSpace(text, at);
  if (text.getUint8(i) !== openBracket) return notTaken;
  for (let count = 0; count < dimensions; count++) {
    if (count > 0 && text.getUint8(i) !== comma) return notTaken;
    const value = jsonNumber(text, skipJsonSpace(text, i + 1));
    const single = Math.fround(value);
    if (!isPlainSingle(single, value)) return notTaken;
    out.setFloat32(next, single, true);
    next += 4;
    i = skipJsonSpace(text, cursor.at);
  }
  if (text.getUint8(i) !== closeBracket) return notTaken;
  i = skipJsonSpace(text, i + 1);
  if (text.getUint8(i) !== quote || text.getUint8(i + 1) === quote) return notTaken;
  cursor.at = i + 1;
  out.setUint16(pos, maxLength, true);
  return next;
}

function skipJsonSpace(text: DataView, at: number): number {
  let i = at;
  for (let c = text.getUint8(i); c === 0x20 || (c >= 0x09 && c <= 0x0d && c !== 0x0b && c !== 0x0c); ) {
    c = text.getUint8(++i);
  }
  return i;
}

/** The double of a number as JSON writes it (RFC 8259, 6), `cursor.at` behind it; NaN for what is none. */
function jsonNumber(text: DataView, at: number): number {
  let i = text.getUint8(at) === 0x2d ? at + 1 : at;
  const start = i;
  if (!isDigit(text, i)) return Number.NaN;
  while (isDigit(text, i)) i++;
  // No zeros before, digits behind the point and behind E.
  if (text.getUint8(start) === 0x30 && i > start + 1) return Number.NaN;
  if (text.getUint8(i) === 0x2e && !isDigit(text, i + 1)) return Number.NaN;
  if (!scanNumber(text, at) || !isDigit(text, cursor.at - 1)) return Number.NaN;
  const exact = scannedDouble(text);
  if (!Number.isNaN(exact)) return exact;
  const value = Number(asciiText(text, at, cursor.at));
  return value === 0 && scanned.digits !== 0 ? Number.NaN : value;
}

function isDigit(text: DataView, at: number): boolean {
  const c = text.getUint8(at);
  return c >= 0x30 && c <= 0x39;
}
