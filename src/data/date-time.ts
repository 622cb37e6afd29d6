/**
 * date, time, datetime2, datetimeoffset, datetime, smalldatetime as ISO 8601 text with T, which depends on neither language
 * nor DATEFORMAT (MS-TDS 2.2.5.5.1.8 and 2.2.5.5.1.9 for the bytes). Text only; quotes are the caller's.
 */

import { writeFour, writePadded, writeTwo } from './digits.ts';

/** Days from 0001-01-01 to 1900-01-01, where datetime and smalldatetime begin. */
const daysTo1900 = 693595;
const unitsPerSecond = Float64Array.from({ length: 8 }, (_, scale) => 10 ** scale);

/** `yyyy-mm-dd` of a day counted from 0001-01-01 in the proleptic Gregorian calendar. */
export function writeDays(out: Uint8Array, pos: number, daysSinceYear1: number): number {
  // Years that begin on March 1st have their leap day last, so months need no table.
  const days = daysSinceYear1 + 306;
  const era = (days / 146097) | 0;
  const dayOfEra = days - era * 146097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36524) | 0) - ((dayOfEra / 146096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const shifted = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * shifted + 2) / 5) | 0) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  writeFour(out, pos, yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
  out[pos + 4] = 0x2d;
  writeTwo(out, pos + 5, month);
  out[pos + 7] = 0x2d;
  writeTwo(out, pos + 8, day);
  return pos + 10;
}

/** `hh:mm:ss` of a second of the day. */
function writeClock(out: Uint8Array, pos: number, second: number): number {
  const minutes = (second / 60) | 0;
  const hours = (minutes / 60) | 0;
  writeTwo(out, pos, hours);
  out[pos + 2] = 0x3a;
  writeTwo(out, pos + 3, minutes - hours * 60);
  out[pos + 5] = 0x3a;
  writeTwo(out, pos + 6, second - minutes * 60);
  return pos + 8;
}

/** `hh:mm:ss.fffffff` with `scale` digits of `units` of 10^-scale seconds; no point for scale 0. */
function writeUnits(out: Uint8Array, pos: number, units: number, scale: number): number {
  if (scale === 0) return writeClock(out, pos, units);
  const perSecond = unitsPerSecond[scale]!;
  const second = Math.floor(units / perSecond);
  const next = writeClock(out, pos, second);
  const fraction = units - second * perSecond;
  out[next] = 0x2e;
  if (scale !== 7) return writePadded(out, next + 1, fraction, scale);
  const high = (fraction / 1000) | 0;
  const low = fraction - high * 1000;
  writeFour(out, next + 1, high);
  const middle = (low / 10) | 0;
  writeTwo(out, next + 5, middle);
  out[next + 7] = 48 + low - middle * 10;
  return next + 8;
}

export function writeDate(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  return writeDays(out, pos, readDays(bytes, at));
}

/** @param length 3, 4 or 5 */
export function writeTime(
  out: Uint8Array,
  pos: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  scale: number,
): number {
  return writeUnits(out, pos, readUnits(bytes, at, length), scale);
}

/** @param length of time and date together */
export function writeDatetime2(
  out: Uint8Array,
  pos: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  scale: number,
): number {
  const next = writeDays(out, pos, readDays(bytes, at + length - 3));
  out[next] = 0x54;
  return writeUnits(out, next + 1, readUnits(bytes, at, length - 3), scale);
}

/** The wire has UTC and the offset in minutes; the literal has the local time and the offset. */
export function writeDatetimeOffset(
  out: Uint8Array,
  pos: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  scale: number,
): number {
  const offset = ((bytes[at + length - 2]! | (bytes[at + length - 1]! << 8)) << 16) >> 16;
  const perSecond = unitsPerSecond[scale]!;
  let units = readUnits(bytes, at, length - 5) + offset * 60 * perSecond;
  let days = readDays(bytes, at + length - 5);
  if (units < 0) {
    units += 86400 * perSecond;
    days--;
  } else if (units >= 86400 * perSecond) {
    units -= 86400 * perSecond;
    days++;
  }
  let next = writeDays(out, pos, days);
  out[next] = 0x54;
  next = writeUnits(out, next + 1, units, scale);
  const minutes = offset < 0 ? -offset : offset;
  const hours = (minutes / 60) | 0;
  out[next] = offset < 0 ? 0x2d : 0x2b;
  writeTwo(out, next + 1, hours);
  out[next + 3] = 0x3a;
  return writeTwo(out, next + 4, minutes - hours * 60);
}

/** datetime: days from 1900 and 1/300 seconds, shown in milliseconds, one to one. */
export function writeDatetime(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  const days = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  const ticks = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
  const second = (ticks / 300) | 0;
  const rest = ticks - second * 300;
  let next = writeDays(out, pos, days + daysTo1900);
  out[next] = 0x54;
  next = writeClock(out, next + 1, second);
  out[next] = 0x2e;
  return writePadded(out, next + 1, ((rest * 10 + 1) / 3) | 0, 3);
}

/** smalldatetime: days from 1900 and minutes. */
export function writeSmalldatetime(out: Uint8Array, pos: number, bytes: Uint8Array, at: number): number {
  const next = writeDays(out, pos, (bytes[at]! | (bytes[at + 1]! << 8)) + daysTo1900);
  out[next] = 0x54;
  return writeClock(out, next + 1, (bytes[at + 2]! | (bytes[at + 3]! << 8)) * 60);
}

function readDays(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

function readUnits(bytes: Uint8Array, at: number, length: number): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  if (length === 3) return low;
  if (length === 4) return low + bytes[at + 3]! * 16777216;
  return low + bytes[at + 3]! * 16777216 + bytes[at + 4]! * 4294967296;
}
