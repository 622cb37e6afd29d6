/** Where the values of a row end, in whatever way they are framed: nothing is decoded. */

import { Layout } from './plan';
import { Stop, stop } from './state';

/** @returns the position behind the value and what frames it, or 0 when the row is cut there or the layout is unknown */
@inline
export function skipValue(at: usize, end: usize, layout: u32): usize {
  let behind: usize;
  if (layout == Layout.byteLength) behind = at + 1 + load<u8>(at);
  else if (layout == Layout.ushortLength) {
    const length = <u32>load<u16>(at);
    behind = length == 0xffff ? at + 2 : at + 2 + length;
  } else if (layout < Layout.byteLength) behind = at + layout;
  else return skipLarge(at, end, layout);
  return behind > end ? stop(Stop.cut) : behind;
}

function skipLarge(at: usize, end: usize, layout: u32): usize {
  if (layout == Layout.longLength) return within(<u64>at + 4 + load<u32>(at), end);
  if (layout == Layout.textPointer) {
    const pointer = <u32>load<u8>(at);
    if (pointer == 0) return within(<u64>at + 1, end);
    const data = at + 1 + pointer + 8;
    return data > end ? stop(Stop.cut) : within(<u64>data + 4 + load<u32>(data), end);
  }
  if (layout != Layout.plp) return stop(Stop.host);
  let behind = at + 8;
  if (load<u64>(at) == u64.MAX_VALUE) return within(behind, end);
  while (behind + 4 <= end) {
    const chunk = load<u32>(behind);
    const next = <u64>behind + 4 + chunk;
    if (next > <u64>end) return stop(Stop.cut);
    behind = <usize>next;
    if (chunk == 0) return behind;
  }
  return stop(Stop.cut);
}

@inline
function within(behind: u64, end: usize): usize {
  return behind > <u64>end ? stop(Stop.cut) : <usize>behind;
}
