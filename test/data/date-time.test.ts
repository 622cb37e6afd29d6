import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, u16, u32 } from '../connection/tds-bytes.ts';
import { literalOf, literalsOf } from './literal-of.ts';
import { columns, dateBytes, days, i16, short, timeBytes, units } from './wire-columns.ts';

const scales = [0, 1, 2, 3, 4, 5, 6, 7] as const;

const date = (n: number) => short(dateBytes(n));
const datetime2 = (scale: number, time: bigint, day: number) =>
  short(Buffer.concat([timeBytes(time, scale), dateBytes(day)]));
const offset = (scale: number, time: bigint, day: number, minutes: number) =>
  short(Buffer.concat([timeBytes(time, scale), dateBytes(day), i16(minutes)]));
const datetime = (day: number, ticks: number) => short(Buffer.concat([u32(day), u32(ticks)]));
const smalldatetime = (day: number, minute: number) => short(Buffer.concat([u16(day), u16(minute)]));
const two = (n: number) => String(n).padStart(2, '0');

describe('date', () => {
  it.each([
    ['000000', '0001-01-01'],
    ['dab937', '9999-12-31'],
    ['5b950a', '1900-01-01'],
  ])('%s is %s', (bytes, text) => {
    expect(literalOf(columns.date, short(hex(bytes)))).toBe(`N'${text}'`);
  });

  it.each([
    [1582, 10, 10],
    [1900, 2, 28],
    [1900, 3, 1],
    [2000, 2, 29],
    [2000, 3, 1],
    [2024, 12, 31],
    [1, 12, 31],
    [4, 2, 29],
    [400, 12, 31],
  ])('%i-%i-%i', (year, month, day) => {
    const text = `N'${String(year).padStart(4, '0')}-${two(month)}-${two(day)}'`;
    expect(literalOf(columns.date, date(days(year, month, day)))).toBe(text);
  });

  it('writes every day of the calendar as the next one', () => {
    const month = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let [y, m, d] = [1, 1, 1];
    let wrong = '';
    // 801 years: two whole cycles of 400.
    const texts = literalsOf(
      columns.date,
      Array.from({ length: 292_600 }, (_, n) => date(n)),
    );
    for (const [n, text] of texts.entries()) {
      if (wrong === '' && text !== `N'${String(y).padStart(4, '0')}-${two(m)}-${two(d)}'`) wrong = `day ${n}: ${text}`;
      const leap = m === 2 && y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
      d++;
      if (d > month[m - 1]! + (leap ? 1 : 0)) {
        d = 1;
        m = (m % 12) + 1;
        if (m === 1) y++;
      }
    }
    expect(wrong).toBe('');
  });

  it('agrees with the JavaScript calendar on any day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3652058 }), n => {
        const iso = new Date(n * 86400000 - 62135596800000).toISOString().slice(0, 10);
        expect(literalOf(columns.date, date(n))).toBe(`N'${iso}'`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('time, datetime2, datetimeoffset', () => {
  it.each([
    [0, '0000 00', '00:00:00'],
    [7, '0000000000', '00:00:00.0000000'],
    [7, 'ffbf692ac9', '23:59:59.9999999'],
    [0, '7f5101', '23:59:59'],
  ])('time(%i) %s is %s', (scale, bytes, text) => {
    expect(literalOf(columns.time(scale), short(hex(bytes)))).toBe(`N'${text}'`);
  });

  it.each(scales)('scale %i: first and last moment, and one that carries', scale => {
    const fraction = '9'.repeat(scale);
    const point = scale > 0 ? `.${fraction}` : '';
    const zero = scale > 0 ? `.${'0'.repeat(scale)}` : '';
    const last = units(23, 59, 59, fraction);
    expect(literalOf(columns.time(scale), short(timeBytes(last, scale)))).toBe(`N'23:59:59${point}'`);
    expect(literalOf(columns.time(scale), short(timeBytes(0n, scale)))).toBe(`N'00:00:00${zero}'`);
    expect(literalOf(columns.datetime2(scale), datetime2(scale, last, 3652058))).toBe(`N'9999-12-31T23:59:59${point}'`);
    expect(literalOf(columns.datetime2(scale), datetime2(scale, 0n, 0))).toBe(`N'0001-01-01T00:00:00${zero}'`);
    const carry = units(0, 59, 59, fraction);
    expect(literalOf(columns.time(scale), short(timeBytes(carry, scale)))).toBe(`N'00:59:59${point}'`);
    expect(literalOf(columns.time(scale), short(timeBytes(carry + 1n, scale)))).toBe(`N'01:00:00${zero}'`);
  });

  it('writes any time of any scale', () => {
    const any = fc.constantFrom(...scales).chain(scale =>
      fc.record({
        scale: fc.constant(scale),
        time: fc.bigInt(0n, 86400n * 10n ** BigInt(scale) - 1n),
        day: fc.integer({ min: 0, max: 3652058 }),
        near: fc.option(fc.tuple(fc.integer({ min: 1, max: 86399 }), fc.bigInt(-1n, 1n))),
      }),
    );
    fc.assert(
      fc.property(any, ({ scale, time: anyTime, day, near }) => {
        // Around whole seconds, where a rounded quotient would show.
        const time = near ? BigInt(near[0]) * 10n ** BigInt(scale) + near[1] : anyTime;
        const per = 10n ** BigInt(scale);
        const second = Number(time / per);
        const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
        const fraction = scale > 0 ? `.${String(time % per).padStart(scale, '0')}` : '';
        const iso = new Date(day * 86400000 - 62135596800000).toISOString().slice(0, 10);
        expect(literalOf(columns.time(scale), short(timeBytes(time, scale)))).toBe(`N'${clock}${fraction}'`);
        expect(literalOf(columns.datetime2(scale), datetime2(scale, time, day))).toBe(`N'${iso}T${clock}${fraction}'`);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    // [UTC time, UTC day, minutes, local text]
    [7, units(10, 0, 0, '0000000'), days(2024, 6, 1), 840, '2024-06-02T00:00:00.0000000+14:00'],
    [7, units(10, 0, 0, '0000000'), days(2024, 6, 1), -840, '2024-05-31T20:00:00.0000000-14:00'],
    [7, units(18, 14, 59, '9999999'), days(2023, 12, 31), 345, '2023-12-31T23:59:59.9999999+05:45'],
    [7, units(18, 15, 0, '0000000'), days(2023, 12, 31), 345, '2024-01-01T00:00:00.0000000+05:45'],
    [0, units(12, 30, 15, ''), days(2024, 2, 29), 0, '2024-02-29T12:30:15+00:00'],
    [3, units(0, 10, 0, '250'), days(2024, 3, 1), -30, '2024-02-29T23:40:00.250-00:30'],
    [2, units(0, 0, 0, '00'), days(1, 1, 1), 0, '0001-01-01T00:00:00.00+00:00'],
    [7, units(9, 59, 59, '9999999'), days(9999, 12, 31), 840, '9999-12-31T23:59:59.9999999+14:00'],
    [7, units(14, 0, 0, '0000000'), days(1, 1, 1), -840, '0001-01-01T00:00:00.0000000-14:00'],
  ])('datetimeoffset(%i): local time and offset of a UTC moment', (scale, time, day, minutes, text) => {
    expect(literalOf(columns.datetimeoffset(scale), offset(scale, time, day, minutes))).toBe(`N'${text}'`);
  });
});

describe('datetime and smalldatetime', () => {
  it.each([
    [-53690, 0, '1753-01-01T00:00:00.000'],
    [2958463, 25919999, '9999-12-31T23:59:59.997'],
    [0, 0, '1900-01-01T00:00:00.000'],
    [0, 1, '1900-01-01T00:00:00.003'],
    [0, 2, '1900-01-01T00:00:00.007'],
    [0, 3, '1900-01-01T00:00:00.010'],
    [-1, 299, '1899-12-31T00:00:00.997'],
    [45291, 12 * 1080000 + 34 * 18000 + 56 * 300 + 37, '2024-01-02T12:34:56.123'],
  ])('datetime of day %i, tick %i is %s', (day, ticks, text) => {
    expect(literalOf(columns.datetime, datetime(day, ticks))).toBe(`N'${text}'`);
  });

  it('has a text of its own for each of the 300 ticks of a second, nearest to it', () => {
    const seen = new Set<string>();
    for (let tick = 0; tick < 300; tick++) {
      const text = literalOf(columns.datetime, datetime(100, tick));
      seen.add(text);
      expect(Math.abs(Number(text.slice(-4, -1)) - (tick * 10) / 3)).toBeLessThan(0.5);
    }
    expect(seen.size).toBe(300);
  });

  it.each([
    [0, 0, '1900-01-01T00:00:00'],
    [65535, 1439, '2079-06-06T23:59:00'],
    [36583, 60, '2000-02-29T01:00:00'],
  ])('smalldatetime of day %i, minute %i is %s', (day, minute, text) => {
    expect(literalOf(columns.smalldatetime, smalldatetime(day, minute))).toBe(`N'${text}'`);
  });
});
