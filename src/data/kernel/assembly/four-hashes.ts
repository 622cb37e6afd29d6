/**
 * The hashes of four rows side by side: each step of MurmurHash3_x86_128 for all of them at once, a row in each lane. One row alone has to wait
 * for its own last step most of the time.
 */

import { C1, C2, C3, C4, LANES } from './rowsum';
import { indexes } from './vector';

/** Where a row begins, where it ends, and its seed. */
export const ROW_SIZE: usize = 16;

@inline
function rotate(words: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(words, bits), i32x4.shr_u(words, 32 - bits));
}
@inline
function times5(words: v128): v128 {
  return i32x4.add(i32x4.shl(words, 2), words);
}
/** What a word brings in. */
@inline
function mixed(words: v128, first: u32, turn: i32, second: u32): v128 {
  return i32x4.mul(rotate(i32x4.mul(words, i32x4.splat(first)), turn), i32x4.splat(second));
}
/** The next state of a lane. @param other the lane that is added to it */
@inline
function next(lane: v128, other: v128, brought: v128, turn: i32, addend: u32): v128 {
  return i32x4.add(times5(i32x4.add(rotate(v128.xor(lane, brought), turn), other)), i32x4.splat(addend));
}
@inline
function k1Of(words: v128): v128 {
  return mixed(words, C1, 15, C2);
}
@inline
function k2Of(words: v128): v128 {
  return mixed(words, C2, 16, C3);
}
@inline
function k3Of(words: v128): v128 {
  return mixed(words, C3, 17, C4);
}
@inline
function k4Of(words: v128): v128 {
  return mixed(words, C4, 18, C1);
}
@inline
function next1(h1: v128, h2: v128, words: v128): v128 {
  return next(h1, h2, k1Of(words), 19, 0x561ccd1b);
}
@inline
function next2(h2: v128, h3: v128, words: v128): v128 {
  return next(h2, h3, k2Of(words), 17, 0x0bcaa747);
}
@inline
function next3(h3: v128, h4: v128, words: v128): v128 {
  return next(h3, h4, k3Of(words), 15, 0x96cd1c35);
}
@inline
function next4(h4: v128, h1: v128, words: v128): v128 {
  return next(h4, h1, k4Of(words), 13, 0x32ac3b17);
}
@inline
function mix(words: v128): v128 {
  let h = v128.xor(words, i32x4.shr_u(words, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Halves of a transposition: words 0 and 1, or 2 and 3, of two rows in turn. */
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}
@inline
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}
@inline
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}

/** The bytes of a row's last block, zeros behind them: those change nothing. */
@inline
function rest(at: usize, end: usize): v128 {
  return v128.and(v128.load(at), i8x16.lt_u(indexes(), i8x16.splat(<i8>(end - at))));
}

@inline
function least(a: usize, b: usize): usize {
  return a < b ? a : b;
}
@inline
function most(a: usize, b: usize): usize {
  return a > b ? a : b;
}

