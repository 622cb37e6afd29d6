/**
 * Number literals and what the server makes of them in a column. Hot path: digits are gathered in integers of
 * nine, which makes 64-bit integers and decimals up to 19 digits without BigInt; longer ones take the slow way.
 *
 * Types (Transact-SQL reference, Constants): digits are int, or numeric(p, 0) above 2147483647; digits with a point are
 * numeric(p, s); with an exponent float.
 */

import { cursor, notTaken, unitsText } from './literal-cursor.ts';

/** What a number literal is to the server. */
export const NumberForm = { none: 0, integer: 1, numeric: 2, float: 3 } as const;

/**
 * The number that `scanNumber` read last. Its significant digits are those from the first one on that is not zero: nine of them as
 * an integer, the next nine as another, and the nineteenth.
 */
export interface ScannedNumber {
  form: number;
  negative: boolean;
  first: number;
  second: number;
  third: number;
  /** How many significant digits there are; above 19 they are not all held. */
  digits: number;
  /** Significant digits before the point, and all digits behind it. */
  wholeDigits: number;
  scale: number;
  /** Power of ten behind E. */
  exponent: number;
  /** Offset of the first digit or point in the text. */
  start: number;
}

export const scanned: ScannedNumber = {
  form: NumberForm.none,
  negative: false,
  first: 0,
  second: 0,
  third: 0,
  digits: 0,
  wholeDigits: 0,
  scale: 0,
  exponent: 0,
  start: 0,
};

/** Significant digits that `first`, `second` and `third` hold together. */
const groupDigits = 9;
const twoGroups = 18;
const mostDigits = 19;

/** Reads `[+-]digits[.digits][E[+-]digits]` into `scanned`. @returns whether there is one; `cursor.at` is behind it */
export function scanNumber(units: Uint16Array, at: number): boolean {
  let i = at | 0;
  let c = units[i]!;
  const negative = c === 0x2d;
  if (negative || c === 0x2b) {
    i = (i + 1) | 0;
    c = units[i]!;
  }
  const start = i;
  let first = 0;
  let second = 0;
  let third = 0;
  let digits = 0;
  let whole = -1;
  let point = -1;
  for (; ; c = units[i]!) {
    const digit = (c - 48) | 0;
    if (digit >= 0 && digit <= 9) {
      if (digits < groupDigits) {
        first = (Math.imul(first, 10) + digit) | 0;
        if (first !== 0) digits = (digits + 1) | 0;
      } else {
        if (digits < twoGroups) second = (Math.imul(second, 10) + digit) | 0;
        else third = digit;
        digits = (digits + 1) | 0;
      }
    } else if (c === 0x2e && point < 0) {
      point = i;
      whole = digits;
    } else break;
    i = (i + 1) | 0;
  }
  if (i - start === (point < 0 ? 0 : 1)) return false;
  const number = scanned;
  number.negative = negative;
  number.start = start;
  number.first = first;
  number.second = second;
  number.third = third;
  number.digits = digits;
  number.wholeDigits = point < 0 ? digits : whole;
  number.scale = point < 0 ? 0 : i - point - 1;
  number.form = point < 0 ? NumberForm.integer : NumberForm.numeric;
  if (c === 0x45 || c === 0x65) return scanExponent(units, i + 1);
  cursor.at = i;
  return true;
}

function scanExponent(units: Uint16Array, at: number): boolean {
  let i = at;
  let c = units[i]!;
  const negative = c === 0x2d;
  if (c === 0x2d || c === 0x2b) c = units[++i]!;
  let exponent = 0;
  // `1E` is 1E0.
  for (; c >= 48 && c <= 57; c = units[++i]!) exponent = Math.min(exponent * 10 + c - 48, 10000);
  scanned.form = NumberForm.float;
  scanned.exponent = negative ? -exponent : exponent;
  cursor.at = i;
  return true;
}

/** Returned by `smallInteger` for everything else. */
export const noSmallInteger = 0x7fffffff;

