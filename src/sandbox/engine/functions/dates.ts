/** Date and time functions. */
import { constantOf, derived, textType } from '../bind/bound.ts';
import { coerce } from '../bind/comparison.ts';
import type { Env } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { dayNames, monthNames } from '../types/date-text.ts';
import {
  civil,
  days1900,
  daysInMonth,
  daysOf,
  formatOffset,
  type Moment,
  momentOf,
  ticksPerDay,
  valueOfMoment,
} from '../types/date-time.ts';
import {
  datetime2Type,
  datetimeOffsetType,
  isCharacter,
  isDateTime,
  type SqlType,
  timeType,
  types,
} from '../types/sql-type.ts';
import { type Value, ZonedTime } from '../types/values.ts';
import type { FunctionCall, FunctionSpec } from './registry.ts';

const partNames: Readonly<Record<string, string>> = {
  year: 'year',
  yy: 'year',
  yyyy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'weekday',
  dw: 'weekday',
  w: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
  nanosecond: 'nanosecond',
  ns: 'nanosecond',
  tzoffset: 'tzoffset',
  tz: 'tzoffset',
  iso_week: 'iso_week',
  isowk: 'iso_week',
  isoww: 'iso_week',
};

function partOf(call: FunctionCall): string {
  const word = call.word(0);
  const part = partNames[word];
  if (!part)
    throw new ServerError(155, `'${word}' is not a recognized ${call.name.toLowerCase()} option.`, { class: 15 });
  return part;
}

/** The local clock of the pretended server is UTC. */
function nowMoment(env: Env): Moment {
  const ms = env.run.now;
  const days = Math.floor(ms / 86_400_000);
  return { days: days + 719_162, ticks: (ms - days * 86_400_000) * 10_000, offset: null };
}

const clock = (type: SqlType, offset: number | null = null): FunctionSpec => ({
  min: 0,
  max: 0,
  bind: () => derived(type, false, [], env => valueOfMoment({ ...nowMoment(env), offset }, type), true),
});

/** A date argument: text becomes datetimeoffset-capable datetime2(7). */
function dateArgument(call: FunctionCall, index: number): { type: SqlType; eval: (env: Env) => Value } {
  const a = call.args[index]!;
  if (isDateTime(a.type) && !a.isNull) return { type: a.type, eval: a.eval };
  const type = isCharacter(a.type) ? datetime2Type(7) : types.datetime;
  return { type, eval: coerce(a, type) };
}

const totalTicks = (m: Moment): bigint => BigInt(m.days) * BigInt(ticksPerDay) + BigInt(m.ticks);

function partValue(part: string, m: Moment, dateFirst: number): number {
  const { year, month, day } = civil(m.days);
  switch (part) {
    case 'year':
      return year;
    case 'quarter':
      return Math.floor((month - 1) / 3) + 1;
    case 'month':
      return month;
    case 'dayofyear':
      return m.days - daysOf(year, 1, 1) + 1;
    case 'day':
      return day;
    case 'weekday':
      return ((weekday(m.days) - dateFirst + 7) % 7) + 1;
    case 'week': {
      const first = daysOf(year, 1, 1);
      const shift = (weekday(first) - dateFirst + 7) % 7;
      return Math.floor((m.days - first + shift) / 7) + 1;
    }
    case 'iso_week': {
      const thursday = m.days + 4 - weekday(m.days);
      return Math.floor((thursday - daysOf(civil(thursday).year, 1, 1)) / 7) + 1;
    }
    case 'hour':
      return Math.floor(m.ticks / 36_000_000_000);
    case 'minute':
      return Math.floor(m.ticks / 600_000_000) % 60;
    case 'second':
      return Math.floor(m.ticks / 10_000_000) % 60;
    case 'millisecond':
      return Math.floor((m.ticks % 10_000_000) / 10_000);
    case 'microsecond':
      return Math.floor((m.ticks % 10_000_000) / 10);
    case 'nanosecond':
      return (m.ticks % 10_000_000) * 100;
    default:
      return m.offset ?? 0;
  }
}
/** 1 = Monday … 7 = Sunday; 0001-01-01 was a Monday. */
const weekday = (days: number): number => (days % 7) + 1;

const subDay: Readonly<Record<string, number>> = {
  hour: 36_000_000_000,
  minute: 600_000_000,
  second: 10_000_000,
  millisecond: 10_000,
  microsecond: 10,
  nanosecond: 0.01,
};

function addPart(part: string, n: number, m: Moment): Moment {
  if (part in subDay) {
    const ticks =
      totalTicks(m) + (part === 'nanosecond' ? BigInt(Math.trunc(n / 100)) : BigInt(n) * BigInt(subDay[part]!));
    const days = ticks >= 0n ? ticks / BigInt(ticksPerDay) : -1n;
    return { days: Number(days), ticks: Number(ticks - days * BigInt(ticksPerDay)), offset: m.offset };
  }
  if (part === 'day' || part === 'dayofyear' || part === 'weekday') return { ...m, days: m.days + n };
  if (part === 'week') return { ...m, days: m.days + n * 7 };
  const { year, month, day } = civil(m.days);
  const total = year * 12 + month - 1 + n * (part === 'year' ? 12 : part === 'quarter' ? 3 : 1);
  const y = Math.floor(total / 12);
  const mo = (total % 12) + 1;
  if (y < 1 || y > 9999) return { ...m, days: -1 };
  return { ...m, days: daysOf(y, mo, Math.min(day, daysInMonth(y, mo))) };
}

