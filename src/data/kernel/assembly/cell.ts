/** What CSV and JSON lines have in common: cells come from the literals of a row in canonical text, whose places CELLS has. */

import { CELLS } from './memory';
import { Column } from './plan';

/** What a column's cells are made of: cell-form.ts beside the kernel has the same numbers. */
export namespace Form {
  /** Digits, or 0x and hex digits: as they stand. */
  export const plain: u32 = 0;
  /** The inside of `N'…'`. */
  export const text: u32 = 1;
  /** JSON: digits in quotes. */
  export const quoted: u32 = 2;
  /** JSON: true or false. */
  export const flag: u32 = 3;
}

/** First byte of a surrogate in canonical text, with a second one from A0 on: of a lone one, or for a byte that is no character. */
export const SURROGATE: u32 = 0xed;

@inline
export function cellStart(column: u32): usize {
  return load<u32>(CELLS + (column << 2));
}

/** Behind the literal: a comma stands between two. */
@inline
export function cellEnd(column: u32): usize {
  return load<u32>(CELLS + (column << 2), 4) - 1;
}

/** Bytes of what stands around the inner literal. */
@inline
export function bytesBefore(column: usize): usize {
  return load<u32>(column, Column.before + 4);
}

@inline
export function bytesBehind(column: usize): usize {
  return load<u32>(column, Column.behind + 4);
}

/** No literal but NULL begins with NU. */
@inline
export function isNullCell(cell: usize): bool {
  return load<u16>(cell) == 0x554e;
}

@inline
export function isLoneSurrogate(at: usize): bool {
  return load<u8>(at) == SURROGATE && load<u8>(at + 1) >= 0xa0;
}
