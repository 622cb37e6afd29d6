/** Finds the bytes of one value, as value-layout.ts beside the kernel. */

import { Layout } from './plan';
import { Stop, stop } from './state';

/** Of the value that was found last: where its bytes begin, and whether it is NULL. */
export let valueAt: usize = 0;
export let valueIsNull: bool = false;
/** Behind the value. */
export let valueEnd: usize = 0;

/**
 * Sets `valueAt`, `valueIsNull` and `valueEnd`, for the layouts that are not so common.
 * @returns the length, or -1 when the row is not whole or the value comes in several chunks: the row is given up
 */
export function findValue(at: usize, end: usize, layout: u32): i32 {
  valueIsNull = false;
  if (layout < 16) {
    if (layout == 0) return refuse(Stop.host);
    return found(at, end, layout, 0);
  }
  if (layout == Layout.textPointer) {
    if (at >= end) return refuse(Stop.cut);
    const pointer = <u32>load<u8>(at);
    if (pointer == 0) return isNull(at + 1);
    const start = at + 1 + pointer + 8 + 4;
    if (start > end) return refuse(Stop.cut);
    return found(start, end, load<u32>(start - 4), 0);
  }
  if (layout != Layout.plp) return refuse(Stop.host);
  if (at + 12 > end) {
    // NULL takes eight bytes.
    return at + 8 <= end && load<u64>(at) == u64.MAX_VALUE ? isNull(at + 8) : refuse(Stop.cut);
  }
  if (load<u64>(at) == u64.MAX_VALUE) return isNull(at + 8);
  const length = load<u32>(at + 8);
  if (length == 0) return found(at + 12, end, 0, 0);
  const size = found(at + 12, end, length, 4);
  if (size < 0 || load<u32>(valueEnd - 4) == 0) return size;
  return refuse(Stop.host);
}

/** @param behind bytes that follow the value and belong to it */
function found(at: usize, end: usize, length: u32, behind: u32): i32 {
  if (<u64>at + <u64>length + <u64>behind > <u64>end) return refuse(Stop.cut);
  valueAt = at;
  valueEnd = at + length + behind;
  return <i32>length;
}

function isNull(behind: usize): i32 {
  valueIsNull = true;
  valueEnd = behind;
  return 0;
}

function refuse(why: i32): i32 {
  stop(why);
  return -1;
}
