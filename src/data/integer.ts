/** bit, tinyint, smallint, int, bigint: digits as they are. MS-TDS 2.2.5.5.1.1: little-endian, tinyint unsigned. */

import { XpdbError } from '../model/error.ts';
import { writeSmall, writeUint64 } from './digits.ts';

const minus = 0x2d;

export function writeInt4(out: DataView, pos: number, bytes: DataView, at: number): number {
  const value = bytes.getInt32(at, true);
  if (value >= 0) return writeUint64(out, pos, 0, value);
  out.setUint8(pos, minus);
  return writeUint64(out, pos + 1, 0, -value | 0);
}

export function writeInt8(out: DataView, pos: number, bytes: DataView, at: number): number {
  const low = bytes.getInt32(at, true);
  const high = bytes.getInt32(at + 4, true);
  // Two's complement of both halves without a branch; the smallest bigint becomes 2^63, which writeUint64 takes.
  const sign = high >> 31;
  out.setUint8(pos, minus);
  return writeUint64(out, pos - sign, ((high ^ sign) + (sign & (low === 0 ? 1 : 0))) | 0, ((low ^ sign) - sign) | 0);
}

/** @param length 1, 2, 4 or 8; one byte is unsigned @throws XpdbError for any other length */
export function writeIntN(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  if (length === 4) return writeInt4(out, pos, bytes, at);
  if (length === 8) return writeInt8(out, pos, bytes, at);
  if (length === 1) return writeSmall(out, pos, bytes.getUint8(at));
  if (length !== 2) throw new XpdbError(`an integer of ${length} bytes is none that SQL Server has`);
  const value = bytes.getInt16(at, true);
  if (value >= 0) return writeSmall(out, pos, value);
  out.setUint8(pos, minus);
  return writeSmall(out, pos + 1, -value);
}

export function writeBit(out: DataView, pos: number, bytes: DataView, at: number): number {
  out.setUint8(pos, bytes.getUint8(at) === 0 ? 0x30 : 0x31);
  return pos + 1;
}
