/** SELECT: query expressions, table references, common table expressions. */
import { ServerError, unsupported } from '../server-error.ts';
import type {
  CommonTable,
  Condition,
  Expression,
  OrderItem,
  Query,
  QueryBody,
  SelectCore,
  SelectItem,
  TableReference,
  TableSample,
  Top,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { expressionList, parseCondition, parseExpression } from './expressions.ts';
import { orderItems } from './function-call.ts';

export function parseWith(c: Cursor): CommonTable[] {
  const tables: CommonTable[] = [];
  do {
    const name = c.identifier();
    const columns = c.isOperator('(') ? columnList(c) : null;
    c.expectWord('AS');
    c.expect('(');
    const query = parseQuery(c);
    c.expect(')');
    tables.push({ name, columns, query });
  } while (c.accept(','));
  return tables;
}

export function columnList(c: Cursor): string[] {
  c.expect('(');
  const names = [c.identifier()];
  while (c.accept(',')) names.push(c.identifier());
  c.expect(')');
  return names;
}

export function parseQuery(c: Cursor, given: readonly CommonTable[] = []): Query {
  const line = c.line;
  const ctes = given.length === 0 && c.acceptWord('WITH') ? parseWith(c) : given;
  const body = setExpression(c);
  let orderBy: OrderItem[] = [];
  let offset: Expression | null = null;
  let fetch: Expression | null = null;
  if (c.isWord('ORDER')) {
    c.next();
    c.expectWord('BY');
    orderBy = orderItems(c);
    if (c.acceptWord('OFFSET')) {
      offset = parseExpression(c);
      if (!c.acceptWord('ROWS')) c.expectWord('ROW');
      if (c.acceptWord('FETCH')) {
        if (!c.acceptWord('NEXT')) c.expectWord('FIRST');
        fetch = parseExpression(c);
        if (!c.acceptWord('ROWS')) c.expectWord('ROW');
        c.expectWord('ONLY');
      }
    }
  }
  if (c.isWord('FOR')) {
    if (c.isWord('XML', 1) || c.isWord('JSON', 1)) throw unsupported(`FOR ${c.peek(1).value}`, c.line);
    if (c.isWord('BROWSE', 1)) {
      c.next();
      c.next();
    }
  }
  if (c.isWord('OPTION') && c.isOperator('(', 1)) {
    c.next();
    skipParentheses(c);
  }
  return { line, with: ctes, body, orderBy, offset, fetch };
}

export function skipParentheses(c: Cursor): void {
  c.expect('(');
  for (let depth = 1; depth > 0; ) {
    const t = c.next();
    if (t.kind === 'end') c.fail(t);
    if (t.kind === 'operator' && t.text === '(') depth++;
    if (t.kind === 'operator' && t.text === ')') depth--;
  }
}

function setExpression(c: Cursor): QueryBody {
  let left = intersection(c);
  while (c.isWord('UNION') || c.isWord('EXCEPT')) {
    const t = c.next();
    const operator = t.value === 'UNION' ? (c.acceptWord('ALL') ? 'UNION ALL' : 'UNION') : 'EXCEPT';
    left = { kind: 'set', line: t.line, operator, left, right: intersection(c) };
  }
  return left;
}
function intersection(c: Cursor): QueryBody {
  let left = queryTerm(c);
  while (c.isWord('INTERSECT')) {
    const t = c.next();
    left = { kind: 'set', line: t.line, operator: 'INTERSECT', left, right: queryTerm(c) };
  }
  return left;
}
function queryTerm(c: Cursor): QueryBody {
  if (c.isOperator('(')) {
    const line = c.next().line;
    const query = parseQuery(c);
    c.expect(')');
    return query.orderBy.length === 0 && query.with.length === 0 ? query.body : { kind: 'nested', line, query };
  }
  if (c.isWord('VALUES')) throw c.error();
  return selectCore(c);
}

export function parseTop(c: Cursor): Top {
  c.expectWord('TOP');
  let count: Expression;
  if (c.accept('(')) {
    count = parseExpression(c);
    c.expect(')');
  } else {
    const t = c.next();
    if (t.kind !== 'number' && t.kind !== 'variable') c.fail(t);
    count =
      t.kind === 'variable'
        ? { kind: 'variable', name: t.text, line: t.line }
        : { kind: 'literal', form: 'number', text: t.text, line: t.line };
  }
  const percent = c.acceptWord('PERCENT');
  let ties = false;
  if (c.isWord('WITH') && c.isWord('TIES', 1)) {
    c.next();
    c.next();
    ties = true;
  }
  return { count, percent, ties };
}

function selectCore(c: Cursor): SelectCore {
  const line = c.line;
  c.expectWord('SELECT');
  let distinct = false;
  if (c.acceptWord('DISTINCT')) distinct = true;
  else c.acceptWord('ALL');
  const top = c.isWord('TOP') ? parseTop(c) : null;
  const items = selectItems(c);
  const into = c.acceptWord('INTO') ? c.objectName() : null;
  if (into && c.isWord('ON')) throw unsupported('SELECT INTO … ON filegroup', c.line);
  const from: TableReference[] = [];
  if (c.acceptWord('FROM')) from.push(...tableReferences(c));
  const where: Condition | null = c.acceptWord('WHERE') ? parseCondition(c) : null;
  let groupBy: Expression[] = [];
  if (c.isWord('GROUP')) {
    c.next();
    c.expectWord('BY');
    c.acceptWord('ALL');
    if ((c.isWord('ROLLUP') || c.isWord('CUBE') || c.isWord('GROUPING')) && c.peek(1).kind !== 'end')
      throw unsupported(`GROUP BY ${c.peek().value}`, c.line);
    if (c.isOperator('(') && c.isOperator(')', 1)) throw unsupported('GROUP BY ()', c.line);
    groupBy = expressionList(c);
    if (c.isWord('WITH') && (c.isWord('ROLLUP', 1) || c.isWord('CUBE', 1)))
      throw unsupported(`GROUP BY … WITH ${c.peek(1).value}`, c.line);
  }
  const having = c.acceptWord('HAVING') ? parseCondition(c) : null;
  if (c.isWord('WINDOW') && c.isIdentifier(1)) throw unsupported('WINDOW clause', c.line);
  return { kind: 'select', line, distinct, top, items, into, from, where, groupBy, having };
}

const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=']);

export function selectItems(c: Cursor): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    const t = c.peek();
    const line = t.line;
    if (t.kind === 'variable' && c.peek(1).kind === 'operator' && assignments.has(c.peek(1).text)) {
      c.next();
      const operator = c.next().text;
      items.push({ line, expression: parseExpression(c), alias: null, assign: { variable: t.text, operator } });
      continue;
    }
    // alias = expression
    if ((c.isIdentifier() || t.kind === 'string') && c.isOperator('=', 1)) {
      c.next();
      c.next();
      items.push({ line, expression: parseExpression(c), alias: t.kind === 'word' ? t.text : t.value, assign: null });
      continue;
    }
    const expression = parseExpression(c);
    let alias: string | null = null;
    if (c.acceptWord('AS')) {
      const a = c.next();
      if (a.kind !== 'word' && a.kind !== 'name' && a.kind !== 'string' && a.kind !== 'nstring') c.fail(a);
      alias = a.kind === 'word' ? a.text : a.value;
    } else if (c.isIdentifier()) {
      if (!startsStatement(c)) alias = c.identifier();
    } else if (c.peek().kind === 'string' || c.peek().kind === 'nstring') alias = c.next().value;
    items.push({ line, expression, alias, assign: null });
  } while (c.accept(','));
  return items;
}

