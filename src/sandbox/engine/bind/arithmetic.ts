/** Operators on numbers, dates, strings and bits, with the result types that the server documents. */

import type { Bound } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { fitsPrecision, powerOfTen, rescale } from '../types/decimal.ts';
import {
  decimalOf,
  decimalType,
  isBinary,
  isCharacter,
  isDateTime,
  isDecimal,
  isFloat,
  isInteger,
  isMoney,
  isNumeric,
  isUnicode,
  joinCollations,
  type SqlType,
  typePrecedence,
  types,
  varbinaryType,
} from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { derived, nullBound } from './bound.ts';
import { coerce } from './comparison.ts';

const names: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '&': "'&'",
  '|': "'|'",
  '^': "'^'",
};

const overflow = (type: SqlType): ServerError =>
  new ServerError(
    8115,
    `Arithmetic overflow error converting expression to data type ${isDecimal(type) ? 'numeric' : type.name}.`,
    { state: 2 },
  );
const divideByZero = (): ServerError => new ServerError(8134, 'Divide by zero error encountered.');

const limits: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
  bit: [0n, 1n],
};

export function bindBinary(operator: string, a: Bound, b: Bound, concatNullYieldsNull: boolean): Bound {
  if (a.isNull && b.isNull) return nullBound;
  if (
    operator === '||' ||
    (operator === '+' && textual(a) && textual(b) && (isCharacter(a.type) || isCharacter(b.type)))
  )
    return concatenate(a, b, concatNullYieldsNull);
  const invalid = (): ServerError =>
    new ServerError(
      402,
      `The data types ${a.type.name} and ${b.type.name} are incompatible in the ${names[operator] ?? operator} operator.`,
    );
  if (operator === '+' && isBinary(a.type) && isBinary(b.type)) {
    const length = a.type.length < 0 || b.type.length < 0 ? -1 : Math.min(8000, a.type.length + b.type.length);
    return both(varbinaryType(length), a, b, a.eval, b.eval, (x, y) =>
      Buffer.concat([x as Uint8Array, y as Uint8Array]),
    );
  }
  if (a.isNull) a = { ...a, type: b.type };
  if (b.isNull) b = { ...b, type: a.type };
  if (operator === '&' || operator === '|' || operator === '^') return bitwise(operator, a, b, invalid);
  if (isDateTime(a.type) || isDateTime(b.type)) return dateArithmetic(operator, a, b, invalid);
  const high = typePrecedence(a.type) >= typePrecedence(b.type) ? a.type : b.type;
  if (!isNumeric(high)) {
    if (isCharacter(high) || isBinary(high))
      throw new ServerError(8117, `Operand data type ${high.name} is invalid for ${names[operator]} operator.`);
    throw new ServerError(206, `Operand type clash: ${a.type.name} is incompatible with ${b.type.name}`, { state: 2 });
  }
  if (isFloat(high)) return floats(operator, high, a, b);
  if (isDecimal(high) || (isMoney(high) && (isDecimal(a.type) || isDecimal(b.type)))) return decimals(operator, a, b);
  if (isMoney(high)) return money(operator, high, a, b);
  return integers(operator, high.name === 'bit' ? types.int : high, a, b);
}

const textual = (b: Bound): boolean => isCharacter(b.type) || b.isNull;

function both(
  type: SqlType,
  a: Bound,
  b: Bound,
  x: Bound['eval'],
  y: Bound['eval'],
  apply: (x: Exclude<Value, null>, y: Exclude<Value, null>) => Value,
): Bound {
  // An overflow under ARITHABORT OFF gives NULL: only constants are known not to.
  const nullable = a.constant && b.constant ? a.nullable || b.nullable : true;
  return derived(type, nullable, [a, b], env => {
    const left = x(env);
    if (left === null) return null;
    const right = y(env);
    return right === null ? null : apply(left, right);
  });
}

function concatenate(a: Bound, b: Bound, nullYieldsNull: boolean): Bound {
  const x = a.isNull ? { ...b.type, length: 1 } : a.type;
  const y = b.isNull ? { ...a.type, length: 1 } : b.type;
  if (x.name === 'text' || x.name === 'ntext' || y.name === 'text' || y.name === 'ntext')
    throw new ServerError(402, `The data types ${x.name} and ${y.name} are incompatible in the add operator.`);
  const joined = joinCollations(x, y);
  if (joined === undefined)
    throw new ServerError(
      468,
      `Cannot resolve the collation conflict between "${y.collation?.name}" and "${x.collation?.name}" in the add operation.`,
      { state: 9 },
    );
  const unicode = isUnicode(x) || isUnicode(y);
  const limit = unicode ? 4000 : 8000;
  const length = x.length < 0 || y.length < 0 ? -1 : Math.min(limit, x.length + y.length);
  const type: SqlType = {
    name: unicode ? 'nvarchar' : 'varchar',
    length,
    precision: 0,
    scale: 0,
    collation: joined?.collation ?? null,
    strength: joined?.strength ?? 0,
    userType: 0,
  };
  const left = coerce(a, { ...type, length: -1 });
  const right = coerce(b, { ...type, length: -1 });
  return derived(type, a.nullable || b.nullable, [a, b], env => {
    let s = left(env) as string | null;
    let t = right(env) as string | null;
    if (!nullYieldsNull) {
      s ??= '';
      t ??= '';
    }
    if (s === null || t === null) return null;
    const sum = s + t;
    return length < 0 || sum.length <= length ? sum : sum.slice(0, length);
  });
}

