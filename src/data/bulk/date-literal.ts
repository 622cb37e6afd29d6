/**
 * String literals of date and time types in the forms whose meaning no setting changes: `yyyy-mm-dd`, `yyyymmdd`, `hh:mm:ss[.f]`,
 * and date and time with T or a blank between, an offset behind. datetime and smalldatetime take `yyyy-mm-dd` by the session's
 * DATEFORMAT unless a T and a time follow (captured: dateformat.iso, dateformat.slashes). Everything else goes to the server.
 */

import { cursor, notTaken } from './literal-cursor.ts';
import { areDigits, fourDigits } from './number-scanner.ts';

/** What `readDateTime` read last. */
export interface ScannedDateTime {
  hasDate: boolean;
  hasTime: boolean;
  /** Date and time are joined by T. */
  iso: boolean;
  /** The date is `yyyy-mm-dd`, not `yyyymmdd`. */
  dashes: boolean;
  /** From 0001-01-01. */
  days: number;
  /** Second of the day. */
  seconds: number;
  /** Digits behind the point, as they are, and as units of 100 ns. */
  fractionDigits: number;
  ticks: number;
  hasOffset: boolean;
  /** Minutes. */
  offset: number;
}

export const dateTime: ScannedDateTime = {
  hasDate: false,
  hasTime: false,
  iso: false,
  dashes: false,
  days: 0,
  seconds: 0,
  fractionDigits: 0,
  ticks: 0,
  hasOffset: false,
  offset: 0,
};

const unitsPerSecond = Float64Array.from({ length: 8 }, (_, scale) => 10 ** scale);
const ticksPerUnit = Float64Array.from({ length: 8 }, (_, scale) => 10 ** (7 - scale));
const ticksPerDay = 864000000000;
/** 1900-01-01, 1753-01-01 and 9999-12-31 from 0001-01-01. */
const days1900 = 693595;
const days1753 = 639905;
const lastDay = 3652058;

/** Less than any sum of two such numbers can make good. */
const noNumber = -100000;

