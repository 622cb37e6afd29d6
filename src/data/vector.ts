/**
 * vector in the binary form of SQL Server 2025 (wire type F5): MS-TDS 2.2.5.5.7. A header of eight bytes, A9, layout version 1, the
 * count of dimensions, their type and three reserved ones, and then the numbers, little-endian.
 *
 * Of single precision (type 0) the text has nine significant digits, as of real: they tell every bit, and leave a reader that is a little
 * off the most room. Of half precision (type 1, in the current MS-TDS and in Microsoft's JDBC and ODBC drivers, for clients that ask for
 * version 2 at log-in) five are enough.
 */

import { XpdbError } from '../model/error.ts';
import { writeAscii } from './digits.ts';
import { writeSingleText } from './single-text.ts';

const layoutFormat = 0xa9;
const layoutVersion = 1;
export const vectorHeader = 8;
/** Dimension types. */
const single = 0;
const half = 1;

/** `vector(3)`, `vector(3, float16)`. @param dimensionType also the scale of the column's metadata */
export function vectorTypeName(dimensions: number, dimensionType: number): string {
  return `vector(${dimensions}${dimensionType === half ? ', float16' : ''})`;
}

/** The dimensions of a column, whose metadata has the length of its values. */
export function columnDimensions(maxLength: number, dimensionType: number): number {
  return (maxLength - vectorHeader) >> (dimensionType === half ? 1 : 2);
}

/** The type of the value at `at`. */
export function vectorValueType(bytes: DataView, at: number): string {
  return vectorTypeName(bytes.getUint16(at + 2, true), bytes.getUint8(at + 4));
}

export function writeVectorHeader(out: DataView, pos: number, dimensions: number): number {
  out.setUint8(pos, layoutFormat);
  out.setUint8(pos + 1, layoutVersion);
  out.setUint16(pos + 2, dimensions, true);
  out.setUint32(pos + 4, single, true);
  return pos + vectorHeader;
}

/**
 * `[1.5,-2]`: the digits with which each number reads back exactly; no quotes around.
 * @throws XpdbError naming the column for bytes of another form, and for NaN and infinity, which JSON has no text for
 */
export function writeVectorNumbers(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  column: string,
): number {
  const isHalf = checkHeader(bytes, at, length, column) === half;
  const end = at + length;
  let next = pos;
  for (let i = at + vectorHeader; i < end; i += isHalf ? 2 : 4) {
    const value = isHalf ? halfNumber(bytes.getUint16(i, true)) : bytes.getFloat32(i, true);
    if (!Number.isFinite(value)) {
      throw new XpdbError(`column ${column} holds a vector with ${value}, which no literal of T-SQL can express`, {
        hint: 'correct the row, leave it out with --where, or leave the column out',
      });
    }
    out.setUint8(next, next === pos ? 0x5b : 0x2c);
    next = isHalf ? writeAscii(out, next + 1, halfText(value)) : writeSingleText(out, next + 1, value);
  }
  out.setUint8(next, 0x5d);
  return next + 1;
}

/** Whether a number is denormal, of which it is not known that a server keeps it when it reads its text; of a value that was written. */
export function hasDenormal(bytes: DataView, at: number, length: number): boolean {
  if (bytes.getUint8(at + 4) !== single) return false;
  for (let i = at + vectorHeader; i < at + length; i += 4) {
    const bits = bytes.getInt32(i, true);
    if ((bits & 0x7f800000) === 0 && (bits & 0x7fffff) !== 0) return true;
  }
  return false;
}

/** @returns the dimension type; the reserved bytes are ignored, as MS-TDS asks */
function checkHeader(bytes: DataView, at: number, length: number, column: string): number {
  if (length > vectorHeader && bytes.getUint8(at) === layoutFormat && bytes.getUint8(at + 1) === layoutVersion) {
    const type = bytes.getUint8(at + 4);
    const size = type === single ? 4 : type === half ? 2 : 0;
    if (size > 0 && length === vectorHeader + size * bytes.getUint16(at + 2, true)) return type;
  }
  throw new XpdbError(`column ${column} holds a vector in a form that xpdb does not know`, {
    hint: 'convert it to nvarchar(max) in the query',
  });
}

/** IEEE 754 binary16. */
function halfNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Five significant digits, the zeros at the end left out. */
function halfText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(Number(value.toPrecision(5)));
}
