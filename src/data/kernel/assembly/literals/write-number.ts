/** The number that was scanned as int, bit, decimal, money and float. */

import { allows, allowsNumber, FLOAT_FORM } from './forms';
import { DOUBLES } from './memory';
import { digits, exponent, isFloat, isInteger, magnitude, negative, rescale, scale, scan, wholeDigits } from './number';
import { precisionOf, scaleOf, sizeOf } from './plan';
import { HOST } from './state';

const MOST_DIGITS: i32 = 38;
/** Whole numbers of so many digits are exact in a double. */
const DOUBLE_DIGITS: i32 = 15;

function scanNumeric(at: usize, index: i32): bool {
  return scan(at) && !isFloat && allowsNumber(index, isInteger, wholeDigits, scale, MOST_DIGITS);
}

/** @returns 0 when it does not fit: zero and minus zero are the same */
function isIn(limit: u64): bool {
  return magnitude <= limit + <u64>negative;
}

function signed(): i64 {
  return negative ? -<i64>magnitude : <i64>magnitude;
}

export function writeInteger(at: usize, column: usize, index: i32, out: usize): usize {
  if (!scanNumeric(at, index) || !isInteger) return HOST;
  const size = sizeOf(column);
  store<u8>(out, <u8>size);
  if (size == 1) {
    if (magnitude > 255 || (negative && magnitude > 0)) return HOST;
  } else if (!isIn((<u64>1 << ((size << 3) - 1)) - 1)) return HOST;
  // What stands behind the lower bytes is written over.
  store<i64>(out, signed(), 1);
  return out + 1 + size;
}

export function writeBit(at: usize, index: i32, out: usize): usize {
  if (!scanNumeric(at, index) || !isInteger) return HOST;
  store<u8>(out, 1);
  store<u8>(out, <u8>(magnitude != 0), 1);
  return out + 2;
}

export function writeDecimal(at: usize, column: usize, index: i32, out: usize): usize {
  if (!scanNumeric(at, index)) return HOST;
  const places = scaleOf(column);
  if (wholeDigits > precisionOf(column) - places || !rescale(places)) return HOST;
  const size = sizeOf(column);
  if (size == 5 && magnitude > 0xffffffff) return HOST;
  store<u8>(out, <u8>size);
  store<u8>(out, <u8>!(negative && magnitude != 0), 1);
  store<u64>(out, magnitude, 2);
  store<u64>(out, 0, 10);
  return out + 1 + size;
}

export function writeMoney(at: usize, column: usize, index: i32, out: usize): usize {
  if (!scanNumeric(at, index) || !rescale(4)) return HOST;
  const size = sizeOf(column);
  if (!isIn((<u64>1 << ((size << 3) - 1)) - 1)) return HOST;
  store<u8>(out, <u8>size);
  const value = signed();
  // Of eight bytes the high half stands first.
  store<i64>(out, size == 8 ? rotl<i64>(value, 32) : value, 1);
  return out + 1 + size;
}

export function writeFloat(at: usize, column: usize, index: i32, out: usize): usize {
  if (!scan(at)) return HOST;
  if (isFloat) {
    if (!allows(index, FLOAT_FORM)) return HOST;
  } else if (!allowsNumber(index, isInteger, wholeDigits, scale, DOUBLE_DIGITS)) return HOST;
  const power = (isFloat ? exponent : 0) - scale;
  let size: f64;
  if (digits == 0) size = 0;
  else if (power < -22 || power > 22) return HOST;
  else if (digits <= DOUBLE_DIGITS) {
    const factor = load<f64>(DOUBLES + (<usize>(power < 0 ? -power : power) << 3));
    size = power < 0 ? <f64>magnitude / factor : <f64>magnitude * factor;
  } else if (power < 0 && isFloat) {
    size = quotient(load<f64>(DOUBLES + (<usize>-power << 3)));
    if (size == 0) return HOST;
  } else return HOST;
  const value = negative ? -size : size;
  const bytes = sizeOf(column);
  store<u8>(out, <u8>bytes);
  if (bytes == 8) {
    store<f64>(out, value, 1);
    return out + 9;
  }
  // What a conversion may flush to zero, overflow into, or reach from the middle of two is the host's.
  const single = <f32>value;
  const whole = abs(<f64>single);
  if (size != 0 && (whole < 1.1754943508222875e-38 || whole > 3.4028234663852886e38)) return HOST;
  if ((reinterpret<u64>(value) & 0x1fffffff) == 0x10000000) return HOST;
  store<f32>(out, single, 1);
  return out + 5;
}

/**
 * magnitude / divisor rounded once: the dividend as the sum of two doubles, a quotient of twice the precision (Dekker); 0 where that is
 * too near to the middle of two doubles.
 */
function quotient(divisor: f64): f64 {
  const dividend = <f64>magnitude;
  const remainder = <f64>(<i64>(magnitude - <u64>dividend));
  const rough = dividend / divisor;
  const a1 = 134217729 * rough - (134217729 * rough - rough);
  const a2 = rough - a1;
  const b1 = 134217729 * divisor - (134217729 * divisor - divisor);
  const b2 = divisor - b1;
  const back = rough * divisor;
  const backError = a2 * b2 - (back - a1 * b1 - a2 * b1 - a1 * b2);
  const more = (dividend - back - backError + remainder) / divisor;
  const result = rough + more;
  const off = abs(rough - result + more);
  const bits = reinterpret<u64>(result);
  // At a power of two the neighbours are not equally far.
  if ((bits & 0xfffffffffffff) == 0) return 0;
  const half = reinterpret<f64>((bits & 0x7ff0000000000000) - (<u64>53 << 52));
  return off < half * 0.999999 ? result : 0;
}
