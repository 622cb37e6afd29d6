/** tinyint, smallint, int, bigint: digits as they are (MS-TDS 2.2.5.5.1.1: little-endian, tinyint unsigned). */

import { writeUint } from './digits';
import { Stop, stop } from './state';

export function writeSigned(pos: usize, value: i64): usize {
  store<u8>(pos, 0x2d);
  const sign = value >> 63;
  return writeUint(pos + <usize>(sign & 1), <u64>((value ^ sign) - sign));
}

/** @param length 1, 2, 4 or 8; the host has the error for others */
export function writeInteger(pos: usize, at: usize, length: u32): usize {
  if (length == 4) return writeSigned(pos, <i64>load<i32>(at));
  if (length == 8) return writeSigned(pos, load<i64>(at));
  if (length == 2) return writeSigned(pos, <i64>load<i16>(at));
  if (length == 1) return writeUint(pos, <u64>load<u8>(at));
  return stop(Stop.host);
}