/** `[-]digits`, at most nine of them, with the cell's end right behind: the commonest number by far, without `scanned`. */
export function smallInteger(units: Uint16Array, at: number): number {
  let i = at | 0;
  const negative = units[i] === 0x2d;
  if (negative) i = (i + 1) | 0;
  const first = i;
  let value = 0;
  let digit = (units[i]! - 48) | 0;
  for (; digit >= 0 && digit <= 9; digit = (units[i]! - 48) | 0) {
    if (((i - first) | 0) === 9) return noSmallInteger;
    value = (Math.imul(value, 10) + digit) | 0;
    i = (i + 1) | 0;
  }
  const c = units[i]!;
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

const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Magnitude of a number of at most 19 digits, as two words. */
export const words = { low: 0, high: 0 };

/** 10 to the number of digits in `second`. */
function secondPower(): number {
  const { digits } = scanned;
  return digits <= groupDigits ? 1 : powers[(digits < twoGroups ? digits : twoGroups) - groupDigits]!;
}

/** The `scanned` digits into `words`, by products that doubles hold exactly. */
function joinWords(): void {
  const { first, second, third, digits } = scanned;
  if (digits <= groupDigits) {
    words.low = first;
    words.high = 0;
    return;
  }
  const power = secondPower();
  const upper = (first >>> 15) * power;
  const high = Math.floor(upper * (1 / 131072));
  const sum = (upper - high * 131072) * 32768 + (first & 0x7fff) * power + second;
  const carry = Math.floor(sum * (1 / 4294967296));
  words.low = sum - carry * 4294967296;
  words.high = high + carry;
  if (digits < mostDigits) return;
  const low = words.low * 10 + third;
  const more = Math.floor(low * (1 / 4294967296));
  words.low = low - more * 4294967296;
  words.high = words.high * 10 + more;
}

/** The `scanned` digits as an integer: exact up to 15 of them. */
function joinDigits(): number {
  const { first, second, digits } = scanned;
  return digits <= groupDigits ? first : first * secondPower() + second;
}

/** Brings `scanned` to `scale` digits behind the point without losing one. @returns false when it takes the slow way */
function rescale(scale: number): boolean {
  const number = scanned;
  let missing = scale - number.scale;
  if (missing < 0 || number.digits + missing > mostDigits) return number.digits === 0 && missing >= 0;
  if (number.digits === 0) return true;
  for (; missing > 0; missing--) {
    if (number.digits < groupDigits) number.first *= 10;
    else if (number.digits < twoGroups) number.second *= 10;
    number.digits++;
  }
  return true;
}

/** Magnitude of `scanned` in units of 10^-scale, rounded half away from zero as the server rounds numeric. */
export function scaledMagnitude(units: Uint16Array, scale: number): bigint {
  const { start, scale: digits } = scanned;
  let end = start;
  while (isDigitOrPoint(units[end]!)) end++;
  const magnitude = BigInt(unitsText(units, start, end).replace('.', ''));
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
  if (digits <= groupDigits) return writeSmallInteger(negative ? -scanned.first : scanned.first, out, pos, size);
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
  units: Uint16Array,
  out: DataView,
  pos: number,
  size: number,
  precision: number,
  scale: number,
): number {
  const number = scanned;
  if (number.form === NumberForm.float || number.wholeDigits > precision - scale) return notTaken;
  if (!rescale(scale)) return writeLongDecimal(units, out, pos, size, precision, scale);
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
  units: Uint16Array,
  out: DataView,
  pos: number,
  size: number,
  precision: number,
  scale: number,
): number {
  return writeMagnitude(out, pos, size, precision, scaledMagnitude(units, scale), scanned.negative);
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

/**
 * The double of the `scanned` number.
 * @returns NaN where it is not certain which one the server makes of it: below the normal numbers it reads 0, above them it
 * fails, and numeric goes through an integer of more than 53 bits
 */
export function scannedDouble(units: Uint16Array): number {
  const number = scanned;
  const { digits, scale } = number;
  let size: number;
  if (number.form !== NumberForm.float) {
    if (digits > doubleDigits || scale >= powers.length) return Number.NaN;
    size = joinDigits() / powers[scale]!;
  } else {
    const power = number.exponent - scale;
    size = Number.NaN;
    if (power > -powers.length && power < powers.length) {
      if (digits <= doubleDigits) size = power < 0 ? joinDigits() / powers[-power]! : joinDigits() * powers[power]!;
      else if (power < 0 && digits <= twoGroups) {
        size = quotient(number.first, secondPower(), number.second, powers[-power]!);
      }
    }
    if (Number.isNaN(size)) size = Number(unitsText(units, number.start, cursor.at));
    if (size !== 0 && !(size >= 2.2250738585072014e-308 && size <= Number.MAX_VALUE)) return Number.NaN;
    // Zeros only: what is not zero must not become it.
    if (size === 0 && digits !== 0) return Number.NaN;
  }
  return number.negative ? -size : size;
}

/** Whole numbers of so many digits are exact in a double. */
const doubleDigits = 15;
const bits = new Int32Array(2);
const bitsAsNumber = new Float64Array(bits.buffer);

/**
 * (first · power + second) / divisor rounded once, for powers of ten that doubles hold exactly: the dividend as the sum of two
 * doubles, a quotient of twice the precision (Dekker), and NaN where that is too near to the middle of two doubles.
 */
function quotient(first: number, power: number, second: number, divisor: number): number {
  const product = first * power;
  const lower = first & 0x7fff;
  const error = (first - lower) * power - product + lower * power + second;
  const dividend = product + error;
  const remainder = error - (dividend - product);
  const rough = dividend / divisor;
  const a1 = 134217729 * rough - (134217729 * rough - rough);
  const a2 = rough - a1;
  const b1 = 134217729 * divisor - (134217729 * divisor - divisor);
  const b2 = divisor - b1;
  const back = rough * divisor;
  const backError = a2 * b2 - (back - a1 * b1 - a2 * b1 - a1 * b2);
  const more = (dividend - back - backError + remainder) / divisor;
  const result = rough + more;
  const off = Math.abs(rough - result + more);
  bitsAsNumber[0] = result;
  // At a power of two the neighbours are not equally far.
  if (bits[0] === 0 && (bits[1]! & 0xfffff) === 0) return Number.NaN;
  bits[0] = 0;
  bits[1] = (bits[1]! & 0x7ff00000) - (53 << 20);
  const half = bitsAsNumber[0]!;
  return off < half * 0.999999 ? result : Number.NaN;
}

/** float (8 bytes) or real (4) with the length byte, from the `scanned` number. */
export function writeFloatNumber(units: Uint16Array, out: DataView, pos: number, size: number): number {
  const value = scannedDouble(units);
  if (Number.isNaN(value)) return notTaken;
  out.setUint8(pos, size);
  if (size === 8) {
    out.setFloat64(pos + 1, value, true);
    return pos + 9;
  }
  const single = Math.fround(value);
  if (!isPlainSingle(single, value)) return notTaken;
  out.setFloat32(pos + 1, single, true);
  return pos + 5;
}

/** Whether the single is none that a conversion may flush to zero, overflow into, or reach from the middle of two. */
export function isPlainSingle(single: number, value: number): boolean {
  const size = Math.abs(single);
  if (size === 0) return value === 0;
  if (!(size >= 1.1754943508222875e-38 && size <= 3.4028234663852886e38)) return false;
  bitsAsNumber[0] = value;
  return (bits[0]! & 0x1fffffff) !== 0x10000000;
}
