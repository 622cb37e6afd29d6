/** The literals of one row, joined by commas: what stands between the parentheses of VALUES, and what the rowsum covers. */

import { writeBinary, writeGuid } from './binary';
import { writeCharactersCanonical, writeCharactersScript } from './characters';
import { writeDate, writeDatetime, writeDatetime2, writeDatetimeOffset, writeTime } from './date-time';
import { writeDecimal, writeMoney } from './decimal';
import { writeFloat } from './float';
import { writeInteger } from './integer';
import { CELLS, COLUMNS } from './memory';
import { Column, Family, Layout, Plan, plan } from './plan';
import { Stop, stop } from './state';
import { beginRow, nullBitmap, nullBits } from './token';
import { writeUtf16Canonical, writeUtf16Script } from './utf16';
import { findValue, valueAt, valueEnd, valueIsNull } from './value';
import { writeWrapped } from './wrapped';

const COMMA: u8 = 0x2c;
/** `NULL` */
const NULL: u32 = 0x4c4c554e;

/** Behind the row that was written last. */
export let rowEnd: usize = 0;

/**
 * As a script has it; guarded texts are refused.
 * @param start of the row's token; loads may reach behind `end`
 * @param limit the text ends before it, or it and 256 bytes have room for the last cell
 * @returns the position behind the text, or 0, which leaves everything as it was: `stopped` has the reason
 */
export function writeScriptRow(pos: usize, start: usize, end: usize, limit: usize): usize {
  return writeRow(pos, start, end, limit, true);
}

/** In canonical text, with the places of its cells in CELLS; otherwise as writeScriptRow. */
export function writeCanonicalRow(pos: usize, start: usize, end: usize, limit: usize): usize {
  return writeRow(pos, start, end, limit, false);
}

/** Two functions are made of it, so that `script` costs nothing in the loop. */
@inline
function writeRow(pos: usize, start: usize, end: usize, limit: usize, script: bool): usize {
  const columns = plan(Plan.columns);
  let at = beginRow(start, end, columns);
  if (at == 0) return 0;
  const bitmap = nullBitmap;
  let next = pos;
  let column = COLUMNS;
  let nulls: u64 = 0;
  for (let i: u32 = 0; i < columns; i++, nulls >>= 1) {
    nulls = nullBits(nulls, bitmap, i);
    if (next > limit) return stop(Stop.full);
    if (i > 0) store<u8>(next++, COMMA);
    if (!script) store<u32>(CELLS + (i << 2), next);
    const layout = <u32>load<u8>(column, Column.layout);
    if ((nulls & 1) != 0) {
      store<u32>(next, NULL);
      next += 4;
      column += Column.size;
      continue;
    }
    let length: u32;
    let behind: usize;
    let isNull: bool;
    if (layout == Layout.byteLength) {
      length = load<u8>(at);
      isNull = length == 0;
      at++;
      behind = at + length;
      if (behind > end) return stop(Stop.cut);
    } else if (layout == Layout.ushortLength) {
      length = load<u16>(at);
      isNull = length == 0xffff;
      at += 2;
      behind = isNull ? at : at + length;
      if (behind > end) return stop(Stop.cut);
    } else {
      const found = findValue(at, end, layout);
      if (found < 0) return 0;
      length = found;
      isNull = valueIsNull;
      at = valueAt;
      behind = valueEnd;
    }
    if (isNull) {
      store<u32>(next, NULL);
      next += 4;
    } else {
      // No literal takes more than three bytes a byte of its value and what is left behind the limit.
      if (<u64>next + 3 * <u64>length > <u64>limit) return stop(Stop.full);
      next = writeValue(column, next, at, length, limit, script);
      if (next == 0) return 0;
    }
    at = behind;
    column += Column.size;
  }
  if (!script) store<u32>(CELLS + (columns << 2), next + 1);
  rowEnd = at;
  return next;
}

@inline
function writeValue(column: usize, pos: usize, at: usize, length: u32, limit: usize, script: bool): usize {
  switch (<u32>load<u8>(column, Column.family)) {
    case Family.int:
      return writeInteger(pos, at, length);
    case Family.bit:
      store<u8>(pos, load<u8>(at) == 0 ? 0x30 : 0x31);
      return pos + 1;
    case Family.decimal:
      return writeDecimal(pos, at, length, load<u8>(column, Column.scale));
    case Family.float:
      return writeFloat(pos, at, length);
    case Family.datetime2:
      return closeQuote(writeDatetime2(openQuote(pos), at, length, load<u8>(column, Column.scale)));
    case Family.utf16:
      // A unit that is cut in the middle is the host's.
      if ((length & 1) != 0) return stop(Stop.host);
      return script ? writeUtf16Script(pos, at, at + length) : writeUtf16Canonical(pos, at, at + length);
    case Family.characters: {
      const page = load<u32>(column, Column.page);
      return script ? writeCharactersScript(pos, at, at + length, page) : writeCharactersCanonical(pos, at, at + length, page);
    }
    case Family.date:
      return closeQuote(writeDate(openQuote(pos), at, length));
    case Family.time:
      return closeQuote(writeTime(openQuote(pos), at, length, load<u8>(column, Column.scale)));
    case Family.datetimeOffset:
      return closeQuote(writeDatetimeOffset(openQuote(pos), at, length, load<u8>(column, Column.scale)));
    case Family.datetime:
      return closeQuote(writeDatetime(openQuote(pos), at, length));
    case Family.money:
      return writeMoney(pos, at, length);
    case Family.guid:
      return closeQuote(writeGuid(openQuote(pos), at, length));
    case Family.binary:
      return writeBinary(pos, at, length);
    case Family.xml:
    case Family.udt:
    case Family.json:
      return writeWrapped(column, pos, at, length, limit, script);
    default:
      return stop(Stop.host);
  }
}

@inline
function openQuote(pos: usize): usize {
  store<u16>(pos, 0x274e);
  return pos + 2;
}

/** @param pos 0 for a value that the host is to write */
@inline
function closeQuote(pos: usize): usize {
  if (pos == 0) return 0;
  store<u8>(pos, 0x27);
  return pos + 1;
}
