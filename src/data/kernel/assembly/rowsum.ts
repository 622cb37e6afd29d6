/**
 * rowsum: MurmurHash3_x86_128 of each row's text, the lanes added modulo 2^32; rowsum.ts beside the kernel is the definition. Rows wait
 * until there are some of them: reading words that were just stored in other widths stalls the processor.
 */

import { addFour, ROW_SIZE } from './four-hashes';
import { STATE, WAITING, WAITING_END } from './memory';
import { Field } from './state';
import { indexes } from './vector';

/** 'xpdb' */
export const SEED: u32 = 0x78706462;
export const C1: u32 = 0x239b961b;
export const C2: u32 = 0xab0e9789;
export const C3: u32 = 0x38b34ae5;
export const C4: u32 = 0xa1e38b93;
/** Where the sum of this call stands. */
export const LANES: usize = STATE + Field.lanes;

let waiting: usize = WAITING;

/** Adds the row whose bytes are in [start, end), now or later. */
export function addRow(start: usize, end: usize, seed: u32): void {
  store<u32>(waiting, <u32>start);
  store<u32>(waiting, <u32>end, 4);
  store<u32>(waiting, seed, 8);
  waiting += ROW_SIZE;
  if (waiting == WAITING_END) addWaiting();
}

/** Adds what waits. The rows' bytes must still be there. */
export function addWaiting(): void {
  let row = WAITING;
  for (; row + 4 * ROW_SIZE <= waiting; row += 4 * ROW_SIZE) addFour(row);
  for (; row < waiting; row += ROW_SIZE) addHash(load<u32>(row), load<u32>(row, 4), load<u32>(row, 8));
  waiting = WAITING;
}

@inline
function k1Of(word: u32): u32 {
  return rotl(word * C1, 15) * C2;
}
@inline
function k2Of(word: u32): u32 {
  return rotl(word * C2, 16) * C3;
}
@inline
function k3Of(word: u32): u32 {
  return rotl(word * C3, 17) * C4;
}
@inline
function k4Of(word: u32): u32 {
  return rotl(word * C4, 18) * C1;
}

function mix(value: u32): u32 {
  let h = value ^ (value >> 16);
  h *= 0x85ebca6b;
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** Adds the hash of [start, end). */
function addHash(start: usize, end: usize, seed: u32): void {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    h1 = (rotl(h1 ^ k1Of(load<u32>(at)), 19) + h2) * 5 + 0x561ccd1b;
    h2 = (rotl(h2 ^ k2Of(load<u32>(at, 4)), 17) + h3) * 5 + 0x0bcaa747;
    h3 = (rotl(h3 ^ k3Of(load<u32>(at, 8)), 15) + h4) * 5 + 0x96cd1c35;
    h4 = (rotl(h4 ^ k4Of(load<u32>(at, 12)), 13) + h1) * 5 + 0x32ac3b17;
  }
  // The rest of the row, zeros behind it: those change nothing.
  const rest = v128.and(v128.load(at), i8x16.lt_u(indexes(), i8x16.splat(<i8>(end - at))));
  const length = <u32>(end - start);
  h1 ^= k1Of(i32x4.extract_lane(rest, 0)) ^ length;
  h2 ^= k2Of(i32x4.extract_lane(rest, 1)) ^ length;
  h3 ^= k3Of(i32x4.extract_lane(rest, 2)) ^ length;
  h4 ^= k4Of(i32x4.extract_lane(rest, 3)) ^ length;
  h1 += h2 + h3 + h4;
  h2 = mix(h2 + h1);
  h3 = mix(h3 + h1);
  h4 = mix(h4 + h1);
  h1 = mix(h1) + h2 + h3 + h4;
  store<u32>(LANES, load<u32>(LANES) + h1);
  store<u32>(LANES, load<u32>(LANES, 4) + h2 + h1, 4);
  store<u32>(LANES, load<u32>(LANES, 8) + h3 + h1, 8);
  store<u32>(LANES, load<u32>(LANES, 12) + h4 + h1, 12);
}