/** The two digits at `at`; a number below zero when they are none. */
function two(text: DataView, at: number): number {
  const pair = text.getUint16(at, true);
  if ((pair & 0xf0f0) !== 0x3030 || ((pair + 0x0606) & 0xf0f0) !== 0x3030) return noNumber;
  return Math.imul(pair & 15, 10) + ((pair >> 8) & 15);
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** @returns days from 0001-01-01; -1 for a day that is none */
export function dayNumber(year: number, month: number, day: number): number {
  if (year < 1 || month < 1 || month > 12 || day < 1) return -1;
  const leap = (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0);
  const start = monthStarts[month - 1]!;
  const length = monthStarts[month]! - start + (leap && month === 2 ? 1 : 0);
  if (day > length) return -1;
  const before = year - 1;
  const leaps = (before >> 2) - ((before / 100) | 0) + ((before / 400) | 0);
  return before * 365 + leaps + start + (leap && month > 2 ? 1 : 0) + day - 1;
}

/** Reads up to and with the closing quote; `at` is behind the opening one. @returns whether it is one of the forms above */
export function readDateTime(text: DataView, at: number): boolean {
  const found = dateTime;
  found.hasDate = found.hasTime = found.iso = found.dashes = found.hasOffset = false;
  found.days = days1900;
  found.seconds = found.ticks = found.fractionDigits = found.offset = 0;
  let i = at;
  if (text.getUint8(at + 2) !== 0x3a) {
    i = readDate(text, at);
    if (i < 0) return false;
    const c = text.getUint8(i);
    if (c === 0x27) {
      cursor.at = i + 1;
      return true;
    }
    found.iso = c === 0x54;
    // T stands in the form with dashes only (ISO 8601 as the documentation of datetime has it).
    if (found.iso ? !found.dashes : c !== 0x20) return false;
    i++;
  }
  i = readClock(text, i);
  if (i < 0 || text.getUint8(i) !== 0x27) return false;
  cursor.at = i + 1;
  return true;
}

function readDate(text: DataView, at: number): number {
  const digits = text.getInt32(at, true);
  if (!areDigits(digits)) return -1;
  const year = fourDigits(digits);
  dateTime.dashes = text.getUint8(at + 4) === 0x2d;
  const month = at + (dateTime.dashes ? 5 : 4);
  const day = month + (dateTime.dashes ? 3 : 2);
  if (dateTime.dashes && text.getUint8(day - 1) !== 0x2d) return -1;
  const days = dayNumber(year, two(text, month), two(text, day));
  if (days < 0) return -1;
  dateTime.hasDate = true;
  dateTime.days = days;
  return day + 2;
}

/** `hh:mm:ss[.fffffff][[ ]+hh:mm|Z]`, the blank not behind a T. */
function readClock(text: DataView, at: number): number {
  const hours = two(text, at);
  const minutes = two(text, at + 3);
  const seconds = two(text, at + 6);
  if ((hours | minutes | seconds) < 0 || hours > 23 || minutes > 59 || seconds > 59) return -1;
  if (text.getUint8(at + 2) !== 0x3a || text.getUint8(at + 5) !== 0x3a) return -1;
  const found = dateTime;
  found.hasTime = true;
  found.seconds = (hours * 60 + minutes) * 60 + seconds;
  let i = at + 8;
  let c = text.getUint8(i);
  if (c === 0x2e) {
    const first = ++i;
    let value = 0;
    const four = text.getInt32(i, true);
    if (areDigits(four)) {
      value = fourDigits(four);
      i += 4;
    }
    for (c = text.getUint8(i); isDigit(c) && i - first < 8; c = text.getUint8(++i))
      value = Math.imul(value, 10) + c - 48;
    const digits = i - first;
    if (digits > 7) return -1;
    if (digits === 0) return -1;
    found.fractionDigits = digits;
    found.ticks = value * ticksPerUnit[digits]!;
  }
  if (c === 0x27) return i;
  if (c === 0x5a) {
    found.hasOffset = true;
    return i + 1;
  }
  if (c === 0x20 && !found.iso) c = text.getUint8(++i);
  if ((c !== 0x2b && c !== 0x2d) || text.getUint8(i + 3) !== 0x3a) return -1;
  const offset = two(text, i + 1) * 60 + two(text, i + 4);
  if (offset < 0 || offset > 840) return -1;
  found.hasOffset = true;
  found.offset = c === 0x2d ? -offset : offset;
  return i + 6;
}

/** What a column of a date or time type takes. */
export const DateKind = { date: 0, time: 1, datetime2: 2, datetimeOffset: 3, datetime: 4, smalldatetime: 5 } as const;

/**
 * Writes what `dateTime` holds, with its length byte, as the server would convert the string.
 * @param yearFirst the session reads `yyyy-mm-dd` of datetime as year, month, day
 * @returns notTaken where something would be cut, rounded or misread
 */
export function writeDateTime(out: DataView, pos: number, kind: number, scale: number, yearFirst: boolean): number {
  const found = dateTime;
  switch (kind) {
    case DateKind.datetime2: {
      if (!found.hasDate || found.hasOffset) return notTaken;
      const end = writeUnits(out, pos + 1, scale);
      if (end === notTaken) return notTaken;
      out.setUint8(pos, end + 3 - pos - 1);
      return writeDays(out, end, found.days);
    }
    case DateKind.date:
      if (!found.hasDate || found.hasTime) return notTaken;
      out.setUint8(pos, 3);
      return writeDays(out, pos + 1, found.days);
    case DateKind.time: {
      if (found.hasDate || found.hasOffset) return notTaken;
      const end = writeUnits(out, pos + 1, scale);
      if (end === notTaken) return notTaken;
      out.setUint8(pos, end - pos - 1);
      return end;
    }
    case DateKind.datetimeOffset:
      return found.hasDate ? writeOffsetTime(out, pos, scale) : notTaken;
    default:
      if (!found.hasDate || found.hasOffset || found.fractionDigits > 3) return notTaken;
      if (found.dashes && !found.iso && !yearFirst) return notTaken;
      return kind === DateKind.datetime ? writeOldDateTime(out, pos) : writeOldSmallDateTime(out, pos);
  }
}

/** Time of day in units of 10^-scale seconds. @returns notTaken when digits would be rounded away */
function writeUnits(out: DataView, pos: number, scale: number): number {
  const { seconds, ticks } = dateTime;
  const fraction = ticks / ticksPerUnit[scale]!;
  if (fraction !== Math.floor(fraction)) return notTaken;
  return writeTimeUnits(out, pos, seconds * unitsPerSecond[scale]! + fraction, scale);
}

/** Three, four or five bytes, by scale. */
export function writeTimeUnits(out: DataView, pos: number, units: number, scale: number): number {
  if (scale <= 2) return writeDays(out, pos, units);
  if (scale <= 4) {
    out.setUint32(pos, units, true);
    return pos + 4;
  }
  const high = Math.floor(units / 4294967296);
  out.setUint32(pos, units - high * 4294967296, true);
  out.setUint8(pos + 4, high);
  return pos + 5;
}

/** Three bytes. */
export function writeDays(out: DataView, pos: number, days: number): number {
  out.setUint8(pos, days);
  out.setUint8(pos + 1, days >> 8);
  out.setUint8(pos + 2, days >> 16);
  return pos + 3;
}

/** The wire has UTC. */
function writeOffsetTime(out: DataView, pos: number, scale: number): number {
  const { seconds, ticks, offset } = dateTime;
  let { days } = dateTime;
  let total = seconds * 10000000 + ticks - offset * 600000000;
  if (total < 0) {
    total += ticksPerDay;
    days--;
  } else if (total >= ticksPerDay) {
    total -= ticksPerDay;
    days++;
  }
  if (days < 0 || days > lastDay) return notTaken;
  const units = total / ticksPerUnit[scale]!;
  if (units !== Math.floor(units)) return notTaken;
  const end = writeDays(out, writeTimeUnits(out, pos + 1, units, scale), days);
  out.setInt16(end, offset, true);
  out.setUint8(pos, end + 2 - pos - 1);
  return end + 2;
}

/** datetime: the milliseconds of the text rounded to 1/300 s (captured: datetime.rounding-string). */
function writeOldDateTime(out: DataView, pos: number): number {
  const { days, seconds, ticks } = dateTime;
  let clock = seconds * 300 + Math.floor((ticks * 3) / 100000 + 0.5);
  let day = days;
  if (clock === 25920000) {
    clock = 0;
    day++;
  }
  if (day < days1753 || day > lastDay) return notTaken;
  out.setUint8(pos, 8);
  out.setInt32(pos + 1, day - days1900, true);
  out.setInt32(pos + 5, clock, true);
  return pos + 9;
}

/** smalldatetime: whole minutes only, since the server rounds seconds by the type that they come from. */
function writeOldSmallDateTime(out: DataView, pos: number): number {
  const { days, seconds, ticks } = dateTime;
  const day = days - days1900;
  if (seconds % 60 !== 0 || ticks !== 0 || day < 0 || day > 65535) return notTaken;
  out.setUint8(pos, 4);
  out.setUint16(pos + 1, day, true);
  out.setUint16(pos + 3, seconds / 60, true);
  return pos + 5;
}
