/** FROM as a tree of relations that fill slots of a row. */

import { coerce, commonType, type HashKey, hashKeyOf } from '../bind/comparison.ts';
import { bindCondition, compareBound } from '../bind/conditions.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { Condition } from '../parser/ast.ts';
import type { Value } from '../types/values.ts';
import type { Env, Eval, Test } from './runtime.ts';

/** A condition with what it reads of this level. `sides`: of an equality, each side alone. */
export interface Conjunct {
  readonly test: Test;
  readonly reads: ReadonlySet<number>;
  readonly sides:
    | readonly {
        readonly reads: ReadonlySet<number>;
        readonly eval: Eval;
        readonly key: (v: Exclude<Value, null>) => HashKey;
        readonly column: { readonly relation: number; readonly slot: number } | null;
      }[]
    | null;
  readonly usesOuter: boolean;
}

/** A relation that can be opened again and again; `next` sets its slots in env.row. */
export interface Relation {
  readonly ids: readonly number[];
  readonly slots: readonly number[];
  /** Rows depend on enclosing rows (APPLY, correlated subqueries): nothing of it may be kept. */
  readonly correlated: () => boolean;
  open(env: Env, hint: { readonly slot: number; readonly value: Value } | null): Iterable<unknown>;
}

export function conjunctsOf(condition: Condition | null, scope: Scope): Conjunct[] {
  if (!condition) return [];
  if (condition.kind === 'and') return [...conjunctsOf(condition.left, scope), ...conjunctsOf(condition.right, scope)];
  const outerBefore = scope.correlated;
  scope.correlated = false;
  try {
    if (condition.kind === 'compare' && condition.operator === '=') {
      const left = scope.collect(() => bindExpression(condition.left, scope));
      const right = scope.collect(() => bindExpression(condition.right, scope));
      const { result: a } = left;
      const { result: b } = right;
      const test = lined(condition.line, () => compareBound('=', a, b, scope.context.session.ansiNullsOff));
      const reads = new Set([...left.reads, ...right.reads]);
      const usesOuter = scope.correlated;
      if (a.isNull || b.isNull || scope.context.session.ansiNullsOff) return [{ test, reads, sides: null, usesOuter }];
      const type = commonType(a.type, b.type);
      const key = hashKeyOf(type);
      const column = (e: typeof condition.left, converted: boolean): { relation: number; slot: number } | null => {
        if (e.kind !== 'column' || converted) return null;
        const found = scope.find(e.parts);
        return found ? { relation: found.relation.id, slot: found.column.slot } : null;
      };
      return [
        {
          test,
          reads,
          usesOuter,
          sides: [
            {
              reads: left.reads,
              eval: coerce(a, type),
              key,
              column: column(condition.left, a.type.name !== type.name),
            },
            {
              reads: right.reads,
              eval: coerce(b, type),
              key,
              column: column(condition.right, b.type.name !== type.name),
            },
          ],
        },
      ];
    }
    const { result: test, reads } = scope.collect(() => bindCondition(condition, scope));
    return [{ test, reads, sides: null, usesOuter: scope.correlated }];
  } finally {
    scope.correlated = scope.correlated || outerBefore;
  }
}

function lined<T>(line: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const e = error as { line?: number | null };
    if (e.line === null) e.line = line;
    throw error;
  }
}

/** An equality `inner = probe`: inner reads only the relation, probe nothing of it. */
interface EquiKey {
  readonly inner: Eval;
  readonly probe: Eval;
  readonly key: (v: Exclude<Value, null>) => HashKey;
}

const subset = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => {
  for (const x of a) if (!b.has(x)) return false;
  return true;
};
const disjoint = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => {
  for (const x of a) if (b.has(x)) return false;
  return true;
};

