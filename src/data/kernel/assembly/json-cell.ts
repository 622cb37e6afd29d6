/** From the inside of a literal to the inside of a JSON string, as jsonl-cell.ts beside the kernel; 16 bytes a step. */

import { isLoneSurrogate, SURROGATE } from './cell';
import { Stop, stop } from './state';

const APOSTROPHE: u32 = 0x27;
/** `\u00` */
const CONTROL: u32 = 0x3030755c;

/** @returns 0 for a text with a lone surrogate, whose escape is the host's */
export function writeJsonText(pos: usize, at: usize, end: usize): usize {
  let next = pos;
  let i = at;
  while (i < end) {
    const bytes = v128.load(i);
    v128.store(next, bytes);
    const found = i8x16.bitmask(
      v128.or(
        v128.or(
          v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(<i8>APOSTROPHE))),
          v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.eq(bytes, i8x16.splat(<i8>SURROGATE))),
        ),
        i8x16.lt_u(bytes, i8x16.splat(0x20)),
      ),
    );
    if (found == 0) {
      i += 16;
      next += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    i += plain;
    next += plain;
    if (i >= end) break;
    const byte = <u32>load<u8>(i);
    if (byte == SURROGATE) {
      if (isLoneSurrogate(i)) return stop(Stop.host);
      store<u8>(next++, <u8>byte);
      i++;
    } else if (byte == APOSTROPHE) {
      // Two apostrophes stand for one.
      store<u8>(next++, <u8>byte);
      i += 2;
    } else {
      next = writeEscape(next, byte);
      i++;
    }
  }
  return next - (i - end);
}

function writeEscape(pos: usize, byte: u32): usize {
  let letter: u32 = 0;
  switch (byte) {
    case 0x08:
      letter = 0x62; // b
      break;
    case 0x09:
      letter = 0x74; // t
      break;
    case 0x0a:
      letter = 0x6e; // n
      break;
    case 0x0c:
      letter = 0x66; // f
      break;
    case 0x0d:
      letter = 0x72; // r
      break;
    case 0x22:
    case 0x5c:
      letter = byte;
      break;
  }
  if (letter != 0) {
    store<u16>(pos, <u16>(0x5c | (letter << 8)));
    return pos + 2;
  }
  store<u32>(pos, CONTROL);
  const low = byte & 15;
  store<u8>(pos + 4, <u8>(0x30 + (byte >> 4)));
  store<u8>(pos + 5, <u8>(low < 10 ? 0x30 + low : 0x37 + low));
  return pos + 6;
}
