/** float and real as float.ts beside the kernel: JavaScript's digits of a float, nine significant ones of a real, always an exponent. */

import { eightDigits, writeEight, writeSmall, writeUint, ZEROS } from './digits';
import { highPower, log2Power, lowPower } from './power-of-ten';
import { exponentOfTen, shortestDigits } from './shortest';
import { Stop, stop } from './state';
import { indexes } from './vector';

const POINT: u8 = 0x2e;
const MINUS: u8 = 0x2d;

/** Denormal numbers, which the host counts, NaN and infinity are its own. */
export function writeFloat(pos: usize, at: usize, length: u32): usize {
  return length == 8 ? writeFloat8(pos, load<u64>(at)) : length == 4 ? writeFloat4(pos, load<u32>(at)) : stop(Stop.host);
}

function writeFloat8(pos: usize, bits: u64): usize {
  store<u8>(pos, MINUS);
  const next = pos + <usize>(bits >> 63);
  const size = bits & 0x7fffffffffffffff;
  if (size == 0) return endExponent(writeSmall(next, 0));
  const biased = <i32>(size >> 52);
  if (biased == 0 || biased == 0x7ff) return stop(Stop.host);
  const c = (size & 0xfffffffffffff) | 0x10000000000000;
  const q = biased - 1075;
  if (q <= 0 && q > -53 && (c & ((<u64>1 << <u64>-q) - 1)) == 0) return endExponent(writeUint(next, c >> <u64>-q));
  return placeDigits(next, shortestDigits(c, q), exponentOfTen);
}

/** `E0` */
@inline
function endExponent(pos: usize): usize {
  store<u16>(pos, 0x3045);
  return pos + 2;
}

function writeExponent(pos: usize, exponent: i32): usize {
  store<u16>(pos, 0x2d45);
  return writeSmall(pos + 1 + usize(exponent < 0), abs(exponent));
}

/** digits · 10^exponent as JavaScript places the point; `digits` has 9 to 17 digits. */
function placeDigits(pos: usize, digits: u64, exponent: i32): usize {
  const first = digits / 10000000000000000;
  const rest = digits - first * 10000000000000000;
  const top = rest / 100000000;
  const high = eightDigits(top);
  const low = eightDigits(rest - top * 100000000);
  const sixteen = i64x2.replace_lane(i64x2.splat(high + ZEROS), 1, low + ZEROS);
  const seventeen = u32(first != 0);
  /** Zeros in front of the first digit. */
  const zeros = (1 - seventeen) * <u32>(ctz(high) >> 3);
  store<u8>(pos, <u8>(48 + first));
  v128.store(pos + seventeen, i8x16.swizzle(sixteen, i8x16.add(indexes(), i8x16.splat(<i8>zeros))));
  let count = <i32>(16 + seventeen - zeros);
  // Zeros at the end count for the exponent.
  const tail = <i32>((low != 0 ? clz(low) : 64 + clz(high)) >> 3);
  count -= tail;
  /** The number is 0.digits · 10^place. */
  const place = count + exponent + tail;
  if (place >= count && place <= 21) {
    v128.store(pos + count, i8x16.splat(0x30));
    v128.store(pos + count + 16, i8x16.splat(0x30));
    return endExponent(pos + place);
  }
  if (place > 0 && place <= 21) {
    const behind = i8x16.splat(<i8>(zeros - seventeen + place));
    v128.store(pos + place + 1, i8x16.swizzle(sixteen, i8x16.add(indexes(), behind)));
    store<u8>(pos + place, POINT);
    return endExponent(pos + count + 1);
  }
  if (place > -6 && place <= 0) {
    const last = load<u8>(pos + 16);
    const start = pos + 2 - place;
    const moved = v128.load(pos);
    v128.store(pos, i8x16.splat(0x30));
    v128.store(start, moved);
    store<u8>(start + 16, last);
    store<u8>(pos + 1, POINT);
    return endExponent(start + count);
  }
  if (count == 1) return writeExponent(pos + 1, place - 1);
  v128.store(pos + 2, v128.load(pos + 1));
  store<u8>(pos + 1, POINT);
  return writeExponent(pos + count + 1, place - 1);
}

/** `1.50000000E0` */
function writeFloat4(pos: usize, bits: u32): usize {
  store<u8>(pos, MINUS);
  const next = pos + <usize>(bits >> 31);
  const size = bits & 0x7fffffff;
  if (size == 0) return endExponent(writeSmall(next, 0));
  const biased = <i32>(size >> 23);
  if (biased == 0 || biased == 0xff) return stop(Stop.host);
  const c = <u64>((size & 0x7fffff) | 0x800000);
  const q = biased - 150;
  // Exponent of the first digit, or one less.
  let exponent = ((q + 23) * 1262611) >> 22;
  let digits = scaled(c, q, 8 - exponent);
  if (digits >= 1000000000) digits = scaled(c, q, 8 - ++exponent);
  if (digits >= 1000000000) {
    digits = 100000000;
    exponent++;
  }
  const first = digits / 100000000;
  store<u8>(next, <u8>(48 + first));
  store<u8>(next + 1, POINT);
  return writeExponent(writeEight(next + 2, digits - first * 100000000), exponent);
}

/**
 * c · 2^q · 10^n, rounded half up. Exact: a power of up to 10^55 fits in 128 bits, and with 24 bits of c no product of a smaller or
 * negative power comes so near to a half that its rounding matters.
 */
function scaled(c: u64, q: i32, n: i32): u64 {
  const low = lowPower(n);
  const high = highPower(n);
  // The product without its lowest 96 bits.
  let carry = (c * (low & 0xffffffff)) >> 32;
  carry = (c * (low >> 32) + carry) >> 32;
  carry = (c * (high & 0xffffffff) + carry) >> 32;
  const product = c * (high >> 32) + carry;
  const shift = <u64>(31 - q - log2Power(n));
  return (product + (<u64>1 << (shift - 1))) >> shift;
}
