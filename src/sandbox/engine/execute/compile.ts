/**
 * What the server finds before a batch runs: wrong columns, variables that nobody declared, operands that do not go together.
 * A statement on an object that does not exist (yet) is compiled when its turn comes.
 */
import { bindCondition } from '../bind/conditions.ts';
import { bindExpression } from '../bind/expressions.ts';
import { Scope } from '../bind/scope.ts';
import type { Expression, Statement, StatementOf } from '../parser/ast.ts';
import { planQuery } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { layoutOf } from '../storage/layout.ts';
import { bindChange, targetOf } from './changed-rows.ts';
import { isCompileError } from './errors.ts';
import type { Execution } from './execution.ts';
import { targetColumns } from './insert-columns.ts';
import { resolveTarget } from './target.ts';

/** @throws ServerError of the first statement that cannot be compiled */
export function compile(x: Execution, statements: readonly Statement[]): void {
  // One statement fails before it does anything in any case.
  if (statements.length < 2) return;
  compileAll(x, statements);
  x.session.reads.clear();
}

/** False: the database changes, what follows is compiled when it runs. */
function compileAll(x: Execution, statements: readonly Statement[]): boolean {
  for (const s of statements) {
    try {
      if (!compileOne(x, s)) return false;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (isCompileError(error) && error.number !== 208) {
        error.line ??= s.line;
        throw error;
      }
    }
  }
  return true;
}

function compileOne(x: Execution, s: Statement): boolean {
  const scope = (): Scope => new Scope(x.bind(), null);
  const expression = (e: Expression | null): void => {
    if (e) bindExpression(e, scope());
  };
  switch (s.kind) {
    case 'use':
      return false;
    case 'select':
      planQuery(s.query, x.bind(), null);
      return true;
    case 'insert':
      compileInsert(x, s);
      return true;
    case 'update':
    case 'delete': {
      const target = targetOf(x, s.target, s.from, s.with, s.kind === 'update' ? 'UPDATE' : 'DELETE');
      const { scope: own } = bindChange(x, s.target, target, s.from, s.where, s.with);
      if (s.kind === 'update')
        for (const item of s.set) if (item.value.kind !== 'default') bindExpression(item.value, own);
      return true;
    }
    case 'declare':
      for (const v of s.variables) expression(v.value);
      return true;
    case 'setVariable':
    case 'print':
      expression(s.value);
      return true;
    case 'if':
      bindCondition(s.condition, scope());
      return compileAll(x, [s.then, ...(s.otherwise ? [s.otherwise] : [])]);
    case 'while':
      bindCondition(s.condition, scope());
      return compileAll(x, [s.body]);
    case 'block':
      return compileAll(x, s.statements);
    case 'tryCatch':
      return compileAll(x, [...s.body, ...s.handler]);
    default:
      return true;
  }
}

/** Column list and query; rows of VALUES are looked at where they are not literals. */
function compileInsert(x: Execution, s: StatementOf<'insert'>): void {
  const { table } = resolveTarget(x, s.target, 'INSERT');
  const keep = x.session.identityInsert;
  // SET IDENTITY_INSERT may stand before in the same batch.
  targetColumns(s, layoutOf(table), keep?.objectId === table.objectId && s.columns !== null);
  const { source } = s;
  if (source.kind === 'query') planQuery({ ...source.query, with: [...s.with, ...source.query.with] }, x.bind(), null);
  if (source.kind !== 'values') return;
  const scope = new Scope(x.bind(), null);
  for (const row of source.rows)
    for (const e of row)
      if (e.kind !== 'literal' && e.kind !== 'default' && e.kind !== 'unary') bindExpression(e, scope);
}