/** Adds the hashes of four rows. @param rows four times start, end and seed; loads reach up to 16 bytes behind a row's end */
export function addFour(rows: usize): void {
  let a: usize = load<u32>(rows);
  let b: usize = load<u32>(rows, 16);
  let c: usize = load<u32>(rows, 32);
  let d: usize = load<u32>(rows, 48);
  const aEnd: usize = load<u32>(rows, 4);
  const bEnd: usize = load<u32>(rows, 20);
  const cEnd: usize = load<u32>(rows, 36);
  const dEnd: usize = load<u32>(rows, 52);
  const r0 = v128.load(rows);
  const r1 = v128.load(rows, 16);
  const r2 = v128.load(rows, 32);
  const r3 = v128.load(rows, 48);
  const bounds0 = low(r0, r1);
  const bounds1 = low(r2, r3);
  const lengths = i32x4.sub(highHalves(bounds0, bounds1), lowHalves(bounds0, bounds1));
  let h1 = lowHalves(high(r0, r1), high(r2, r3));
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
  const common = least(least(aEnd - a, bEnd - b), least(cEnd - c, dEnd - d)) >> 4;
  const longest = most(most(aEnd - a, bEnd - b), most(cEnd - c, dEnd - d)) >> 4;
  for (let block: usize = 0; block < common; block++) {
    const w0 = v128.load(a);
    const w1 = v128.load(b);
    const w2 = v128.load(c);
    const w3 = v128.load(d);
    const low0 = low(w0, w1);
    const low1 = low(w2, w3);
    const high0 = high(w0, w1);
    const high1 = high(w2, w3);
    h1 = next1(h1, h2, lowHalves(low0, low1));
    h2 = next2(h2, h3, highHalves(low0, low1));
    h3 = next3(h3, h4, lowHalves(high0, high1));
    h4 = next4(h4, h1, highHalves(high0, high1));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
  }
  // The longer rows go on; the others keep their state.
  let left = i32x4.sub(i32x4.shr_u(lengths, 4), i32x4.splat(<i32>common));
  for (let block = common; block < longest; block++) {
    const going = i32x4.gt_s(left, i32x4.splat(0));
    const w0 = v128.load(a);
    const w1 = v128.load(b);
    const w2 = v128.load(c);
    const w3 = v128.load(d);
    const low0 = low(w0, w1);
    const low1 = low(w2, w3);
    const high0 = high(w0, w1);
    const high1 = high(w2, w3);
    h1 = v128.bitselect(next1(h1, h2, lowHalves(low0, low1)), h1, going);
    h2 = v128.bitselect(next2(h2, h3, highHalves(low0, low1)), h2, going);
    h3 = v128.bitselect(next3(h3, h4, lowHalves(high0, high1)), h3, going);
    h4 = v128.bitselect(next4(h4, h1, highHalves(high0, high1)), h4, going);
    if (a + 16 <= aEnd) a += 16;
    if (b + 16 <= bEnd) b += 16;
    if (c + 16 <= cEnd) c += 16;
    if (d + 16 <= dEnd) d += 16;
    left = i32x4.sub(left, i32x4.splat(1));
  }
  const w0 = rest(a, aEnd);
  const w1 = rest(b, bEnd);
  const w2 = rest(c, cEnd);
  const w3 = rest(d, dEnd);
  const low0 = low(w0, w1);
  const low1 = low(w2, w3);
  const high0 = high(w0, w1);
  const high1 = high(w2, w3);
  h1 = v128.xor(v128.xor(h1, k1Of(lowHalves(low0, low1))), lengths);
  h2 = v128.xor(v128.xor(h2, k2Of(highHalves(low0, low1))), lengths);
  h3 = v128.xor(v128.xor(h3, k3Of(lowHalves(high0, high1))), lengths);
  h4 = v128.xor(v128.xor(h4, k4Of(highHalves(high0, high1))), lengths);
  h1 = i32x4.add(h1, i32x4.add(h2, i32x4.add(h3, h4)));
  h2 = mix(i32x4.add(h2, h1));
  h3 = mix(i32x4.add(h3, h1));
  h4 = mix(i32x4.add(h4, h1));
  h1 = i32x4.add(mix(h1), i32x4.add(h2, i32x4.add(h3, h4)));
  h2 = i32x4.add(h2, h1);
  h3 = i32x4.add(h3, h1);
  h4 = i32x4.add(h4, h1);
  // Back to a row in each vector, which are added up.
  const first0 = low(h1, h2);
  const first1 = low(h3, h4);
  const second0 = high(h1, h2);
  const second1 = high(h3, h4);
  const firstTwo = i32x4.add(lowHalves(first0, first1), highHalves(first0, first1));
  const lastTwo = i32x4.add(lowHalves(second0, second1), highHalves(second0, second1));
  v128.store(LANES, i32x4.add(v128.load(LANES), i32x4.add(firstTwo, lastTwo)));
}