/** Unreserved words that begin a statement: they are no alias. */
function startsStatement(c: Cursor): boolean {
  return (
    (c.isWord('THROW') && (c.peek(1).kind === 'number' || c.isOperator(';', 1) || c.peek(1).kind === 'end')) ||
    (c.isWord('OFFSET') && false)
  );
}

export function tableReferences(c: Cursor): TableReference[] {
  const list = [joined(c)];
  while (c.accept(',')) list.push(joined(c));
  return list;
}

const joinHints = new Set(['LOOP', 'HASH', 'MERGE', 'REMOTE']);

function joined(c: Cursor): TableReference {
  let left = tableItem(c);
  for (;;) {
    const line = c.line;
    if (c.isWord('CROSS')) {
      c.next();
      if (c.acceptWord('APPLY')) left = { kind: 'join', join: 'crossApply', line, left, right: tableItem(c), on: null };
      else {
        c.expectWord('JOIN');
        left = { kind: 'join', join: 'cross', line, left, right: tableItem(c), on: null };
      }
      continue;
    }
    if (c.isWord('OUTER') && c.isWord('APPLY', 1)) {
      c.next();
      c.next();
      left = { kind: 'join', join: 'outerApply', line, left, right: tableItem(c), on: null };
      continue;
    }
    let join: 'inner' | 'left' | 'right' | 'full';
    if (c.isWord('JOIN')) join = 'inner';
    else if (c.isWord('INNER')) {
      c.next();
      join = 'inner';
    } else if (c.isWord('LEFT') || c.isWord('RIGHT') || c.isWord('FULL')) {
      join = c.next().value.toLowerCase() as 'left';
      c.acceptWord('OUTER');
    } else if (c.isAnyWord(joinHints) && c.isWord('JOIN', 1)) join = 'inner';
    else {
      if (c.isWord('PIVOT') || c.isWord('UNPIVOT')) throw unsupported(c.peek().value, line);
      return left;
    }
    if (c.isAnyWord(joinHints) && c.isWord('JOIN', 1)) c.next();
    c.expectWord('JOIN');
    // a JOIN b JOIN c ON … ON …: the right side takes the nested join.
    const right = joinedRight(c);
    c.expectWord('ON');
    left = { kind: 'join', join, line, left, right, on: parseCondition(c) };
  }
}

