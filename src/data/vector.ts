/**
 * vector in the binary form of SQL Server 2025 (wire type F5): an 8-byte header (A9, version 1, count of dimensions, base type 0
 * for single, 1 for half precision) and the numbers, little-endian.
 */

import { XpdbError } from '../model/error.ts';
import { writeAscii } from './digits.ts';
import { readFloat4 } from './float.ts';

/** `[1.5,-2]`: the digits with which each number reads back exactly; no quotes around. */
export function writeVectorNumbers(
  out: Uint8Array,
  pos: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  column: string,
): number {
  const count = vectorDimensions(bytes, at);
  if (bytes[at] !== 0xa9 || bytes[at + 1] !== 1 || bytes[at + 4] !== 0 || length !== 8 + 4 * count) {
    throw new XpdbError(`column ${column} holds a vector in a form that xpdb does not know`, {
      hint: 'convert it to nvarchar(max) in the query',
    });
  }
  let next = pos;
  out[next++] = 0x5b;
  for (let i = 0; i < count; i++) {
    if (i > 0) out[next++] = 0x2c;
    next = writeAscii(out, next, singleText(readFloat4(bytes, at + 8 + 4 * i)));
  }
  out[next] = 0x5d;
  return next + 1;
}

export function vectorDimensions(bytes: Uint8Array, at: number): number {
  return bytes[at + 2]! | (bytes[at + 3]! << 8);
}

/** Nine significant digits, the zeros at the end left out. */
function singleText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(Number(value.toPrecision(9)));
}
