/** `0x…` as binary and varbinary, and the strings of uniqueidentifier. */

import { endsCell } from './number';
import { HOST, room, setBehind } from './state';
import { close, headOf } from './text';

/** Value of a hex digit; 16 and more for others. */
@inline
export function hex(at: usize): u32 {
  const c = <u32>load<u8>(at);
  const digit = c - 48;
  if (digit < 10) return digit;
  const letter = (c | 0x20) - 97;
  return letter < 6 ? letter + 10 : 16;
}

/** From behind `0x` on. */
export function writeBinary(start: usize, column: usize, out: usize): usize {
  const head = out + headOf(column);
  let at = start;
  let next = head;
  for (;;) {
    const high = hex(at);
    if (high > 15) break;
    const low = hex(at + 1);
    // An odd number of digits is the host's.
    if (low > 15 || next > room) return HOST;
    store<u8>(next++, <u8>((high << 4) | low));
    at += 2;
  }
  if (!endsCell(load<u8>(at))) return HOST;
  setBehind(at);
  return close(column, out, head, next, false);
}

/** Eight digits as a number, the first one highest; sets `wrong` for others. */
let wrong: u32 = 0;
function group(at: usize, digits: i32): u32 {
  let value: u32 = 0;
  for (let i = 0; i < digits; i++) {
    const digit = hex(at + i);
    wrong |= digit;
    value = (value << 4) | digit;
  }
  return value;
}

/** From behind the quote on: 36 characters; the first three groups are little-endian. */
export function writeGuid(start: usize, out: usize): usize {
  if (load<u8>(start, 36) != 0x27 || load<u8>(start, 37) == 0x27) return HOST;
  for (let i: usize = 8; i <= 23; i += 5) if (load<u8>(start + i) != 0x2d) return HOST;
  wrong = 0;
  store<u8>(out, 16);
  store<u32>(out, group(start, 8), 1);
  store<u16>(out, <u16>group(start + 9, 4), 5);
  store<u16>(out, <u16>group(start + 14, 4), 7);
  store<u16>(out, bswap<u16>(<u16>group(start + 19, 4)), 9);
  store<u16>(out, bswap<u16>(<u16>group(start + 24, 4)), 11);
  store<u32>(out, bswap<u32>(group(start + 28, 8)), 13);
  if (wrong > 15) return HOST;
  setBehind(start + 37);
  return out + 17;
}
