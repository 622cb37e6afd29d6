/** Dates and times as text: reading by DATEFORMAT and style, writing by CONVERT style. */
import {
  civil,
  days1900,
  daysInMonth,
  daysOf,
  formatDate,
  formatOffset,
  formatTimeOfDay,
  fractionOf,
  type Moment,
  momentOf,
} from './date-time.ts';
import type { SqlType } from './sql-type.ts';
import type { Value } from './values.ts';

export type DateFormat = 'mdy' | 'dmy' | 'ymd' | 'ydm' | 'myd' | 'dym';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const fullMonths = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
export const monthNames = fullMonths.map(m => m[0]!.toUpperCase() + m.slice(1));
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export interface ParsedMoment extends Moment {
  /** Digits of the fraction as written. */
  readonly fractionDigits: number;
  /** Whether a date, or only a time, was written. */
  readonly hasDate: boolean;
}

const timePattern = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:([.:])(\d{1,9}))?)?)?\s*(am|pm)?$/i;
const zonePattern = /\s*(z|[+-]\d{1,2}:\d{2})$/i;

function fullYear(text: string): number {
  const n = Number(text);
  return text.length <= 2 ? (n < 50 ? 2000 + n : 1900 + n) : n;
}

function parseTime(text: string): { ticks: number; digits: number } | null {
  const match = timePattern.exec(text.trim());
  if (!match || (match[2] === undefined && match[6] === undefined)) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const second = Number(match[3] ?? 0);
  const half = match[6]?.toLowerCase();
  if (half) {
    if (hour > 12) {
      if (half === 'am') return null;
    } else hour = half === 'am' ? hour % 12 : (hour % 12) + 12;
  }
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = match[5] ?? '';
  let ticks = Number(fraction.padEnd(7, '0').slice(0, 7));
  if (fraction.length > 7 && Number(fraction[7]) >= 5) ticks++;
  // A colon counts thousandths: 12:00:00:5 is five milliseconds.
  if (match[4] === ':') ticks = Number(fraction) * 10_000;
  return { ticks: ((hour * 60 + minute) * 60 + second) * 10_000_000 + ticks, digits: fraction.length };
}

function date(year: number, month: number, day: number): number | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysOf(year, month, day);
}

function byFormat(a: string, b: string, c: string, format: DateFormat): number | null {
  const part: Record<string, string> = { [format[0]!]: a, [format[1]!]: b, [format[2]!]: c };
  if (part.y!.length === 3 || part.m!.length > 2 || part.d!.length > 2) return null;
  return date(fullYear(part.y!), Number(part.m), Number(part.d));
}

const styleFormats: Readonly<Record<number, DateFormat>> = {
  1: 'mdy',
  101: 'mdy',
  10: 'mdy',
  110: 'mdy',
  2: 'ymd',
  102: 'ymd',
  11: 'ymd',
  111: 'ymd',
  3: 'dmy',
  103: 'dmy',
  4: 'dmy',
  104: 'dmy',
  5: 'dmy',
  105: 'dmy',
};

/**
 * Text to a moment; null = no date or time, 'outside' = written as a date that there is not (the 13th month).
 * `legacy`: datetime and smalldatetime, where yyyy-mm-dd without T follows DATEFORMAT too.
 */
