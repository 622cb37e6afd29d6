/**
 * Dates as binary strings, the form in which older versions of SSMS script them: `CAST(0x0000A1B200E6B680 AS DateTime)`. They are
 * the bytes that CAST(value AS varbinary) gives: datetime and smalldatetime big-endian, the later types as on the wire
 * behind a byte with the scale (date without).
 */

import { DateKind, type ScannedDateTime } from './date-literal.ts';

const days1900 = 693595;
const lastDay = 3652058;
const ticksPerSecond = 10000000;

/** Reads the bytes into `found`, as if they had been written as text. @returns whether they are a value of the type */
export function readBinaryDate(bytes: DataView, length: number, kind: number, found: ScannedDateTime): boolean {
  found.hasDate = kind !== DateKind.time;
  found.hasTime = kind !== DateKind.date;
  found.iso = true;
  found.dashes = found.hasOffset = false;
  found.days = days1900;
  found.seconds = found.ticks = found.fractionDigits = found.offset = 0;
  switch (kind) {
    case DateKind.date:
      // SSMS writes a fourth byte, which is zero.
      if (length !== 3 && !(length === 4 && bytes.getUint8(3) === 0)) return false;
      return readDays(bytes, 0, found);
    case DateKind.smalldatetime:
      if (length !== 4 || bytes.getUint16(2) >= 1440) return false;
      found.days = days1900 + bytes.getUint16(0);
      found.seconds = bytes.getUint16(2) * 60;
      return true;
    case DateKind.time:
      return readTime(bytes, length, found);
    case DateKind.datetime2:
      return readTime(bytes, length - 3, found) && readDays(bytes, length - 3, found);
    case DateKind.datetimeOffset:
      return (
        readTime(bytes, length - 5, found) && readDays(bytes, length - 5, found) && readOffset(bytes, length - 2, found)
      );
    default:
      return false;
  }
}

/** datetime's 8 bytes from big-endian to the wire's form, in place. @returns whether they are in range */
export function turnDatetime(bytes: DataView, at: number, length: number): boolean {
  if (length !== 8) return false;
  const days = bytes.getInt32(at);
  const clock = bytes.getInt32(at + 4);
  if (days < -53690 || days > 2958463 || clock < 0 || clock >= 25920000) return false;
  bytes.setInt32(at, days, true);
  bytes.setInt32(at + 4, clock, true);
  return true;
}

function readDays(bytes: DataView, at: number, found: ScannedDateTime): boolean {
  found.days = bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16);
  return found.days <= lastDay;
}

/** A byte with the scale, then three to five bytes. @param length with the scale's byte */
function readTime(bytes: DataView, length: number, found: ScannedDateTime): boolean {
  if (length < 4) return false;
  const scale = bytes.getUint8(0);
  if (scale > 7 || length !== (scale <= 2 ? 4 : scale <= 4 ? 5 : 6)) return false;
  let units = 0;
  for (let i = length - 1; i > 0; i--) units = units * 256 + bytes.getUint8(i);
  const ticks = units * 10 ** (7 - scale);
  if (ticks >= 86400 * ticksPerSecond) return false;
  found.seconds = Math.floor(ticks / ticksPerSecond);
  found.ticks = ticks - found.seconds * ticksPerSecond;
  return true;
}

/** The bytes have UTC; text has the local time. */
function readOffset(bytes: DataView, at: number, found: ScannedDateTime): boolean {
  found.offset = bytes.getInt16(at, true);
  found.hasOffset = true;
  if (Math.abs(found.offset) > 840) return false;
  found.seconds += found.offset * 60;
  if (found.seconds < 0) {
    found.seconds += 86400;
    found.days--;
  } else if (found.seconds >= 86400) {
    found.seconds -= 86400;
    found.days++;
  }
  return true;
}