function boundary(part: string, m: Moment): bigint {
  const { year, month } = civil(m.days);
  switch (part) {
    case 'year':
      return BigInt(year);
    case 'quarter':
      return BigInt(year * 4 + Math.floor((month - 1) / 3));
    case 'month':
      return BigInt(year * 12 + month);
    case 'day':
    case 'dayofyear':
    case 'weekday':
      return BigInt(m.days);
    // Weeks begin on Sunday whatever DATEFIRST says.
    case 'week':
      return BigInt(Math.floor((m.days + 1) / 7));
    case 'nanosecond':
      return totalTicks(m) * 100n;
    default:
      return totalTicks(m) / BigInt(subDay[part]!);
  }
}

function difference(big: boolean): FunctionSpec {
  return {
    min: 3,
    max: 3,
    ...(big ? { since: 130 } : {}),
    bind(call) {
      const part = partOf(call);
      const a = dateArgument(call, 1);
      const b = dateArgument(call, 2);
      return derived(big ? types.bigint : types.int, true, call.args, env => {
        const x = a.eval(env);
        const y = b.eval(env);
        if (x === null || y === null) return null;
        const n = boundary(part, utc(momentOf(y, b.type))) - boundary(part, utc(momentOf(x, a.type)));
        if (big) return n;
        if (n > 2147483647n || n < -2147483648n)
          throw new ServerError(
            535,
            'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.',
            { state: 0 },
          );
        return Number(n);
      });
    },
  };
}
function utc(m: Moment): Moment {
  return m.offset === null ? m : addPart('minute', -m.offset, { ...m, offset: null });
}

function fromParts(
  type: (call: FunctionCall) => SqlType,
  count: number,
  build: (n: number[]) => Moment | null,
): FunctionSpec {
  return {
    min: count,
    max: count,
    since: 110,
    bind(call) {
      const result = type(call);
      const evals = call.args.map((_, i) => call.int(i));
      return derived(result, true, call.args, env => {
        const values: number[] = [];
        for (const e of evals) {
          const v = e(env);
          if (v === null) return null;
          values.push(v);
        }
        const m = build(values);
        const v = m && valueOfMoment(m, result);
        if (v === null)
          throw new ServerError(
            289,
            `Cannot construct data type ${result.name}, some of the arguments have values which are not valid.`,
          );
        return v;
      });
    },
  };
}
const dayOf = (y: number, m: number, d: number): number | null =>
  y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m) ? null : daysOf(y, m, d);
const clockTicks = (h: number, mi: number, s: number): number | null =>
  h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59 ? null : ((h * 60 + mi) * 60 + s) * 10_000_000;
const whole = (days: number | null, ticks: number | null, offset: number | null = null): Moment | null =>
  days === null || ticks === null ? null : { days, ticks, offset };
const scaleArgument = (call: FunctionCall, i: number): number => {
  const v = call.args[i]!.eval(undefined as unknown as Env);
  return typeof v === 'number' ? v : 7;
};

function simplePart(part: string): FunctionSpec {
  return {
    min: 1,
    max: 1,
    bind(call) {
      const a = dateArgument(call, 0);
      return derived(types.int, true, call.args, env => {
        const v = a.eval(env);
        return v === null ? null : partValue(part, momentOf(v, a.type), 7);
      });
    },
  };
}

