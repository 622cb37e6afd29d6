/**
 * date, time, datetime2, datetimeoffset, datetime, smalldatetime as ISO 8601 text with T, which depends on neither language
 * nor DATEFORMAT (MS-TDS 2.2.5.5.1.8 and 2.2.5.5.1.9 for the bytes). Text only; quotes are the caller's.
 */

import { fourDigits, twoDigits, writeEight, writePadded, writeTwo } from './digits.ts';

/** Days from 0001-01-01 to 1900-01-01, where datetime and smalldatetime begin. */
const daysTo1900 = 693595;
const unitsPerSecond = Float64Array.from({ length: 8 }, (_, scale) => 10 ** scale);

/** `yyyy-mm-dd` of a day counted from 0001-01-01 in the proleptic Gregorian calendar. */
export function writeDays(out: DataView, pos: number, daysSinceYear1: number): number {
  // Years that begin on March 1st have their leap day last, so months need no table.
  const days = (daysSinceYear1 + 306) | 0;
  const era = (days / 146097) | 0;
  const dayOfEra = days - era * 146097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36524) | 0) - ((dayOfEra / 146096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const shifted = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * shifted + 2) / 5) | 0) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  out.setInt32(pos, fourDigits((yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) | 0), true);
  out.setInt32(pos + 4, 0x2d00002d | (twoDigits(month) << 8), true);
  out.setInt16(pos + 8, twoDigits(day), true);
  return pos + 10;
}

/** `hh:mm:ss` of a second of the day. */
function writeClock(out: DataView, pos: number, second: number): number {
  const minutes = (second / 60) | 0;
  const hours = (minutes / 60) | 0;
  out.setInt16(pos, twoDigits(hours), true);
  out.setInt32(pos + 2, 0x3a00003a | (twoDigits((minutes - hours * 60) | 0) << 8), true);
  out.setInt16(pos + 6, twoDigits((second - minutes * 60) | 0), true);
  return pos + 8;
}

/** `hh:mm:ss.fffffff` with `scale` digits of `units` of 10^-scale seconds; no point for scale 0. */
function writeUnits(out: DataView, pos: number, units: number, scale: number): number {
  if (scale === 0) return writeClock(out, pos, units | 0);
  const perSecond = unitsPerSecond[scale]!;
  const second = Math.floor(units / perSecond) | 0;
  const next = writeClock(out, pos, second);
  out.setUint8(next, 0x2e);
  return writePadded(out, next + 1, (units - second * perSecond) | 0, scale);
}

export function writeDate(out: DataView, pos: number, bytes: DataView, at: number): number {
  return writeDays(out, pos, readDays(bytes, at));
}

/** @param length 3, 4 or 5 */
export function writeTime(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  scale: number,
): number {
  return writeUnits(out, pos, readUnits(bytes, at, length), scale);
}

/** @param length of time and date together */
export function writeDatetime2(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  scale: number,
): number {
  const next = writeDays(out, pos, readDays(bytes, at + length - 3));
  out.setUint8(next, 0x54);
  if (length === 8) return writeFiveBytes(out, next + 1, bytes, at, scale);
  return writeUnits(out, next + 1, readUnits(bytes, at, length - 3), scale);
}

/** The time of scale 5 to 7, whose units take five bytes. The commonest one, so no number of more than 32 bits is handed over. */
function writeFiveBytes(out: DataView, pos: number, bytes: DataView, at: number, scale: number): number {
  const perSecond = scale === 7 ? 10000000 : scale === 6 ? 1000000 : 100000;
  const low = bytes.getInt32(at, true);
  // A product is faster than a quotient, and at most one off; the remainder modulo 2^32 is exact and tells.
  let second = Math.floor((bytes.getUint8(at + 4) * 4294967296 + (low >>> 0)) * (1 / perSecond)) | 0;
  let fraction = (low - Math.imul(second, perSecond)) | 0;
  if (fraction < 0) {
    second = (second - 1) | 0;
    fraction = (fraction + perSecond) | 0;
  } else if (fraction >= perSecond) {
    second = (second + 1) | 0;
    fraction = (fraction - perSecond) | 0;
  }
  const next = writeClock(out, pos, second);
  out.setUint8(next, 0x2e);
  // Digits behind the scale, which whatever follows overwrites.
  writeEight(out, next + 1, Math.imul(fraction, scale === 7 ? 10 : scale === 6 ? 100 : 1000));
  return next + 1 + scale;
}

/** The wire has UTC and the offset in minutes; the literal has the local time and the offset. */
export function writeDatetimeOffset(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  scale: number,
): number {
  const offset = bytes.getInt16(at + length - 2, true);
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
  out.setUint8(next, 0x54);
  next = writeUnits(out, next + 1, units, scale);
  const minutes = offset < 0 ? -offset : offset;
  const hours = (minutes / 60) | 0;
  out.setUint8(next, offset < 0 ? 0x2d : 0x2b);
  writeTwo(out, next + 1, hours);
  out.setUint8(next + 3, 0x3a);
  return writeTwo(out, next + 4, minutes - hours * 60);
}

/** datetime: days from 1900 and 1/300 seconds, shown in milliseconds, one to one. */
export function writeDatetime(out: DataView, pos: number, bytes: DataView, at: number): number {
  const days =
    bytes.getUint8(at) |
    (bytes.getUint8(at + 1) << 8) |
    (bytes.getUint8(at + 2) << 16) |
    (bytes.getUint8(at + 3) << 24);
  const ticks =
    bytes.getUint8(at + 4) |
    (bytes.getUint8(at + 5) << 8) |
    (bytes.getUint8(at + 6) << 16) |
    (bytes.getUint8(at + 7) << 24);
  const second = (ticks / 300) | 0;
  const rest = ticks - second * 300;
  let next = writeDays(out, pos, days + daysTo1900);
  out.setUint8(next, 0x54);
  next = writeClock(out, next + 1, second);
  out.setUint8(next, 0x2e);
  return writePadded(out, next + 1, ((rest * 10 + 1) / 3) | 0, 3);
}

/** smalldatetime: days from 1900 and minutes. */
export function writeSmalldatetime(out: DataView, pos: number, bytes: DataView, at: number): number {
  const next = writeDays(out, pos, bytes.getUint16(at, true) + daysTo1900);
  out.setUint8(next, 0x54);
  return writeClock(out, next + 1, bytes.getUint16(at + 2, true) * 60);
}

function readDays(bytes: DataView, at: number): number {
  return bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16);
}

function readUnits(bytes: DataView, at: number, length: number): number {
  if (length === 5) return bytes.getUint32(at, true) + bytes.getUint8(at + 4) * 4294967296;
  if (length === 4) return bytes.getUint32(at, true);
  return readDays(bytes, at);
}
