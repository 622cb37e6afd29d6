/** Queries: binding and running SELECT, set operations, ORDER BY, common table expressions. */
import { coerce, commonType, comparer, rowKey } from '../bind/comparison.ts';
import { bindColumn, bindExpression, expressionKey } from '../bind/expressions.ts';
import { type BindContext, type CommonTableScope, Scope } from '../bind/scope.ts';
import type { OrderItem, Query, QueryBody, SelectCore, SelectItem } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { bindFrom } from './from.ts';
import { Grouper, hasAggregate } from './grouping.ts';
import { conjunctsOf, pushDown, type Relation } from './relation.ts';
import type { Bound, Env, Eval, OutputColumn, Plan, Run, Test } from './runtime.ts';
import { Windows } from './windows.ts';

/** `cteName`: when the query is that of a common table expression, which may then be recursive. */
export function planQuery(
  query: Query,
  context: BindContext,
  parent: Scope | null,
  cteName: string | null = null,
  cteColumns: readonly string[] | null = null,
): Plan {
  let inner = context;
  if (query.with.length > 0) {
    const tables: CommonTableScope[] = [...context.commonTables];
    for (const t of query.with)
      tables.push({ name: t.name, columns: t.columns, query: t.query, context: null, working: null });
    inner = { ...context, commonTables: tables };
  }
  if (query.body.kind === 'select') return planSelect(query.body, inner, parent, query);
  let plan: Plan;
  if (
    cteName !== null &&
    query.body.kind === 'set' &&
    query.body.operator === 'UNION ALL' &&
    mentions(query.body.right, cteName.toLowerCase())
  )
    plan = planRecursive(query.body, inner, parent, cteName, cteColumns);
  else plan = planBody(query.body, inner, parent);
  return query.orderBy.length === 0 && !query.offset ? plan : orderPlan(plan, query, inner, parent);
}

function mentions(body: unknown, name: string): boolean {
  if (Array.isArray(body)) return body.some(x => mentions(x, name));
  if (body === null || typeof body !== 'object') return false;
  const node = body as Record<string, unknown>;
  if (node.kind === 'object') {
    const n = node.name as { schema: string | null; name: string };
    if (n.schema === null && n.name.toLowerCase() === name) return true;
  }
  return Object.values(node).some(x => mentions(x, name));
}

function planBody(body: QueryBody, context: BindContext, parent: Scope | null): Plan {
  switch (body.kind) {
    case 'select':
      return planSelect(body, context, parent, null);
    case 'nested':
      return planQuery(body.query, context, parent);
    case 'set':
      return planSet(body, context, parent);
  }
}

function unify(
  left: Plan,
  right: Plan,
  operator: string,
): {
  columns: OutputColumn[];
  leftRow: (row: Value[], env: Env) => Value[];
  rightRow: (row: Value[], env: Env) => Value[];
} {
  if (left.columns.length !== right.columns.length)
    throw new ServerError(
      205,
      'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
      { class: 16 },
    );
  const columns = left.columns.map((c, i) => {
    const other = right.columns[i]!;
    const type = isNullColumn(c) ? other.type : isNullColumn(other) ? c.type : commonType(c.type, other.type, operator);
    const nullable = c.nullable || other.nullable;
    return { name: c.name, type, nullable, flags: nullable ? 0x21 : 0x20 };
  });
  const converting = (plan: Plan): ((row: Value[], env: Env) => Value[]) => {
    let current: Value[] = [];
    const evals = plan.columns.map((c, i) =>
      coerce(
        {
          type: c.type,
          nullable: c.nullable,
          eval: () => current[i]!,
          constant: false,
          isNull: isNullColumn(c),
          columnFlags: null,
        },
        columns[i]!.type,
      ),
    );
    return (row, env) => {
      current = row;
      return evals.map(e => e(env));
    };
  };
  return { columns, leftRow: converting(left), rightRow: converting(right) };
}
const nullColumns = new WeakSet<OutputColumn>();
const isNullColumn = (c: OutputColumn): boolean => nullColumns.has(c);

