/**
 * decimal, numeric, money, smallmoney. A column's literals all have exactly its scale: `0` beside `0.00…` would make VALUES
 * type the column like UNION ALL does and cut the scale.
 */

import { writeMagnitude, writeUint64 } from './digits.ts';

const zero = 0x30;
const point = 0x2e;
const minus = 0x2d;

/**
 * @param at of the sign byte (1 is positive), which a little-endian magnitude follows (MS-TDS 2.2.5.5.1.6)
 * @param length with the sign byte
 */
export function writeDecimal(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  scale: number,
): number {
  let next = pos;
  let end: number;
  out.setUint8(next, minus);
  if (length <= 9) {
    const low = bytes.getInt32(at + 1, true);
    const high = length === 9 ? bytes.getInt32(at + 5, true) : 0;
    // Zero has no sign, whatever the byte says. Without a branch: signs are as good as random.
    const some = low | high;
    next = (next + ((bytes.getUint8(at) ^ 1) & ((some | -some) >>> 31))) | 0;
    end = writeUint64(out, next, high, low);
  } else {
    if (bytes.getUint8(at) === 0 && !isZero(bytes, at + 1, length - 1)) next++;
    end = writeMagnitude(out, next, bytes, at + 1, length - 1);
  }
  return scale === 0 ? end : placePoint(out, next, end, scale);
}

/** @param length 8 (high half first, MS-TDS 2.2.5.5.1.5) or 4, in ten-thousandths */
export function writeMoney(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  let high = length === 8 ? bytes.getInt32(at, true) : 0;
  let low = length === 8 ? bytes.getInt32(at + 4, true) : bytes.getInt32(at, true);
  if (length !== 8 && low < 0) high = -1;
  let next = pos;
  if (high < 0) {
    low = -low | 0;
    high = (low === 0 ? -high : ~high) | 0;
    out.setUint8(next++, minus);
  }
  return placePoint(out, next, writeUint64(out, next, high, low), 4);
}

/** Puts the point before the last `scale` of the digits in [start, end), zeros in front where there are too few. */
function placePoint(out: DataView, start: number, end: number, scale: number): number {
  const digits = end - start;
  if (digits > scale) {
    const at = end - scale;
    if (scale === 4) out.setInt32(at + 1, out.getInt32(at, true), true);
    else for (let i = end; i > at; i--) out.setUint8(i, out.getUint8(i - 1));
    out.setUint8(at, point);
    return end + 1;
  }
  // `0.` and zeros up to the digits: they move to the end of the literal.
  const whole = start + 2 + scale;
  for (let i = 1; i <= digits; i++) out.setUint8(whole - i, out.getUint8(end - i));
  for (let i = start + 2; i < whole - digits; i++) out.setUint8(i, zero);
  out.setUint8(start, zero);
  out.setUint8(start + 1, point);
  return whole;
}

function isZero(bytes: DataView, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes.getUint8(at + i) !== 0) return false;
  return true;
}