function equiKeys(
  conjuncts: readonly Conjunct[],
  ids: ReadonlySet<number>,
  placed: ReadonlySet<number>,
): { keys: EquiKey[]; rest: Conjunct[] } {
  const keys: EquiKey[] = [];
  const rest: Conjunct[] = [];
  for (const c of conjuncts) {
    const [l, r] = c.sides ?? [];
    if (l && r && l.reads.size > 0 && subset(l.reads, ids) && disjoint(r.reads, ids) && subset(r.reads, placed))
      keys.push({ inner: l.eval, probe: r.eval, key: l.key });
    else if (l && r && r.reads.size > 0 && subset(r.reads, ids) && disjoint(l.reads, ids) && subset(l.reads, placed))
      keys.push({ inner: r.eval, probe: l.eval, key: l.key });
    else rest.push(c);
  }
  return { keys, rest };
}

/** Rows of a relation kept as copies of its slots, found by key. */
class HashTable {
  readonly rows: Value[][] = [];
  readonly byKey = new Map<HashKey, Value[][]>();

  constructor(relation: Relation, keys: readonly EquiKey[], env: Env, filters: readonly Conjunct[]) {
    const { slots } = relation;
    for (const _ of relation.open(env, null)) {
      if (!passes(filters, env)) continue;
      const copy = slots.map(s => env.row[s]!);
      this.rows.push(copy);
      if (keys.length === 0) continue;
      const key = keyOf(keys, 'inner', env);
      if (key === null) continue;
      const list = this.byKey.get(key);
      if (list) list.push(copy);
      else this.byKey.set(key, [copy]);
    }
  }
}

function keyOf(keys: readonly EquiKey[], side: 'inner' | 'probe', env: Env): HashKey | null {
  if (keys.length === 1) {
    const k = keys[0]!;
    const v = k[side](env);
    return v === null ? null : k.key(v);
  }
  let out = '';
  for (const k of keys) {
    const v = k[side](env);
    if (v === null) return null;
    const part = String(k.key(v));
    out += `${part.length}:${part}`;
  }
  return out;
}

const passes = (filters: readonly Conjunct[], env: Env): boolean => {
  for (const f of filters) if (f.test(env) !== true) return false;
  return true;
};

const none: readonly Value[][] = [];

function restore(relation: Relation, copy: readonly Value[], env: Env): void {
  const { slots } = relation;
  for (let i = 0; i < slots.length; i++) env.row[slots[i]!] = copy[i]!;
}
function nullify(relation: Relation, env: Env): void {
  for (const s of relation.slots) env.row[s] = null;
}

/** Matches of one relation for the current environment: by hash where keys exist, else all rows that pass. */
class Matcher {
  readonly relation: Relation;
  private readonly keys: readonly EquiKey[];
  private readonly own: readonly Conjunct[];
  private readonly residual: readonly Conjunct[];
  private readonly lateral: boolean;

  constructor(relation: Relation, conjuncts: readonly Conjunct[], placed: ReadonlySet<number>, lateral: boolean) {
    this.relation = relation;
    const ids = new Set(relation.ids);
    this.lateral = lateral;
    const { keys, rest } = equiKeys(conjuncts, ids, placed);
    this.keys = keys;
    // Conditions on the relation alone are tested once, when its rows are gathered.
    this.own = rest.filter(c => subset(c.reads, ids) && !c.usesOuter);
    this.residual = rest.filter(c => !(subset(c.reads, ids) && !c.usesOuter));
  }

  /** Sets the relation's slots for each match. */
  *matches(env: Env): Iterable<null> {
    const { relation } = this;
    if (this.lateral || relation.correlated()) {
      for (const _ of relation.open(env, null))
        if (passes(this.own, env) && passes(this.residual, env) && this.keysEqual(env)) yield null;
      return;
    }
    const { cache } = env.run;
    let table = cache.get(this) as HashTable | undefined;
    if (!table) {
      table = new HashTable(relation, this.keys, env, this.own);
      cache.set(this, table);
    }
    const key = this.keys.length > 0 ? keyOf(this.keys, 'probe', env) : null;
    const candidates = this.keys.length === 0 ? table.rows : key === null ? none : (table.byKey.get(key) ?? none);
    if (this.residual.length === 0) {
      for (const copy of candidates) {
        restore(relation, copy, env);
        yield null;
      }
      return;
    }
    for (const copy of candidates) {
      restore(relation, copy, env);
      if (passes(this.residual, env)) yield null;
    }
  }
  private keysEqual(env: Env): boolean {
    return this.keys.length === 0 || (keyOf(this.keys, 'inner', env) ?? Number.NaN) === keyOf(this.keys, 'probe', env);
  }
}

