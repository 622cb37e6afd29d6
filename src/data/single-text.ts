/**
 * A number of single precision with nine significant digits, which read back as the same number, as JSON has it: `0.1`, `-1.5`,
 * `1.17549435e-38`. Hot path: vectors have thousands of them, so no string is made for those of ordinary size.
 */

import { writeAscii, writePadded } from './digits.ts';

const digits = 9;
/** 10^0 … 10^14: doubles hold them exactly. */
const powers = Float64Array.from({ length: 15 }, (_, i) => 10 ** i);
/** 10^(i-6): a number from here on, and below the next one, has its first digit at this place. */
const bounds = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i - 6}`));
const smallest = 1e-6;
const largest = 1e9;

/** @param value finite @returns the next position */
export function writeSingleText(out: DataView, pos: number, value: number): number {
  const size = Math.abs(value);
  if (size >= smallest && size < largest) {
    let place = 8;
    while (size < bounds[place + 6]!) place--;
    // Of a number with 24 bits the product is off by less than 1E-6.
    const scaled = size * powers[digits - 1 - place]!;
    const whole = Math.floor(scaled + 0.5);
    if (Math.abs(Math.abs(scaled - whole) - 0.5) > 1e-5 && whole < 1e9) {
      if (value >= 0) return writePlain(out, pos, whole, place);
      out.setUint8(pos, 0x2d);
      return writePlain(out, pos + 1, whole, place);
    }
  }
  return writeAscii(out, pos, Object.is(value, -0) ? '-0.0' : String(Number(value.toPrecision(digits))));
}

/** @param nine digits, the first of which counts 10^place */
function writePlain(out: DataView, pos: number, nine: number, place: number): number {
  let rest = nine | 0;
  let count = digits;
  for (let tenth = (rest / 10) | 0; tenth * 10 === rest; tenth = (rest / 10) | 0) {
    rest = tenth;
    count--;
  }
  if (place < 0) {
    out.setUint16(pos, 0x302e);
    let next = pos + 2;
    for (let zeros = -1 - place; zeros > 0; zeros--) out.setUint8(next++, 0x30);
    return writePadded(out, next, rest, count);
  }
  const before = place + 1;
  if (count <= before) {
    writePadded(out, pos, rest, count);
    for (let i = count; i < before; i++) out.setUint8(pos + i, 0x30);
    return pos + before;
  }
  const behind = count - before;
  const whole = Math.floor(rest / powers[behind]!);
  writePadded(out, pos, whole, before);
  out.setUint8(pos + before, 0x2e);
  return writePadded(out, pos + before + 1, rest - whole * powers[behind]!, behind);
}
