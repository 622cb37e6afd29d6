/** Rows of literals to the ROW tokens of a bulk load, as many as there are one behind the other. */

import { writeBinary, writeGuid } from './binary';
import { writeBinaryDate } from './binary-date';
import { closesCast, opensCast } from './cast';
import { writeDateTime } from './date-time';
import { allows, BINARY_FORM, TEXT } from './forms';
import { COLUMNS_END, OUTPUT, OUTPUT_END, SLACK } from './memory';
import {
  BINARY,
  BIT,
  CHARACTER,
  castFormOf,
  castLengthOf,
  column,
  DATE,
  DECIMAL,
  FLOAT,
  frameOf,
  GUID,
  INTEGER,
  isNullable,
  kindOf,
  MONEY,
  PLP,
  UNICODE,
  USHORT_LENGTH,
} from './plan';
import { behind, HOST, setBehind, setConsumed, setLastRow, setRoom, setRows, setWritten } from './state';
import { writeCharacters, writeUnicode } from './text';
import { writeBit, writeDecimal, writeFloat, writeInteger, writeMoney } from './write-number';

const ROW: u8 = 0xd1;

/** Position behind blanks; comments are the host's. */
@inline
function skipBlanks(from: usize): usize {
  let at = from;
  for (let c = load<u8>(at); c <= 32 && c != 0; c = load<u8>(at)) at++;
  return at;
}

/** @returns whether NULL stands at `at` and its cell may end behind it */
@inline
function isNull(at: usize): bool {
  if ((load<u32>(at) & 0xdfdfdfdf) != 0x4c4c554e) return false;
  const c = load<u8>(at, 4);
  return c == 0x2c || c == 0x29 || (c <= 32 && c != 0);
}

function writeNull(column: usize, out: usize): usize {
  const frame = frameOf(column);
  if (frame == USHORT_LENGTH) {
    store<u16>(out, 0xffff);
    return out + 2;
  }
  if (frame == PLP) {
    store<u64>(out, 0xffffffffffffffff);
    return out + 8;
  }
  store<u8>(out, 0);
  return out + 1;
}

/** Position behind the opening quote; 0 when no string begins at `at`. */
@inline
function opened(at: usize): usize {
  const c = load<u8>(at);
  if (c == 0x27) return at + 1;
  return (c | 0x20) == 0x6e && load<u8>(at, 1) == 0x27 ? at + 2 : 0;
}

function literal(at: usize, plan: usize, index: i32, through: usize, yearFirst: bool, out: usize): usize {
  switch (kindOf(plan)) {
    case INTEGER:
      return writeInteger(at, plan, index, out);
    case DECIMAL:
      return writeDecimal(at, plan, index, out);
    case FLOAT:
      return writeFloat(at, plan, index, out);
    case BIT:
      return writeBit(at, index, out);
    case MONEY:
      return writeMoney(at, plan, index, out);
    case BINARY:
      if (load<u8>(at) != 0x30 || (load<u8>(at, 1) | 0x20) != 0x78) return HOST;
      return allows(index, BINARY_FORM) ? writeBinary(at + 2, plan, out) : HOST;
    default:
  }
  const start = opened(at);
  if (start == 0 || !allows(index, TEXT)) return HOST;
  const page = start == at + 1 ? through : 0;
  switch (kindOf(plan)) {
    case UNICODE:
      return writeUnicode(start, plan, page, out);
    case CHARACTER:
      return writeCharacters(start, plan, page, out);
    case DATE:
      return writeDateTime(start, plan, yearFirst, out);
    case GUID:
      return writeGuid(start, out);
    default:
      return HOST;
  }
}

function cell(at: usize, plan: usize, index: i32, through: usize, yearFirst: bool, out: usize): usize {
  if (!opensCast(at)) return literal(at, plan, index, through, yearFirst, out);
  const length = castLengthOf(plan);
  if (length == 0) return HOST;
  const inner = at + 5;
  const next =
    kindOf(plan) == DATE && load<u8>(inner) == 0x30 && (load<u8>(inner, 1) | 0x20) == 0x78
      ? writeBinaryDate(inner + 2, plan, out)
      : literal(inner, plan, -1, through, yearFirst, out);
  if (next == HOST || !closesCast(behind, index, length)) return HOST;
  setBehind(behind + length);
  return allows(index, castFormOf(plan)) ? next : HOST;
}

/**
 * Takes rows from `start` on, where a parenthesis opens, with commas between; stops at whatever else comes.
 * @param overhead most bytes of a row beside its texts
 * @param most rows to take
 * @param through page of the database
 */
export function literalRows(
  start: usize,
  columns: i32,
  overhead: usize,
  most: i32,
  through: usize,
  yearFirst: bool,
): void {
  let out = OUTPUT;
  let rows = 0;
  let at = start;
  let lastRow = start;
  let consumed = start;
  const limit = OUTPUT_END - SLACK - overhead;
  setRoom(limit);
  while (rows < most && out < limit) {
    const row = at;
    let next = out;
    store<u8>(next++, ROW);
    at++;
    let index = 0;
    for (; index < columns; index++) {
      at = skipBlanks(at);
      const plan = column(index);
      if (isNull(at)) {
        if (!isNullable(plan)) break;
        next = writeNull(plan, next);
        setBehind(at + 4);
      } else {
        next = cell(at, plan, index, through, yearFirst, next);
        if (next == HOST) break;
      }
      at = skipBlanks(behind);
      if (load<u8>(at) != (index == columns - 1 ? 0x29 : 0x2c)) break;
      at++;
    }
    if (index < columns) break;
    rows++;
    out = next;
    lastRow = row;
    consumed = at;
    at = skipBlanks(at);
    if (load<u8>(at) != 0x2c) break;
    at = skipBlanks(at + 1);
    if (load<u8>(at) != 0x28) break;
  }
  setConsumed(consumed);
  setWritten(out - OUTPUT);
  setRows(rows);
  setLastRow(lastRow);
}

/** Columns that the kernel has room for. */
export function mostColumns(): i32 {
  return <i32>((COLUMNS_END - column(0)) / (column(1) - column(0)));
}
