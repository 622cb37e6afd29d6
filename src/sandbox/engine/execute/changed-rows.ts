/** Which rows UPDATE and DELETE change: the target joined with FROM, filtered by WHERE. */
import { Scope, type ScopeRelation } from '../bind/scope.ts';
import type { CommonTable, Condition, DmlTarget, TableReference } from '../parser/ast.ts';
import { bindFrom } from '../query/from.ts';
import { conjunctsOf, pushDown, type Relation } from '../query/relation.ts';
import type { Env, Run } from '../query/runtime.ts';
import { unsupported } from '../server-error.ts';
import { rowIdColumn, sourceWithRowIds } from '../storage/user-table-source.ts';
import type { Value } from '../types/values.ts';
import type { Execution } from './execution.ts';
import { resolveTarget, type Target } from './target.ts';

/** Name of the frame's table that stands for the target; no variable can have it. */
const targetName = '@\u0000target';

/** The table that a statement means: an alias of its FROM, or a name. */
export function targetOf(
  x: Execution,
  target: DmlTarget,
  from: readonly TableReference[],
  ctes: readonly CommonTable[],
  verb: string,
): Target {
  if (target.kind === 'object' && target.name.schema === null)
    for (const { name } of ctes)
      if (fold(name) === fold(target.name.name)) throw unsupported(`${verb} of the common table expression ${name}`);
  const reference = findReference(target, from);
  if (reference?.kind === 'object') return resolveTarget(x, { kind: 'object', name: reference.name }, verb);
  if (reference?.kind === 'variableTable')
    return resolveTarget(x, { kind: 'variableTable', name: reference.name }, verb);
  return resolveTarget(x, target, verb);
}

const fold = (name: string): string => name.toLowerCase();

/** The part of FROM that is the target; null when FROM does not mention it. */
function findReference(target: DmlTarget, from: readonly TableReference[]): TableReference | null {
  const leaves: TableReference[] = [];
  const walk = (t: TableReference): void => {
    if (t.kind === 'join') {
      walk(t.left);
      walk(t.right);
    } else leaves.push(t);
  };
  from.forEach(walk);
  const byAlias = leaves.find(
    t =>
      (t.kind === 'object' || t.kind === 'variableTable') &&
      t.alias !== null &&
      target.kind === 'object' &&
      target.name.schema === null &&
      fold(t.alias) === fold(target.name.name),
  );
  if (byAlias) return byAlias;
  const named = leaves.filter(t =>
    t.kind === 'object'
      ? target.kind === 'object' &&
        fold(t.name.name) === fold(target.name.name) &&
        (t.name.schema === null || target.name.schema === null || fold(t.name.schema) === fold(target.name.schema))
      : t.kind === 'variableTable' && target.kind === 'variableTable' && fold(t.name) === fold(target.name),
  );
  return named.find(t => (t as { alias: string | null }).alias === null) ?? named[0] ?? null;
}

function replace(t: TableReference, old: TableReference, fresh: TableReference): TableReference {
  if (t === old) return fresh;
  if (t.kind === 'join') return { ...t, left: replace(t.left, old, fresh), right: replace(t.right, old, fresh) };
  return t;
}

export interface ChangeScope {
  readonly scope: Scope;
  readonly relation: Relation;
  /** The target's columns in the scope, row id last. */
  readonly target: ScopeRelation;
}

/** Binds FROM and WHERE of a statement that changes `target`. */
export function bindChange(
  x: Execution,
  given: DmlTarget,
  target: Target,
  from: readonly TableReference[],
  where: Condition | null,
  ctes: readonly CommonTable[],
): ChangeScope {
  const reference = findReference(given, from);
  const name = given.kind === 'object' ? given.name.name : given.name;
  const alias = reference && 'alias' in reference ? reference.alias : null;
  const own: TableReference = {
    kind: 'variableTable',
    line: reference?.line ?? 1,
    name: targetName,
    alias: alias ?? (reference?.kind === 'object' ? reference.name.name : name),
  };
  const references = reference === null ? [own, ...from] : from.map(t => replace(t, reference, own));
  const base = x.bind();
  const source = sourceWithRowIds(target.table, target.storage);
  const context = {
    ...base,
    commonTables: ctes.map(t => ({ name: t.name, columns: t.columns, query: t.query, context: null, working: null })),
    frame: { ...base.frame, tables: new Map([...base.frame.tables, [targetName, source]]) },
  };
  const scope = new Scope(context, null);
  let relation = bindFrom(references, scope);
  const bound = scope.relations.find(r => r.columns[r.columns.length - 1]?.name === rowIdColumn)!;
  for (const c of conjunctsOf(where, scope)) relation = pushDown(relation, c);
  for (const c of bound.columns) c.used = true;
  // dbo.T.a names the target too, where FROM gives it no alias.
  const schema = alias === null ? target.table.schema : null;
  const named: ScopeRelation = { ...bound, schema };
  scope.relations[scope.relations.indexOf(bound)] = named;
  return { scope, relation, target: named };
}

export interface ChangedRow {
  readonly rid: number;
  readonly values: Value[];
  /** The joined row, for SET and OUTPUT. */
  readonly env: Env;
}

/** Each target row once, at its first match. */
export function* changedRows(
  change: ChangeScope,
  run: Run,
  width: number,
  limit: number,
  keepJoined: boolean,
): Iterable<ChangedRow> {
  const base = change.target.columns[0]!.slot;
  const env: Env = { row: new Array<Value>(change.scope.width).fill(null), outer: null, run };
  const seen = new Set<bigint>();
  for (const _ of change.relation.open(env, null)) {
    if (seen.size >= limit) return;
    const rid = env.row[base + width];
    // The other side of an outer join.
    if (typeof rid !== 'bigint' || seen.has(rid)) continue;
    seen.add(rid);
    yield {
      rid: Number(rid),
      values: env.row.slice(base, base + width),
      env: keepJoined ? { ...env, row: [...env.row] } : env,
    };
  }
}