function planSet(body: Extract<QueryBody, { kind: 'set' }>, context: BindContext, parent: Scope | null): Plan {
  const left = planBody(body.left, context, parent);
  const right = planBody(body.right, context, parent);
  const { columns, leftRow, rightRow } = unify(left, right, body.operator === 'UNION ALL' ? 'UNION' : body.operator);
  const key = rowKey(columns.map(c => c.type));
  return {
    columns,
    correlated: left.correlated || right.correlated,
    orderColumns: null,
    *rows(outer, run) {
      const env: Env = { row: [], outer, run };
      if (body.operator === 'UNION ALL') {
        for (const r of left.rows(outer, run)) yield leftRow(r, env);
        for (const r of right.rows(outer, run)) yield rightRow(r, env);
        return;
      }
      const seen = new Set<string>();
      if (body.operator === 'UNION') {
        for (const [plan, convert] of [
          [left, leftRow],
          [right, rightRow],
        ] as const)
          for (const r of plan.rows(outer, run)) {
            const row = convert(r, env);
            const k = key(row);
            if (seen.has(k)) continue;
            seen.add(k);
            yield row;
          }
        return;
      }
      const others = new Set<string>();
      for (const r of right.rows(outer, run)) others.add(key(rightRow(r, env)));
      for (const r of left.rows(outer, run)) {
        const row = leftRow(r, env);
        const k = key(row);
        if (seen.has(k) || others.has(k) !== (body.operator === 'INTERSECT')) continue;
        seen.add(k);
        yield row;
      }
    },
  };
}

function planRecursive(
  body: Extract<QueryBody, { kind: 'set' }>,
  context: BindContext,
  parent: Scope | null,
  name: string,
  names: readonly string[] | null,
): Plan {
  const anchor = planBody(body.left, context, parent);
  let working: Value[][] = [];
  const columns = anchor.columns.map((c, i) => ({ ...c, name: names?.[i] ?? c.name, nullable: true, flags: 0x21 }));
  const self: Plan = { columns, correlated: false, orderColumns: null, rows: () => working };
  const last = context.commonTables.length - 1;
  const tables = context.commonTables.map((t, i) =>
    i === last || t.name === name ? { ...t, columns: null, working: { plan: self } } : t,
  );
  const recursive = planBody(body.right, { ...context, commonTables: tables }, parent);
  const { rightRow } = unify({ ...anchor, columns }, recursive, 'UNION');
  return {
    columns,
    correlated: anchor.correlated,
    orderColumns: null,
    *rows(outer, run) {
      const env: Env = { row: [], outer, run };
      working = [...anchor.rows(outer, run)];
      yield* working;
      for (let depth = 1; working.length > 0; depth++) {
        if (depth > 100)
          throw new ServerError(
            530,
            'The statement terminated. The maximum recursion 100 has been exhausted before statement completion.',
          );
        // The recursive member sees only the rows of the step before.
        const step: Run = { ...run, cache: new Map() };
        const next: Value[][] = [];
        for (const r of recursive.rows(outer, step)) next.push(rightRow(r, env));
        working = next;
        yield* next;
      }
    },
  };
}

/** ORDER BY and OFFSET over a set operation: by output column only. */
function orderPlan(plan: Plan, query: Query, context: BindContext, parent: Scope | null): Plan {
  const scope = new Scope(context, parent);
  scope.relations.push({
    id: -1,
    alias: '',
    schema: null,
    database: null,
    columns: plan.columns.map((c, i) => ({ ...c, slot: i, identity: false, rowGuid: false, used: false })),
  });
  const orders = query.orderBy.map(o => ({
    bound: orderExpression(o, plan.columns, scope),
    descending: o.descending,
    output: outputIndex(o, plan.columns, scope),
  }));
  const limit = limitOf(query, scope);
  return {
    ...plan,
    orderColumns: orders.map(o => (o.output ?? -1) + 1),
    *rows(outer, run) {
      const env: Env = { row: [], outer, run };
      const rows = [...plan.rows(outer, run)];
      yield* limit(
        sorted(rows, orders, env, r => r),
        env,
      );
    },
  };
}

