import { ServerError } from '../server-error.ts';
import type { Statement, StatementOf } from './ast.ts';
import { parseOutput, parseTarget } from './change-clauses.ts';
import type { Cursor } from './cursor.ts';
import { parseType } from './data-type.ts';
import { parseExecute } from './execute-statement.ts';
import type { ParseContext } from './parse-context.ts';
import { parseQuery, parseTop, skipParentheses, tableHints, valueRows } from './queries.ts';

export function parseInsert(x: ParseContext, ctes: StatementOf<'insert'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  if (c.isWord('BULK') && !c.isOperator('.', 1)) return insertBulk(x, line);
  const top = c.isWord('TOP') ? parseTop(c) : null;
  c.acceptWord('INTO');
  const target = parseTarget(c);
  tableHints(c);
  let columns: string[] | null = null;
  if (c.isOperator('(') && !c.isWord('SELECT', 1) && !c.isWord('WITH', 1) && !c.isOperator('(', 1))
    columns = insertColumns(c);
  const clause = parseOutput(c);
  const make = (source: StatementOf<'insert'>['source']): Statement => ({
    kind: 'insert',
    line,
    with: ctes,
    target,
    columns,
    output: clause,
    top,
    source,
  });
  if (c.isWord('VALUES')) {
    c.next();
    const rows = valueRows(c);
    if (rows.length > 1000)
      throw new ServerError(
        10738,
        'The number of row value expressions in the INSERT statement exceeds the maximum allowed number of 1000 row values.',
        { class: 15, line },
      );
    return make({ kind: 'values', rows });
  }
  if (c.isWord('DEFAULT') && c.isWord('VALUES', 1)) {
    c.next();
    c.next();
    return make({ kind: 'defaults' });
  }
  if (c.isWord('EXEC') || c.isWord('EXECUTE')) {
    const at = c.next().line;
    return make({ kind: 'execute', statement: parseExecute(x, at) });
  }
  return make({ kind: 'query', query: parseQuery(c) });
}

function insertColumns(c: Cursor): string[] {
  c.expect('(');
  const names: string[] = [];
  do {
    const parts = c.nameParts();
    names.push(parts[parts.length - 1]!);
  } while (c.accept(','));
  c.expect(')');
  return names;
}

function insertBulk(x: ParseContext, line: number): Statement {
  const { c } = x;
  c.next();
  const name = c.objectName();
  const columns: { name: string; type: ReturnType<typeof parseType>; collation: string | null }[] = [];
  if (!c.isOperator('(')) throw new ServerError(102, `Incorrect syntax near '${name.name}'.`, { class: 15, line });
  c.next();
  do {
    const column = c.anyIdentifier();
    const type = parseType(c);
    const collation = c.acceptWord('COLLATE') ? c.anyIdentifier() : null;
    columns.push({ name: column, type, collation });
  } while (c.accept(','));
  c.expect(')');
  const options: string[] = [];
  if (c.acceptWord('WITH')) {
    c.expect('(');
    do {
      const t = c.next();
      const option = t.value.toUpperCase();
      if (
        ![
          'KEEP_NULLS',
          'TABLOCK',
          'CHECK_CONSTRAINTS',
          'FIRE_TRIGGERS',
          'ROWS_PER_BATCH',
          'KILOBYTES_PER_BATCH',
          'ORDER',
          'ALLOW_ENCRYPTED_VALUE_MODIFICATIONS',
        ].includes(option)
      )
        throw new ServerError(102, `Incorrect syntax near '${t.text}'.`, { class: 15, line: t.line });
      options.push(option);
      if (option === 'ORDER') skipParentheses(c);
      else if (c.accept('=')) c.next();
    } while (c.accept(','));
    c.expect(')');
  }
  return { kind: 'insertBulk', line, name, columns, options };
}