function integers(operator: string, type: SqlType, a: Bound, b: Bound): Bound {
  const x = coerce(a, type);
  const y = coerce(b, type);
  const [low, high] = limits[type.name]!;
  if (type.name === 'bigint')
    return both(type, a, b, x, y, (l, r) => {
      const m = l as bigint;
      const n = r as bigint;
      if ((operator === '/' || operator === '%') && n === 0n) throw divideByZero();
      const v =
        operator === '+'
          ? m + n
          : operator === '-'
            ? m - n
            : operator === '*'
              ? m * n
              : operator === '/'
                ? m / n
                : m % n;
      if (v < low || v > high) throw overflow(type);
      return v;
    });
  const min = Number(low);
  const max = Number(high);
  return both(type, a, b, x, y, (l, r) => {
    const m = l as number;
    const n = r as number;
    if ((operator === '/' || operator === '%') && n === 0) throw divideByZero();
    const v =
      operator === '+'
        ? m + n
        : operator === '-'
          ? m - n
          : operator === '*'
            ? m * n
            : operator === '/'
              ? Math.trunc(m / n)
              : m % n;
    if (v < min || v > max) throw overflow(type);
    return v === 0 ? 0 : v;
  });
}

function floats(operator: string, type: SqlType, a: Bound, b: Bound): Bound {
  if (operator === '%') throw new ServerError(8117, `Operand data type ${type.name} is invalid for modulo operator.`);
  return both(type, a, b, coerce(a, type), coerce(b, type), (l, r) => {
    const m = l as number;
    const n = r as number;
    if (operator === '/' && n === 0) throw divideByZero();
    const v = operator === '+' ? m + n : operator === '-' ? m - n : operator === '*' ? m * n : m / n;
    const result = type.name === 'real' ? Math.fround(v) : v;
    if (!Number.isFinite(result)) throw overflow(type);
    return result;
  });
}

function money(operator: string, type: SqlType, a: Bound, b: Bound): Bound {
  return both(type, a, b, coerce(a, types.money), coerce(b, types.money), (l, r) => {
    const m = l as bigint;
    const n = r as bigint;
    if ((operator === '/' || operator === '%') && n === 0n) throw divideByZero();
    const v =
      operator === '+'
        ? m + n
        : operator === '-'
          ? m - n
          : operator === '*'
            ? rescale(m * n, 8, 4)
            : operator === '/'
              ? (m * 10000n) / n
              : m % n;
    const limit = type.name === 'money' ? 9223372036854775807n : 2147483647n;
    if (v > limit || v < -limit - 1n) throw overflow(type);
    return v;
  });
}

/** An integer constant counts with the digits that it has (captured: "expressions", `d * 2`). */
function operandDecimal(operand: Bound): { precision: number; scale: number } {
  if (operand.constant && isInteger(operand.type) && operand.type.name !== 'bit') {
    const value = operand.eval({ row: [], outer: null, run: null as never });
    if (typeof value === 'number' || typeof value === 'bigint')
      return { precision: String(value).replace('-', '').length, scale: 0 };
  }
  return decimalOf(operand.type);
}

