/** Binding FROM: names to relations. */

import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import { nullBound } from '../bind/bound.ts';
import { coerce, commonType } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import { type BindContext, Scope, type ScopeColumn, type ScopeRelation } from '../bind/scope.ts';
import type { ResolvedObject, SandboxModule } from '../catalog-access.ts';
import { tableFunction } from '../functions/table-functions.ts';
import type { Expression, TableReference } from '../parser/ast.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { catalogSource } from './catalog-source.ts';
import { conjunctsOf, InnerJoin, OuterJoin, type Relation } from './relation.ts';
import type { Env, OutputColumn, Plan } from './runtime.ts';
import { planQuery } from './select.ts';
import { sampled } from './table-sample.ts';
import type { TableSource } from './table-source.ts';
import { viewQuery } from './view-text.ts';

export function bindFrom(references: readonly TableReference[], scope: Scope): Relation {
  const items = references.map(r => ({ relation: bindReference(r, scope), lateral: false }));
  return items.length === 1 ? items[0]!.relation : new InnerJoin(items, []);
}

function bindReference(t: TableReference, scope: Scope): Relation {
  try {
    return bind(t, scope);
  } catch (error) {
    if (error instanceof ServerError && error.line === null) error.line = t.line;
    throw error;
  }
}

function bind(t: TableReference, scope: Scope): Relation {
  switch (t.kind) {
    case 'object':
      return bindObject(t, scope);
    case 'variableTable': {
      const source = scope.context.frame.tables.get(t.name.toLowerCase());
      if (!source) throw new ServerError(1087, `Must declare the table variable "${t.name}".`, { class: 15, state: 2 });
      return sourceRelation(source, t.alias ?? t.name, t.alias ? null : source.schema, null, scope);
    }
    case 'derived':
      return planRelation(planQuery(t.query, scope.context, scope.parent), t.alias, t.columns, scope);
    case 'values':
      return planRelation(valuesPlan(t.rows, scope), t.alias, t.columns, scope);
    case 'function':
      return bindTableFunction(t, scope);
    case 'join':
      return bindJoin(t, scope);
  }
}

function bindJoin(t: Extract<TableReference, { kind: 'join' }>, scope: Scope): Relation {
  if (t.join === 'crossApply' || t.join === 'outerApply') {
    const left = bindReference(t.left, scope);
    const right = bindApplied(t.right, scope);
    return t.join === 'crossApply'
      ? new InnerJoin(
          [
            { relation: left, lateral: false },
            { relation: right, lateral: true },
          ],
          [],
        )
      : new OuterJoin(left, right, [], false, true);
  }
  const left = bindReference(t.left, scope);
  const right = bindReference(t.right, scope);
  const on = conjunctsOf(t.on, scope);
  switch (t.join) {
    case 'cross':
    case 'inner': {
      const flat = left instanceof InnerJoin ? left : new InnerJoin([{ relation: left, lateral: false }], []);
      return new InnerJoin([...flat.items, { relation: right, lateral: false }], [...flat.conjuncts, ...on]);
    }
    case 'left':
      mayBeEmpty(right, scope);
      return new OuterJoin(left, right, on, false, false);
    case 'right':
      mayBeEmpty(left, scope);
      return new OuterJoin(right, left, on, false, false);
    default:
      mayBeEmpty(left, scope);
      mayBeEmpty(right, scope);
      return new OuterJoin(left, right, on, true, false);
  }
}

/** Columns of the side that an outer join may leave empty can be NULL, whatever their tables say. */
function mayBeEmpty(relation: Relation, scope: Scope): void {
  for (const column of scope.relations.filter(r => relation.ids.includes(r.id)).flatMap(r => r.columns)) {
    column.nullable = true;
    column.flags |= 1;
  }
}

/** The right side of APPLY sees the columns of the left: it is bound inside this level. */
function bindApplied(t: TableReference, scope: Scope): Relation {
  if (t.kind === 'derived') {
    const plan = planQuery(t.query, scope.context, scope);
    return planRelation(plan, t.alias, t.columns, scope, true);
  }
  if (t.kind === 'values') {
    const inner = new Scope(scope.context, scope);
    return planRelation(valuesPlan(t.rows, inner, true), t.alias, t.columns, scope, true);
  }
  if (t.kind === 'function') return bindTableFunction(t, scope, true);
  return bindReference(t, scope);
}

const nameText = (n: ObjectName): string =>
  [n.server, n.database, n.schema, n.name]
    .filter((p, i, all) => p !== null || all.slice(0, i).some(x => x !== null))
    .map(p => p ?? '')
    .join('.');
export const invalidObject = (n: ObjectName): ServerError =>
  new ServerError(208, `Invalid object name '${nameText(n)}'.`);

