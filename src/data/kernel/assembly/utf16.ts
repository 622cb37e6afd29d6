/** nchar, nvarchar, ntext: `N'…'` in UTF-8. 16 units a step; a text ends within its last step, what the step wrote behind it is overwritten. */

import { needsGuard } from './guard';
import { Stop, stop } from './state';
import { specials, writeUnit } from './text';

/** A literal of a script. @returns 0 for a text that needs a guard */
export function writeUtf16Script(pos: usize, at: usize, end: usize): usize {
  return write(pos, at, end, true);
}

/** A literal of canonical text, which needs none: lone surrogates have their three bytes. */
export function writeUtf16Canonical(pos: usize, at: usize, end: usize): usize {
  return write(pos, at, end, false);
}

@inline
function write(pos: usize, at: usize, end: usize, script: bool): usize {
  store<u16>(pos, 0x274e);
  let next = pos + 2;
  let i = at;
  while (i < end) {
    // Units from U+0080 on become bytes from 80 on or, as negative numbers, zero.
    const bytes = i8x16.narrow_i16x8_u(v128.load(i), v128.load(i, 16));
    v128.store(next, bytes);
    const found = specials(bytes, script);
    if (found == 0) {
      // The processor goes on with the next step before it knows what this one found.
      i += 32;
      next += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    next += plain;
    i += 2 * plain;
    if (i >= end) break;
    let unit = <u32>load<u16>(i);
    i += 2;
    if (unit < 0x80) {
      if (unit == 0x27) {
        store<u16>(next, 0x2727);
        next += 2;
        continue;
      }
      if (script) {
        // The usual line break in one step.
        if (unit == 13 && i < end && <u32>load<u16>(i) == 10) {
          store<u8>(next++, 13);
          unit = 10;
          i += 2;
        }
        if (needsGuard(unit, i, end, 2)) return stop(Stop.host);
      }
      store<u8>(next++, <u8>unit);
      continue;
    }
    // Texts in other scripts have many of them, one behind the other.
    for (;;) {
      if ((unit & 0xf800) != 0xd800) next = writeUnit(next, unit);
      else {
        const after = unit < 0xdc00 && i < end ? <u32>load<u16>(i) : 0;
        if ((after & 0xfc00) == 0xdc00) {
          next = writePair(next, unit, after);
          i += 2;
        } else {
          if (script) return stop(Stop.host);
          next = writeUnit(next, unit);
        }
      }
      if (i >= end) break;
      unit = <u32>load<u16>(i);
      if (unit < 0x80) break;
      i += 2;
    }
  }
  // The last step may have gone too far.
  next -= (i - end) >> 1;
  store<u8>(next, 0x27);
  return next + 1;
}

/** A character of two surrogates. */
@inline
function writePair(pos: usize, high: u32, low: u32): usize {
  const point = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  store<u32>(
    pos,
    0x808080f0 |
      (point >> 18) |
      (((point >> 12) & 0x3f) << 8) |
      (((point >> 6) & 0x3f) << 16) |
      ((point & 0x3f) << 24),
  );
  return pos + 4;
}