function decimals(operator: string, a: Bound, b: Bound): Bound {
  const l = operandDecimal(a);
  const r = operandDecimal(b);
  let precision: number;
  let scale: number;
  switch (operator) {
    case '*':
      precision = l.precision + r.precision + 1;
      scale = l.scale + r.scale;
      break;
    case '/':
      scale = Math.max(6, l.scale + r.precision + 1);
      precision = l.precision - l.scale + r.scale + scale;
      break;
    case '%':
      scale = Math.max(l.scale, r.scale);
      precision = Math.min(l.precision - l.scale, r.precision - r.scale) + scale;
      break;
    default:
      scale = Math.max(l.scale, r.scale);
      precision = Math.max(l.precision - l.scale, r.precision - r.scale) + 1 + scale;
  }
  const exactScale = scale;
  if (precision > 38) {
    const whole = precision - scale;
    if (operator === '*' || operator === '/') scale = whole < 32 ? Math.min(scale, 38 - whole) : scale > 6 ? 6 : scale;
    else scale = Math.min(scale, Math.max(38 - whole, 0));
    if (scale < 0) scale = 0;
    precision = 38;
  }
  const type = decimalType(
    precision,
    scale,
    a.type.name === 'numeric' || b.type.name === 'numeric' ? 'numeric' : 'decimal',
  );
  const x = coerce(a, decimalType(38, l.scale));
  const y = coerce(b, decimalType(38, r.scale));
  return both(type, a, b, x, y, (p, q) => {
    const m = p as bigint;
    const n = q as bigint;
    let v: bigint;
    if (operator === '*') v = rescale(m * n, exactScale, scale);
    else if (operator === '/') {
      if (n === 0n) throw divideByZero();
      // Quotients are cut, not rounded.
      v = (m * powerOfTen(scale + r.scale - l.scale < 0 ? 0 : scale + r.scale - l.scale)) / n;
      if (scale + r.scale - l.scale < 0) v /= powerOfTen(l.scale - r.scale - scale);
    } else {
      const s = Math.max(l.scale, r.scale);
      const i = rescale(m, l.scale, s);
      const j = rescale(n, r.scale, s);
      if (operator === '%') {
        if (j === 0n) throw divideByZero();
        v = rescale(i % j, s, scale);
      } else v = rescale(operator === '+' ? i + j : i - j, s, scale);
    }
    if (!fitsPrecision(v, 38)) throw overflow(type);
    return v;
  });
}

function bitwise(operator: string, a: Bound, b: Bound, invalid: () => ServerError): Bound {
  let x = a;
  let y = b;
  if (isBinary(x.type) && isInteger(y.type)) x = { ...x, type: y.type, eval: coerce(x, y.type) };
  if (isBinary(y.type) && isInteger(x.type)) y = { ...y, type: x.type, eval: coerce(y, x.type) };
  const type = typePrecedence(x.type) >= typePrecedence(y.type) ? x.type : y.type;
  if (!isInteger(type)) throw invalid();
  return both(type, x, y, coerce(x, type), coerce(y, type), (l, r) => {
    if (typeof l === 'bigint') {
      const n = r as bigint;
      return operator === '&' ? l & n : operator === '|' ? l | n : l ^ n;
    }
    const m = l as number;
    const n = r as number;
    return operator === '&' ? m & n : operator === '|' ? m | n : m ^ n;
  });
}

function dateArithmetic(operator: string, a: Bound, b: Bound, invalid: () => ServerError): Bound {
  const legacy = (t: SqlType): boolean => t.name === 'datetime' || t.name === 'smalldatetime';
  if (operator !== '+' && operator !== '-') throw invalid();
  const other = isDateTime(a.type) ? b.type : a.type;
  if ((isDateTime(a.type) && !legacy(a.type)) || (isDateTime(b.type) && !legacy(b.type))) {
    if (isCharacter(other)) throw invalid();
    throw new ServerError(206, `Operand type clash: ${a.type.name} is incompatible with ${b.type.name}`, { state: 2 });
  }
  const type = a.type.name === 'smalldatetime' && !isDateTime(b.type) ? types.smalldatetime : types.datetime;
  const x = coerce(a, types.datetime);
  const y = coerce(b, types.datetime);
  return both(type, a, b, x, y, (l, r) => {
    const v = operator === '+' ? (l as number) + (r as number) : (l as number) - (r as number);
    return type.name === 'smalldatetime' ? Math.floor(v / 18_000 + 0.5) : v;
  });
}

export function bindNegate(a: Bound): Bound {
  if (a.isNull) return a;
  const t = a.type.name === 'bit' || a.type.name === 'tinyint' ? types.smallint : a.type;
  if (isCharacter(a.type) || isBinary(a.type) || !isNumeric(t))
    throw new ServerError(8117, `Operand data type ${a.type.name} is invalid for minus operator.`);
  const x = coerce(a, t);
  return derived(t, a.constant ? a.nullable : true, [a], env => {
    const v = x(env);
    if (v === null) return null;
    if (typeof v === 'bigint') {
      if (t.name === 'bigint' && v === -9223372036854775808n) throw overflow(t);
      return -v;
    }
    if (t.name === 'int' && v === -2147483648) throw overflow(t);
    // An integer has no negative zero, a float has.
    return isFloat(t) ? -(v as number) : 0 - (v as number);
  });
}

export function bindComplement(a: Bound): Bound {
  if (!isInteger(a.type)) throw new ServerError(8117, `Operand data type ${a.type.name} is invalid for '~' operator.`);
  return derived(a.type, a.nullable, [a], env => {
    const v = a.eval(env);
    if (v === null) return null;
    if (typeof v === 'bigint') return ~v;
    return a.type.name === 'bit' ? 1 - (v as number) : a.type.name === 'tinyint' ? 255 - (v as number) : ~(v as number);
  });
}