/** The right operand: joins follow inside it as long as no ON of ours comes first. */
function joinedRight(c: Cursor): TableReference {
  let left = tableItem(c);
  while (!c.isWord('ON')) {
    const line = c.line;
    let join: 'inner' | 'left' | 'right' | 'full' = 'inner';
    if (c.isWord('INNER')) c.next();
    else if (c.isWord('LEFT') || c.isWord('RIGHT') || c.isWord('FULL')) {
      join = c.next().value.toLowerCase() as 'left';
      c.acceptWord('OUTER');
    } else if (!c.isWord('JOIN')) return left;
    c.expectWord('JOIN');
    const right = joinedRight(c);
    c.expectWord('ON');
    left = { kind: 'join', join, line, left, right, on: parseCondition(c) };
  }
  return left;
}

const hints = new Set(
  'NOLOCK READUNCOMMITTED HOLDLOCK READCOMMITTED READCOMMITTEDLOCK REPEATABLEREAD SERIALIZABLE SNAPSHOT READPAST ROWLOCK PAGLOCK TABLOCK TABLOCKX UPDLOCK XLOCK NOWAIT NOEXPAND INDEX FORCESEEK FORCESCAN KEEPIDENTITY KEEPDEFAULTS IGNORE_CONSTRAINTS IGNORE_TRIGGERS FASTFIRSTROW SPATIAL_WINDOW_MAX_CELLS'.split(
    ' ',
  ),
);

/** WITH (NOLOCK, …) or (NOLOCK): what it names, in upper case. */
export function tableHints(c: Cursor): string[] {
  const found: string[] = [];
  if (c.isWord('WITH') && c.isOperator('(', 1)) c.next();
  else if (!(c.isOperator('(') && c.isAnyWord(hints, 1))) return found;
  c.expect('(');
  for (let depth = 1; depth > 0; ) {
    const t = c.next();
    if (t.kind === 'end') c.fail(t);
    else if (t.kind === 'operator' && t.text === '(') depth++;
    else if (t.kind === 'operator' && t.text === ')') depth--;
    else if (depth === 1 && t.kind === 'word') {
      if (!hints.has(t.value))
        throw new ServerError(
          321,
          `"${t.text}" is not a recognized table hints option. If it is intended as a parameter to a table-valued function or to the CHANGETABLE function, ensure that your database compatibility mode is set to 90.`,
          { class: 15, line: t.line },
        );
      found.push(t.value);
    }
  }
  return found;
}

function aliasOf(c: Cursor): string | null {
  if (c.acceptWord('AS')) return c.identifier();
  if (c.isIdentifier() && !aliasStops.has(c.peek().kind === 'word' ? c.peek().value : '')) return c.identifier();
  return null;
}
const aliasStops = new Set(['OFFSET', 'WINDOW', 'APPLY', 'LOOP', 'HASH', 'REMOTE', 'THROW']);

