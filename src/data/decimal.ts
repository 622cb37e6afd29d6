/**
 * decimal, numeric, money, smallmoney. A column's literals all have exactly its scale: `0` beside `0.00…` would make VALUES
 * type the column like UNION ALL does and cut the scale.
 */

import { writeFour, writeInteger, writeMagnitude, writePadded, writeUint64 } from './digits.ts';

const units = Float64Array.from({ length: 9 }, (_, scale) => 10 ** scale);
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
  if (bytes.getUint8(at) === 0 && !isZero(bytes, at + 1, length - 1)) out.setUint8(next++, minus);
  const high = length === 9 ? bytes.getUint32(at + 5, true) : length === 5 ? 0 : 0x200000;
  if (high < 0x200000 && scale > 0 && scale <= 8) {
    // Below 2^53 the two parts of the number come apart exactly.
    const value = high * 4294967296 + bytes.getUint32(at + 1, true);
    const unit = units[scale]!;
    const whole = Math.floor(value / unit);
    next = writeInteger(out, next, whole);
    out.setUint8(next++, point);
    const fraction = (value - whole * unit) | 0;
    return scale === 4 ? writeFour(out, next, fraction) : writePadded(out, next, fraction, scale);
  }
  const end =
    length === 9
      ? writeUint64(out, next, bytes.getUint32(at + 5, true), bytes.getUint32(at + 1, true))
      : writeMagnitude(out, next, bytes, at + 1, length - 1);
  return scale === 0 ? end : placePoint(out, next, end, scale);
}

/** @param length 8 (high half first, MS-TDS 2.2.5.5.1.5) or 4, in ten-thousandths */
export function writeMoney(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  let high = length === 8 ? bytes.getUint32(at, true) | 0 : 0;
  let low = length === 8 ? bytes.getUint32(at + 4, true) : bytes.getUint32(at, true);
  if (length !== 8 && (low | 0) < 0) high = -1;
  let next = pos;
  if (high < 0) {
    low = -low >>> 0;
    high = low === 0 ? -high : ~high;
    out.setUint8(next++, minus);
  }
  return placePoint(out, next, writeUint64(out, next, high >>> 0, low), 4);
}

/** Puts the point before the last `scale` of the digits in [start, end), zeros in front where there are too few. */
function placePoint(out: DataView, start: number, end: number, scale: number): number {
  const digits = end - start;
  if (digits > scale) {
    const at = end - scale;
    for (let i = end; i > at; i--) out.setUint8(i, out.getUint8(i - 1));
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
