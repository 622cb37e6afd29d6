/** binary, varbinary, image, rowversion as `0x` and upper-case hex digits, and uniqueidentifier; 16 bytes a step. */

import { Stop, stop } from './state';

/** The hex digits of 16 nibbles. */
@inline
function hexDigits(nibbles: v128): v128 {
  return i8x16.swizzle(
    i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46),
    nibbles,
  );
}

@inline
function highNibbles(bytes: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15));
}

@inline
function lowNibbles(bytes: v128): v128 {
  return v128.and(bytes, i8x16.splat(15));
}

/** Hex digits of the first eight bytes. */
@inline
function firstHalf(bytes: v128): v128 {
  return hexDigits(
    v128.shuffle<u8>(highNibbles(bytes), lowNibbles(bytes), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
  );
}

/** Hex digits of the last eight bytes. */
@inline
function secondHalf(bytes: v128): v128 {
  return hexDigits(
    v128.shuffle<u8>(highNibbles(bytes), lowNibbles(bytes), 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
  );
}

/** Up to 32 bytes behind the text are overwritten. */
export function writeBinary(pos: usize, at: usize, length: usize): usize {
  store<u16>(pos, 0x7830);
  let next = pos + 2;
  for (let i: usize = 0; i < length; i += 16) {
    const bytes = v128.load(at + i);
    v128.store(next + 2 * i, firstHalf(bytes));
    v128.store(next + 2 * i + 16, secondHalf(bytes));
  }
  return next + 2 * length;
}

/** 36 characters; the first three groups are little-endian on the wire (MS-DTYP 2.3.4.2). */
export function writeGuid(pos: usize, at: usize, length: u32): usize {
  if (length != 16) return stop(Stop.host);
  const wire = v128.load(at);
  const bytes = v128.shuffle<u8>(wire, wire, 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);
  const first = firstHalf(bytes);
  const second = secondHalf(bytes);
  v128.store(pos, first);
  // Of the second half the first four digits are a group of their own.
  v128.store(pos + 20, second);
  store<u8>(pos + 8, 0x2d);
  store<u32>(pos + 9, i32x4.extract_lane(first, 2));
  store<u8>(pos + 13, 0x2d);
  store<u32>(pos + 14, i32x4.extract_lane(first, 3));
  store<u8>(pos + 18, 0x2d);
  store<u32>(pos + 19, i32x4.extract_lane(second, 0));
  store<u8>(pos + 23, 0x2d);
  return pos + 36;
}
