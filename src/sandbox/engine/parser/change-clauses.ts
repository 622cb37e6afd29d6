/** What INSERT, UPDATE and DELETE have in common. */

import { unsupported } from '../server-error.ts';
import type { DmlTarget, Output } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseCondition } from './expressions.ts';
import { columnList, selectItems, skipParentheses } from './queries.ts';

export function parseTarget(c: Cursor): DmlTarget {
  if (c.peek().kind === 'variable') return { kind: 'variableTable', name: c.next().text };
  for (const word of ['OPENROWSET', 'OPENQUERY', 'OPENDATASOURCE']) if (c.isWord(word)) throw unsupported(word, c.line);
  return { kind: 'object', name: c.objectName() };
}

export function parseOutput(c: Cursor): Output | null {
  if (!c.acceptWord('OUTPUT')) return null;
  const items = selectItems(c);
  let into: { target: DmlTarget; columns: readonly string[] | null } | null = null;
  if (c.acceptWord('INTO'))
    into = { target: parseTarget(c), columns: c.isOperator('(') && !c.isWord('SELECT', 1) ? columnList(c) : null };
  return { items, into };
}

export function parseWhere(c: Cursor) {
  let where = null;
  if (c.acceptWord('WHERE')) {
    if (c.isWord('CURRENT') && c.isWord('OF', 1)) throw unsupported('WHERE CURRENT OF', c.line);
    where = parseCondition(c);
  }
  if (c.isWord('OPTION') && c.isOperator('(', 1)) {
    c.next();
    skipParentheses(c);
  }
  return where;
}
