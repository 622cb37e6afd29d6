/** Comparing values: the type in which two expressions meet, order, equality keys. */

import type { Bound, Eval } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { compareText, equalityKey } from '../types/collation.ts';
import { converter, sameValue } from '../types/convert.ts';
import { bytesOfGuid } from '../types/guid.ts';
import {
  decimalOf,
  decimalType,
  isBinary,
  isBytes,
  isCharacter,
  isDecimal,
  isFloat,
  isInteger,
  isMoney,
  isUnicode,
  joinCollations,
  type SqlType,
  typePrecedence,
  types,
} from '../types/sql-type.ts';
import type { Present, Value, Variant, ZonedTime } from '../types/values.ts';

const describeCollations = (a: SqlType, b: SqlType, operation: string): ServerError =>
  new ServerError(
    468,
    `Cannot resolve the collation conflict between "${b.collation?.name}" and "${a.collation?.name}" in the ${operation} operation.`,
    { state: 9 },
  );

/** The type of UNION, CASE, COALESCE and comparisons: by precedence, wide enough for both. */
export function commonType(a: SqlType, b: SqlType, operation = 'equal to'): SqlType {
  if (a === b) return a;
  if (isCharacter(a) && isCharacter(b)) {
    const joined = joinCollations(a, b);
    if (joined === undefined) throw describeCollations(a, b, operation);
    const unicode = isUnicode(a) || isUnicode(b);
    const large = a.length < 0 || b.length < 0;
    const fixed =
      (a.name === 'char' || a.name === 'nchar') && (b.name === 'char' || b.name === 'nchar') && a.length === b.length;
    const legacy = a.name === 'text' || a.name === 'ntext' ? a : b.name === 'text' || b.name === 'ntext' ? b : null;
    const name = legacy
      ? unicode
        ? 'ntext'
        : 'text'
      : unicode
        ? fixed
          ? 'nchar'
          : 'nvarchar'
        : fixed
          ? 'char'
          : 'varchar';
    const length = large ? -1 : Math.min(Math.max(a.length, b.length), unicode ? 4000 : 8000);
    return {
      name,
      length,
      precision: 0,
      scale: 0,
      collation: joined?.collation ?? a.collation,
      strength: joined?.strength ?? 0,
      userType: a.userType && b.userType ? 256 : 0,
    };
  }
  if (isBytes(a) && isBytes(b) && a.name === b.name && isBinary(a))
    return {
      ...a,
      name: a.length === b.length ? a.name : 'varbinary',
      length: a.length < 0 || b.length < 0 ? -1 : Math.max(a.length, b.length),
    };
  if (isBinary(a) && isBinary(b))
    return {
      ...types.timestamp,
      name: 'varbinary',
      length: a.length < 0 || b.length < 0 ? -1 : Math.max(a.length, b.length),
    };
  const high = typePrecedence(a) >= typePrecedence(b) ? a : b;
  const low = high === a ? b : a;
  if (isDecimal(high) && (isDecimal(low) || isInteger(low) || isMoney(low))) {
    const x = decimalOf(high);
    const y = decimalOf(low);
    const scale = Math.max(x.scale, y.scale);
    const whole = Math.max(x.precision - x.scale, y.precision - y.scale);
    const precision = Math.min(38, whole + scale);
    return decimalType(
      precision,
      Math.min(scale, Math.max(precision - whole, Math.min(scale, 38 - whole))),
      high.name === 'numeric' || low.name === 'numeric' ? 'numeric' : 'decimal',
    );
  }
  if (high.name === low.name && high.scale !== low.scale) return high.scale > low.scale ? high : low;
  return high;
}

/** Evaluates `bound` as `type`. */
export function coerce(bound: Bound, type: SqlType): Eval {
  if (bound.isNull) return () => null;
  const convert = converter(bound.type, type);
  const evaluate = bound.eval;
  if (convert === sameValue) return evaluate;
  if (bound.constant) {
    let done = false;
    let value: Value = null;
    return env => {
      if (!done) {
        value = convert(evaluate(env), env.run.settings);
        done = true;
      }
      return value;
    };
  }
  return env => {
    const v = evaluate(env);
    return v === null ? null : convert(v, env.run.settings);
  };
}

