/**
 * vector in the binary form of SQL Server 2025 (wire type F5): an 8-byte header (A9, version 1, count of dimensions, base type 0
 * for single, 1 for half precision) and the numbers, little-endian.
 */

import { XpdbError } from '../model/error.ts';
import { writeAscii } from './digits.ts';

/** `[1.5,-2]`: the digits with which each number reads back exactly; no quotes around. */
export function writeVectorNumbers(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  column: string,
): number {
  const count = vectorDimensions(bytes, at);
  if (
    bytes.getUint8(at) !== 0xa9 ||
    bytes.getUint8(at + 1) !== 1 ||
    bytes.getUint8(at + 4) !== 0 ||
    length !== 8 + 4 * count
  ) {
    throw new XpdbError(`column ${column} holds a vector in a form that xpdb does not know`, {
      hint: 'convert it to nvarchar(max) in the query',
    });
  }
  let next = pos;
  out.setUint8(next++, 0x5b);
  for (let i = 0; i < count; i++) {
    if (i > 0) out.setUint8(next++, 0x2c);
    next = writeAscii(out, next, singleText(bytes.getFloat32(at + 8 + 4 * i, true)));
  }
  out.setUint8(next, 0x5d);
  return next + 1;
}

export function vectorDimensions(bytes: DataView, at: number): number {
  return bytes.getUint8(at + 2) | (bytes.getUint8(at + 3) << 8);
}

/** Nine significant digits, the zeros at the end left out. */
function singleText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(Number(value.toPrecision(9)));
}
