/**
 * float and real: shortest digits of a float, nine significant ones of a real, always with an exponent, for a number without
 * E is numeric. Strings are made here only, for floats outside 1E-6…1E17 and for reals.
 */

import { writeAscii, writeEight, writeUint64 } from './digits.ts';

/** What a float literal cannot carry: the server reads a denormal number's text as 0; NaN and infinity have no literal. */
export type FloatTrouble = 'denormal' | 'not-a-number';

/** Whether the value at `at` needs a report instead of, or beside, its literal; null for the ordinary ones. Tells by the exponent. */
export function floatTrouble(bytes: DataView, at: number, single: boolean): FloatTrouble | null {
  const exponent = single
    ? (bytes.getInt32(at, true) >>> 23) & 0xff
    : ((bytes.getInt32(at + 4, true) >>> 20) & 0x7ff) - (0x7ff - 0xff);
  if (exponent === 0xff) return 'not-a-number';
  if (exponent !== (single ? 0 : 0xff - 0x7ff)) return null;
  return (single ? bytes.getFloat32(at, true) : bytes.getFloat64(at, true)) === 0 ? null : 'denormal';
}

/** Digits as JavaScript prints them, with an exponent: `1.5E0`, `1E23`, `-0E0`. @param at of the 8 bytes of the number */
export function writeFloat8(out: DataView, pos: number, bytes: DataView, at: number): number {
  const value = bytes.getFloat64(at, true);
  let next = pos;
  let size = value;
  if (value < 0 || (value === 0 && 1 / value < 0)) {
    out.setUint8(next++, 0x2d);
    size = -value;
  }
  if (size < 1e15 && Math.floor(size) === size) {
    return writeExponent(out, writeUint64(out, next, (size / 4294967296) | 0, size | 0));
  }
  bitsAsNumber[0] = size;
  const end = writeShortest(out, next);
  return end < 0 ? writeDigits(out, next, String(size)) : writeExponent(out, end);
}

const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
/** 10^(i-6) for the place of the first digit. */
const bounds = Float64Array.from({ length: 25 }, (_, i) => Number(`1e${i - 6}`));
const bits = new Int32Array(2);
const bitsAsNumber = new Float64Array(bits.buffer);

/**
 * The shortest digits that read back as `bitsAsNumber`, the nearest of them if there are several, without making a string: exact in doubles,
 * because for 1E-6 ≤ v < 1E17 the power of ten that makes 17 digits of v is a double and its product with v is the sum of two.
 * @returns the position behind the digits, or -1 for a number that is not of this kind
 */
