/** GROUP BY and aggregates: rows of a group become one row of keys and results. */
import { rowKey } from '../bind/comparison.ts';
import { bindExpression, columnKey, expressionKey } from '../bind/expressions.ts';
import type { Grouping, Scope } from '../bind/scope.ts';
import type { Expression } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import type { Value } from '../types/values.ts';
import { type Accumulator, type AggregateSpec, bindAggregate, isAggregateName } from './aggregates.ts';
import type { Bound, Env, Test } from './runtime.ts';

/** Whether an expression calls an aggregate of its own level (not one inside a subquery or OVER). */
export function hasAggregate(e: unknown): boolean {
  if (Array.isArray(e)) return e.some(hasAggregate);
  if (e === null || typeof e !== 'object') return false;
  const node = e as Record<string, unknown>;
  if (
    node.kind === 'call' &&
    node.over === null &&
    (node.path as string[]).length === 0 &&
    isAggregateName(node.name as string)
  )
    return true;
  if (node.kind === 'subquery' || node.kind === 'exists') return false;
  return Object.entries(node).some(([k, v]) => k !== 'query' && hasAggregate(v));
}

export class Grouper implements Grouping {
  readonly keys = new Map<string, { readonly slot: number; readonly bound: Bound }>();
  inside = false;
  private readonly keyBounds: Bound[] = [];
  private readonly aggregates: AggregateSpec[] = [];
  private readonly byText = new Map<string, Bound>();
  private readonly scalar: boolean;

  constructor(groupBy: readonly Expression[], scope: Scope) {
    this.scalar = groupBy.length === 0;
    for (const e of groupBy) {
      if (e.kind === 'literal')
        throw new ServerError(
          164,
          'Each GROUP BY expression must contain at least one column that is not an outer reference.',
          { class: 15, line: e.line },
        );
      const bound = bindExpression(e, scope);
      const slot = this.keyBounds.length;
      this.keyBounds.push(bound);
      const key = e.kind === 'column' ? this.columnKeyOf(e.parts, scope) : expressionKey(e, scope);
      this.keys.set(key, { slot, bound });
    }
  }
  private columnKeyOf(parts: readonly string[], scope: Scope): string {
    const found = scope.find(parts);
    return found ? columnKey(found.relation.id, found.column.slot) : parts.join('.');
  }

  aggregate(call: unknown, scope: Scope): Bound | null {
    const e = call as Extract<Expression, { kind: 'call' }>;
    if (e.over !== null || e.path.length > 0 || !isAggregateName(e.name)) return null;
    if (this.inside)
      throw new ServerError(
        130,
        'Cannot perform an aggregate function on an expression containing an aggregate or a subquery.',
        { class: 15 },
      );
    const text = expressionKey(e, scope);
    const known = this.byText.get(text);
    if (known) return known;
    this.inside = true;
    let spec: AggregateSpec;
    try {
      spec = bindAggregate(e, scope);
    } finally {
      this.inside = false;
    }
    const slot = this.keyBounds.length + this.aggregates.length;
    this.aggregates.push(spec);
    const bound: Bound = {
      type: spec.type,
      nullable: spec.nullable,
      eval: env => env.row[slot]!,
      constant: false,
      isNull: false,
      columnFlags: null,
      aggregate: true,
    };
    this.byText.set(text, bound);
    return bound;
  }

  *run(rows: Iterable<unknown>, env: Env, having: readonly Test[]): Iterable<unknown> {
    const groups = new Map<string, { keys: Value[]; accumulators: Accumulator[] }>();
    const key = rowKey(this.keyBounds.map(b => b.type));
    const make = (keys: Value[]): { keys: Value[]; accumulators: Accumulator[] } => ({
      keys,
      accumulators: this.aggregates.map(a => a.create()),
    });
    if (this.scalar) groups.set('', make([]));
    const source = env.row;
    for (const _ of rows) {
      const keys = this.keyBounds.map(b => b.eval(env));
      const k = this.scalar ? '' : key(keys);
      let group = groups.get(k);
      if (!group) groups.set(k, (group = make(keys)));
      for (const a of group.accumulators) a.add(env);
    }
    for (const group of groups.values()) {
      env.row = [...group.keys, ...group.accumulators.map(a => a.result(env))];
      if (having.every(h => h(env) === true)) yield null;
    }
    env.row = source;
  }
}