/** What a name means, through synonyms. */
export function resolveObject(name: ObjectName, context: BindContext): ResolvedObject | null {
  if (name.server !== null)
    throw new ServerError(
      7202,
      `Could not find server '${name.server}' in sys.servers. Verify that the correct server name was specified. If necessary, execute the stored procedure sp_addlinkedserver to add the server to sys.servers.`,
      { class: 11, state: 2 },
    );
  const inDatabase =
    name.database === null && context.database !== null ? { ...name, database: context.database } : name;
  let found = context.session.catalog.resolve(inDatabase, context.session.context);
  for (let i = 0; found?.kind === 'synonym' && i < 10; i++)
    found = context.session.catalog.resolve(found.target, context.session.context);
  return found;
}

function bindObject(t: Extract<TableReference, { kind: 'object' }>, scope: Scope): Relation {
  const { context } = scope;
  const { name, alias, noLock } = t;
  if (name.schema === null && name.database === null) {
    for (let i = context.commonTables.length - 1; i >= 0; i--) {
      const cte = context.commonTables[i]!;
      if (scope.key(cte.name) !== scope.key(name.name)) continue;
      if (cte.working) return planRelation(cte.working.plan, alias ?? name.name, cte.columns, scope, true);
      const plan = planQuery(
        cte.query,
        { ...context, commonTables: context.commonTables.slice(0, i + 1) },
        null,
        cte.name,
        cte.columns,
      );
      return planRelation(plan, alias ?? name.name, cte.columns, scope);
    }
  }
  if (name.name.startsWith('#')) {
    const source = context.session.temporaryTable(name.name);
    if (!source) throw invalidObject(name);
    return sourceRelation(sampled(source, t.sample), alias ?? name.name, alias ? null : 'dbo', null, scope);
  }
  const found = resolveObject(name, context);
  if (!found) throw invalidObject(name);
  if (t.sample && found.kind !== 'table')
    throw new ServerError(494, 'The TABLESAMPLE clause can only be used with local tables.', { class: 15 });
  switch (found.kind) {
    case 'table':
      return sourceRelation(
        sampled(context.session.tableSource(found, noLock), t.sample),
        alias ?? name.name,
        alias ? null : found.schema,
        found.database,
        scope,
      );
    case 'catalogView':
      return sourceRelation(
        catalogSource(found, context.session),
        alias ?? name.name,
        alias ? null : found.schema,
        null,
        scope,
      );
    case 'view':
      return viewRelation(found, alias ?? name.name, scope);
    case 'procedure':
      throw new ServerError(
        2809,
        `The request for procedure '${name.name}' failed because '${name.name}' is a procedure object.`,
        { class: 18 },
      );
    default:
      throw invalidObject(name);
  }
}

function viewRelation(view: SandboxModule, alias: string, scope: Scope): Relation {
  const { context } = scope;
  if (context.viewDepth >= 32)
    throw new ServerError(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
    );
  const { query, columns } = viewQuery(view.definition);
  let plan: Plan;
  try {
    plan = planQuery(
      query,
      { ...context, commonTables: [], database: view.database, viewDepth: context.viewDepth + 1 },
      null,
    );
  } catch (error) {
    if (error instanceof ServerError && error.number === 208)
      throw new ServerError(
        4413,
        `Could not use view or function '${view.schema}.${view.name}' because of binding errors.`,
        { more: [] },
      );
    throw error;
  }
  const names = columns ?? (view.columnNames.length === plan.columns.length ? view.columnNames : null);
  return planRelation(plan, alias, names, scope, false, view.schema, true);
}

let relationIds = 0;

function addRelation(
  columns: readonly Omit<ScopeColumn, 'slot' | 'used'>[],
  alias: string,
  schema: string | null,
  database: string | null,
  scope: Scope,
): ScopeRelation {
  const base = scope.width;
  const relation: ScopeRelation = {
    id: ++relationIds,
    alias,
    schema,
    database,
    columns: columns.map((c, i) => ({ ...c, slot: base + i, used: false })),
  };
  scope.width += columns.length;
  scope.add(relation);
  return relation;
}

function sourceRelation(
  source: TableSource,
  alias: string,
  schema: string | null,
  database: string | null,
  scope: Scope,
): Relation {
  const relation = addRelation(source.columns, alias, schema, database, scope);
  const base = relation.columns[0]?.slot ?? 0;
  let needed: number[] | null = null;
  return {
    ids: [relation.id],
    slots: relation.columns.map(c => c.slot),
    correlated: () => false,
    *open(env: Env, hint) {
      needed ??= relation.columns.flatMap((c, i) => (c.used ? [i] : []));
      const columns = needed;
      const { row } = env;
      let n = 0;
      const equals =
        hint && hint.slot >= base && hint.slot < base + relation.columns.length
          ? { column: hint.slot - base, value: hint.value }
          : null;
      for (const values of source.scan(env.run, columns, equals)) {
        for (let i = 0; i < columns.length; i++) row[base + columns[i]!] = values[i]!;
        if ((++n & 1023) === 0) env.run.check();
        yield null;
      }
    },
  };
}

