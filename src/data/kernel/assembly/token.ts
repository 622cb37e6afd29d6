/** Tokens that begin a row (MS-TDS 2.2.7.19, 2.2.7.15). */

import { Stop, stop } from './state';

export const ROW: u32 = 0xd1;
/** With a bitmap of the NULLs, which have no bytes then. */
export const NBCROW: u32 = 0xd2;

/** Bitmap of the row that was begun last; 0 for a row without. */
export let nullBitmap: usize = 0;

/** Sets `nullBitmap`. @returns where the values begin; 0 for what is no row, or not all of its bitmap: the row is given up */
@inline
export function beginRow(start: usize, end: usize, columns: u32): usize {
  const token = <u32>load<u8>(start);
  const values = start + 1;
  nullBitmap = 0;
  if (token == ROW) return values;
  if (token != NBCROW) return stop(Stop.host);
  nullBitmap = values;
  const behind = values + ((columns + 7) >> 3);
  return behind > end ? stop(Stop.cut) : behind;
}

/**
 * The bits of the column and of those behind it, of 64 columns at once; the next column's are these shifted by one. It reads up to seven bytes
 * behind the bitmap.
 * @param bitmap 0: no column is NULL
 * @param bits of the column, unless it is the first of its 64
 */
@inline
export function nullBits(bits: u64, bitmap: usize, column: u32): u64 {
  return (column & 63) != 0 ? bits : bitmap == 0 ? 0 : load<u64>(bitmap + (column >> 3));
}
