/** COUNT, SUM, MIN and their like. */
import { coerce, comparer, type HashKey, hashKeyOf } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { Expression } from '../parser/ast.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { fitsPrecision, rescale } from '../types/decimal.ts';
import {
  decimalType,
  isCharacter,
  isDecimal,
  isFloat,
  isInteger,
  isMoney,
  isUnicode,
  nvarcharType,
  type SqlType,
  types,
  varcharType,
} from '../types/sql-type.ts';
import type { Present, Value } from '../types/values.ts';
import type { Env, Eval } from './runtime.ts';
import { sortByKeys } from './select.ts';

export interface Accumulator {
  add(env: Env): void;
  result(env: Env): Value;
}
export interface AggregateSpec {
  readonly type: SqlType;
  readonly nullable: boolean;
  create(): Accumulator;
}

const names = new Set([
  'COUNT',
  'COUNT_BIG',
  'SUM',
  'MIN',
  'MAX',
  'AVG',
  'STDEV',
  'STDEVP',
  'VAR',
  'VARP',
  'STRING_AGG',
  'CHECKSUM_AGG',
  'APPROX_COUNT_DISTINCT',
  'GROUPING',
  'GROUPING_ID',
]);
export const isAggregateName = (name: string): boolean => names.has(name.toUpperCase());

export function bindAggregate(e: Extract<Expression, { kind: 'call' }>, scope: Scope): AggregateSpec {
  const name = e.name.toUpperCase();
  const { version } = scope.context.session;
  if ((name === 'STRING_AGG' && version < 140) || (name === 'APPROX_COUNT_DISTINCT' && version < 150))
    throw new ServerError(195, `'${e.name}' is not a recognized built-in function name.`, { class: 15, state: 10 });
  if (e.star) {
    if (name !== 'COUNT' && name !== 'COUNT_BIG')
      throw new ServerError(102, "Incorrect syntax near '*'.", { class: 15 });
    return counter(name, () => 1, null);
  }
  if (e.arguments.length < 1 || e.arguments.length > (name === 'STRING_AGG' ? 2 : 1))
    throw new ServerError(174, `The ${e.name.toLowerCase()} function requires 1 argument(s).`, { class: 15 });
  const argument = bindExpression(e.arguments[0]!, scope);
  const unique = e.distinct || name === 'APPROX_COUNT_DISTINCT' ? hashKeyOf(argument.type) : null;
  const invalid = (): ServerError =>
    new ServerError(
      8117,
      `Operand data type ${argument.isNull ? 'NULL' : argument.type.name} is invalid for ${name.toLowerCase()} operator.`,
    );
  switch (name) {
    case 'COUNT':
    case 'COUNT_BIG':
    case 'APPROX_COUNT_DISTINCT':
      return counter(name === 'COUNT' ? 'COUNT' : 'COUNT_BIG', argument.eval, unique);
    case 'MIN':
    case 'MAX': {
      const t = argument.type;
      if (
        t.name === 'bit' ||
        t.name === 'text' ||
        t.name === 'ntext' ||
        t.name === 'image' ||
        t.name === 'xml' ||
        argument.isNull
      )
        throw invalid();
      const compare = comparer(t);
      const sign = name === 'MIN' ? -1 : 1;
      return {
        type: t,
        nullable: true,
        create: () => {
          let best: Value = null;
          return {
            add(env) {
              const v = argument.eval(env);
              if (v !== null && (best === null || compare(v, best) * sign > 0)) best = v;
            },
            result: () => best,
          };
        },
      };
    }
    case 'SUM':
    case 'AVG':
      return summer(name, argument.type, argument.eval, unique, invalid);
    case 'STDEV':
    case 'STDEVP':
    case 'VAR':
    case 'VARP': {
      const value = coerce(argument, types.float);
      return {
        type: types.float,
        nullable: true,
        create: () => {
          const seen: number[] = [];
          return {
            add(env) {
              const v = value(env) as number | null;
              if (v !== null) seen.push(v);
            },
            result() {
              const n = seen.length;
              const divisor = name.endsWith('P') ? n : n - 1;
              if (divisor <= 0) return null;
              const mean = seen.reduce((a, b) => a + b, 0) / n;
              const variance = seen.reduce((a, b) => a + (b - mean) ** 2, 0) / divisor;
              return name.startsWith('STDEV') ? Math.sqrt(variance) : variance;
            },
          };
        },
      };
    }
    case 'STRING_AGG':
      return stringAggregate(e, scope);
    default:
      throw unsupported(name);
  }
}