/** A derived table, view or CTE. `lateral`: its rows read the current row of this level. */
function planRelation(
  plan: Plan,
  alias: string,
  names: readonly string[] | null,
  scope: Scope,
  lateral = false,
  schema: string | null = null,
  isView = false,
): Relation {
  if (names && names.length !== plan.columns.length) {
    const more = plan.columns.length > names.length;
    throw new ServerError(
      more ? 8158 : 8159,
      `'${alias}' has ${more ? 'more' : 'fewer'} columns than were specified in the column list.`,
    );
  }
  const columns = plan.columns.map((c, i) => {
    const name = names?.[i] ?? c.name;
    if (name === '')
      throw isView
        ? new ServerError(
            4511,
            `Create View or Function failed because no column name was specified for column ${i + 1}.`,
          )
        : new ServerError(8155, `No column name was specified for column ${i + 1} of '${alias}'.`);
    return { name, type: c.type, nullable: c.nullable, flags: c.flags, identity: false, rowGuid: false };
  });
  const seen = new Set<string>();
  for (const c of columns) {
    const key = scope.key(c.name);
    if (seen.has(key))
      throw new ServerError(8156, `The column '${c.name}' was specified multiple times for '${alias}'.`);
    seen.add(key);
  }
  const relation = addRelation(columns, alias, schema, null, scope);
  const base = relation.columns[0]!.slot;
  if (plan.correlated && !lateral) scope.correlated = true;
  return {
    ids: [relation.id],
    slots: relation.columns.map(c => c.slot),
    correlated: () => plan.correlated || lateral,
    *open(env: Env) {
      const { row } = env;
      // Inside APPLY the enclosing row is this level's; else this level's own enclosing row.
      for (const values of plan.rows(lateral ? env : env.outer, env.run)) {
        for (let i = 0; i < values.length; i++) row[base + i] = values[i]!;
        yield null;
      }
    },
  };
}

/** VALUES as a table: columns typed like UNION ALL. */
function valuesPlan(rows: readonly (readonly Expression[])[], scope: Scope, inside = false): Plan {
  const target = inside ? scope : new Scope(scope.context, scope.parent);
  const bound = rows.map(r => r.map(e => (e.kind === 'default' ? nullBound : bindExpression(e, target))));
  const width = bound[0]!.length;
  for (const r of bound)
    if (r.length !== width)
      throw new ServerError(
        10709,
        'The number of columns for each row in a table value constructor must be the same.',
        { class: 16 },
      );
  const columns: OutputColumn[] = [];
  const evals = bound.map(() => [] as ((env: Env) => Value)[]);
  for (let i = 0; i < width; i++) {
    const present = bound.map(r => r[i]!).filter(b => !b.isNull);
    const type = present.length === 0 ? types.int : present.map(b => b.type).reduce((a, b) => commonType(a, b));
    const nullable = bound.some(r => r[i]!.nullable);
    columns.push({ name: '', type, nullable, flags: nullable ? 0x21 : 0x20 });
    bound.forEach((r, k) => {
      evals[k]!.push(coerce(r[i]!, type));
    });
  }
  return {
    columns,
    correlated: target.correlated || inside,
    orderColumns: null,
    *rows(outer, run) {
      const env: Env = { row: [], outer, run };
      for (const r of evals) yield r.map(e => e(env));
    },
  };
}

function bindTableFunction(t: Extract<TableReference, { kind: 'function' }>, scope: Scope, lateral = false): Relation {
  const argumentScope = lateral ? new Scope(scope.context, scope) : new Scope(scope.context, scope.parent);
  const args = t.arguments.map(a =>
    bindExpression(
      a.kind === 'default' ? { kind: 'literal', form: 'null', text: 'NULL', line: t.line } : a,
      argumentScope,
    ),
  );
  const plan = tableFunction(t.name, args, scope.context, argumentScope.correlated || lateral);
  if (plan) return planRelation(plan, t.alias ?? t.name.name, t.columns, scope, lateral);
  const found = resolveObject(t.name, scope.context);
  if (!found) throw invalidObject(t.name);
  throw unsupported(`the function ${nameText(t.name)} (functions are recorded, not run)`);
}
