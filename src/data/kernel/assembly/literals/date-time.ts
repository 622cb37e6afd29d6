/** Strings of date and time types, in the forms of `date-literal.ts` of the host that scripts have; all else is the host's. */

import { INTEGERS, MONTHS } from './memory';
import { dateKindOf, scaleOf } from './plan';
import { HOST, setBehind } from './state';

/** As DateKind of the host. */
export const KIND_DATE: u8 = 0;
export const KIND_TIME: u8 = 1;
const KIND_DATETIME2: u8 = 2;
export const KIND_OFFSET: u8 = 3;
export const KIND_DATETIME: u8 = 4;
export const KIND_SMALL: u8 = 5;

export const DAYS_1900: i32 = 693595;
export const DAYS_1753: i32 = 639905;
export const LAST_DAY: i32 = 3652058;
export const TICKS_PER_DAY: i64 = 864000000000;

/** Set by what is no digit. */
let wrong: u32 = 0;

function two(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  wrong |= <u32>(tens > 9) | <u32>(ones > 9);
  return <i32>(tens * 10 + ones);
}

/** From 0001-01-01; -1 for a day that is none. */
function dayNumber(year: i32, month: i32, day: i32): i32 {
  if (year < 1 || month < 1 || month > 12 || day < 1) return -1;
  const leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  const start = <i32>load<u16>(MONTHS + (<usize>(month - 1) << 1));
  const length = <i32>load<u16>(MONTHS + (<usize>month << 1)) - start + <i32>(leap && month == 2);
  if (day > length) return -1;
  const before = year - 1;
  return before * 365 + (before >> 2) - before / 100 + before / 400 + start + <i32>(leap && month > 2) + day - 1;
}

/**
 * @param start behind the quote
 * @param yearFirst the session reads `yyyy-mm-dd` of datetime as year, month, day
 */
export function writeDateTime(start: usize, column: usize, yearFirst: bool, out: usize): usize {
  let at = start;
  let days = DAYS_1900;
  let iso = false;
  const hasDate = load<u8>(at, 2) != 0x3a;
  let hasTime = true;
  wrong = 0;
  if (hasDate) {
    if (load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d) return HOST;
    days = dayNumber(two(at) * 100 + two(at + 2), two(at + 5), two(at + 8));
    if (wrong != 0 || days < 0) return HOST;
    at += 10;
    const c = load<u8>(at);
    if (c == 0x27) hasTime = false;
    else {
      iso = c == 0x54;
      if (!iso && c != 0x20) return HOST;
      at++;
    }
  }
  let ticks: i64 = 0;
  let fraction = 0;
  let offset = 0;
  let hasOffset = false;
  if (hasTime) {
    const hours = two(at);
    const minutes = two(at + 3);
    const seconds = two(at + 6);
    if (wrong != 0 || hours > 23 || minutes > 59 || seconds > 59) return HOST;
    if (load<u8>(at, 2) != 0x3a || load<u8>(at, 5) != 0x3a) return HOST;
    ticks = <i64>((hours * 60 + minutes) * 60 + seconds) * 10000000;
    at += 8;
    let c = load<u8>(at);
    if (c == 0x2e) {
      const first = ++at;
      let value: u32 = 0;
      for (c = load<u8>(at); c >= 48 && c <= 57 && at - first < 8; c = load<u8>(++at)) value = value * 10 + c - 48;
      fraction = <i32>(at - first);
      if (fraction == 0 || fraction > 7) return HOST;
      ticks += <i64>value * load<i64>(INTEGERS + (<usize>(7 - fraction) << 3));
    }
    if (c != 0x27) {
      if (c == 0x20 && !iso) c = load<u8>(++at);
      if ((c != 0x2b && c != 0x2d) || load<u8>(at, 3) != 0x3a) return HOST;
      offset = two(at + 1) * 60 + two(at + 4);
      if (wrong != 0 || offset > 840) return HOST;
      if (c == 0x2d) offset = -offset;
      hasOffset = true;
      at += 6;
    }
  }
  if (load<u8>(at) != 0x27) return HOST;
  setBehind(at + 1);
  const kind = dateKindOf(column);
  const scale = scaleOf(column);
  if (kind == KIND_DATETIME2) {
    if (!hasDate || hasOffset) return HOST;
    const end = writeTime(ticks, scale, out);
    return end == HOST ? HOST : writeLength(out, writeDays(days, end));
  }
  if (kind == KIND_DATE) return !hasDate || hasTime ? HOST : writeLength(out, writeDays(days, out + 1));
  if (kind == KIND_TIME) {
    if (hasDate || hasOffset) return HOST;
    const end = writeTime(ticks, scale, out);
    return end == HOST ? HOST : writeLength(out, end);
  }
  if (kind == KIND_OFFSET) {
    if (!hasDate) return HOST;
    // The wire has UTC.
    ticks -= <i64>offset * 600000000;
    if (ticks < 0) {
      ticks += TICKS_PER_DAY;
      days--;
    } else if (ticks >= TICKS_PER_DAY) {
      ticks -= TICKS_PER_DAY;
      days++;
    }
    if (days < 0 || days > LAST_DAY) return HOST;
    const end = writeTime(ticks, scale, out);
    if (end == HOST) return HOST;
    const behindDays = writeDays(days, end);
    store<i16>(behindDays, <i16>offset);
    return writeLength(out, behindDays + 2);
  }
  if (!hasDate || hasOffset || fraction > 3 || (!iso && !yearFirst)) return HOST;
  return kind == KIND_DATETIME ? writeOld(days, ticks, out) : writeOldSmall(days, ticks, out);
}

export function writeLength(out: usize, end: usize): usize {
  store<u8>(out, <u8>(end - out - 1));
  return end;
}

export function writeDays(days: i32, out: usize): usize {
  store<u32>(out, days);
  return out + 3;
}

/** Units of 10^-scale seconds in three, four or five bytes. @returns HOST when digits would be rounded away */
export function writeTime(ticks: i64, scale: i32, out: usize): usize {
  const divisor = load<i64>(INTEGERS + (<usize>(7 - scale) << 3));
  const units = ticks / divisor;
  if (units * divisor != ticks) return HOST;
  store<i64>(out, units, 1);
  return out + (scale <= 2 ? 4 : scale <= 4 ? 5 : 6);
}

/** datetime: the milliseconds of the text rounded to 1/300 s. */
function writeOld(days: i32, ticks: i64, out: usize): usize {
  const seconds = ticks / 10000000;
  const rest = ticks % 10000000;
  let clock = <i32>(seconds * 300 + (rest * 3 + 50000) / 100000);
  let day = days;
  if (clock == 25920000) {
    clock = 0;
    day++;
  }
  if (day < DAYS_1753 || day > LAST_DAY) return HOST;
  store<u8>(out, 8);
  store<i32>(out, day - DAYS_1900, 1);
  store<i32>(out, clock, 5);
  return out + 9;
}

/** smalldatetime: whole minutes only. */
function writeOldSmall(days: i32, ticks: i64, out: usize): usize {
  const day = days - DAYS_1900;
  if (ticks % 600000000 != 0 || day < 0 || day > 65535) return HOST;
  store<u8>(out, 4);
  store<u16>(out, <u16>day, 1);
  store<u16>(out, <u16>(ticks / 600000000), 3);
  return out + 5;
}
