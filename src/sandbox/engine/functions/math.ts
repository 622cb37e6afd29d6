/** Numbers. */
import { derived, strict } from '../bind/bound.ts';
import { coerce } from '../bind/comparison.ts';
import type { Bound } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { powerOfTen, rescale } from '../types/decimal.ts';
import { decimalType, isDecimal, isFloat, isInteger, isMoney, type SqlType, types } from '../types/sql-type.ts';
import type { FunctionSpec } from './registry.ts';

const invalidOperation = (): ServerError => new ServerError(3623, 'An invalid floating point operation occurred.');

function real(apply: (...x: number[]) => number, count = 1, since?: number): FunctionSpec {
  return {
    min: count,
    max: count,
    ...(since ? { since } : {}),
    bind(call) {
      const evals = call.args.map((_, i) => call.as(i, types.float));
      return derived(types.float, true, call.args, env => {
        const values: number[] = [];
        for (const e of evals) {
          const v = e(env) as number | null;
          if (v === null) return null;
          values.push(v);
        }
        const result = apply(...values);
        if (!Number.isFinite(result)) throw invalidOperation();
        return result;
      });
    },
  };
}

/** Type that keeps whole functions: text becomes float, small integers int. */
const numeric = (a: Bound): SqlType =>
  isInteger(a.type)
    ? a.type.name === 'bigint'
      ? types.bigint
      : types.int
    : isDecimal(a.type)
      ? a.type
      : isMoney(a.type)
        ? types.money
        : types.float;

function whole(direction: 'floor' | 'ceil'): FunctionSpec {
  return {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const from = numeric(a);
      const type = isDecimal(from) ? decimalType(from.precision, 0, from.name as 'decimal') : from;
      const scale = isDecimal(from) ? from.scale : 4;
      return strict(type, [{ ...a, eval: coerce(a, from) }], ([v]) => {
        if (typeof v === 'number') return direction === 'floor' ? Math.floor(v) : Math.ceil(v);
        if (from.name === 'bigint') return v!;
        const unit = powerOfTen(scale);
        const n = v as bigint;
        let q = n / unit;
        if (n % unit !== 0n) {
          if (direction === 'floor' && n < 0n) q--;
          if (direction === 'ceil' && n > 0n) q++;
        }
        return isDecimal(from) ? q : q * unit;
      });
    },
  };
}

export const mathFunctions: Record<string, FunctionSpec> = {
  ABS: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const type = numeric(a);
      return strict(type, [{ ...a, eval: coerce(a, type) }], ([v]) => {
        if (typeof v === 'bigint') return v < 0n ? -v : v;
        const n = Math.abs(v as number);
        if (type.name === 'int' && n > 2147483647)
          throw new ServerError(8115, 'Arithmetic overflow error converting expression to data type int.', {
            state: 2,
          });
        return n;
      });
    },
  },
  SIGN: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const type = numeric(a);
      return strict(type, [{ ...a, eval: coerce(a, type) }], ([v]) => {
        if (typeof v !== 'bigint') return Math.sign(v as number) || 0;
        const unit = isDecimal(type) || isMoney(type) ? powerOfTen(isMoney(type) ? 4 : type.scale) : 1n;
        return v > 0n ? unit : v < 0n ? -unit : 0n;
      });
    },
  },
  FLOOR: whole('floor'),
  CEILING: whole('ceil'),
  ROUND: {
    min: 2,
    max: 3,
    bind(call) {
      const a = call.args[0]!;
      const type = numeric(a);
      const value = coerce(a, type);
      const digits = call.int(1);
      const cut = call.args.length > 2 ? call.int(2) : () => 0;
      return derived(type, true, call.args, env => {
        const v = value(env);
        const n = digits(env);
        const truncate = cut(env);
        if (v === null || n === null || truncate === null) return null;
        if (typeof v === 'number' && isFloat(type)) {
          const factor = 10 ** n;
          const scaled = v * factor;
          return (truncate ? Math.trunc(scaled) : Math.sign(scaled) * Math.round(Math.abs(scaled))) / factor;
        }
        const scale = isDecimal(type) ? type.scale : isMoney(type) ? 4 : 0;
        if (n >= scale) return v;
        const big = BigInt(v as number | bigint);
        const drop = scale - n;
        const result = rescale(rescale(big, drop, 0, truncate !== 0), 0, drop);
        return typeof v === 'number' ? Number(result) : result;
      });
    },
  },
  POWER: {
    min: 2,
    max: 2,
    bind(call) {
      const type = numeric(call.args[0]!);
      const x = call.as(0, types.float);
      const y = call.as(1, types.float);
      const back = coerce(
        {
          type: types.float,
          nullable: true,
          constant: false,
          isNull: false,
          columnFlags: null,
          eval: env => {
            const a = x(env) as number | null;
            const b = y(env) as number | null;
            if (a === null || b === null) return null;
            const r = a ** b;
            if (!Number.isFinite(r)) throw invalidOperation();
            return r;
          },
        },
        type,
      );
      return derived(type, true, call.args, back);
    },
  },
  SQRT: real(Math.sqrt),
  SQUARE: real(x => x * x),
  EXP: real(Math.exp),
  LOG10: real(Math.log10),
  SIN: real(Math.sin),
  COS: real(Math.cos),
  TAN: real(Math.tan),
  COT: real(x => 1 / Math.tan(x)),
  ASIN: real(Math.asin),
  ACOS: real(Math.acos),
  ATAN: real(Math.atan),
  ATN2: real(Math.atan2, 2),
  RADIANS: real(x => (x * Math.PI) / 180),
  DEGREES: real(x => (x * 180) / Math.PI),
  PI: { min: 0, max: 0, bind: () => derived(types.float, false, [], () => Math.PI) },
  LOG: {
    min: 1,
    max: 2,
    bind(call) {
      if (call.args.length > 1 && call.session.version < 110)
        throw new ServerError(174, 'The log function requires 1 argument(s).', { class: 15 });
      return real(
        (x, base) => (base === undefined ? Math.log(x!) : Math.log(x!) / Math.log(base)),
        call.args.length,
      ).bind(call);
    },
  },
  RAND: {
    min: 0,
    max: 1,
    bind: call => derived(types.float, true, [], () => Math.random(), call.args.length === 0),
  },
};
