/** Functions with OVER: computed over all rows once grouping is done. */
import { coerce, comparer, rowKey } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { Expression } from '../parser/ast.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { type SqlType, types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { type AggregateSpec, bindAggregate, isAggregateName } from './aggregates.ts';
import type { Grouper } from './grouping.ts';
import type { Bound, Env } from './runtime.ts';
import { sortByKeys } from './select.ts';

interface Window {
  readonly partition: readonly Bound[];
  readonly order: readonly { readonly bound: Bound; readonly descending: boolean }[];
  readonly compute: (
    rows: { row: Value[]; keys: Value[] }[],
    env: Env,
    peer: (a: Value[], b: Value[]) => boolean,
  ) => Value[];
}

const since110 = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE', 'CUME_DIST', 'PERCENT_RANK']);
const ranking = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE']);

export class Windows {
  private readonly windows: Window[] = [];
  private readonly scope: Scope;
  private readonly grouper: Grouper | null;

  constructor(scope: Scope, grouper: Grouper | null) {
    this.scope = scope;
    this.grouper = grouper;
  }
  get any(): boolean {
    return this.windows.length > 0;
  }

  /** Slot of a window's result, beyond all others of the row. */
  readonly collect = (e: Extract<Expression, { kind: 'call' }>): Bound => {
    const over = e.over!;
    const { scope } = this;
    const name = e.name.toUpperCase();
    if (since110.has(name) && scope.context.session.version < 110)
      throw new ServerError(195, `'${e.name}' is not a recognized built-in function name.`, { class: 15, state: 10 });
    if (
      over.frame !== null &&
      !/^(RANGE|ROWS) BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW$|^(RANGE|ROWS) UNBOUNDED PRECEDING$|^ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING$|^RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING$/.test(
        over.frame,
      )
    )
      throw unsupported(`window frame ${over.frame}`, e.line);
    const whole = over.order.length === 0 || (over.frame?.endsWith('UNBOUNDED FOLLOWING') ?? false);
    const byRow = over.frame?.startsWith('ROWS') ?? false;
    const partition = over.partition.map(p => bindExpression(p, scope));
    const order = over.order.map(o => ({ bound: bindExpression(o.expression, scope), descending: o.descending }));
    let type: SqlType = types.bigint;
    let nullable = true;
    let compute: Window['compute'];
    if (ranking.has(name)) {
      if (order.length === 0)
        throw new ServerError(4112, `The function '${e.name}' must have an OVER clause with ORDER BY.`, { class: 15 });
      const buckets = name === 'NTILE' ? coerce(bindExpression(e.arguments[0]!, scope), types.bigint) : null;
      compute = (rows, env, peer) => {
        let rank = 0;
        let dense = 0;
        return rows.map((r, i) => {
          if (i === 0 || !peer(rows[i - 1]!.keys, r.keys)) {
            rank = i + 1;
            dense++;
          }
          if (name === 'NTILE') {
            const n = Number(buckets!(env));
            const size = Math.floor(rows.length / n);
            const extra = rows.length % n;
            return BigInt(
              i < extra * (size + 1)
                ? Math.floor(i / (size + 1)) + 1
                : extra + Math.floor((i - extra * (size + 1)) / Math.max(1, size)) + 1,
            );
          }
          return BigInt(name === 'ROW_NUMBER' ? i + 1 : name === 'RANK' ? rank : dense);
        });
      };
    } else if (name === 'LAG' || name === 'LEAD') {
      const value = bindExpression(e.arguments[0]!, scope);
      type = value.type;
      const offset = e.arguments[1] ? coerce(bindExpression(e.arguments[1], scope), types.int) : () => 1;
      const fallback = e.arguments[2] ? coerce(bindExpression(e.arguments[2], scope), type) : () => null;
      compute = (rows, env) =>
        rows.map((r, i) => {
          env.row = r.row;
          const n = offset(env) as number;
          const other = rows[name === 'LAG' ? i - n : i + n];
          if (!other) return fallback(env);
          env.row = other.row;
          return value.eval(env);
        });
    } else if (name === 'FIRST_VALUE' || name === 'LAST_VALUE') {
      const value = bindExpression(e.arguments[0]!, scope);
      type = value.type;
      compute = (rows, env, peer) =>
        rows.map((_, i) => {
          let at = 0;
          if (name === 'LAST_VALUE') {
            at = whole ? rows.length - 1 : i;
            while (!whole && !byRow && at + 1 < rows.length && peer(rows[i]!.keys, rows[at + 1]!.keys)) at++;
          }
          env.row = rows[at]!.row;
          return value.eval(env);
        });
    } else if (isAggregateName(name)) {
      if (e.distinct)
        throw new ServerError(10759, 'Use of DISTINCT is not allowed with the OVER clause.', { class: 15 });
      if (this.grouper) this.grouper.inside = false;
      const spec: AggregateSpec = bindAggregate(e, scope);
      type = spec.type;
      nullable = spec.nullable;
      compute = (rows, env, peer) => {
        const accumulator = spec.create();
        const results: Value[] = [];
        for (let i = 0; i < rows.length; ) {
          let j = i + 1;
          if (whole) j = rows.length;
          else if (!byRow) while (j < rows.length && peer(rows[i]!.keys, rows[j]!.keys)) j++;
          for (let k = i; k < j; k++) {
            env.row = rows[k]!.row;
            accumulator.add(env);
          }
          const value = accumulator.result(env);
          for (; i < j; i++) results.push(value);
        }
        return results;
      };
    } else throw unsupported(`${name} with OVER`, e.line);
    const index = this.windows.length;
    this.windows.push({ partition, order, compute });
    return {
      type,
      nullable,
      eval: env => env.row[env.row.length - this.windows.length + index]!,
      constant: false,
      isNull: false,
      columnFlags: null,
    };
  };

  *run(source: Iterable<unknown>, env: Env): Iterable<unknown> {
    const rows: Value[][] = [];
    for (const _ of source) rows.push([...env.row]);
    const before = env.row;
    const results: Value[][] = rows.map(() => []);
    for (const w of this.windows) {
      const key = rowKey(w.partition.map(p => p.type));
      const compares = w.order.map(o => comparer(o.bound.type));
      const peer = (a: Value[], b: Value[]): boolean =>
        compares.every((c, i) =>
          a[i] === null || b[i] === null ? a[i] === b[i] : c(a[i]! as never, b[i]! as never) === 0,
        );
      const parts = new Map<string, { row: Value[]; keys: Value[]; index: number }[]>();
      rows.forEach((row, index) => {
        env.row = row;
        const k = key(w.partition.map(p => p.eval(env)));
        const item = { row, keys: w.order.map(o => o.bound.eval(env)), index };
        const list = parts.get(k);
        if (list) list.push(item);
        else parts.set(k, [item]);
      });
      for (const part of parts.values()) {
        sortByKeys(
          part,
          w.order.map(o => o.bound.type),
          w.order.map(o => o.descending),
        );
        const values = w.compute(part, env, peer);
        part.forEach((item, i) => {
          results[item.index]!.push(values[i]!);
        });
      }
    }
    for (let i = 0; i < rows.length; i++) {
      env.row = [...rows[i]!, ...results[i]!];
      yield null;
    }
    env.row = before;
  }
}
