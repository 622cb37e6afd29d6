/** From the inside of a literal to a field of CSV, as csv-cell.ts beside the kernel; 16 bytes a step. */

import { isLoneSurrogate, SURROGATE } from './cell';
import { Plan, plan } from './plan';
import { Stop, stop } from './state';

const QUOTE: u8 = 0x22;
const APOSTROPHE: u32 = 0x27;

/**
 * The field of a text whose literal's inside is [at, end).
 * @returns 0 for a text with a lone surrogate, which becomes U+FFFD and is counted: the host's
 */
export function writeField(pos: usize, at: usize, end: usize, delimiter: u32): usize {
  const quote = i8x16.splat(QUOTE);
  const apostrophe = i8x16.splat(<i8>APOSTROPHE);
  const surrogate = i8x16.splat(<i8>SURROGATE);
  const between = i8x16.splat(<i8>delimiter);
  let next = pos;
  let i = at;
  while (i < end) {
    const bytes = v128.load(i);
    v128.store(next, bytes);
    const found = i8x16.bitmask(
      v128.or(
        v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, apostrophe)), v128.or(i8x16.eq(bytes, surrogate), i8x16.eq(bytes, between))),
        v128.or(i8x16.eq(bytes, i8x16.splat(10)), i8x16.eq(bytes, i8x16.splat(13))),
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
    // Two apostrophes stand for one.
    if (byte == APOSTROPHE) i += 2;
    else if (byte == SURROGATE && !isLoneSurrogate(i)) i++;
    else return byte == SURROGATE ? stop(Stop.host) : writeQuoted(pos, at, end);
    store<u8>(next++, <u8>byte);
  }
  next -= i - end;
  return isNullText(pos, next) ? writeQuoted(pos, at, end) : next;
}

function writeQuoted(pos: usize, at: usize, end: usize): usize {
  store<u8>(pos, QUOTE);
  let next = pos + 1;
  let i = at;
  while (i < end) {
    const bytes = v128.load(i);
    v128.store(next, bytes);
    const found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>APOSTROPHE))),
        i8x16.eq(bytes, i8x16.splat(<i8>SURROGATE)),
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
    if (byte == SURROGATE && isLoneSurrogate(i)) return stop(Stop.host);
    store<u8>(next++, <u8>byte);
    if (byte == QUOTE) store<u8>(next++, QUOTE);
    i += byte == APOSTROPHE ? 2 : 1;
  }
  next -= i - end;
  store<u8>(next, QUOTE);
  return next + 1;
}

/** Whether the field is what NULL is. */
function isNullText(start: usize, end: usize): bool {
  const length = plan(Plan.head + 4);
  if (end - start != length) return false;
  const text: usize = plan(Plan.head);
  for (let i: usize = 0; i < length; i++) if (load<u8>(start + i) != load<u8>(text + i)) return false;
  return true;
}
