/** bit, tinyint, smallint, int, bigint: digits as they are. MS-TDS 2.2.5.5.1.1: little-endian, tinyint unsigned. */

import { XpdbError } from '../model/error.ts';
import { writeInteger, writeSmall, writeUint64 } from './digits.ts';

const minus = 0x2d;

export function writeInt4(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  const value = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  if (value >= 0) return value < 100000000 ? writeSmall(out, pos, value) : writeInteger(out, pos, value);
  out[pos] = minus;
  return writeInteger(out, pos + 1, -value);
}

export function writeInt8(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  let low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  let high = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
  let next = pos;
  if (high < 0) {
    // Two's complement of both halves; the smallest bigint becomes 2^63, which writeUint64 takes.
    low = -low >>> 0;
    high = low === 0 ? -high : ~high;
    out[next++] = minus;
  }
  return writeUint64(out, next, high >>> 0, low);
}

/** @param length 1, 2, 4 or 8; one byte is unsigned @throws XpdbError for any other length */
export function writeIntN(out: Uint8Array, pos: number, bytes: Uint8Array, at: number, length: number): number {
  if (length === 4) return writeInt4(out, pos, bytes, at);
  if (length === 8) return writeInt8(out, pos, bytes, at);
  if (length === 1) return writeSmall(out, pos, bytes[at]!);
  if (length !== 2) throw new XpdbError(`an integer of ${length} bytes is none that SQL Server has`);
  const value = ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
  if (value >= 0) return writeSmall(out, pos, value);
  out[pos] = minus;
  return writeSmall(out, pos + 1, -value);
}

export function writeBit(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  out[pos] = bytes[at] === 0 ? 0x30 : 0x31;
  return pos + 1;
}