/** Order of two values of one type. */
export function comparer(type: SqlType): (a: Present, b: Present) => number {
  if (isCharacter(type) || type.name === 'xml' || type.name === 'json') {
    const collation = type.collation!;
    return (a, b) => compareText(a as string, b as string, collation);
  }
  if (isBytes(type)) return (a, b) => compareBytes(a as Uint8Array, b as Uint8Array);
  if (type.name === 'uniqueidentifier')
    return (a, b) => {
      if (a === b) return 0;
      return Buffer.compare(guidKey(a as string), guidKey(b as string));
    };
  if (type.name === 'datetimeoffset')
    return (a, b) => {
      const x = (a as ZonedTime).utc;
      const y = (b as ZonedTime).utc;
      return x < y ? -1 : x > y ? 1 : 0;
    };
  if (type.name === 'sql_variant') return (a, b) => compareVariants(a as Variant, b as Variant);
  return (a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0);
}

/** Trailing zero bytes do not count. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  const d = Buffer.compare(a.subarray(0, n), b.subarray(0, n));
  if (d || a.length === b.length) return d;
  const rest = a.length > b.length ? a.subarray(n) : b.subarray(n);
  if (rest.every(x => x === 0)) return 0;
  return a.length > b.length ? 1 : -1;
}

/** Bytes of a uniqueidentifier in the server's order of weight. */
export function guidKey(guid: string): Buffer {
  const b = bytesOfGuid(guid);
  return Buffer.concat([b.subarray(10, 16), b.subarray(8, 10), b.subarray(6, 8), b.subarray(4, 6), b.subarray(0, 4)]);
}

/** Families of sql_variant, highest first: dates, approximate, exact numbers, text, binary, guid. */
function family(t: SqlType): number {
  if (isFloat(t)) return 5;
  if (isInteger(t) || isDecimal(t) || isMoney(t)) return 4;
  if (isCharacter(t)) return 3;
  if (isBinary(t)) return 2;
  if (t.name === 'uniqueidentifier') return 1;
  return 6;
}
const neutral = { dateFormat: 'mdy', dateFirst: 7, compatibilityLevel: 160 } as const;
function compareVariants(a: Variant, b: Variant): number {
  const fa = family(a.type);
  const fb = family(b.type);
  if (fa !== fb) return fa - fb;
  const type = commonType(a.type, b.type);
  const settings = { ...neutral, databaseCollation: (a.type.collation ?? b.type.collation)! };
  return comparer(type)(
    converter(a.type, type)(a.value, settings)! as Present,
    converter(b.type, type)(b.value, settings)! as Present,
  );
}

export type HashKey = string | number | bigint;

/** Equal values give equal keys, others different ones. */
export function hashKeyOf(type: SqlType): (value: Present) => HashKey {
  if (isCharacter(type) || type.name === 'xml' || type.name === 'json') {
    const collation = type.collation;
    return collation ? v => equalityKey(v as string, collation) : v => v as string;
  }
  if (isBytes(type))
    return v =>
      Buffer.from(v as Uint8Array)
        .toString('latin1')
        .replace(/\0+$/, '');
  if (type.name === 'datetimeoffset') return v => (v as ZonedTime).utc;
  if (type.name === 'sql_variant')
    return v => {
      const variant = v as Variant;
      const f = family(variant.type);
      if (f === 4)
        return `4|${String(converter(variant.type, decimalType(38, 6))(variant.value, { ...neutral, databaseCollation: variant.type.collation! }))}`;
      return `${f}|${String(hashKeyOf(variant.type)(variant.value as Present))}`;
    };
  return v => v as HashKey;
}

/** Equality of a whole row, for DISTINCT, GROUP BY and set operations: NULLs are equal. */
export function rowKey(kinds: readonly SqlType[]): (row: readonly Value[]) => string {
  const keys = kinds.map(hashKeyOf);
  return row => {
    let out = '';
    for (let i = 0; i < keys.length; i++) {
      const v = row[i]!;
      if (v === null) out += '\u0001N';
      else {
        const k = String(keys[i]!(v));
        out += `\u0001${k.length}:${k}`;
      }
    }
    return out;
  };
}
