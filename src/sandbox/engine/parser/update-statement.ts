import { unsupported } from '../server-error.ts';
import type { Expression, Statement, StatementOf, TableReference } from './ast.ts';
import { parseOutput, parseTarget, parseWhere } from './change-clauses.ts';
import { expressionList, parseExpression } from './expressions.ts';
import { assignmentOperators } from './keywords.ts';
import type { ParseContext } from './parse-context.ts';
import { parseTop, tableHints, tableReferences } from './queries.ts';

export function parseUpdate(x: ParseContext, ctes: StatementOf<'update'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  const top = c.isWord('TOP') ? parseTop(c) : null;
  const target = parseTarget(c);
  tableHints(c);
  c.expectWord('SET');
  const set: StatementOf<'update'>['set'][number][] = [];
  do {
    if (c.peek().kind === 'variable') {
      const variable = c.next().text;
      const operator = c.next().text;
      if (!assignmentOperators.has(operator)) c.fail();
      if (c.isIdentifier() && c.isOperator('=', 1)) {
        const column = c.identifier();
        c.next();
        set.push({ kind: 'column', column, operator: '=', value: parseExpression(c), variable });
      } else set.push({ kind: 'variable', variable, operator, value: parseExpression(c) });
      continue;
    }
    const parts = c.nameParts();
    if (parts[parts.length - 1]!.toUpperCase() === 'WRITE' && c.isOperator('(')) {
      c.next();
      const [value, offset, length] = expressionList(c) as [Expression, Expression, Expression];
      c.expect(')');
      set.push({ kind: 'write', column: parts[parts.length - 2]!, value, offset, length });
      continue;
    }
    if (c.isOperator('(')) throw unsupported(`method ${parts.join('.')}()`, line);
    const operator = c.next();
    if (!assignmentOperators.has(operator.text)) c.fail(operator);
    set.push({
      kind: 'column',
      column: parts[parts.length - 1]!,
      operator: operator.text,
      value: parseExpression(c),
      variable: null,
    });
  } while (c.accept(','));
  const clause = parseOutput(c);
  const from: TableReference[] = c.acceptWord('FROM') ? tableReferences(c) : [];
  const where = parseWhere(c);
  return { kind: 'update', line, with: ctes, top, target, set, output: clause, from, where };
}