export function parseMoment(
  source: string,
  dateFormat: DateFormat,
  legacy: boolean,
  style = 0,
): ParsedMoment | 'outside' | null {
  let text = source.trim();
  if (text === '') return { days: days1900, ticks: 0, offset: null, fractionDigits: 0, hasDate: false };
  const format = styleFormats[style] ?? dateFormat;
  let offset: number | null = null;
  const zone = text.includes(':') || /z$/i.test(text) ? zonePattern.exec(text) : null;
  if (zone && /\d\s*$|[ap]m\s*$/i.test(text.slice(0, zone.index)) && text.slice(0, zone.index).includes(':')) {
    text = text.slice(0, zone.index);
    if (/z/i.test(zone[1]!)) offset = 0;
    else {
      const [h, m] = zone[1]!.slice(1).split(':').map(Number) as [number, number];
      if (h > 14 || m > 59 || h * 60 + m > 840) return null;
      offset = (zone[1]![0] === '-' ? -1 : 1) * (h * 60 + m);
    }
  }
  const finish = (days: number | null, time: string): ParsedMoment | 'outside' | null => {
    if (days === null) return 'outside';
    if (time.trim() === '') return { days, ticks: 0, offset, fractionDigits: 0, hasDate: true };
    const parsed = parseTime(time);
    return parsed && { days, ticks: parsed.ticks, offset, fractionDigits: parsed.digits, hasDate: true };
  };
  let match = /^(\d{4})-(\d{2})-(\d{2})T(.+)$/i.exec(text);
  if (match) return finish(date(Number(match[1]), Number(match[2]), Number(match[3])), match[4]!);
  match = /^(\d{4})(\d{2})(\d{2})(?:[ T](.*))?$/.exec(text);
  if (match) return finish(date(Number(match[1]), Number(match[2]), Number(match[3])), match[4] ?? '');
  match = /^(\d{2})(\d{2})(\d{2})(?: (.*))?$/.exec(text);
  if (match) return finish(date(fullYear(match[1]!), Number(match[2]), Number(match[3])), match[4] ?? '');
  match = /^(\d{4})$/.exec(text);
  if (match) return finish(date(Number(match[1]), 1, 1), '');
  match = /^(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?:\s+(.*))?$/.exec(text);
  if (match) {
    const swapped = legacy && (style === 0 ? format === 'dmy' || format === 'ydm' : styleFormats[style] === 'dmy');
    return finish(
      date(Number(match[1]), Number(match[swapped ? 3 : 2]), Number(match[swapped ? 2 : 3])),
      match[4] ?? '',
    );
  }
  match = /^(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})(?:\s+(.*))?$/.exec(text);
  if (match) {
    const yearLast = match[4]!.length === 4;
    const order = yearLast && format === 'ymd' ? 'mdy' : yearLast && legacy && format === 'ydm' ? 'dmy' : format;
    return finish(byFormat(match[1]!, match[3]!, match[4]!, order), match[5] ?? '');
  }
  match = /^([a-z]{3,9})\.?\s+(\d{1,2})\s*,?\s+(\d{4}|\d{2})(?:\s+(.*))?$/i.exec(text);
  if (match && monthOf(match[1]!))
    return finish(date(fullYear(match[3]!), monthOf(match[1]!), Number(match[2])), match[4] ?? '');
  match = /^(\d{1,2})[\s-]+([a-z]{3,9})\.?[\s-]*,?\s*(\d{4}|\d{2})(?:\s+(.*))?$/i.exec(text);
  if (match && monthOf(match[2]!))
    return finish(date(fullYear(match[3]!), monthOf(match[2]!), Number(match[1])), match[4] ?? '');
  match = /^([a-z]{3,9})\.?\s+(\d{4})$/i.exec(text);
  if (match && monthOf(match[1]!)) return finish(date(Number(match[2]), monthOf(match[1]!), 1), '');
  const time = parseTime(text);
  return time && { days: days1900, ticks: time.ticks, offset, fractionDigits: time.digits, hasDate: false };
}

