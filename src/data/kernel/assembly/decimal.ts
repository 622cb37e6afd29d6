/**
 * decimal, numeric, money, smallmoney: digits with exactly the column's scale. Numbers of up to 16 digits are put together in one
 * vector register; larger ones go through DIGITS.
 */

import { eightDigits, ZEROS } from './digits';
import { DIGITS } from './memory';
import { Stop, stop } from './state';
import { copy, indexes } from './vector';

const POINT: u8 = 0x2e;
const E16: u64 = 10000000000000000;

/** @param at of the sign byte (1 is positive), which a little-endian magnitude follows (MS-TDS 2.2.5.5.1.6) */
export function writeDecimal(pos: usize, at: usize, length: u32, scale: u32): usize {
  let low: u64;
  let high: u64 = 0;
  if (length == 5) low = load<u32>(at + 1);
  else if (length == 9) low = load<u64>(at + 1);
  else if (length == 13) {
    low = load<u64>(at + 1);
    high = load<u32>(at + 9);
  } else if (length == 17) {
    low = load<u64>(at + 1);
    high = load<u64>(at + 9);
  } else return stop(Stop.host);
  const sign = <u32>load<u8>(at);
  if (sign > 1 || scale > 38) return stop(Stop.host);
  store<u8>(pos, 0x2d);
  // Zero has no sign, whatever the byte says.
  const start = pos + <usize>((sign ^ 1) & u32((low | high) != 0));
  return high == 0 && low < E16 && scale < 16 ? write16(start, low, scale) : write128(start, high, low, scale);
}

/** @param length 8 (high half first, MS-TDS 2.2.5.5.1.5) or 4, in ten-thousandths */
export function writeMoney(pos: usize, at: usize, length: u32): usize {
  let value: i64;
  if (length == 4) value = load<i32>(at);
  else if (length == 8) value = rotr(load<i64>(at), 32);
  else return stop(Stop.host);
  const sign = value >> 63;
  const size = <u64>((value ^ sign) - sign);
  store<u8>(pos, 0x2d);
  const start = pos + <usize>(sign & 1);
  return size < E16 ? write16(start, size, 4) : write128(start, 0, size, 4);
}

/** `n` < 10^16, `scale` < 16. */
function write16(pos: usize, n: u64, scale: u32): usize {
  const top = n / 100000000;
  const high = eightDigits(top);
  const low = eightDigits(n - top * 100000000);
  const digits = i64x2.replace_lane(i64x2.splat(high + ZEROS), 1, low + ZEROS);
  const zeros = <u32>((high != 0 ? ctz(high) : 64 + ctz(low | 0x0100000000000000)) >> 3);
  // One digit at least stands before the point.
  const kept = max(16 - zeros, scale + 1);
  v128.store(pos, i8x16.swizzle(digits, i8x16.add(indexes(), i8x16.splat(<i8>(16 - kept)))));
  if (scale == 0) return pos + kept;
  const point = pos + kept - scale;
  store<u8>(point, POINT);
  v128.store(point + 1, i8x16.swizzle(digits, i8x16.add(indexes(), i8x16.splat(<i8>(16 - scale)))));
  return point + 1 + scale;
}

/** Any number of up to 40 digits. */
function write128(pos: usize, high: u64, low: u64, scale: u32): usize {
  let a = high >> 32;
  let b = high & 0xffffffff;
  let c = low >> 32;
  let d = low & 0xffffffff;
  for (let group = DIGITS + 32; group >= DIGITS; group -= 8) {
    let quotient = a / 100000000;
    let rest = ((a - quotient * 100000000) << 32) | b;
    a = quotient;
    quotient = rest / 100000000;
    rest = ((rest - quotient * 100000000) << 32) | c;
    b = quotient;
    quotient = rest / 100000000;
    rest = ((rest - quotient * 100000000) << 32) | d;
    c = quotient;
    quotient = rest / 100000000;
    d = quotient;
    store<u64>(group, eightDigits(rest - quotient * 100000000) + ZEROS);
  }
  let start = DIGITS;
  const last = DIGITS + 39 - scale;
  while (start < last && load<u8>(start) == 0x30) start++;
  let next = copy(pos, start, last + 1 - start);
  if (scale == 0) return next;
  store<u8>(next, POINT);
  next = copy(next + 1, last + 1, scale);
  return next;
}
