import type { Statement, StatementOf, TableReference } from './ast.ts';
import { parseOutput, parseTarget, parseWhere } from './change-clauses.ts';
import type { ParseContext } from './parse-context.ts';
import { parseTop, tableHints, tableReferences } from './queries.ts';

export function parseDelete(x: ParseContext, ctes: StatementOf<'delete'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  const top = c.isWord('TOP') ? parseTop(c) : null;
  c.acceptWord('FROM');
  const target = parseTarget(c);
  tableHints(c);
  const clause = parseOutput(c);
  const from: TableReference[] = c.acceptWord('FROM') ? tableReferences(c) : [];
  return { kind: 'delete', line, with: ctes, top, target, output: clause, from, where: parseWhere(c) };
}
