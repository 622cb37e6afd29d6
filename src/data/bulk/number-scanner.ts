/**
 * Reads number literals. Hot path: digits are taken four at a time, as the bytes of an integer, and gathered in two doubles, of which
 * the first holds fifteen digits exactly; that makes 64-bit integers and decimals up to 19 digits without BigInt. Longer ones
 * take the slow way.
 *
 * Types (Transact-SQL reference, Constants): digits are int, or numeric(p, 0) above 2147483647; digits with a point are
 * numeric(p, s); with an exponent float.
 */

import { cursor } from './literal-cursor.ts';

/** What a number literal is to the server. */
export const NumberForm = { none: 0, integer: 1, numeric: 2, float: 3 } as const;

/**
 * The number that `scanNumber` read last. Its significant digits are those from the first one on that is not zero: up to fifteen of
 * them as an integer, the rest as another.
 */
export interface ScannedNumber {
  form: number;
  negative: boolean;
  first: number;
  second: number;
  /** Digits in `second`. */
  secondDigits: number;
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
  first: 0.5,
  second: 0.5,
  secondDigits: 0,
  digits: 0,
  wholeDigits: 0,
  scale: 0,
  exponent: 0,
  start: 0,
};

/** Significant digits that a double holds exactly, and that `first` and `second` hold together. */
export const doubleDigits = 15;
export const mostDigits = 19;

const highNibbles = 0xf0f0f0f0 | 0;

/** Whether four bytes of text, the first one lowest, are digits. */
export function areDigits(four: number): boolean {
  return (four & highNibbles) === 0x30303030 && (((four + 0x06060606) | 0) & highNibbles) === 0x30303030;
}

/** Number that four digits are, the first one lowest. */
export function fourDigits(four: number): number {
  const digits = four & 0x0f0f0f0f;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}

/** Reads `[+-]digits[.digits][E[+-]digits]` into `scanned`. @returns whether there is one; `cursor.at` is behind it */
export function scanNumber(text: DataView, at: number): boolean {
  let i = at | 0;
  let c = text.getUint8(i);
  const negative = c === 0x2d;
  if (negative || c === 0x2b) i = (i + 1) | 0;
  const start = i;
  let first = 0;
  let firstDigits = 0;
  let second = 0;
  let secondDigits = 0;
  let whole = -1;
  let point = -1;
  for (;;) {
    const four = text.getInt32(i, true);
    if (areDigits(four)) {
      const group = fourDigits(four);
      if (firstDigits <= doubleDigits - 4) {
        first = first * 10000 + group;
        if (firstDigits !== 0) firstDigits = (firstDigits + 4) | 0;
        else firstDigits = group < 10 ? (group === 0 ? 0 : 1) : group < 100 ? 2 : group < 1000 ? 3 : 4;
      } else {
        if (secondDigits < 8) second = second * 10000 + group;
        secondDigits = (secondDigits + 4) | 0;
      }
      i = (i + 4) | 0;
      continue;
    }
    c = four & 0xff;
    const digit = (c - 48) | 0;
    if (digit >= 0 && digit <= 9) {
      if (secondDigits === 0 && firstDigits < doubleDigits) {
        first = first * 10 + digit;
        if (first !== 0) firstDigits = (firstDigits + 1) | 0;
      } else {
        if (secondDigits < 8) second = second * 10 + digit;
        secondDigits = (secondDigits + 1) | 0;
      }
    } else if (c === 0x2e && point < 0) {
      point = i;
      whole = (firstDigits + secondDigits) | 0;
    } else break;
    i = (i + 1) | 0;
  }
  if (i - start === (point < 0 ? 0 : 1)) return false;
  const number = scanned;
  const digits = (firstDigits + secondDigits) | 0;
  number.negative = negative;
  number.start = start;
  number.first = first;
  number.second = second;
  number.secondDigits = secondDigits;
  number.digits = digits;
  number.wholeDigits = point < 0 ? digits : whole;
  number.scale = point < 0 ? 0 : i - point - 1;
  number.form = point < 0 ? NumberForm.integer : NumberForm.numeric;
  if (c === 0x45 || c === 0x65) return scanExponent(text, i + 1);
  cursor.at = i;
  return true;
}

function scanExponent(text: DataView, at: number): boolean {
  let i = at;
  let c = text.getUint8(i);
  const negative = c === 0x2d;
  if (c === 0x2d || c === 0x2b) c = text.getUint8(++i);
  let exponent = 0;
  // `1E` is 1E0.
  for (; c >= 48 && c <= 57; c = text.getUint8(++i)) exponent = Math.min(exponent * 10 + c - 48, 10000);
  scanned.form = NumberForm.float;
  scanned.exponent = negative ? -exponent : exponent;
  cursor.at = i;
  return true;
}

/** Powers of ten that doubles hold exactly. */
export const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Magnitude of a number of at most 19 digits, as two words. */
export const words = { low: 0, high: 0 };

/** The `scanned` digits into `words`, by products that doubles hold exactly. */
export function joinWords(): void {
  const { first, second, secondDigits } = scanned;
  if (secondDigits === 0) {
    const high = Math.floor(first * (1 / 4294967296));
    words.high = high;
    words.low = first - high * 4294967296;
    return;
  }
  // `first` has at most 50 bits and the power 24, for all have 19 digits together.
  const power = powers[secondDigits]!;
  const half = Math.floor(first * (1 / 33554432));
  const upper = half * power;
  const rest = Math.floor(upper * (1 / 128));
  const lower = (first - half * 33554432) * power + second + (upper - rest * 128) * 33554432;
  const carry = Math.floor(lower * (1 / 4294967296));
  words.low = lower - carry * 4294967296;
  words.high = rest + carry;
}

/** Brings `scanned` to `scale` digits behind the point without losing one. @returns false when it takes the slow way */
export function rescale(scale: number): boolean {
  const number = scanned;
  const missing = scale - number.scale;
  if (missing === 0) return number.digits <= mostDigits;
  if (missing < 0 || number.digits + missing > mostDigits) return number.digits === 0 && missing >= 0;
  if (number.digits === 0) return true;
  const room = number.secondDigits === 0 ? Math.min(missing, doubleDigits - number.digits) : 0;
  number.first *= powers[room]!;
  number.second *= powers[missing - room]!;
  number.secondDigits += missing - room;
  number.digits += missing;
  return true;
}
