/**
 * Reads number literals. Hot path: digits are gathered in integers of nine, which makes 64-bit integers and decimals up to 19 digits
 * without BigInt; longer ones take the slow way.
 *
 * Types (Transact-SQL reference, Constants): digits are int, or numeric(p, 0) above 2147483647; digits with a point are
 * numeric(p, s); with an exponent float.
 */

import { cursor } from './literal-cursor.ts';

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
export const groupDigits = 9;
export const twoGroups = 18;
export const mostDigits = 19;

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

/** Powers of ten that doubles hold exactly. */
export const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Magnitude of a number of at most 19 digits, as two words. */
export const words = { low: 0, high: 0 };

/** 10 to the number of digits in `second`. */
export function secondPower(): number {
  const { digits } = scanned;
  return digits <= groupDigits ? 1 : powers[(digits < twoGroups ? digits : twoGroups) - groupDigits]!;
}

/** The `scanned` digits into `words`, by products that doubles hold exactly. */
export function joinWords(): void {
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
export function joinDigits(): number {
  const { first, second, digits } = scanned;
  return digits <= groupDigits ? first : first * secondPower() + second;
}

/** Brings `scanned` to `scale` digits behind the point without losing one. @returns false when it takes the slow way */
export function rescale(scale: number): boolean {
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