function outputIndex(o: OrderItem, columns: readonly OutputColumn[], scope: Scope): number | null {
  const e = o.expression;
  if (e.kind === 'literal' && e.form === 'number') {
    const n = Number(e.text);
    if (!Number.isInteger(n) || n < 1 || n > columns.length)
      throw new ServerError(
        108,
        `The ORDER BY position number ${e.text} is out of range of the number of items in the select list.`,
        { class: 16 },
      );
    return n - 1;
  }
  if (e.kind === 'column' && e.parts.length === 1) {
    const key = scope.key(e.parts[0]!);
    const i = columns.findIndex(c => scope.key(c.name) === key);
    if (i >= 0) return i;
  }
  return null;
}

function orderExpression(o: OrderItem, columns: readonly OutputColumn[], scope: Scope): Bound {
  const index = outputIndex(o, columns, scope);
  if (index !== null) {
    const c = columns[index]!;
    return {
      type: c.type,
      nullable: c.nullable,
      eval: env => env.row[index]!,
      constant: false,
      isNull: false,
      columnFlags: null,
    };
  }
  return bindExpression(o.expression, scope);
}

interface Order {
  readonly bound: Bound;
  readonly descending: boolean;
  readonly output: number | null;
}

function sorted(
  rows: readonly Value[][],
  orders: readonly Order[],
  env: Env,
  output: (row: Value[]) => Value[],
): Value[][] {
  const keyed = rows.map(row => {
    env.row = row;
    return { row, keys: orders.map(o => o.bound.eval(env)) };
  });
  sortByKeys(
    keyed,
    orders.map(o => o.bound.type),
    orders.map(o => o.descending),
  );
  return keyed.map(k => output(k.row));
}

export function sortByKeys(
  items: { keys: Value[] }[],
  kinds: readonly Bound['type'][],
  descending: readonly boolean[],
): void {
  const compares = kinds.map(comparer);
  items.sort((a, b) => {
    for (let i = 0; i < compares.length; i++) {
      const x = a.keys[i]!;
      const y = b.keys[i]!;
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null ? -1 : 1) * (descending[i] ? -1 : 1);
      }
      const d = compares[i]!(x, y);
      if (d) return descending[i] ? -d : d;
    }
    return 0;
  });
}

function limitOf(query: Query | null, scope: Scope): (rows: Iterable<Value[]>, env: Env) => Iterable<Value[]> {
  if (!query?.offset) return rows => rows;
  if (scope.context.session.version < 110)
    throw new ServerError(102, "Incorrect syntax near 'OFFSET'.", { class: 15, line: query.line });
  const offset = coerce(bindExpression(query.offset, scope), types.bigint);
  const fetch = query.fetch ? coerce(bindExpression(query.fetch, scope), types.bigint) : null;
  return function* (rows, env) {
    const skip = Number(offset(env) ?? 0n);
    if (skip < 0)
      throw new ServerError(10742, 'The offset specified in a OFFSET clause may not be negative.', { class: 15 });
    const take = fetch ? Number(fetch(env) ?? 0n) : Number.POSITIVE_INFINITY;
    let n = 0;
    for (const row of rows) {
      if (n >= skip + take) return;
      if (n++ >= skip) yield row;
    }
  };
}

export interface Projection {
  readonly columns: OutputColumn[];
  readonly evals: Eval[];
  readonly bounds: Bound[];
}

/** Select list → output columns. */
export function bindItems(items: readonly SelectItem[], scope: Scope): Projection {
  const columns: OutputColumn[] = [];
  const bounds: Bound[] = [];
  for (const item of items) {
    const e = item.expression;
    if (e.kind === 'star') {
      const relations = e.parts.length > 0 ? scope.relationsNamed(e.parts) : scope.relations;
      if (e.parts.length > 0 && relations.length === 0)
        throw new ServerError(
          107,
          `The column prefix '${e.parts.join('.')}' does not match with a table name or alias name used in the query.`,
          { class: 15, line: item.line },
        );
      if (relations.length === 0) throw new ServerError(263, 'Must specify table to select from.', { line: item.line });
      for (const relation of relations)
        for (const c of relation.columns) {
          const bound = scope.grouping ? bindColumn([relation.alias, c.name], scope) : readSlot(scope, relation, c);
          columns.push({ name: c.name, type: bound.type, nullable: bound.nullable, flags: c.flags });
          bounds.push(bound);
        }
      continue;
    }
    const bound = bindExpression(e, scope);
    const name =
      item.alias ?? (e.kind === 'column' ? (columnName(e.parts, scope) ?? e.parts[e.parts.length - 1]!) : '');
    // A column of strength 1 stays so: derived tables pass it on.
    const column: OutputColumn = {
      name,
      type: bound.type,
      nullable: bound.nullable,
      flags: bound.aggregate ? (bound.nullable ? 1 : 0) : (bound.columnFlags ?? (bound.nullable ? 0x21 : 0x20)),
    };
    if (bound.isNull) nullColumns.add(column);
    columns.push(column);
    bounds.push(bound);
  }
  return { columns, bounds, evals: bounds.map(b => b.eval) };
}

