/**
 * The content hash of rows in the native format, as wire-sum.ts beside the kernel defines it. Taken here are rows that stand in their canonical
 * form already: no max types, NULLs in the bitmap only. The host lays the others out anew.
 */

import { COLUMNS, OUTPUT } from './memory';
import { Column, Layout, Plan, plan } from './plan';
import { addRow, addWaiting, SEED } from './rowsum';
import { clearStop, Field, setField, Stop, stop, stopped } from './state';
import { beginRow, nullBitmap, nullBits } from './token';
import { skipValue } from './wire-value';

/** Adds the rows in [start, end) as far as it can. @returns why it stopped */
export function sumWireRows(start: usize, end: usize): i32 {
  let rows: u32 = 0;
  let at = start;
  clearStop();
  while (at < end) {
    const next = sumRow(at, end);
    if (next == 0) break;
    rows++;
    at = next;
  }
  addWaiting();
  setField(Field.consumed, <u32>at);
  setField(Field.written, <u32>OUTPUT);
  setField(Field.rows, rows);
  return stopped;
}

/** @returns the position behind the row, or 0 for a row that is given up */
function sumRow(start: usize, end: usize): usize {
  const columns = plan(Plan.columns);
  const values = beginRow(start, end, columns);
  if (values == 0) return 0;
  const bitmap = nullBitmap;
  let at = values;
  let nulls = false;
  let column = COLUMNS;
  let bits: u64 = 0;
  for (let i: u32 = 0; i < columns; i++, bits >>= 1) {
    bits = nullBits(bits, bitmap, i);
    if ((bits & 1) != 0) nulls = true;
    else {
      const layout = <u32>load<u8>(column, Column.layout);
      const behind = skipValue(at, end, layout);
      if (behind == 0) return 0;
      if (isNullValue(at, layout)) return stop(Stop.host);
      at = behind;
    }
    column += Column.size;
  }
  addRow(nulls ? bitmap : values, at, nulls ? ~SEED : SEED);
  return at;
}

/** NULL that stands as a value; in the canonical form it stands in the bitmap. */
@inline
function isNullValue(at: usize, layout: u32): bool {
  if (layout == Layout.byteLength) return load<u8>(at) == 0;
  if (layout == Layout.ushortLength) return load<u16>(at) == 0xffff;
  if (layout < Layout.byteLength) return layout == 0;
  return layout == Layout.longLength ? load<u32>(at) == 0 : true;
}
