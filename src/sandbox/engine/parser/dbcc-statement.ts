import type { Expression, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import type { ParseContext } from './parse-context.ts';

export function parseDbcc(x: ParseContext): Statement {
  const { c } = x;
  const line = c.next().line;
  const command = c.next().value;
  let args: Expression[] = [];
  if (c.accept('(')) {
    if (!c.isOperator(')')) {
      args = [];
      do {
        const t = c.peek();
        if (t.kind === 'word' || t.kind === 'name')
          args.push({ kind: 'literal', form: 'nstring', text: dbccName(c), line: t.line });
        else args.push(parseExpression(c));
      } while (c.accept(','));
    }
    c.expect(')');
  }
  const options: string[] = [];
  if (c.acceptWord('WITH')) {
    do options.push(c.next().value);
    while (c.accept(','));
  }
  return { kind: 'dbcc', line, command, arguments: args, options };
}

function dbccName(c: Cursor): string {
  const start = c.peek().start;
  let end = c.next().end;
  while (c.accept('.')) end = c.next().end;
  return c.source.slice(start, end);
}