function writeShortest(out: DataView, pos: number): number {
  const v = bitsAsNumber[0]!;
  if (v < 1e-6 || v >= 1e17) return -1;
  const high = bits[1]!;
  // At a power of two the neighbours are not equally far.
  if (bits[0] === 0 && (high & 0xfffff) === 0) return -1;
  const even = (bits[0]! & 1) === 0;
  const exponent = (high >>> 20) - 1023;
  let place = Math.floor(exponent * 0.30102999566398114);
  if (v >= bounds[place + 7]!) place++;
  const power = powers[16 - place]!;
  bits[0] = 0;
  bits[1] = (exponent + 1023 - 53) << 20;
  /** Half the distance to the next double, in units of the 17th digit. */
  const half = bitsAsNumber[0]! * power;

  // v · power = product + error, both exact (Dekker; Veltkamp's splitting by 2^27 + 1).
  const product = v * power;
  const v1 = 134217729 * v - (134217729 * v - v);
  const v2 = v - v1;
  const p1 = 134217729 * power - (134217729 * power - power);
  const p2 = power - p1;
  const error = v2 * p2 - (product - v1 * p1 - v2 * p1 - v1 * p2);

  // The product is a whole number of at most 17 digits: head · 10^8 + tail + fraction.
  const whole = Math.floor(product);
  let head = Math.floor(whole / 100000000);
  const rest = product - whole + error;
  let unit = Math.floor(rest + 0.5);
  let tail = (whole - head * 100000000 + unit) | 0;
  // Between two equally near ones the even digit, as JavaScript has it.
  if (unit - rest === 0.5 && (tail & 1) !== 0) {
    unit--;
    tail = (tail - 1) | 0;
  }
  const fraction = rest - unit;

  // A multiple of ten within reach is shorter, and of a hundred shorter still; reach is below 12.
  const digit = (((tail % 10) + 10) % 10) | 0;
  const down = digit + fraction;
  if (down <= half || 10 - down <= half) {
    const zero = (tail - digit) | 0;
    let best = 0;
    let distance = 100;
    // Two tens are within reach only where the digits are worth much less than the distance of doubles.
    if (half < 5) {
      distance = down <= half ? down : 10 - down;
      best = down <= half ? 0 : 10;
      if (distance === half && !even) distance = 100;
    } else
      for (let step = -10; step <= 20; step = (step + 10) | 0) {
        const away = Math.abs(down - step);
        if (away > half || (away === half && !even)) continue;
        const multiple = (zero + step) | 0;
        if (multiple % 100 === 0) {
          best = step;
          distance = -1;
        } else if (away < distance || (away === distance && multiple % 20 === 0)) {
          best = step;
          distance = away;
        }
      }
    if (distance < 100) tail = (zero + best) | 0;
  }
  if (tail < 0) {
    head--;
    tail = (tail + 100000000) | 0;
  } else if (tail >= 100000000) {
    head++;
    tail = (tail - 100000000) | 0;
  }
  if (head < 100000000 || head >= 1000000000) return -1;
  return placeDigits(out, pos, head | 0, tail, place);
}

/** The 17 digits of head · 10^8 + tail, the first one at 10^place, zeros at the end left out. */
function placeDigits(out: DataView, pos: number, head: number, tail: number, place: number): number {
  let start = pos;
  if (place < 0) {
    out.setUint8(start++, 0x30);
    out.setUint8(start++, 0x2e);
    for (let i = place + 1; i < 0; i++) out.setUint8(start++, 0x30);
  }
  if (place < 0) {
    writeNine(out, start, head, tail);
    let last = start + 16;
    while (out.getUint8(last) === 0x30) last--;
    return last + 1;
  }
  // One further, so that only the digits before the point move.
  writeNine(out, start + 1, head, tail);
  const point = start + place + 1;
  for (let i = start; i < point; i++) out.setUint8(i, out.getUint8(i + 1));
  let last = start + 17;
  while (last > point && out.getUint8(last) === 0x30) last--;
  if (last === point) return point;
  out.setUint8(point, 0x2e);
  return last + 1;
}

function writeNine(out: DataView, pos: number, head: number, tail: number): void {
  const first = (head / 100000000) | 0;
  out.setUint8(pos, 48 + first);
  writeEight(out, pos + 1, (head - first * 100000000) | 0);
  writeEight(out, pos + 9, tail);
}

/** `1.50000000E0`: nine digits tell every real from its neighbours. */
export function writeFloat4(out: DataView, pos: number, bytes: DataView, at: number): number {
  const value = bytes.getFloat32(at, true);
  if (value === 0) return writeAscii(out, pos, 1 / value < 0 ? '-0E0' : '0E0');
  return writeDigits(out, pos, value.toExponential(8));
}

function writeExponent(out: DataView, pos: number): number {
  out.setUint8(pos, 0x45);
  out.setUint8(pos + 1, 0x30);
  return pos + 2;
}

/** JavaScript's text with its `e+21`, `e-7` or no exponent turned into `E21`, `E-7`, `E0`. */
function writeDigits(out: DataView, pos: number, text: string): number {
  let next = pos;
  let exponent = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x2b) continue;
    if (c === 0x65) {
      exponent = true;
      out.setUint8(next++, 0x45);
    } else out.setUint8(next++, c);
  }
  return exponent ? next : writeExponent(out, next);
}