/** Whether a value comes for the first time. */
function distinct(key: (v: Present) => HashKey): (v: Present) => boolean {
  const seen = new Set<HashKey>();
  return v => {
    const k = key(v);
    if (seen.has(k)) return false;
    seen.add(k);
    return true;
  };
}

function counter(name: string, value: Eval, unique: ((v: Present) => HashKey) | null): AggregateSpec {
  const big = name === 'COUNT_BIG';
  return {
    type: big ? types.bigint : types.int,
    nullable: true,
    create: () => {
      let n = 0;
      const isNew = unique && distinct(unique);
      return {
        add(env) {
          const v = value(env);
          if (v === null || (isNew && !isNew(v))) return;
          n++;
        },
        result: () => (big ? BigInt(n) : n),
      };
    },
  };
}

function summer(
  name: string,
  from: SqlType,
  value: Eval,
  unique: ((v: Present) => HashKey) | null,
  invalid: () => ServerError,
): AggregateSpec {
  const average = name === 'AVG';
  let type: SqlType;
  if (from.name === 'bit') throw invalid();
  if (isInteger(from)) type = from.name === 'bigint' ? types.bigint : types.int;
  else if (isDecimal(from))
    type = average
      ? decimalType(38, Math.max(from.scale, 6), from.name as 'decimal')
      : decimalType(38, from.scale, from.name as 'decimal');
  else if (isMoney(from)) type = types.money;
  else if (isFloat(from)) type = types.float;
  else throw invalid();
  const overflow = (): ServerError =>
    new ServerError(
      8115,
      `Arithmetic overflow error converting expression to data type ${isDecimal(type) ? 'numeric' : type.name}.`,
      { state: 2 },
    );
  return {
    type,
    nullable: true,
    create: () => {
      let count = 0;
      let sum = 0;
      let big = 0n;
      const isNew = unique && distinct(unique);
      return {
        add(env) {
          const v = value(env);
          if (v === null || (isNew && !isNew(v))) return;
          count++;
          if (typeof v === 'bigint') big += v;
          else sum += v as number;
        },
        result() {
          if (count === 0) return null;
          if (type.name === 'int') {
            if (Math.abs(sum) > 2147483647) throw overflow();
            return average ? Math.trunc(sum / count) : sum;
          }
          if (type.name === 'float') return average ? sum / count : sum;
          if (type.name === 'bigint') {
            if (big > 9223372036854775807n || big < -9223372036854775808n) throw overflow();
            return average ? big / BigInt(count) : big;
          }
          if (!average) {
            if (!fitsPrecision(big, 38)) throw overflow();
            return big;
          }
          if (type.name === 'money') return big / BigInt(count);
          const widened = rescale(big, from.scale, type.scale);
          if (!fitsPrecision(widened, 38)) throw overflow();
          return widened / BigInt(count);
        },
      };
    },
  };
}

function stringAggregate(e: Extract<Expression, { kind: 'call' }>, scope: Scope): AggregateSpec {
  const argument = bindExpression(e.arguments[0]!, scope);
  const collation = argument.type.collation ?? scope.context.session.settings.databaseCollation;
  const unicode = !isCharacter(argument.type) || isUnicode(argument.type);
  const length = argument.type.length < 0 ? -1 : unicode ? 4000 : 8000;
  const type = unicode
    ? nvarcharType(length, collation, argument.type.strength)
    : varcharType(length, collation, argument.type.strength);
  const value = coerce(argument, { ...type, length: -1 });
  const separator = coerce(bindExpression(e.arguments[1]!, scope), nvarcharType(-1, collation));
  const orders = (e.withinGroup ?? []).map(o => ({
    bound: bindExpression(o.expression, scope),
    descending: o.descending,
  }));
  return {
    type,
    nullable: true,
    create: () => {
      const items: { keys: Value[]; text: string }[] = [];
      return {
        add(env) {
          const v = value(env) as string | null;
          if (v !== null) items.push({ keys: orders.map(o => o.bound.eval(env)), text: v });
        },
        result(env) {
          if (items.length === 0) return null;
          if (orders.length > 0)
            sortByKeys(
              items,
              orders.map(o => o.bound.type),
              orders.map(o => o.descending),
            );
          const text = items.map(i => i.text).join((separator(env) as string | null) ?? '');
          if (length > 0 && text.length > length)
            throw new ServerError(
              9829,
              'STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.',
            );
          return text;
        },
      };
    },
  };
}
