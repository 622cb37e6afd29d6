/** `0x…` and the strings of uniqueidentifier. */

import { cursor, noRoom, notTaken } from './literal-cursor.ts';

/** Value of a hex digit, by character; 16 for others. */
const hexDigits = new Uint8Array(128).fill(16);
for (let i = 0; i < 10; i++) hexDigits[48 + i] = i;
for (let i = 0; i < 6; i++) hexDigits[65 + i] = hexDigits[97 + i] = 10 + i;

function hex(text: DataView, at: number): number {
  const c = text.getUint8(at);
  return c < 128 ? hexDigits[c]! : 16;
}

/** Whether `0x` stands at `at`. */
export function isBinary(text: DataView, at: number): boolean {
  return text.getUint8(at) === 0x30 && (text.getUint8(at + 1) | 0x20) === 0x78;
}

/** The bytes of `0x…` at `at`. An odd number of digits has a zero before them. @returns the position behind the bytes, or noRoom */
export function writeBinaryBytes(text: DataView, at: number, out: DataView, pos: number): number {
  let i = at + 2;
  let end = i;
  while (hex(text, end) < 16) end++;
  if (pos + ((end - i) >> 1) >= cursor.room) return noRoom;
  let next = pos;
  if (((end - i) & 1) !== 0) out.setUint8(next++, hex(text, i++));
  for (; i < end; i += 2) out.setUint8(next++, hex(text, i) * 16 + hex(text, i + 1));
  cursor.at = end;
  return next;
}

/** Offsets of the digits of each byte in the 36 characters; the first three groups are little-endian. */
const guidDigits = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

/** 16 bytes with their length, of exactly 36 characters behind the quote at `at - 1`. */
export function writeGuidLiteral(text: DataView, at: number, out: DataView, pos: number): number {
  if (text.getUint8(at + 36) !== 0x27 || text.getUint8(at + 37) === 0x27) return notTaken;
  for (let i = 8; i <= 23; i += 5) if (text.getUint8(at + i) !== 0x2d) return notTaken;
  out.setUint8(pos, 16);
  for (let i = 0; i < 16; i++) {
    const digit = at + guidDigits[i]!;
    const high = hex(text, digit);
    const low = hex(text, digit + 1);
    if ((high | low) > 15) return notTaken;
    out.setUint8(pos + 1 + i, high * 16 + low);
  }
  cursor.at = at + 37;
  return pos + 17;
}
