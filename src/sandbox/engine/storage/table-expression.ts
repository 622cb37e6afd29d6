/** Expressions of a table's definition (defaults, computed columns, checks, filters) over its rows. */

import { bindCondition } from '../bind/conditions.ts';
import { bindExpression } from '../bind/expressions.ts';
import { type BindContext, Scope, type ScopeRelation } from '../bind/scope.ts';
import type { SandboxTable } from '../catalog-access.ts';
import { Cursor } from '../parser/cursor.ts';
import { parseCondition, parseExpression } from '../parser/expressions.ts';
import type { Bound, Env, Run, SessionView, Test } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import type { Value } from '../types/values.ts';
import { type Layout, layoutOf } from './layout.ts';

const emptyFrame = { variables: new Map(), tables: new Map() };

function tableScope(table: SandboxTable | null, session: SessionView): Scope {
  const context: BindContext = {
    session,
    frame: emptyFrame,
    commonTables: [],
    database: table?.database ?? null,
    viewDepth: 0,
  };
  const scope = new Scope(context, null);
  if (table) {
    const layout = layoutOf(table);
    scope.relations.push(tableRelation(layout, table.name, table.schema));
    scope.width = layout.columns.length;
  }
  return scope;
}

/** A table as names see it, its columns in slots of their own places. */
export function tableRelation(layout: Layout, alias: string, schema: string | null): ScopeRelation {
  return {
    id: 0,
    alias,
    schema,
    database: layout.table.database,
    columns: layout.columns.map((c, i) => ({
      name: c.name,
      type: c.type,
      nullable: c.nullable,
      flags: c.flags,
      slot: i,
      identity: c.identity,
      rowGuid: c.rowGuid,
      used: false,
    })),
  };
}

function cursorOf(text: string): Cursor {
  return new Cursor(text, true);
}
function ended(c: Cursor): void {
  if (c.peek().kind !== 'end') c.fail();
}

export function bindTableExpression(text: string, table: SandboxTable | null, session: SessionView): Bound {
  const c = cursorOf(text);
  const e = parseExpression(c);
  ended(c);
  return bindExpression(e, tableScope(table, session));
}
export function bindTableCondition(text: string, table: SandboxTable, session: SessionView): Test {
  const c = cursorOf(text);
  const e = parseCondition(c);
  ended(c);
  return bindCondition(e, tableScope(table, session));
}

export const envOf = (row: Value[], run: Run): Env => ({ row, outer: null, run });

/** What keeps an expression from being evaluated here; other errors are real. */
export const isUnsupported = (error: unknown): boolean =>
  error instanceof ServerError &&
  (error.number === 40000 ||
    error.number === 195 ||
    error.number === 4121 ||
    error.number === 102 ||
    error.number === 156 ||
    error.number === 208);
