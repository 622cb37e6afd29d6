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
  out: Uint8Array,
  pos: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  scale: number,
): number {
  let next = pos;
  if (bytes[at] === 0 && !isZero(bytes, at + 1, length - 1)) out[next++] = minus;
  const end =
    length === 9
      ? writeUint64(out, next, uint32(bytes, at + 5), uint32(bytes, at + 1))
      : writeMagnitude(out, next, bytes, at + 1, length - 1);
  return scale === 0 ? end : placePoint(out, next, end, scale);
}

/** @param length 8 (high half first, MS-TDS 2.2.5.5.1.5) or 4, in ten-thousandths */
export function writeMoney(out: Uint8Array, pos: number, bytes: Uint8Array, at: number, length: number): number {
  let high = length === 8 ? uint32(bytes, at) | 0 : 0;
  let low = length === 8 ? uint32(bytes, at + 4) : uint32(bytes, at);
  if (length !== 8 && (low | 0) < 0) high = -1;
  let next = pos;
  if (high < 0) {
    low = -low >>> 0;
    high = low === 0 ? -high : ~high;
    out[next++] = minus;
  }
  return placePoint(out, next, writeUint64(out, next, high >>> 0, low), 4);
}

/** Puts the point before the last `scale` of the digits in [start, end), zeros in front where there are too few. */
function placePoint(out: Uint8Array, start: number, end: number, scale: number): number {
  const digits = end - start;
  if (digits > scale) {
    const at = end - scale;
    for (let i = end; i > at; i--) out[i] = out[i - 1]!;
    out[at] = point;
    return end + 1;
  }
  // `0.` and zeros up to the digits: they move to the end of the literal.
  const whole = start + 2 + scale;
  for (let i = 1; i <= digits; i++) out[whole - i] = out[end - i]!;
  for (let i = start + 2; i < whole - digits; i++) out[i] = zero;
  out[start] = zero;
  out[start + 1] = point;
  return whole;
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
