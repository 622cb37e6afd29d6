import { unsupported } from '../server-error.ts';
import type { Expression, OrderItem, Over } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { expressionList, parseExpression } from './expressions.ts';

/** A call without DISTINCT, OVER and the like. */
export const plainCall = (line: number, name: string, args: readonly Expression[]): Expression => ({
  kind: 'call',
  line,
  name,
  path: [],
  arguments: args,
  distinct: false,
  star: false,
  over: null,
  withinGroup: null,
});

/** Functions whose first argument is a bare word: DATEADD(day, …). */
const dateParts = new Set(['DATEADD', 'DATEDIFF', 'DATEDIFF_BIG', 'DATENAME', 'DATEPART', 'DATETRUNC', 'DATE_BUCKET']);

/** From the parenthesis behind a function's name on. */
export function functionCall(c: Cursor, parts: readonly string[], line: number): Expression {
  c.expect('(');
  const name = parts.length === 1 ? parts[0]!.toUpperCase() : parts[parts.length - 1]!;
  let distinct = false;
  let star = false;
  const args: Expression[] = [];
  if (parts.length === 1 && dateParts.has(name)) {
    const part = c.next();
    args.push({ kind: 'literal', form: 'string', text: part.value, line });
    while (c.accept(',')) args.push(parseExpression(c));
    c.expect(')');
    return plainCall(line, name, args);
  }
  if (parts.length === 1 && name === 'TRIM') return trim(c, line);
  if (!c.isOperator(')')) {
    if (c.acceptWord('DISTINCT')) distinct = true;
    else c.acceptWord('ALL');
    if (c.isOperator('*') && c.isOperator(')', 1)) {
      c.next();
      star = true;
    } else args.push(...expressionList(c));
  }
  c.expect(')');
  let withinGroup: OrderItem[] | null = null;
  if (c.isWord('WITHIN') && c.isWord('GROUP', 1)) {
    c.next();
    c.next();
    c.expect('(');
    c.expectWord('ORDER');
    c.expectWord('BY');
    withinGroup = orderItems(c);
    c.expect(')');
  }
  if (c.isWord('IGNORE') || c.isWord('RESPECT')) throw unsupported(`${c.peek().value} NULLS`, line);
  const over = c.acceptWord('OVER') ? overClause(c) : null;
  return { kind: 'call', line, name, path: parts.slice(0, -1), arguments: args, distinct, star, over, withinGroup };
}

function trim(c: Cursor, line: number): Expression {
  let which = 'BOTH';
  if (c.isWord('LEADING') || c.isWord('TRAILING') || c.isWord('BOTH')) which = c.next().value;
  const first = parseExpression(c);
  let args = [first];
  if (c.acceptWord('FROM')) args = [parseExpression(c), first];
  c.expect(')');
  return plainCall(line, which === 'BOTH' ? 'TRIM' : which === 'LEADING' ? 'LTRIM' : 'RTRIM', args);
}

function overClause(c: Cursor): Over {
  c.expect('(');
  const partition: Expression[] = [];
  let order: OrderItem[] = [];
  let frame: string | null = null;
  if (c.acceptWord('PARTITION')) {
    c.expectWord('BY');
    partition.push(...expressionList(c));
  }
  if (c.acceptWord('ORDER')) {
    c.expectWord('BY');
    order = orderItems(c);
  }
  if (c.isWord('ROWS') || c.isWord('RANGE')) {
    const words: string[] = [];
    while (!c.isOperator(')') && c.peek().kind !== 'end') words.push(c.next().value);
    frame = words.join(' ');
  }
  c.expect(')');
  return { partition, order, frame };
}

export function orderItems(c: Cursor): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expression = parseExpression(c);
    const descending = c.acceptWord('DESC');
    if (!descending) c.acceptWord('ASC');
    items.push({ expression, descending });
  } while (c.accept(','));
  return items;
}
