/** Rows as CSV, as JSON lines, and as nothing but their sum. All of them begin with the rows' canonical text, which the rowsum covers. */

import { bytesBefore, bytesBehind, cellEnd, cellStart, Form, isNullCell } from './cell';
import { writeField } from './csv-cell';
import { writeJsonText } from './json-cell';
import { CANONICAL, CANONICAL_END, COLUMNS, OUTPUT, OUTPUT_END, SLACK } from './memory';
import { Column, Plan, plan } from './plan';
import { rowEnd, writeCanonicalRow } from './row-text';
import { addRow, addWaiting, SEED } from './rowsum';
import { clearStop, Field, setField, Stop, stop, stopped } from './state';
import { copy } from './vector';

/** `null`, `true`, `fals` */
const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;

/** Rows of CSV in UTF-8; the head of the plan is the text of NULL. */
export function csvRows(start: usize, end: usize): i32 {
  return run(start, end, 0);
}

/** JSON lines. */
export function jsonRows(start: usize, end: usize): i32 {
  return run(start, end, 1);
}

/** Sums the rows and writes nothing. */
export function sumRows(start: usize, end: usize): i32 {
  return run(start, end, 2);
}

@inline
function run(start: usize, end: usize, format: i32): i32 {
  const summing = plan(Plan.summing) != 0;
  const limit = CANONICAL_END - SLACK;
  let rows: u32 = 0;
  let canonical = CANONICAL;
  let pos = OUTPUT;
  let at = start;
  clearStop();
  while (at < end) {
    const behind = writeCanonicalRow(canonical, at, end, limit);
    if (behind == 0) {
      if (stopped != Stop.full || canonical == CANONICAL) break;
      // The rows before it are no longer needed.
      addWaiting();
      canonical = CANONICAL;
      clearStop();
      continue;
    }
    if (format != 2) {
      const next = format == 0 ? csvRow(pos) : jsonRow(pos);
      if (next == 0) break;
      pos = next;
    }
    rows++;
    at = rowEnd;
    if (summing) {
      addRow(canonical, behind, SEED);
      canonical = behind;
    }
  }
  addWaiting();
  setField(Field.consumed, <u32>at);
  setField(Field.written, <u32>pos);
  setField(Field.rows, rows);
  return stopped;
}

/** The line of the row whose cells are in CELLS. @returns 0 when it finds no room or is the host's */
function csvRow(pos: usize): usize {
  const columns = plan(Plan.columns);
  const delimiter = plan(Plan.delimiter);
  const nullText = plan(Plan.head);
  const nullLength = plan(Plan.head + 4);
  const limit = OUTPUT_END - SLACK - nullLength - plan(Plan.between + 4);
  let next = pos;
  let column = COLUMNS;
  for (let i: u32 = 0; i < columns; i++, column += Column.size) {
    const start = cellStart(i);
    const length = cellEnd(i) - start;
    // At most every byte is doubled.
    if (next + 2 * length > limit) return stop(Stop.full);
    if (i > 0) store<u8>(next++, <u8>delimiter);
    if (isNullCell(start)) next = copy(next, nullText, nullLength);
    else {
      const inner = start + bytesBefore(column);
      const end = start + length - bytesBehind(column);
      if (load<u8>(column, Column.form) == Form.plain) next = copy(next, inner, end - inner);
      else {
        next = writeField(next, inner + 2, end - 1, delimiter);
        if (next == 0) return 0;
      }
    }
  }
  return copy(next, plan(Plan.between), plan(Plan.between + 4));
}

function jsonRow(pos: usize): usize {
  const columns = plan(Plan.columns);
  const limit = OUTPUT_END - SLACK;
  let next = pos;
  let column = COLUMNS;
  for (let i: u32 = 0; i < columns; i++, column += Column.size) {
    const start = cellStart(i);
    const length = cellEnd(i) - start;
    const lead = load<u32>(column, Column.lead + 4);
    // At most every byte becomes an escape of six.
    if (next + lead + 6 * length > limit) return stop(Stop.full);
    next = copy(next, load<u32>(column, Column.lead), lead);
    const form = <u32>load<u8>(column, Column.form);
    if (isNullCell(start)) {
      store<u32>(next, NULL);
      next += 4;
    } else if (form == Form.plain) next = copy(next, start, length);
    else if (form == Form.flag) {
      const isFalse = load<u8>(start) == 0x30;
      store<u32>(next, isFalse ? FALS : TRUE);
      store<u8>(next + 4, 0x65);
      next += isFalse ? 5 : 4;
    } else {
      const inner = start + bytesBefore(column);
      const end = start + length - bytesBehind(column);
      store<u8>(next, 0x22);
      if (form == Form.quoted) next = copy(next + 1, inner, end - inner);
      else {
        next = writeJsonText(next + 1, inner + 2, end - 1);
        if (next == 0) return 0;
      }
      store<u8>(next++, 0x22);
    }
  }
  store<u16>(next, 0x0a7d);
  return next + 2;
}
