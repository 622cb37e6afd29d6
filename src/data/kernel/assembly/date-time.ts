/**
 * date, time, datetime2, datetimeoffset, datetime, smalldatetime as ISO 8601 text with T (MS-TDS 2.2.5.5.1.8 and 2.2.5.5.1.9 for the
 * bytes), without quotes. What no server sends (days behind the year 9999, more than a day of time) is left to the host.
 */

import { writeEight, writeTwo } from './digits';
import { Stop, stop } from './state';

/** Days from 0001-01-01 to 1900-01-01, where datetime and smalldatetime begin. */
const DAYS_TO_1900: i32 = 693595;
const LAST_DAY: i32 = 3652058;
const TICKS: u64 = 10000000;
const TICKS_OF_DAY: i64 = 864000000000;

/** `yyyy-mm-dd` of a day counted from 0001-01-01 in the proleptic Gregorian calendar. */
function writeDays(pos: usize, daysSinceYear1: i32): usize {
  if (<u32>daysSinceYear1 > <u32>LAST_DAY) return stop(Stop.host);
  // Years that begin on March 1st have their leap day last, so months need no table.
  const days = <u32>daysSinceYear1 + 306;
  const era = days / 146097;
  const dayOfEra = days - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - yearOfEra / 100);
  const shifted = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * shifted + 2) / 5 + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + u32(month <= 2);
  const century = year / 100;
  writeTwo(pos, century);
  writeTwo(pos + 2, year - century * 100);
  store<u8>(pos + 4, 0x2d);
  writeTwo(pos + 5, month);
  store<u8>(pos + 7, 0x2d);
  writeTwo(pos + 8, day);
  return pos + 10;
}

/** `hh:mm:ss` of a second of the day. */
function writeClock(pos: usize, second: u32): usize {
  const minutes = second / 60;
  const hours = minutes / 60;
  writeTwo(pos, hours);
  store<u8>(pos + 2, 0x3a);
  writeTwo(pos + 3, minutes - hours * 60);
  store<u8>(pos + 5, 0x3a);
  writeTwo(pos + 6, second - minutes * 60);
  return pos + 8;
}

/** `hh:mm:ss.fffffff` with `scale` digits behind the point; no point for scale 0. @param ticks of 100 ns */
function writeTicks(pos: usize, ticks: i64, scale: u32): usize {
  const second = <u64>ticks / TICKS;
  const next = writeClock(pos, <u32>second);
  store<u8>(next, 0x2e);
  // Digits behind the scale are overwritten by whatever follows.
  writeEight(next + 1, (<u64>ticks - second * TICKS) * 10);
  return scale == 0 ? next : next + 1 + scale;
}

function readDays(at: usize): i32 {
  return <i32>load<u16>(at) | (<i32>load<u8>(at + 2) << 16);
}

/** Bytes of a time of this scale. */
function timeLength(scale: u32): u32 {
  return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
}

/** Units of 10^-scale seconds as ticks of 100 ns; more than a day for what is no time. */
function readTicks(at: usize, length: u32, scale: u32): i64 {
  if (scale > 7 || length != timeLength(scale)) return TICKS_OF_DAY;
  let units = load<i64>(at) & (length == 5 ? 0xffffffffff : length == 4 ? 0xffffffff : 0xffffff);
  for (let i = scale; i < 7; i++) units *= 10;
  return units;
}

export function writeDate(pos: usize, at: usize, length: u32): usize {
  return length == 3 ? writeDays(pos, readDays(at)) : stop(Stop.host);
}

export function writeTime(pos: usize, at: usize, length: u32, scale: u32): usize {
  const ticks = readTicks(at, length, scale);
  return ticks < TICKS_OF_DAY ? writeTicks(pos, ticks, scale) : stop(Stop.host);
}

/** @param length of time and date together */
export function writeDatetime2(pos: usize, at: usize, length: u32, scale: u32): usize {
  const ticks = readTicks(at, length - 3, scale);
  if (ticks >= TICKS_OF_DAY) return stop(Stop.host);
  const next = writeDays(pos, readDays(at + length - 3));
  if (next == 0) return 0;
  store<u8>(next, 0x54);
  return writeTicks(next + 1, ticks, scale);
}

/** The wire has UTC and the offset in minutes; the literal has the local time and the offset. */
export function writeDatetimeOffset(pos: usize, at: usize, length: u32, scale: u32): usize {
  let ticks = readTicks(at, length - 5, scale);
  if (ticks >= TICKS_OF_DAY) return stop(Stop.host);
  const offset = <i32>load<i16>(at + length - 2);
  const minutes = <u32>abs(offset);
  if (minutes > 14 * 60) return stop(Stop.host);
  let days = readDays(at + length - 5);
  ticks += <i64>offset * 600000000;
  if (ticks < 0) {
    ticks += TICKS_OF_DAY;
    days--;
  } else if (ticks >= TICKS_OF_DAY) {
    ticks -= TICKS_OF_DAY;
    days++;
  }
  let next = writeDays(pos, days);
  if (next == 0) return 0;
  store<u8>(next, 0x54);
  next = writeTicks(next + 1, ticks, scale);
  store<u8>(next, offset < 0 ? 0x2d : 0x2b);
  writeTwo(next + 1, minutes / 60);
  store<u8>(next + 3, 0x3a);
  writeTwo(next + 4, minutes % 60);
  return next + 6;
}

/** datetime: days from 1900 and 1/300 seconds, shown in milliseconds; smalldatetime: days and minutes. */
export function writeDatetime(pos: usize, at: usize, length: u32): usize {
  if (length == 4) {
    const minutes = <u32>load<u16>(at + 2);
    if (minutes >= 1440) return stop(Stop.host);
    const next = writeDays(pos, <i32>load<u16>(at) + DAYS_TO_1900);
    if (next == 0) return 0;
    store<u8>(next, 0x54);
    return writeClock(next + 1, minutes * 60);
  }
  if (length != 8) return stop(Stop.host);
  const days = load<i32>(at);
  const ticks = load<u32>(at + 4);
  if (days < -DAYS_TO_1900 || days > LAST_DAY || ticks >= 25920000) return stop(Stop.host);
  let next = writeDays(pos, days + DAYS_TO_1900);
  if (next == 0) return 0;
  store<u8>(next, 0x54);
  const second = ticks / 300;
  next = writeClock(next + 1, second);
  store<u8>(next, 0x2e);
  const thousandths = ((ticks - second * 300) * 10 + 1) / 3;
  store<u8>(next + 1, <u8>(48 + thousandths / 100));
  writeTwo(next + 2, thousandths % 100);
  return next + 4;
}
