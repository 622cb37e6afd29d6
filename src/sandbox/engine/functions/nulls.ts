/** ISNULL, COALESCE, NULLIF, CHOOSE, GREATEST, LEAST. */
import { constantOf, derived, nullBound } from '../bind/bound.ts';
import { coerce, commonType, comparer } from '../bind/comparison.ts';
import { compareBound } from '../bind/conditions.ts';
import type { Bound } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { types } from '../types/sql-type.ts';
import type { FunctionSpec } from './registry.ts';

const common = (args: readonly Bound[]) => {
  const typed = args.filter(a => !a.isNull);
  return typed.length === 0 ? types.int : { ...typed.map(a => a.type).reduce((a, b) => commonType(a, b)), userType: 0 };
};

export const nullFunctions: Record<string, FunctionSpec> = {
  ISNULL: {
    min: 2,
    max: 2,
    bind({ args }) {
      const [a, b] = args as [Bound, Bound];
      if (a.isNull) return b.isNull ? nullBound : { ...b, columnFlags: null };
      // The type is that of the first argument; the second is cut to it.
      const type = a.type;
      const other = coerce(b, type);
      return derived(type, a.nullable && b.nullable, args, env => a.eval(env) ?? other(env));
    },
  },
  COALESCE: {
    min: 2,
    max: 1000,
    bind({ args }) {
      if (args.every(a => a.isNull))
        throw new ServerError(
          4127,
          'At least one of the arguments to COALESCE must be an expression that is not the NULL constant.',
        );
      const type = common(args);
      const evals = args.map(a => coerce(a, type));
      return derived(
        type,
        args.every(a => a.nullable),
        args,
        env => {
          for (const e of evals) {
            const v = e(env);
            if (v !== null) return v;
          }
          return null;
        },
      );
    },
  },
  NULLIF: {
    min: 2,
    max: 2,
    bind({ args }) {
      const [a, b] = args as [Bound, Bound];
      if (a.isNull)
        throw new ServerError(
          4151,
          'The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.',
        );
      const equal = compareBound('=', a, b, false);
      return derived(a.type, true, args, env => (equal(env) === true ? null : a.eval(env)));
    },
  },
  CHOOSE: {
    min: 2,
    max: 1000,
    since: 110,
    bind({ args, int }) {
      const rest = args.slice(1);
      const type = common(rest);
      const index = int(0);
      const evals = rest.map(a => coerce(a, type));
      return derived(type, true, args, env => {
        const n = index(env);
        const pick = n === null ? undefined : evals[n - 1];
        return pick ? pick(env) : null;
      });
    },
  },
  GREATEST: extreme(1),
  LEAST: extreme(-1),
};

function extreme(sign: number): FunctionSpec {
  return {
    min: 1,
    max: 254,
    since: 160,
    bind({ args }) {
      const type = common(args);
      const compare = comparer(type);
      const evals = args.map(a => coerce(a, type));
      if (args.every(a => a.isNull)) return constantOf(type, null);
      return derived(type, true, args, env => {
        let best: ReturnType<(typeof evals)[number]> = null;
        for (const e of evals) {
          const v = e(env);
          if (v !== null && (best === null || compare(v, best) * sign > 0)) best = v;
        }
        return best;
      });
    },
  };
}