function monthOf(word: string): number {
  const lower = word.toLowerCase();
  return (lower.length === 3 ? months.indexOf(lower) : fullMonths.indexOf(lower)) + 1;
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** Text of a date or time by style; undefined = a style that does not exist (281). */
export function formatMoment(value: Exclude<Value, null>, type: SqlType, style: number): string | undefined {
  const moment = momentOf(value, type);
  const fraction = fractionOf(type);
  const { year, month, day } = civil(moment.days);
  const hour = Math.floor(moment.ticks / 36_000_000_000);
  const minute = Math.floor(moment.ticks / 600_000_000) % 60;
  const zone = moment.offset === null ? '' : ` ${formatOffset(moment.offset)}`;
  const hasDate = type.name !== 'time';
  const hasTime = type.name !== 'date';
  const yyyy = String(year).padStart(4, '0');
  const yy = two(year % 100);
  const mon = monthNames[month - 1]!.slice(0, 3);
  const half = hour < 12 ? 'AM' : 'PM';
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const clock = (scale: number): string => formatTimeOfDay(moment.ticks, scale);
  const join = (datePart: string, timePart: string): string =>
    hasDate && hasTime ? `${datePart} ${timePart}` : hasDate ? datePart : timePart.trim();
  const padded = (n: number): string => String(n).padStart(2, ' ');
  const full = (scale: number): string => join(formatDate(moment.days), clock(scale)) + zone;
  const legacy = type.name === 'datetime' || type.name === 'smalldatetime';
  switch (style) {
    case 0:
    case 100:
      if (!legacy && (style === 0 || style === 100) && type.name === 'date') return `${mon} ${padded(day)} ${yyyy}`;
      return join(`${mon} ${padded(day)} ${yyyy}`, `${padded(hour12)}:${two(minute)}${half}`) + zone;
    case 1:
      return `${two(month)}/${two(day)}/${yy}`;
    case 101:
      return `${two(month)}/${two(day)}/${yyyy}`;
    case 2:
      return `${yy}.${two(month)}.${two(day)}`;
    case 102:
      return `${yyyy}.${two(month)}.${two(day)}`;
    case 3:
      return `${two(day)}/${two(month)}/${yy}`;
    case 103:
      return `${two(day)}/${two(month)}/${yyyy}`;
    case 4:
      return `${two(day)}.${two(month)}.${yy}`;
    case 104:
      return `${two(day)}.${two(month)}.${yyyy}`;
    case 5:
      return `${two(day)}-${two(month)}-${yy}`;
    case 105:
      return `${two(day)}-${two(month)}-${yyyy}`;
    case 6:
      return `${two(day)} ${mon} ${yy}`;
    case 106:
      return `${two(day)} ${mon} ${yyyy}`;
    case 7:
      return `${mon} ${two(day)}, ${yy}`;
    case 107:
      return `${mon} ${two(day)}, ${yyyy}`;
    case 8:
    case 24:
    case 108:
      return clock(0);
    case 9:
    case 109: {
      const sub = fraction === 0 ? (legacy ? ':000' : '') : `${legacy ? ':' : '.'}${clock(fraction).slice(9)}`;
      return (
        join(`${mon} ${padded(day)} ${yyyy}`, `${padded(hour12)}:${two(minute)}:${clock(0).slice(6)}${sub}${half}`) +
        zone
      );
    }
    case 10:
      return `${two(month)}-${two(day)}-${yy}`;
    case 110:
      return `${two(month)}-${two(day)}-${yyyy}`;
    case 11:
      return `${yy}/${two(month)}/${two(day)}`;
    case 111:
      return `${yyyy}/${two(month)}/${two(day)}`;
    case 12:
      return `${yy}${two(month)}${two(day)}`;
    case 112:
      return `${yyyy}${two(month)}${two(day)}`;
    case 13:
    case 113: {
      const sub = fraction === 0 ? (legacy ? ':000' : '') : `${legacy ? ':' : '.'}${clock(fraction).slice(9)}`;
      return join(`${two(day)} ${mon} ${yyyy}`, `${clock(0)}${sub}`) + zone;
    }
    case 14:
    case 114: {
      const sub = fraction === 0 ? (legacy ? ':000' : '') : `${legacy ? ':' : '.'}${clock(fraction).slice(9)}`;
      return `${clock(0)}${sub}`;
    }
    case 20:
    case 120:
      return full(0);
    case 21:
    case 25:
    case 121:
      return full(type.name === 'smalldatetime' ? 3 : fraction);
    case 22:
      return (
        join(`${two(month)}/${two(day)}/${yy}`, `${padded(hour12)}:${two(minute)}:${clock(0).slice(6)} ${half}`) + zone
      );
    case 23:
      return formatDate(moment.days);
    case 126:
    case 127: {
      const scale = moment.ticks % 10_000_000 === 0 ? 0 : fraction;
      const tail =
        moment.offset === null ? '' : style === 127 && moment.offset === 0 ? 'Z' : formatOffset(moment.offset);
      return (
        (hasDate && hasTime
          ? `${formatDate(moment.days)}T${clock(scale)}`
          : hasDate
            ? formatDate(moment.days)
            : clock(scale)) + tail
      );
    }
    case 130:
    case 131:
      return undefined;
    default:
      return undefined;
  }
}

/** Text of an implicit conversion: style 0 for the old types, ISO for those of 2008. */
export const defaultDateStyle = (type: SqlType): number =>
  type.name === 'datetime' || type.name === 'smalldatetime' ? 0 : 121;