/** Inner and cross joins of several relations, with all conditions that bind them. */
export class InnerJoin implements Relation {
  readonly ids: number[];
  readonly slots: number[];
  readonly items: { readonly relation: Relation; readonly lateral: boolean }[];
  readonly conjuncts: Conjunct[];
  private steps:
    | {
        first: Relation;
        constants: Conjunct[];
        hint: { slot: number; eval: Eval } | null;
        firstMatcher: Matcher | null;
        firstFilters: Conjunct[];
        rest: { matcher: Matcher }[];
      }
    | undefined;

  constructor(items: InnerJoin['items'], conjuncts: Conjunct[]) {
    this.items = items;
    this.conjuncts = conjuncts;
    this.ids = items.flatMap(i => [...i.relation.ids]);
    this.slots = items.flatMap(i => [...i.relation.slots]);
  }

  correlated = (): boolean => this.items.some(i => i.relation.correlated()) || this.conjuncts.some(c => c.usesOuter);

  private plan(): NonNullable<InnerJoin['steps']> {
    if (this.steps) return this.steps;
    let pool = [...this.conjuncts];
    const constants = pool.filter(c => c.reads.size === 0);
    pool = pool.filter(c => c.reads.size > 0);
    const waiting = [...this.items];
    const first = waiting.shift()!.relation;
    const placed = new Set(first.ids);
    const firstFilters = pool.filter(c => subset(c.reads, placed));
    pool = pool.filter(c => !firstFilters.includes(c));
    // The first relation by key: constant → a hint to its source; enclosing rows → a hash table that lives for the run.
    let hint: { slot: number; eval: Eval } | null = null;
    const outerEquality = firstFilters.some(
      c => c.usesOuter && c.sides?.some((s, i) => s.reads.size > 0 && c.sides![1 - i]!.reads.size === 0),
    );
    const firstMatcher =
      outerEquality && !first.correlated() ? new Matcher(first, firstFilters, new Set(), false) : null;
    if (!firstMatcher)
      for (const c of firstFilters) {
        const side =
          c.sides?.findIndex((s, i) => s.column !== null && s.reads.size > 0 && c.sides![1 - i]!.reads.size === 0) ??
          -1;
        if (side >= 0) {
          hint = { slot: c.sides![side]!.column!.slot, eval: c.sides![1 - side]!.eval };
          break;
        }
      }
    const rest: { matcher: Matcher }[] = [];
    while (waiting.length > 0) {
      // Next comes what an equality ties to what is there already; else the order as written.
      let pick = waiting.findIndex(w => !w.lateral && equiKeys(pool, new Set(w.relation.ids), placed).keys.length > 0);
      const lateral = waiting.findIndex(w => w.lateral);
      if (pick < 0 || (lateral >= 0 && pick > lateral)) pick = 0;
      const [item] = waiting.splice(pick, 1) as [InnerJoin['items'][number]];
      const now = new Set([...placed, ...item.relation.ids]);
      const mine = pool.filter(c => subset(c.reads, now));
      pool = pool.filter(c => !mine.includes(c));
      rest.push({ matcher: new Matcher(item.relation, mine, placed, item.lateral) });
      for (const id of item.relation.ids) placed.add(id);
    }
    this.steps = { first, constants, hint, firstMatcher, firstFilters, rest };
    return this.steps;
  }

