/** Number literals as integers, decimal, money and bit, as the server converts them. Hot path. */

import { asciiText, cursor, notTaken } from './literal-cursor.ts';
import { areDigits, fourDigits, joinWords, mostDigits, NumberForm, rescale, scanned, words } from './number-scanner.ts';

/** Returned by `smallInteger` for everything else. */
export const noSmallInteger = 0x7fffffff;

/** `[-]digits`, at most nine of them, with the cell's end right behind: the commonest number by far, without `scanned`. */
export function smallInteger(text: DataView, at: number): number {
  let i = at | 0;
  const negative = text.getUint8(i) === 0x2d;
  if (negative) i = (i + 1) | 0;
  const first = i;
  let value = 0;
  let four = text.getInt32(i, true);
  if (areDigits(four)) {
    value = fourDigits(four);
    i = (i + 4) | 0;
    four = text.getInt32(i, true);
    if (areDigits(four)) {
      value = (Math.imul(value, 10000) + fourDigits(four)) | 0;
      i = (i + 4) | 0;
      four = text.getInt32(i, true);
    }
  }
  let c = four & 0xff;
  for (let digit = (c - 48) | 0; digit >= 0 && digit <= 9; digit = (c - 48) | 0) {
    if (((i - first) | 0) === 9) return noSmallInteger;
    value = (Math.imul(value, 10) + digit) | 0;
    i = (i + 1) | 0;
    c = text.getUint8(i);
  }
  if (i === first || (c !== 0x2c && c !== 0x29)) return noSmallInteger;
  cursor.at = i;
  return negative ? -value | 0 : value;
}

/** A small integer as tinyint, smallint, int or bigint, with its length byte. */
export function writeSmallInteger(value: number, out: DataView, pos: number, size: number): number {
  out.setUint8(pos, size);
  if (size === 4) {
    out.setInt32(pos + 1, value, true);
    return pos + 5;
  }
  if (size === 8) {
    out.setInt32(pos + 1, value, true);
    out.setInt32(pos + 5, value < 0 ? -1 : 0, true);
    return pos + 9;
  }
  if (size === 2) {
    if (value > 32767 || value < -32768) return notTaken;
    out.setInt16(pos + 1, value, true);
    return pos + 3;
  }
  if (value > 255 || value < 0) return notTaken;
  out.setUint8(pos + 1, value);
  return pos + 2;
}

/** Magnitude of `scanned` in units of 10^-scale, rounded half away from zero as the server rounds numeric. */
export function scaledMagnitude(text: DataView, scale: number): bigint {
  const { start, scale: digits } = scanned;
  let end = start;
  while (isDigitOrPoint(text.getUint8(end))) end++;
  const magnitude = BigInt(asciiText(text, start, end).replace('.', ''));
  if (digits <= scale) return magnitude * 10n ** BigInt(scale - digits);
  const unit = 10n ** BigInt(digits - scale);
  return (magnitude + unit / 2n) / unit;
}

function isDigitOrPoint(c: number): boolean {
  return (c >= 48 && c <= 57) || c === 0x2e;
}

/** tinyint, smallint, int or bigint of `size` bytes, with its length byte, from the `scanned` number. */
export function writeInteger(out: DataView, pos: number, size: number): number {
  const { form, negative, digits } = scanned;
  // Fractions are cut off by the server; whoever writes them into an integer column gets that from it.
  if (form !== NumberForm.integer || digits > mostDigits) return notTaken;
  if (digits <= 9) return writeSmallInteger(negative ? -scanned.first : scanned.first, out, pos, size);
  out.setUint8(pos, size);
  joinWords();
  if (size === 8) return writeSigned64(out, pos + 1, negative, false) ? pos + 9 : notTaken;
  const value = negative ? -words.low : words.low;
  if (size !== 4 || words.high !== 0 || value > 2147483647 || value < -2147483648) return notTaken;
  out.setInt32(pos + 1, value, true);
  return pos + 5;
}

/** Puts `words` down as a signed number. @returns false when it is out of range */
function writeSigned64(out: DataView, pos: number, negative: boolean, highFirst: boolean): boolean {
  let { low, high } = words;
  if (high > 2147483648 || (high === 2147483648 && (!negative || low > 0))) return false;
  if (negative) {
    low = -low >>> 0;
    high = low === 0 ? -high : ~high;
  }
  out.setInt32(pos + (highFirst ? 4 : 0), low, true);
  out.setInt32(pos + (highFirst ? 0 : 4), high, true);
  return true;
}

/** decimal or numeric of `size` bytes (sign byte included) with its length byte, from the `scanned` number. */
export function writeDecimalNumber(
  text: DataView,
  out: DataView,
  pos: number,
  size: number,
  precision: number,
  scale: number,
): number {
  const number = scanned;
  if (number.form === NumberForm.float || number.wholeDigits > precision - scale) return notTaken;
  if (!rescale(scale)) return writeLongDecimal(text, out, pos, size, precision, scale);
  joinWords();
  const { low, high } = words;
  out.setUint8(pos, size);
  out.setUint8(pos + 1, number.negative && (low !== 0 || high !== 0) ? 0 : 1);
  out.setInt32(pos + 2, low, true);
  if (size === 5) return high === 0 ? pos + 6 : notTaken;
  out.setInt32(pos + 6, high, true);
  for (let i = pos + 10; i <= pos + size; i += 4) out.setInt32(i, 0, true);
  return pos + 1 + size;
}

function writeLongDecimal(
  text: DataView,
  out: DataView,
  pos: number,
  size: number,
  precision: number,
  scale: number,
): number {
  return writeMagnitude(out, pos, size, precision, scaledMagnitude(text, scale), scanned.negative);
}

/** @returns notTaken when the magnitude has more digits than `precision` */
export function writeMagnitude(
  out: DataView,
  pos: number,
  size: number,
  precision: number,
  magnitude: bigint,
  negative: boolean,
): number {
  if (magnitude >= 10n ** BigInt(precision)) return notTaken;
  out.setUint8(pos, size);
  out.setUint8(pos + 1, negative && magnitude !== 0n ? 0 : 1);
  let left = magnitude;
  for (let i = pos + 2; i <= pos + size; i += 4) {
    out.setInt32(i, Number(left & 0xffffffffn), true);
    left >>= 32n;
  }
  return left === 0n ? pos + 1 + size : notTaken;
}

/** money (8 bytes, the high half first) or smallmoney (4), with the length byte. More than four decimals go as text. */
export function writeMoneyNumber(out: DataView, pos: number, size: number): number {
  const number = scanned;
  if (number.form === NumberForm.float || !rescale(4)) return notTaken;
  joinWords();
  out.setUint8(pos, size);
  if (size === 8) return writeSigned64(out, pos + 1, number.negative, true) ? pos + 9 : notTaken;
  const value = number.negative ? -words.low : words.low;
  if (words.high !== 0 || value > 2147483647 || value < -2147483648) return notTaken;
  out.setInt32(pos + 1, value, true);
  return pos + 5;
}

/** bit: every number but zero is 1. */
export function writeBitNumber(out: DataView, pos: number): number {
  if (scanned.form !== NumberForm.integer) return notTaken;
  out.setUint8(pos, 1);
  out.setUint8(pos + 1, scanned.digits === 0 ? 0 : 1);
  return pos + 2;
}
