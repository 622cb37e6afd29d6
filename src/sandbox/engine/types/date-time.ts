/** Dates and times: a moment as days and ticks, and its way in and out of each type's value. */
import type { SqlType } from './sql-type.ts';
import { type Value, ZonedTime } from './values.ts';

export interface Moment {
  /** Days since 0001-01-01. */
  readonly days: number;
  /** 100 ns ticks of the day. */
  readonly ticks: number;
  /** Minutes, when the moment carries a zone; days and ticks are then local. */
  readonly offset: number | null;
}

export const ticksPerDay = 864_000_000_000;
const ticksPerDayBig = 864_000_000_000n;
/** 1900-01-01. */
export const days1900 = 693_595;
export const days1753 = 639_905;
const maxDays = 3_652_058;

export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  return (
    365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 307
  );
}

export function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 306;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;

/** Ticks rounded to `scale` fractional digits; may reach a whole day. */
function roundTicks(ticks: number, scale: number): number {
  const unit = 10 ** (7 - scale);
  return Math.round(ticks / unit) * unit;
}

export function momentOf(value: Exclude<Value, null>, type: SqlType): Moment {
  switch (type.name) {
    case 'date':
      return { days: value as number, ticks: 0, offset: null };
    case 'time':
      return { days: days1900, ticks: value as number, offset: null };
    case 'datetime': {
      const n = value as number;
      const days = Math.floor(n / 25_920_000);
      const rest = n - days * 25_920_000;
      return { days: days + days1900, ticks: Math.round((rest * 10) / 3) * 10_000, offset: null };
    }
    case 'smalldatetime': {
      const n = value as number;
      const days = Math.floor(n / 1440);
      return { days: days + days1900, ticks: (n - days * 1440) * 600_000_000, offset: null };
    }
    case 'datetime2': {
      const n = value as bigint;
      return { days: Number(n / ticksPerDayBig), ticks: Number(n % ticksPerDayBig), offset: null };
    }
    default: {
      const zoned = value as ZonedTime;
      const local = zoned.utc + BigInt(zoned.offset) * 600_000_000n;
      return { days: Number(local / ticksPerDayBig), ticks: Number(local % ticksPerDayBig), offset: zoned.offset };
    }
  }
}

/**
 * The moment in the bytes that CAST(value AS varbinary) gives of a date, time, datetime2 or datetimeoffset: a byte with the scale
 * (date has none), then the value as on the wire. Older versions of SSMS script such bytes, with zeros behind a date or time.
 * @returns null for bytes that are no value of the type
 */
export function momentOfBytes(bytes: Uint8Array, type: SqlType): Moment | null {
  const number = (from: number, count: number): number =>
    bytes.subarray(from, from + count).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  const hasDate = type.name !== 'time';
  const zoned = type.name === 'datetimeoffset';
  const scale = type.name === 'date' ? 0 : (bytes[0] ?? 8);
  if (scale > 7) return null;
  const timeBytes = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
  const dateAt = type.name === 'date' ? 0 : 1 + timeBytes;
  const end = dateAt + (hasDate ? 3 : 0) + (zoned ? 2 : 0);
  if (bytes.length < end || bytes.subarray(end).some(byte => byte !== 0)) return null;
  const ticks = type.name === 'date' ? 0 : number(1, timeBytes) * 10 ** (7 - scale);
  const days = hasDate ? number(dateAt, 3) : days1900;
  if (days > maxDays || ticks >= ticksPerDay) return null;
  if (!zoned) return { days, ticks, offset: null };
  const offset = (number(end - 2, 2) << 16) >> 16;
  const local = ticks + offset * 600_000_000;
  const carry = Math.floor(local / ticksPerDay);
  return { days: days + carry, ticks: local - carry * ticksPerDay, offset };
}

/** null = outside the type's range. `fromText`: smalldatetime rounds text by its 3-digit fraction, other sources cut it. */
export function valueOfMoment(moment: Moment, type: SqlType, fromText = false): Exclude<Value, null> | null {
  let { days, ticks } = moment;
  switch (type.name) {
    case 'date':
      return days >= 0 && days <= maxDays ? days : null;
    case 'time': {
      const rounded = roundTicks(ticks, type.scale);
      return rounded >= ticksPerDay ? 0 : rounded;
    }
    case 'datetime': {
      // Nearest 1/300 s; 0.0033333 steps (observed: 29.9983333 goes down, 29.9983334 up).
      let n = Math.floor((ticks * 3) / 100_000 + 0.5);
      if (fromText) {
        const ms = Math.round(ticks / 10_000);
        n = Math.floor(ms * 0.3 + 0.5);
      }
      if (fromText && days < days1753) return null;
      const total = (days - days1900) * 25_920_000 + n;
      if (total < (days1753 - days1900) * 25_920_000) return null;
      const last = (maxDays - days1900 + 1) * 25_920_000 - 1;
      if (total > last) return fromText ? null : last;
      return total;
    }
    case 'smalldatetime': {
      let minutes = Math.floor(ticks / 600_000_000);
      const seconds = ticks / 10_000_000 - minutes * 60;
      if (fromText ? seconds >= 29.9985 : seconds >= 30) minutes++;
      const total = (days - days1900) * 1440 + minutes;
      return total >= 0 && total < 65536 * 1440 ? total : null;
    }
    case 'datetime2': {
      ticks = roundTicks(ticks, type.scale);
      if (ticks >= ticksPerDay) {
        if (days === maxDays) ticks = ticksPerDay - 10 ** (7 - type.scale);
        else {
          days++;
          ticks = 0;
        }
      }
      return days >= 0 && days <= maxDays ? BigInt(days) * ticksPerDayBig + BigInt(ticks) : null;
    }
    default: {
      const offset = moment.offset ?? 0;
      ticks = roundTicks(ticks, type.scale);
      if (ticks >= ticksPerDay && days === maxDays) ticks = ticksPerDay - 10 ** (7 - type.scale);
      const utc = BigInt(days) * ticksPerDayBig + BigInt(ticks) - BigInt(offset) * 600_000_000n;
      return utc >= 0n && utc < BigInt(maxDays + 1) * ticksPerDayBig ? new ZonedTime(utc, offset) : null;
    }
  }
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

export function formatTimeOfDay(ticks: number, scale: number): string {
  const seconds = Math.floor(ticks / 10_000_000);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (scale === 0) return text;
  return `${text}.${String(ticks - seconds * 10_000_000)
    .padStart(7, '0')
    .slice(0, scale)}`;
}

export function formatDate(days: number): string {
  const { year, month, day } = civil(days);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

export function formatOffset(offset: number): string {
  const n = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(n / 60))}:${two(n % 60)}`;
}

/** Fractional digits that a type shows. */
export const fractionOf = (type: SqlType): number =>
  type.name === 'datetime' ? 3 : type.name === 'smalldatetime' || type.name === 'date' ? 0 : type.scale;
