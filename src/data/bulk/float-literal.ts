/** Number literals as float and real: the nearest double, found without making a string for nearly all. Hot path. */

import { asciiText, cursor, notTaken } from './literal-cursor.ts';
import { doubleDigits, NumberForm, powers, scanned } from './number-scanner.ts';

/** Digits of which a quotient is rounded once. */
const quotientDigits = 18;
const bits = new Int32Array(2);
const bitsAsNumber = new Float64Array(bits.buffer);

/**
 * The double of the `scanned` number.
 * @returns NaN where it is not certain which one the server makes of it: below the normal numbers it reads 0, above them it
 * fails, and numeric goes through an integer of more than 53 bits
 */
export function scannedDouble(text: DataView): number {
  const number = scanned;
  const { digits, scale } = number;
  let size: number;
  if (number.form !== NumberForm.float) {
    if (digits > doubleDigits || scale >= powers.length) return Number.NaN;
    size = number.first / powers[scale]!;
  } else {
    const power = number.exponent - scale;
    size = Number.NaN;
    if (power > -powers.length && power < powers.length) {
      if (digits <= doubleDigits) size = power < 0 ? number.first / powers[-power]! : number.first * powers[power]!;
      else if (power < 0 && digits <= quotientDigits) {
        size = quotient(number.first, powers[number.secondDigits]!, number.second, powers[-power]!);
      }
    }
    if (Number.isNaN(size)) size = Number(asciiText(text, number.start, cursor.at));
    if (size !== 0 && !(size >= 2.2250738585072014e-308 && size <= Number.MAX_VALUE)) return Number.NaN;
    // Zeros only: what is not zero must not become it.
    if (size === 0 && digits !== 0) return Number.NaN;
  }
  return number.negative ? -size : size;
}

/**
 * (first · power + second) / divisor rounded once, for powers of ten that doubles hold exactly: the dividend as the sum of two
 * doubles, a quotient of twice the precision (Dekker), and NaN where that is too near to the middle of two doubles.
 */
function quotient(first: number, power: number, second: number, divisor: number): number {
  const product = first * power;
  // Of at most 50 bits, in halves whose products with the power are exact.
  const lower = first & 0x1ffffff;
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
export function writeFloatNumber(text: DataView, out: DataView, pos: number, size: number): number {
  const value = scannedDouble(text);
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
