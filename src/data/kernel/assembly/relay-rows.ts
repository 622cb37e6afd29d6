/** Rows of a SELECT as rows of a bulk load, as bulk/row-relay.ts beside the kernel: nothing is decoded. */

import { COLUMNS, OUTPUT, OUTPUT_END, SLACK } from './memory';
import { Column, Layout, Plan, plan } from './plan';
import { clearStop, Field, setField, Stop, stop, stopped } from './state';
import { beginRow, nullBitmap, nullBits, ROW } from './token';
import { copy } from './vector';
import { skipValue } from './wire-value';

/** What is done with the values of a column, its form: bulk/relay-plan.ts. Below `fixed` they are copied with their lengths. */
namespace Step {
  export const fixed: u32 = 5;
  export const widen: u32 = 6;
  export const reframe: u32 = 7;
}

/** Behind the row that was read last. */
let rowEnd: usize = 0;

/** Takes the rows in [start, end) as far as it can. @returns why it stopped */
export function relayRows(start: usize, end: usize): i32 {
  const limit = OUTPUT_END - SLACK;
  let rows: u32 = 0;
  let pos = OUTPUT;
  let at = start;
  clearStop();
  while (at < end) {
    const next = relayRow(pos, at, end, limit);
    if (next == 0) break;
    rows++;
    pos = next;
    at = rowEnd;
  }
  setField(Field.consumed, <u32>at);
  setField(Field.written, <u32>pos);
  setField(Field.rows, rows);
  return stopped;
}

/**
 * What stays as it is is copied in one go, over as many columns as there are.
 * @returns the position behind the row's bytes, or 0 for a row that is given up
 */
function relayRow(pos: usize, start: usize, end: usize, limit: usize): usize {
  const columns = plan(Plan.columns);
  let at = beginRow(start, end, columns);
  if (at == 0) return 0;
  const bitmap = nullBitmap;
  /** Begin of what is still to be copied. */
  let run = at;
  if (pos > limit) return stop(Stop.full);
  let next = pos;
  store<u8>(next++, <u8>ROW);
  let column = COLUMNS;
  let bits: u64 = 0;
  for (let i: u32 = 0; i < columns; i++, bits >>= 1) {
    bits = nullBits(bits, bitmap, i);
    const layout = <u32>load<u8>(column, Column.layout);
    const step = <u32>load<u8>(column, Column.form);
    const isNull = (bits & 1) != 0;
    const behind = isNull ? at : skipValue(at, end, layout);
    if (behind == 0) return 0;
    if (isNull || (step >= Step.fixed && (step != Step.widen || isNarrow(behind - at, column)))) {
      if (step == Step.reframe) return stop(Stop.host);
      // Copies reach 15 bytes behind, NULLs 8, widened values 32.
      if (next + (behind - run) > limit) return stop(Stop.full);
      if (run < at) next = copy(next, run, at - run);
      if (isNull) next = writeNull(next, layout);
      else if (step == Step.widen) next = widen(next, at, behind - at, load<u8>(column, Column.scale));
      else {
        store<u8>(next, <u8>layout);
        next = copy(next + 1, at, behind - at);
      }
      run = behind;
    }
    at = behind;
    column += Column.size;
  }
  if (next + (at - run) > limit) return stop(Stop.full);
  if (run < at) next = copy(next, run, at - run);
  rowEnd = at;
  return next;
}

/** Whether a decimal, with its length byte, has less bytes than the target's; NULL has none in both. */
@inline
function isNarrow(length: usize, column: usize): bool {
  return length > 1 && length != 1 + <usize>load<u8>(column, Column.scale);
}

/** A decimal with its length byte, with zeros up to `size` bytes: what the target's type has. */
@inline
function widen(pos: usize, at: usize, length: usize, size: usize): usize {
  v128.store(pos, i64x2.splat(0));
  v128.store(pos + 16, i64x2.splat(0));
  for (let i: usize = 1; i < length; i++) store<u8>(pos + i, load<u8>(at + i));
  store<u8>(pos, <u8>size);
  return pos + 1 + size;
}

/** NULL of a nullable type, as bulk/value-frame.ts. */
@inline
function writeNull(pos: usize, layout: u32): usize {
  if (layout == Layout.ushortLength) {
    store<u16>(pos, 0xffff);
    return pos + 2;
  }
  if (layout == Layout.plp) {
    store<u64>(pos, u64.MAX_VALUE);
    return pos + 8;
  }
  if (layout == Layout.longLength) {
    store<u32>(pos, 0);
    return pos + 4;
  }
  store<u8>(pos, 0);
  return pos + 1;
}
