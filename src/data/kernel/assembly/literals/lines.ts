/** Line breaks of a script, 16 bytes at a time. */

import { setLineStart } from './state';

const CR: u8 = 13;
const LF: u8 = 10;

/**
 * Counts the line breaks in [start, end): a CR is one where no LF follows.
 * @param end a byte stands behind it, and 15 more may be read
 * @returns how many; the state has where the line behind the last one begins, 0 for none
 */
export function lineBreaks(start: usize, end: usize): u32 {
  let count: u32 = 0;
  let lineStart: usize = 0;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    let breaks = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(LF)));
    const returns = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(CR)));
    if (returns != 0) {
      const following = (breaks >> 1) | (<u32>(load<u8>(at, 16) == LF) << 15);
      breaks |= returns & ~following;
    }
    if (end - at < 16) breaks &= ((<u32>1) << <u32>(end - at)) - 1;
    if (breaks == 0) continue;
    count += popcnt(breaks);
    lineStart = at + 32 - clz(breaks);
  }
  setLineStart(lineStart);
  return count;
}
