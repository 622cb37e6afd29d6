/** Steps of 16 bytes that several files need. */

/** 0, 1, … 15 */
@inline
export function indexes(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Copies `length` bytes, and up to 15 more: both sides must reach so far. */
@inline
export function copy(pos: usize, from: usize, length: usize): usize {
  let i: usize = 0;
  do {
    v128.store(pos + i, v128.load(from + i));
    i += 16;
  } while (i < length);
  return pos + length;
}
