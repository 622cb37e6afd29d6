/** Finds where rows end, as row-scanner.ts beside the kernel: nothing is decoded. */

import { COLUMNS, OUTPUT } from './memory';
import { Column, Plan, plan } from './plan';
import { clearStop, Field, setField, Stop, stop, stopped } from './state';
import { NBCROW, ROW } from './token';
import { skipValue } from './wire-value';

/** Passes over the rows in [start, end) as far as they are whole. @returns why it stopped */
export function scanRows(start: usize, end: usize): i32 {
  let rows: u32 = 0;
  let at = start;
  clearStop();
  while (at < end) {
    const next = skipRow(at, end);
    if (next == 0) break;
    rows++;
    at = next;
  }
  setField(Field.consumed, <u32>at);
  setField(Field.written, <u32>OUTPUT);
  setField(Field.rows, rows);
  return stopped;
}

/** @returns the position behind the row, or 0 for what is no row, or not all of one */
function skipRow(start: usize, end: usize): usize {
  const token = <u32>load<u8>(start);
  const columns = plan(Plan.columns);
  let at = start + 1;
  let bitmap: usize = 0;
  if (token == NBCROW) {
    bitmap = at;
    at += (columns + 7) >> 3;
    if (at > end) return stop(Stop.cut);
  } else if (token != ROW) return stop(Stop.host);
  let column = COLUMNS;
  for (let i: u32 = 0; i < columns; i++) {
    if (bitmap == 0 || ((load<u8>(bitmap + (i >> 3)) >> <u8>(i & 7)) & 1) == 0) {
      at = skipValue(at, end, <u32>load<u8>(column, Column.layout));
      if (at == 0) return 0;
    }
    column += Column.size;
  }
  return at;
}