export const dateFunctions: Record<string, FunctionSpec> = {
  GETDATE: clock(types.datetime),
  CURRENT_TIMESTAMP: clock(types.datetime),
  GETUTCDATE: clock(types.datetime),
  SYSDATETIME: clock(datetime2Type(7)),
  SYSUTCDATETIME: clock(datetime2Type(7)),
  SYSDATETIMEOFFSET: clock(datetimeOffsetType(7), 0),
  CURRENT_DATE: { ...clock(types.date), since: 170 },
  YEAR: simplePart('year'),
  MONTH: simplePart('month'),
  DAY: simplePart('day'),
  DATEPART: {
    min: 2,
    max: 2,
    bind(call) {
      const part = partOf(call);
      const a = dateArgument(call, 1);
      return derived(types.int, true, call.args, env => {
        const v = a.eval(env);
        return v === null ? null : partValue(part, momentOf(v, a.type), env.run.settings.dateFirst);
      });
    },
  },
  DATENAME: {
    min: 2,
    max: 2,
    bind(call) {
      const part = partOf(call);
      const a = dateArgument(call, 1);
      return derived(textType(call.session.settings, 30), true, call.args, env => {
        const v = a.eval(env);
        if (v === null) return null;
        const m = momentOf(v, a.type);
        if (part === 'month') return monthNames[civil(m.days).month - 1]!;
        if (part === 'weekday') return dayNames[weekday(m.days) % 7]!;
        if (part === 'tzoffset') return formatOffset(m.offset ?? 0);
        return String(partValue(part, m, env.run.settings.dateFirst));
      });
    },
  },
  DATEADD: {
    min: 3,
    max: 3,
    bind(call) {
      const part = partOf(call);
      const source = call.args[2]!;
      const a = dateArgument(call, 2);
      const type = isCharacter(source.type) ? types.datetime : a.type;
      const n = call.as(1, types.bigint);
      return derived(type, true, call.args, env => {
        const v = a.eval(env);
        const count = n(env) as bigint | null;
        if (v === null || count === null) return null;
        const moved = addPart(part, Number(count), momentOf(v, a.type));
        const result = moved.days < 0 ? null : valueOfMoment(moved, type);
        if (result === null)
          throw new ServerError(517, `Adding a value to a '${type.name}' column caused an overflow.`);
        return result;
      });
    },
  },
  DATEDIFF: difference(false),
  DATEDIFF_BIG: difference(true),
  EOMONTH: {
    min: 1,
    max: 2,
    since: 110,
    bind(call) {
      const a = dateArgument(call, 0);
      const months = call.args.length > 1 ? call.int(1) : () => 0;
      return derived(types.date, true, call.args, env => {
        const v = a.eval(env);
        const n = months(env);
        if (v === null) return null;
        const { year, month } = civil(addPart('month', n ?? 0, momentOf(v, a.type)).days);
        return daysOf(year, month, daysInMonth(year, month));
      });
    },
  },
  ISDATE: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const convert = coerce(a, types.datetime);
      return derived(types.int, false, call.args, env => {
        try {
          return convert(env) === null ? 0 : 1;
        } catch {
          return 0;
        }
      });
    },
  },
  DATEFROMPARTS: fromParts(
    () => types.date,
    3,
    ([y, m, d]) => whole(dayOf(y!, m!, d!), 0),
  ),
  DATETIMEFROMPARTS: fromParts(
    () => types.datetime,
    7,
    ([y, m, d, h, mi, s, ms]) => {
      const t = clockTicks(h!, mi!, s!);
      return whole(dayOf(y!, m!, d!), t === null || ms! < 0 || ms! > 999 ? null : t + ms! * 10_000);
    },
  ),
  SMALLDATETIMEFROMPARTS: fromParts(
    () => types.smalldatetime,
    5,
    ([y, m, d, h, mi]) => whole(dayOf(y!, m!, d!), clockTicks(h!, mi!, 0)),
  ),
  DATETIME2FROMPARTS: fromParts(
    call => datetime2Type(scaleArgument(call, 7)),
    8,
    ([y, m, d, h, mi, s, f, p]) => {
      const t = clockTicks(h!, mi!, s!);
      return whole(dayOf(y!, m!, d!), t === null ? null : t + f! * 10 ** (7 - p!));
    },
  ),
  TIMEFROMPARTS: fromParts(
    call => timeType(scaleArgument(call, 4)),
    5,
    ([h, mi, s, f, p]) => {
      const t = clockTicks(h!, mi!, s!);
      return whole(days1900, t === null ? null : t + f! * 10 ** (7 - p!));
    },
  ),
  SWITCHOFFSET: offsetFunction(true),
  TODATETIMEOFFSET: offsetFunction(false),
  CURRENT_TIMEZONE: {
    min: 0,
    max: 0,
    since: 150,
    bind: call =>
      constantOf(
        { ...textType(call.session.settings, 128), name: 'varchar' },
        '(UTC) Coordinated Universal Time',
        false,
      ),
  },
};

function offsetFunction(keepInstant: boolean): FunctionSpec {
  return {
    min: 2,
    max: 2,
    bind(call) {
      const source = call.args[0]!;
      const a: { type: SqlType; eval: (env: Env) => Value } = keepInstant
        ? {
            type: datetimeOffsetType(source.type.scale || 7),
            eval: coerce(source, datetimeOffsetType(source.type.scale || 7)),
          }
        : dateArgument(call, 0);
      const text = isCharacter(call.args[1]!.type) ? call.text(1) : null;
      const minutes = text ? null : call.int(1);
      const type = datetimeOffsetType(a.type.scale || 7);
      return derived(type, true, call.args, env => {
        const v = a.eval(env);
        if (v === null) return null;
        let offset: number | null;
        if (text) {
          const match = /^([+-])(\d{2}):(\d{2})$/.exec(text(env) ?? '');
          if (!match)
            throw new ServerError(9812, 'The timezone provided to builtin function switchoffset is invalid.', {
              state: 0,
            });
          offset = (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
        } else offset = minutes!(env);
        if (offset === null) return null;
        if (keepInstant) return new ZonedTime((v as ZonedTime).utc, offset);
        return valueOfMoment({ ...momentOf(v, a.type), offset }, type);
      });
    },
  };
}
