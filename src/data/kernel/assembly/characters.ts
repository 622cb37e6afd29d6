/** char, varchar, text of single-byte code pages and of UTF-8: `N'…'` in UTF-8, as utf16.ts. */

import { needsGuard } from './guard';
import { Stop, stop } from './state';
import { specials, writeUnit } from './text';

/** A literal of a script. @param page 0 for UTF-8 @returns 0 for a text that needs a guard or is malformed */
export function writeCharactersScript(pos: usize, at: usize, end: usize, page: usize): usize {
  return write(pos, at, end, page, true);
}

/** A literal of canonical text: a malformed byte is the surrogate U+DC00 + byte. */
export function writeCharactersCanonical(pos: usize, at: usize, end: usize, page: usize): usize {
  return write(pos, at, end, page, false);
}

@inline
function write(pos: usize, at: usize, end: usize, page: usize, script: bool): usize {
  store<u16>(pos, 0x274e);
  let next = pos + 2;
  let i = at;
  while (i < end) {
    const bytes = v128.load(i);
    v128.store(next, bytes);
    const found = specials(bytes, script);
    if (found == 0) {
      // The processor goes on with the next step before it knows what this one found.
      i += 16;
      next += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    next += plain;
    i += plain;
    if (i >= end) break;
    let byte = <u32>load<u8>(i);
    if (byte < 0x80) {
      i++;
      if (byte == 0x27) {
        store<u16>(next, 0x2727);
        next += 2;
        continue;
      }
      if (script) {
        // The usual line break in one step.
        if (byte == 13 && i < end && <u32>load<u8>(i) == 10) {
          store<u8>(next++, 13);
          byte = 10;
          i += 1;
        }
        if (needsGuard(byte, i, end, 1)) return stop(Stop.host);
      }
      store<u8>(next++, <u8>byte);
      continue;
    }
    for (;;) {
      if (page != 0) {
        const entry = load<u32>(page + 4 * byte);
        store<u32>(next, entry);
        next += entry >> 24;
        i++;
      } else {
        const length = sequenceLength(i, end);
        if (length > 0) {
          store<u32>(next, load<u32>(i));
          next += length;
          i += length;
        } else {
          if (script) return stop(Stop.host);
          next = writeUnit(next, 0xdc00 + byte);
          i++;
        }
      }
      if (i >= end) break;
      byte = <u32>load<u8>(i);
      if (byte < 0x80) break;
    }
  }
  // The last step may have gone too far.
  next -= i - end;
  store<u8>(next, 0x27);
  return next + 1;
}

/** Length of the well-formed UTF-8 sequence of two to four bytes at `at`, 0 for none (Unicode, table 3-7). */
function sequenceLength(at: usize, end: usize): usize {
  const lead = <u32>load<u8>(at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = at + 1 < end ? <u32>load<u8>(at + 1) : 0;
  if (lead < 0xe0) return (second & 0xc0) == 0x80 ? 2 : 0;
  const low: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const high: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  const length: usize = lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  if ((load<u8>(at + 2) & 0xc0) != 0x80) return 0;
  if (length == 4 && (load<u8>(at + 3) & 0xc0) != 0x80) return 0;
  return length;
}
