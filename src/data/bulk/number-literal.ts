/**
 * Number literals and what the server makes of them in a column. Hot path: digits are gathered in doubles, 15 and then four
 * more of them, which makes 64-bit integers and decimals up to 19 digits without BigInt; longer ones take the slow way.
 *
 * Types (Transact-SQL reference, Constants): digits are int, or numeric(p, 0) above 2147483647; digits with a point are
 * numeric(p, s); with an exponent float.
 */

import { cursor, notTaken, unitsText } from './literal-cursor.ts';

/** What a number literal is to the server. */
export const NumberForm = { none: 0, integer: 1, numeric: 2, float: 3 } as const;

/** The number that `scanNumber` read last. */
export interface ScannedNumber {
  form: number;
  negative: boolean;
  /** The first 15 significant digits, as an integer. */
  lead: number;
  /** The next four, as an integer, and how many they are. */
  rest: number;
  restDigits: number;
  /** More digits than that: `lead` and `rest` do not hold the number. */
  long: boolean;
  /** Digits before the point without leading zeros, and behind it. */
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
  lead: 0,
  rest: 0,
  restDigits: 0,
  long: false,
  wholeDigits: 0,
  scale: 0,
  exponent: 0,
  start: 0,
};

const leadLimit = 1e14;

/** Reads `[+-]digits[.digits][E[+-]digits]` into `scanned`. @returns whether there is one; `cursor.at` is behind it */
export function scanNumber(units: Uint16Array, at: number): boolean {
  const number = scanned;
  let i = at;
  let c = units[i]!;
  number.negative = c === 0x2d;
  if (c === 0x2d || c === 0x2b) c = units[++i]!;
  number.start = i;
  let lead = 0;
  let rest = 0;
  let restDigits = 0;
  let whole = 0;
  let scale = -1;
  let seen = 0;
  let long = false;
  for (; ; c = units[++i]!) {
    const digit = c - 48;
    if (digit >= 0 && digit <= 9) {
      seen++;
      if (scale >= 0) scale++;
      else if (digit > 0 || lead > 0) whole++;
      if (lead < leadLimit) lead = lead * 10 + digit;
      else if (restDigits < 4) {
        rest = rest * 10 + digit;
        restDigits++;
      } else long = true;
    } else if (c === 0x2e && scale < 0) scale = 0;
    else break;
  }
  if (seen === 0) return false;
  number.lead = lead;
  number.rest = rest;
  number.restDigits = restDigits;
  number.long = long;
  number.wholeDigits = whole;
  number.scale = scale < 0 ? 0 : scale;
  number.form = scale < 0 ? NumberForm.integer : NumberForm.numeric;
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

/** `lead · 10^restDigits + rest` into `words`: exact, since no partial product reaches 2^53. */
function joinWords(lead: number, rest: number, restDigits: number): void {
  if (restDigits === 0) {
    words.low = lead % 4294967296;
    words.high = Math.floor(lead / 4294967296);
    return;
  }
  const power = powers[restDigits]!;
  const upper = Math.floor(lead / 33554432);
  const lower = (lead - upper * 33554432) * power + rest;
  const product = upper * power;
  const sum = (product % 128) * 33554432 + lower;
  words.low = sum % 4294967296;
  words.high = Math.floor(product / 128) + Math.floor(sum / 4294967296);
}

/** Brings `scanned` to `scale` digits behind the point without losing one. @returns false when it takes the slow way */
function rescale(scale: number): boolean {
  const number = scanned;
  if (number.long) return false;
  let missing = scale - number.scale;
  if (missing < 0) return false;
  for (; missing > 0; missing--) {
    if (number.lead < leadLimit) number.lead *= 10;
    else if (number.restDigits < 4) {
      number.rest *= 10;
      number.restDigits++;
    } else return false;
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
  const { form, negative, lead, rest, restDigits, long } = scanned;
  // Fractions are cut off by the server; whoever writes them into an integer column gets that from it.
  if (form !== NumberForm.integer || long) return notTaken;
  out.setUint8(pos, size);
  if (restDigits === 0 && size <= 4) {
    const value = negative ? -lead : lead;
    if (size === 4) {
      if (value > 2147483647 || value < -2147483648) return notTaken;
      out.setInt32(pos + 1, value, true);
      return pos + 5;
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
  if (size !== 8) return notTaken;
  joinWords(lead, rest, restDigits);
  return writeSigned64(out, pos + 1, negative, false) ? pos + 9 : notTaken;
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
  joinWords(number.lead, number.rest, number.restDigits);
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
  joinWords(number.lead, number.rest, number.restDigits);
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
  out.setUint8(pos + 1, scanned.lead === 0 ? 0 : 1);
  return pos + 2;
}

/**
 * The double of the `scanned` number.
 * @returns NaN where it is not certain which one the server makes of it: below the normal numbers it reads 0, above them it
 * fails, and numeric goes through an integer of more than 53 bits
 */
export function scannedDouble(units: Uint16Array): number {
  const number = scanned;
  let size: number;
  if (number.form !== NumberForm.float) {
    if (number.restDigits > 0 || number.long || number.scale > 22) return Number.NaN;
    size = number.lead / powers[number.scale]!;
  } else {
    const power = number.exponent - number.scale;
    size = Number.NaN;
    if (!number.long && power >= -22 && power <= 22) {
      if (number.restDigits === 0) {
        size = power < 0 ? number.lead / powers[-power]! : number.lead * powers[power]!;
      } else if (power < 0 && number.restDigits <= 3) {
        size = quotient(number.lead, powers[number.restDigits]!, number.rest, powers[-power]!);
      }
    }
    if (Number.isNaN(size)) size = Number(unitsText(units, number.start, cursor.at));
    if (size !== 0 && !(size >= 2.2250738585072014e-308 && size <= Number.MAX_VALUE)) return Number.NaN;
    // Zeros only: what is not zero must not become it.
    if (size === 0 && (number.lead !== 0 || number.long)) return Number.NaN;
  }
  return number.negative ? -size : size;
}

const bits = new Int32Array(2);
const bitsAsNumber = new Float64Array(bits.buffer);

/**
 * (lead · power + rest) / divisor rounded once, for powers of ten that doubles hold exactly: the dividend as the sum of two
 * doubles (Dekker), a quotient of twice the precision, and NaN where that is too near to the middle of two doubles.
 */
function quotient(lead: number, power: number, rest: number, divisor: number): number {
  const product = lead * power;
  const high1 = 134217729 * lead - (134217729 * lead - lead);
  const low1 = lead - high1;
  const error = low1 * power - (product - high1 * power);
  const dividend = product + (error + rest);
  const remainder = error + rest - (dividend - product);
  const first = dividend / divisor;
  const a1 = 134217729 * first - (134217729 * first - first);
  const a2 = first - a1;
  const b1 = 134217729 * divisor - (134217729 * divisor - divisor);
  const b2 = divisor - b1;
  const back = first * divisor;
  const backError = a2 * b2 - (back - a1 * b1 - a2 * b1 - a1 * b2);
  const second = (dividend - back - backError + remainder) / divisor;
  const result = first + second;
  const off = Math.abs(first - result + second);
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
