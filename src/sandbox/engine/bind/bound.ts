/** Small constructors of bound expressions. */

import type { Bound, Env, Eval } from '../query/runtime.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import { nvarcharType, type SqlType, types, varcharType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';

export const constantOf = (type: SqlType, value: Value, nullable = value === null): Bound => ({
  type,
  nullable,
  eval: () => value,
  constant: true,
  isNull: false,
  columnFlags: null,
});
export const nullBound: Bound = {
  type: types.int,
  nullable: true,
  eval: () => null,
  constant: true,
  isNull: true,
  columnFlags: null,
};

/** An expression over others: constant when they are. Constants are evaluated once. */
export function derived(
  type: SqlType,
  nullable: boolean,
  from: readonly Bound[],
  evaluate: Eval,
  volatile = false,
): Bound {
  const constant = !volatile && from.every(b => b.constant);
  return { type, nullable, eval: evaluate, constant, isNull: false, columnFlags: null };
}

export const withType = (bound: Bound, type: SqlType, evaluate: Eval = bound.eval): Bound => ({
  ...bound,
  type,
  eval: evaluate,
  isNull: false,
  columnFlags: null,
});

/** A function of its arguments that is NULL when one of them is. */
export function strict(
  type: SqlType,
  args: readonly Bound[],
  apply: (values: Exclude<Value, null>[], env: Env) => Value,
  options: { nullable?: boolean; volatile?: boolean } = {},
): Bound {
  const evals = args.map(a => a.eval);
  return derived(
    type,
    options.nullable ?? true,
    args,
    env => {
      const values: Exclude<Value, null>[] = [];
      for (const e of evals) {
        const v = e(env);
        if (v === null) return null;
        values.push(v);
      }
      return apply(values, env);
    },
    options.volatile,
  );
}

export const textType = (settings: SessionSettings, length: number): SqlType =>
  nvarcharType(length, settings.databaseCollation);
export const ansiType = (settings: SessionSettings, length: number): SqlType =>
  varcharType(length, settings.databaseCollation);
