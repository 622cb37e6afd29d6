import { unsupported } from '../server-error.ts';
import type { Expression, Statement } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseType } from './data-type.ts';
import { parseExpression } from './expressions.ts';
import type { ParseContext } from './parse-context.ts';
import { skipParentheses } from './queries.ts';

export function parseDeclare(x: ParseContext): Statement {
  const { c } = x;
  const line = c.next().line;
  const variables: { name: string; type: ReturnType<typeof parseType>; value: Expression | null }[] = [];
  do {
    const t = c.next();
    if (t.kind !== 'variable') {
      if (c.isWord('CURSOR') || c.isWord('INSENSITIVE') || c.isWord('SCROLL')) throw unsupported('cursors', line);
      c.fail(t);
    }
    c.acceptWord('AS');
    if (c.isWord('TABLE') && c.isOperator('(', 1)) {
      const from = c.peek(1).start;
      const open = new Cursor(c.source, x.options.quotedIdentifier);
      open.seek(from);
      skipParentheses(open);
      // A table variable is declared like a table: read its list with the DDL parser.
      const end = open.peek().kind === 'end' ? c.source.length : open.peek().start;
      const prefix = 'CREATE TABLE [v] ';
      const { statement: create } = x.options.parseDdl(
        prefix + c.source.slice(from, end).trimEnd(),
        0,
        x.options.quotedIdentifier,
      );
      c.seek(end);
      return { kind: 'declareTable', line, name: t.text, create };
    }
    if (c.isWord('CURSOR')) throw unsupported('cursors', line);
    const type = parseType(c);
    const value = c.accept('=') ? parseExpression(c) : null;
    variables.push({ name: t.text, type, value });
  } while (c.accept(','));
  return { kind: 'declare', line, variables };
}