  *open(env: Env): Iterable<unknown> {
    const { first, constants, hint, firstMatcher, firstFilters, rest } = this.plan();
    if (!passes(constants, env)) return;
    if (firstMatcher) {
      if (rest.length === 0) yield* firstMatcher.matches(env);
      else for (const _ of firstMatcher.matches(env)) yield* this.step(rest, 0, env);
      return;
    }
    let given: { slot: number; value: Value } | null = null;
    if (hint) {
      const value = hint.eval(env);
      if (value === null) return;
      given = { slot: hint.slot, value };
    }
    if (rest.length === 0) {
      for (const _ of first.open(env, given)) if (passes(firstFilters, env)) yield null;
      return;
    }
    for (const _ of first.open(env, given)) if (passes(firstFilters, env)) yield* this.step(rest, 0, env);
  }

  private *step(rest: readonly { matcher: Matcher }[], at: number, env: Env): Iterable<unknown> {
    const { matcher } = rest[at]!;
    if (at === rest.length - 1) {
      yield* matcher.matches(env);
      return;
    }
    for (const _ of matcher.matches(env)) yield* this.step(rest, at + 1, env);
  }
}

/** LEFT (and, sides exchanged, RIGHT) and FULL joins, and OUTER APPLY. */
export class OuterJoin implements Relation {
  readonly ids: readonly number[];
  readonly slots: readonly number[];
  readonly left: Relation;
  readonly right: Relation;
  readonly on: readonly Conjunct[];
  readonly full: boolean;
  readonly lateral: boolean;
  private matcher: Matcher | undefined;

  constructor(left: Relation, right: Relation, on: readonly Conjunct[], full: boolean, lateral: boolean) {
    this.left = left;
    this.right = right;
    this.on = on;
    this.full = full;
    this.lateral = lateral;
    this.ids = [...left.ids, ...right.ids];
    this.slots = [...left.slots, ...right.slots];
  }

  correlated = (): boolean => this.left.correlated() || this.right.correlated() || this.on.some(c => c.usesOuter);

  *open(env: Env, hint: { slot: number; value: Value } | null): Iterable<unknown> {
    const leftHint = hint && !this.full && this.left.slots.includes(hint.slot) ? hint : null;
    this.matcher ??= new Matcher(this.right, this.on, new Set(this.left.ids), this.lateral);
    if (this.full) {
      yield* this.openFull(env);
      return;
    }
    for (const _ of this.left.open(env, leftHint)) {
      let matched = false;
      for (const __ of this.matcher.matches(env)) {
        matched = true;
        yield null;
      }
      if (!matched) {
        nullify(this.right, env);
        yield null;
      }
    }
  }

  private *openFull(env: Env): Iterable<unknown> {
    const rights: { copy: Value[]; matched: boolean }[] = [];
    for (const _ of this.right.open(env, null))
      rights.push({ copy: this.right.slots.map(s => env.row[s]!), matched: false });
    for (const _ of this.left.open(env, null)) {
      let any = false;
      for (const r of rights) {
        restore(this.right, r.copy, env);
        if (passes(this.on, env)) {
          r.matched = true;
          any = true;
          yield null;
        }
      }
      if (!any) {
        nullify(this.right, env);
        yield null;
      }
    }
    nullify(this.left, env);
    for (const r of rights) {
      if (r.matched) continue;
      restore(this.right, r.copy, env);
      yield null;
    }
  }
}

/** Conditions of WHERE go as deep as they may. */
export function pushDown(relation: Relation, conjunct: Conjunct): Relation {
  if (conjunct.reads.size > 0) {
    if (relation instanceof InnerJoin) {
      const index = relation.items.findIndex(
        i => !i.lateral && i.relation instanceof OuterJoin && subset(conjunct.reads, new Set(i.relation.ids)),
      );
      if (index >= 0) {
        const items = [...relation.items];
        items[index] = { relation: pushDown(items[index]!.relation, conjunct), lateral: false };
        return new InnerJoin(items, relation.conjuncts);
      }
      return new InnerJoin(relation.items, [...relation.conjuncts, conjunct]);
    }
    if (relation instanceof OuterJoin && !relation.full && subset(conjunct.reads, new Set(relation.left.ids)))
      return new OuterJoin(pushDown(relation.left, conjunct), relation.right, relation.on, false, relation.lateral);
  }
  return new InnerJoin([{ relation, lateral: false }], [conjunct]);
}