function tableItem(c: Cursor): TableReference {
  const line = c.line;
  const t = c.peek();
  if (t.kind === 'operator' && t.text === '(') {
    c.next();
    if (c.isWord('VALUES')) {
      c.next();
      const rows = valueRows(c);
      c.expect(')');
      c.acceptWord('AS');
      const alias = c.identifier();
      const columns = c.isOperator('(') ? columnList(c) : null;
      return { kind: 'values', line, rows, alias, columns };
    }
    let i = 0;
    while (c.isOperator('(', i)) i++;
    if (c.isWord('SELECT', i) || c.isWord('WITH', i)) {
      const query = parseQuery(c);
      c.expect(')');
      c.acceptWord('AS');
      const alias = c.identifier();
      const columns = c.isOperator('(') ? columnList(c) : null;
      return { kind: 'derived', line, query, alias, columns };
    }
    const inner = joined(c);
    c.expect(')');
    return inner;
  }
  if (t.kind === 'variable') {
    c.next();
    if (c.isOperator('.')) throw unsupported(`method of ${t.text}`, line);
    return { kind: 'variableTable', line, name: t.text, alias: aliasOf(c) };
  }
  if (t.kind === 'operator' && t.text === '::') c.next();
  for (const word of [
    'OPENROWSET',
    'OPENQUERY',
    'OPENDATASOURCE',
    'OPENXML',
    'CONTAINSTABLE',
    'FREETEXTTABLE',
    'CHANGETABLE',
  ])
    if (c.isWord(word) && c.isOperator('(', 1)) throw unsupported(word, line);
  const name = c.objectName();
  if (c.isOperator('(') && !c.isAnyWord(hints, 1)) {
    c.next();
    const args = c.isOperator(')') ? [] : expressionList(c);
    c.expect(')');
    if (c.isWord('WITH') && c.isOperator('(', 1)) throw unsupported('OPENJSON … WITH', line);
    const alias = aliasOf(c);
    const columns = alias !== null && c.isOperator('(') ? columnList(c) : null;
    return { kind: 'function', line, name, arguments: args, alias, columns };
  }
  if (c.isWord('FOR') && (c.isWord('SYSTEM_TIME', 1) || c.isWord('PATH', 1)))
    throw unsupported(`FOR ${c.peek(1).value}`, line);
  let found = tableHints(c);
  const alias = aliasOf(c);
  const sample = c.isWord('TABLESAMPLE') ? tableSample(c) : null;
  if (c.isWord('PIVOT') || c.isWord('UNPIVOT')) throw unsupported(c.peek().value, line);
  found = [...found, ...tableHints(c)];
  return {
    kind: 'object',
    line,
    name,
    alias,
    noLock: found.includes('NOLOCK') || found.includes('READUNCOMMITTED'),
    ...(sample ? { sample } : {}),
  };
}

function tableSample(c: Cursor): TableSample {
  c.next();
  c.acceptWord('SYSTEM');
  const number = (): number => {
    const t = c.next();
    return t.kind === 'number' ? Number(t.value) : c.fail(t);
  };
  c.expect('(');
  const amount = number();
  const rows = c.acceptWord('ROWS');
  if (!rows) c.acceptWord('PERCENT');
  c.expect(')');
  let seed: number | null = null;
  if (c.acceptWord('REPEATABLE')) {
    c.expect('(');
    seed = number();
    c.expect(')');
  }
  if (!rows && amount > 100)
    throw new ServerError(
      476,
      `Invalid PERCENT tablesample size "${amount}" for table. The PERCENT tablesample size must be between 0 and 100.`,
      {
        class: 15,
        line: c.line,
      },
    );
  return { amount, unit: rows ? 'rows' : 'percent', seed };
}

export function valueRows(c: Cursor): Expression[][] {
  const rows: Expression[][] = [];
  do {
    const literals = c.literalRow();
    if (literals) {
      rows.push(literals);
      continue;
    }
    c.expect('(');
    rows.push(expressionList(c));
    c.expect(')');
  } while (c.accept(','));
  return rows;
}