/** The name as stored, which may differ in case from the one written. */
function columnName(parts: readonly string[], scope: Scope): string | null {
  for (let s: Scope | null = scope; s; s = s.parent) {
    const found = s.find(parts);
    if (found) return found.column.name;
  }
  return null;
}

function readSlot(
  scope: Scope,
  relation: Scope['relations'][number],
  c: Scope['relations'][number]['columns'][number],
): Bound {
  scope.read(relation, c);
  const { slot } = c;
  return {
    type: c.type.collation ? { ...c.type, strength: 1 } : c.type,
    nullable: c.nullable,
    eval: env => env.row[slot]!,
    constant: false,
    isNull: false,
    columnFlags: c.flags,
  };
}

function planSelect(core: SelectCore, context: BindContext, parent: Scope | null, query: Query | null): Plan {
  const scope = new Scope(context, parent);
  let relation: Relation | null = core.from.length > 0 ? bindFrom(core.from, scope) : null;
  const where = conjunctsOf(core.where, scope);
  let filters: Test[] = [];
  if (relation) for (const c of where) relation = pushDown(relation, c);
  else filters = where.map(c => c.test);

  const grouped =
    core.groupBy.length > 0 ||
    core.having !== null ||
    core.items.some(i => hasAggregate(i.expression)) ||
    (query?.orderBy.some(o => hasAggregate(o.expression)) ?? false);
  const grouper = grouped ? new Grouper(core.groupBy, scope) : null;
  if (grouper) scope.grouping = grouper;
  const windows = new Windows(scope, grouper);
  scope.windows = windows.collect as never;

  const having = core.having ? conjunctsOf(core.having, scope).map(c => c.test) : [];
  const { columns, evals, bounds } = bindItems(core.items, scope);
  const orderItems = query?.orderBy ?? [];
  const itemKeys = core.distinct
    ? core.items.map(i => (i.expression.kind === 'star' ? '' : expressionKey(i.expression, scope)))
    : [];
  const orders = orderItems.map(o => {
    let output = outputIndex(o, columns, scope);
    if (output === null && core.distinct) {
      const starless = !core.items.some(i => i.expression.kind === 'star');
      const i = starless
        ? itemKeys.indexOf(expressionKey(o.expression, scope))
        : o.expression.kind === 'column'
          ? columns.findIndex(
              c => scope.key(c.name) === scope.key((o.expression as unknown as { parts: string[] }).parts.at(-1)!),
            )
          : -1;
      if (i < 0)
        throw new ServerError(145, 'ORDER BY items must appear in the select list if SELECT DISTINCT is specified.', {
          class: 15,
          line: core.line,
        });
      output = i;
    }
    const bound = output !== null ? bounds[output]! : bindExpression(o.expression, scope);
    if (output === null) {
      const i = bounds.findIndex(
        (b, k) =>
          core.items[k] &&
          core.items.length === bounds.length &&
          core.items[k]!.expression.kind !== 'star' &&
          expressionKey(core.items[k]!.expression, scope) === expressionKey(o.expression, scope) &&
          b !== null,
      );
      if (i >= 0) output = i;
    }
    return { bound, descending: o.descending, output };
  });
  const limit = limitOf(query, scope);
  if (core.top && query?.offset)
    throw new ServerError(10741, 'A TOP can not be used in the same query or sub-query as a OFFSET.', {
      class: 15,
      line: core.line,
    });
  const top = core.top
    ? {
        count: coerce(
          bindExpression(core.top.count, new Scope(context, parent)),
          core.top.percent ? types.float : types.bigint,
        ),
        percent: core.top.percent,
        ties: core.top.ties,
      }
    : null;
  if (top?.ties && orders.length === 0)
    throw new ServerError(1062, 'The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.', {
      class: 15,
      line: core.line,
    });
  if (core.into) {
    const missing = columns.findIndex(c => c.name === '');
    if (missing >= 0)
      throw new ServerError(
        1038,
        'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.',
        { class: 15, line: core.line },
      );
  }
  const key = core.distinct ? rowKey(columns.map(c => c.type)) : null;
  const kinds = orders.map(o => o.bound.type);
  const directions = orders.map(o => o.descending);

  function* source(env: Env): Iterable<unknown> {
    if (!relation) {
      if (filters.every(f => f(env) === true)) yield null;
      return;
    }
    yield* relation.open(env, null);
  }
  function* stages(env: Env): Iterable<unknown> {
    let rows: Iterable<unknown> = source(env);
    if (grouper) rows = grouper.run(rows, env, having);
    if (windows.any) rows = windows.run(rows, env);
    yield* rows;
  }

  return {
    columns,
    get correlated() {
      return scope.correlated;
    },
    orderColumns: orders.length > 0 ? orders.map(o => (o.output === null ? 0 : o.output + 1)) : null,
    *rows(outer, run) {
      const env: Env = { row: new Array<Value>(scope.width).fill(null), outer, run };
      let count = Number.POSITIVE_INFINITY;
      if (top && !top.percent) {
        const n = top.count({ row: [], outer, run });
        if (n === null || (n as bigint) < 0n)
          throw new ServerError(
            1060,
            'The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.',
            { class: 15 },
          );
        count = Number(n);
      }
      if (count === 0) return;
      if (orders.length === 0 && !top?.percent) {
        let emitted = 0;
        const seen = key ? new Set<string>() : null;
        const project = function* (): Iterable<Value[]> {
          for (const _ of stages(env)) {
            const out = new Array<Value>(evals.length);
            for (let i = 0; i < evals.length; i++) out[i] = evals[i]!(env);
            if (seen) {
              const k = key!(out);
              if (seen.has(k)) continue;
              seen.add(k);
            }
            yield out;
            if (++emitted >= count) return;
          }
        };
        yield* limit(project(), env);
        return;
      }
      const items: { keys: Value[]; out: Value[] }[] = [];
      const seen = key ? new Set<string>() : null;
      if (core.lazy && !key) {
        // Items that assign to variables read them: they are evaluated in the order asked for.
        const kept: { keys: Value[]; row: Value[] }[] = [];
        for (const _ of stages(env)) kept.push({ keys: orders.map(o => o.bound.eval(env)), row: [...env.row] });
        sortByKeys(kept, kinds, directions);
        for (let i = 0; i < Math.min(kept.length, count); i++) {
          env.row = kept[i]!.row;
          yield evals.map(e => e(env));
        }
        return;
      }
      for (const _ of stages(env)) {
        const out = new Array<Value>(evals.length);
        for (let i = 0; i < evals.length; i++) out[i] = evals[i]!(env);
        if (seen) {
          const k = key!(out);
          if (seen.has(k)) continue;
          seen.add(k);
        }
        const keys = new Array<Value>(orders.length);
        for (let i = 0; i < orders.length; i++)
          keys[i] = orders[i]!.output !== null ? out[orders[i]!.output!]! : orders[i]!.bound.eval(env);
        items.push({ keys, out });
      }
      sortByKeys(items, kinds, directions);
      if (top?.percent) count = Math.ceil((items.length * (top.count({ row: [], outer, run }) as number)) / 100);
      let end = Math.min(items.length, count);
      if (top?.ties && end > 0) {
        const equal = (a: Value[], b: Value[]): boolean =>
          kinds.every((t, i) =>
            a[i] === null || b[i] === null ? a[i] === b[i] : comparer(t)(a[i]! as never, b[i]! as never) === 0,
          );
        while (end < items.length && equal(items[end]!.keys, items[end - 1]!.keys)) end++;
      }
      yield* limit(
        (function* () {
          for (let i = 0; i < end; i++) yield items[i]!.out;
        })(),
        env,
      );
    },
  };
}
