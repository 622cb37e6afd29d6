/** Expressions and conditions. Both are read by one grammar, so that a parenthesis needs no look-ahead. */
import { ServerError, unsupported } from '../server-error.ts';
import type { Condition, Expression, OrderItem, Over, TypeReference } from './ast.ts';
import { type Cursor, objectName } from './cursor.ts';
import { parseQuery } from './queries.ts';

type Node = Expression | Condition;

const conditionKinds: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'compare',
  'quantified',
  'isNull',
  'distinctFrom',
  'between',
  'like',
  'inList',
  'inQuery',
  'exists',
  'updated',
]);
const isCondition = (node: Node): node is Condition => conditionKinds.has(node.kind);

export function parseExpression(c: Cursor): Expression {
  const start = c.peek();
  const node = additive(c);
  if (isCondition(node)) throw c.error(start);
  return node;
}

export function parseCondition(c: Cursor): Condition {
  const node = disjunction(c);
  if (!isCondition(node)) {
    const t = c.peek();
    throw new ServerError(
      4145,
      `An expression of non-boolean type specified in a context where a condition is expected, near '${t.kind === 'end' ? '' : t.text}'.`,
      { class: 15, line: t.line },
    );
  }
  return node;
}

function needCondition(c: Cursor, node: Node): Condition {
  if (isCondition(node)) return node;
  const t = c.peek();
  throw new ServerError(
    4145,
    `An expression of non-boolean type specified in a context where a condition is expected, near '${t.text}'.`,
    { class: 15, line: t.line },
  );
}
function needExpression(c: Cursor, node: Node): Expression {
  if (isCondition(node)) throw c.error();
  return node;
}

function disjunction(c: Cursor): Node {
  let left = conjunction(c);
  while (c.isWord('OR')) {
    const line = c.next().line;
    left = { kind: 'or', line, left: needCondition(c, left), right: needCondition(c, conjunction(c)) };
  }
  return left;
}
function conjunction(c: Cursor): Node {
  let left = negation(c);
  while (c.isWord('AND')) {
    const line = c.next().line;
    left = { kind: 'and', line, left: needCondition(c, left), right: needCondition(c, negation(c)) };
  }
  return left;
}
function negation(c: Cursor): Node {
  if (!c.isWord('NOT')) return predicate(c);
  const line = c.next().line;
  return { kind: 'not', line, operand: needCondition(c, negation(c)) };
}

const comparisons: Readonly<Record<string, '=' | '<>' | '<' | '>' | '<=' | '>='>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};

function predicate(c: Cursor): Node {
  const line = c.line;
  if (c.isWord('EXISTS')) {
    c.next();
    c.expect('(');
    const query = parseQuery(c);
    c.expect(')');
    return { kind: 'exists', line, query };
  }
  if (c.isWord('UPDATE') && c.isOperator('(', 1)) {
    c.next();
    c.next();
    const column = c.identifier();
    c.expect(')');
    return { kind: 'updated', line, column };
  }
  const left = additive(c);
  if (isCondition(left)) return left;
  const t = c.peek();
  if (t.kind === 'operator') {
    let operator = comparisons[t.text];
    if (!operator) return left;
    c.next();
    // `> =` and `< >` may be written apart.
    if ((operator === '<' || operator === '>') && c.isOperator('=')) {
      c.next();
      operator = operator === '<' ? '<=' : '>=';
    } else if (operator === '<' && c.isOperator('>')) {
      c.next();
      operator = '<>';
    }
    if ((c.isWord('ALL') || c.isWord('ANY') || c.isWord('SOME')) && c.isOperator('(', 1)) {
      const all = c.next().value === 'ALL';
      c.expect('(');
      const query = parseQuery(c);
      c.expect(')');
      return { kind: 'quantified', line, operator, left, all, query };
    }
    return { kind: 'compare', line, operator, left, right: needExpression(c, additive(c)) };
  }
  if (t.kind !== 'word') return left;
  if (t.value === 'IS') {
    c.next();
    const not = c.acceptWord('NOT');
    if (c.isWord('DISTINCT')) {
      c.next();
      c.expectWord('FROM');
      return { kind: 'distinctFrom', line, left, right: needExpression(c, additive(c)), not };
    }
    c.expectWord('NULL');
    return { kind: 'isNull', line, operand: left, not };
  }
  const not = t.value === 'NOT' && (c.isWord('LIKE', 1) || c.isWord('IN', 1) || c.isWord('BETWEEN', 1));
  if (not) c.next();
  switch (c.peek().kind === 'word' ? c.peek().value : '') {
    case 'BETWEEN': {
      c.next();
      const low = needExpression(c, additive(c));
      c.expectWord('AND');
      return { kind: 'between', line, operand: left, low, high: needExpression(c, additive(c)), not };
    }
    case 'LIKE': {
      c.next();
      const pattern = needExpression(c, additive(c));
      const escape = c.acceptWord('ESCAPE') ? needExpression(c, additive(c)) : null;
      return { kind: 'like', line, operand: left, pattern, escape, not };
    }
    case 'IN': {
      c.next();
      c.expect('(');
      if (c.isWord('SELECT') || c.isWord('WITH') || (c.isOperator('(') && startsQuery(c))) {
        const query = parseQuery(c);
        c.expect(')');
        return { kind: 'inQuery', line, operand: left, query, not };
      }
      const items = expressionList(c);
      c.expect(')');
      return { kind: 'inList', line, operand: left, items, not };
    }
    default:
      return left;
  }
}

/** At an opening parenthesis: whether a SELECT follows all of them. */
function startsQuery(c: Cursor): boolean {
  let i = 0;
  while (c.isOperator('(', i)) i++;
  return c.isWord('SELECT', i);
}

export function expressionList(c: Cursor): Expression[] {
  const items = [parseExpression(c)];
  while (c.accept(',')) items.push(parseExpression(c));
  return items;
}

const additiveOperators = new Set(['+', '-', '&', '|', '^', '||', '<<', '>>']);
function additive(c: Cursor): Node {
  let left = multiplicative(c);
  while (c.peek().kind === 'operator' && additiveOperators.has(c.peek().text)) {
    const t = c.next();
    left = {
      kind: 'binary',
      line: t.line,
      operator: t.text,
      left: needExpression(c, left),
      right: needExpression(c, multiplicative(c)),
    };
  }
  return left;
}
function multiplicative(c: Cursor): Node {
  let left = unary(c);
  while (c.isOperator('*') || c.isOperator('/') || c.isOperator('%')) {
    const t = c.next();
    left = {
      kind: 'binary',
      line: t.line,
      operator: t.text,
      left: needExpression(c, left),
      right: needExpression(c, unary(c)),
    };
  }
  return left;
}
function unary(c: Cursor): Node {
  const t = c.peek();
  if (t.kind === 'operator' && (t.text === '-' || t.text === '+' || t.text === '~')) {
    c.next();
    return { kind: 'unary', line: t.line, operator: t.text, operand: needExpression(c, unary(c)) };
  }
  return postfix(c, primary(c));
}
function postfix(c: Cursor, start: Node): Node {
  let node = start;
  for (;;) {
    if (c.isWord('COLLATE') && !isCondition(node)) {
      const line = c.next().line;
      const name = c.anyIdentifier();
      node = { kind: 'collate', line, operand: node, collation: name };
    } else if (c.isWord('AT') && c.isWord('TIME', 1)) throw unsupported('AT TIME ZONE', c.line);
    else return node;
  }
}

/** Functions written without parentheses. */
const bare = new Set(['CURRENT_TIMESTAMP', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER', 'USER', 'CURRENT_DATE']);
/** Reserved words that are functions when a parenthesis follows. */
const reservedFunctions = new Set(['LEFT', 'RIGHT', 'COALESCE', 'NULLIF', 'IDENTITY']);

function primary(c: Cursor): Node {
  const t = c.peek();
  const line = t.line;
  switch (t.kind) {
    case 'number':
    case 'money':
    case 'string':
    case 'nstring':
    case 'binary':
      c.next();
      return { kind: 'literal', form: t.kind, text: t.value, line };
    case 'variable':
      c.next();
      return { kind: 'variable', name: t.text, line };
    case 'operator':
      if (t.text === '(') {
        if (startsQuery(c) && !c.isOperator('(', 1)) {
          c.next();
          const query = parseQuery(c);
          c.expect(')');
          return { kind: 'subquery', query, line };
        }
        c.next();
        const inner = disjunction(c);
        c.expect(')');
        return inner;
      }
      if (t.text === '*') {
        c.next();
        return { kind: 'star', parts: [], line };
      }
      if (t.text === '{') return odbcEscape(c);
      return c.fail(t);
    case 'end':
      return c.fail(t);
    default:
      break;
  }
  if (t.kind === 'word') {
    switch (t.value) {
      case 'NULL':
        c.next();
        return { kind: 'literal', form: 'null', text: 'NULL', line };
      case 'DEFAULT':
        c.next();
        return { kind: 'default', line };
      case 'CASE':
        return caseExpression(c);
      case 'CAST':
      case 'TRY_CAST':
        if (c.isOperator('(', 1)) {
          c.next();
          c.next();
          const expression = parseExpression(c);
          c.expectWord('AS');
          const type = parseType(c);
          c.expect(')');
          return { kind: 'convert', line, expression, type, style: null, attempt: t.value === 'TRY_CAST' };
        }
        break;
      case 'CONVERT':
      case 'TRY_CONVERT':
        if (c.isOperator('(', 1)) {
          c.next();
          c.next();
          const type = parseType(c);
          c.expect(',');
          const expression = parseExpression(c);
          const style = c.accept(',') ? parseExpression(c) : null;
          c.expect(')');
          return { kind: 'convert', line, expression, type, style, attempt: t.value === 'TRY_CONVERT' };
        }
        break;
      case 'IIF':
        if (c.isOperator('(', 1)) {
          c.next();
          c.next();
          const condition = parseCondition(c);
          c.expect(',');
          const then = parseExpression(c);
          c.expect(',');
          const otherwise = parseExpression(c);
          c.expect(')');
          return { kind: 'iif', line, condition, then, otherwise };
        }
        break;
      case 'NEXT':
        if (c.isWord('VALUE', 1) && c.isWord('FOR', 2)) {
          c.next();
          c.next();
          c.next();
          const sequence = c.objectName();
          if (c.isWord('OVER')) throw unsupported('NEXT VALUE FOR … OVER', line);
          return { kind: 'nextValue', line, sequence };
        }
        break;
      case 'PARSE':
      case 'TRY_PARSE':
        if (c.isOperator('(', 1)) throw unsupported(t.value, line);
        break;
      default:
        if (bare.has(t.value) && !c.isOperator('(', 1)) {
          c.next();
          return call(line, t.value, [], []);
        }
        if (reservedFunctions.has(t.value) && c.isOperator('(', 1)) {
          c.next();
          return functionCall(c, [t.text], line);
        }
    }
  }
  const parts: string[] = [];
  if (c.isOperator('.')) parts.push('');
  else parts.push(c.identifier());
  while (c.isOperator('.')) {
    c.next();
    if (c.accept('*')) return { kind: 'star', parts, line };
    if (c.isOperator('.')) parts.push('');
    else parts.push(c.anyIdentifier());
  }
  if (c.isOperator('::')) throw unsupported(`static method of ${parts.join('.')}`, line);
  if (c.isOperator('(')) return functionCall(c, parts, line);
  return { kind: 'column', parts, line };
}

const call = (line: number, name: string, path: readonly string[], args: readonly Expression[]): Expression => ({
  kind: 'call',
  line,
  name,
  path,
  arguments: args,
  distinct: false,
  star: false,
  over: null,
  withinGroup: null,
});

/** Functions whose first argument is a bare word: DATEADD(day, …). */
const dateParts = new Set(['DATEADD', 'DATEDIFF', 'DATEDIFF_BIG', 'DATENAME', 'DATEPART', 'DATETRUNC', 'DATE_BUCKET']);

function functionCall(c: Cursor, parts: readonly string[], line: number): Expression {
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
    return call(line, name, [], args);
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
  return call(line, which === 'BOTH' ? 'TRIM' : which === 'LEADING' ? 'LTRIM' : 'RTRIM', [], args);
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

function caseExpression(c: Cursor): Expression {
  const line = c.next().line;
  const operand = c.isWord('WHEN') ? null : parseExpression(c);
  const whens: { when: Expression | Condition; then: Expression }[] = [];
  while (c.acceptWord('WHEN')) {
    const when = operand ? parseExpression(c) : parseCondition(c);
    c.expectWord('THEN');
    whens.push({ when, then: parseExpression(c) });
  }
  if (whens.length === 0) c.fail();
  const otherwise = c.acceptWord('ELSE') ? parseExpression(c) : null;
  c.expectWord('END');
  return { kind: 'case', line, operand, whens, otherwise };
}

/** `{ts '…'}`, `{d '…'}`, `{t '…'}`, `{guid '…'}`, `{fn f(…)}`. */
function odbcEscape(c: Cursor): Expression {
  const line = c.next().line;
  const word = c.next().value.toUpperCase();
  if (word === 'FN') {
    const inner = parseExpression(c);
    c.expect('}');
    return inner;
  }
  const text = c.next();
  c.expect('}');
  if (text.kind !== 'string' && text.kind !== 'nstring') c.fail(text);
  const name = word === 'TS' || word === 'D' || word === 'T' ? 'datetime' : word === 'GUID' ? 'uniqueidentifier' : '';
  if (name === '') throw unsupported(`ODBC escape {${word} …}`, line);
  return {
    kind: 'convert',
    line,
    style: null,
    attempt: false,
    type: { name: objectName([name]), arguments: [], line },
    expression: { kind: 'literal', form: 'string', text: text.value, line },
  };
}

/** A data type as written: `decimal(10, 2)`, `nvarchar(max)`, `dbo.Phone`, `double precision`, `national character varying(10)`. */
export function parseType(c: Cursor): TypeReference {
  const line = c.line;
  let parts: string[];
  const word = c.peek().kind === 'word' ? c.peek().value : '';
  if (word === 'NATIONAL') {
    c.next();
    const kind = c.next().value;
    parts = [kind === 'TEXT' ? 'ntext' : c.acceptWord('VARYING') ? 'nvarchar' : 'nchar'];
  } else if (word === 'DOUBLE') {
    c.next();
    c.expectWord('PRECISION');
    parts = ['float'];
  } else if (word === 'CHAR' || word === 'CHARACTER' || word === 'BINARY') {
    c.next();
    const varying = c.acceptWord('VARYING');
    parts = [word === 'BINARY' ? (varying ? 'varbinary' : 'binary') : varying ? 'varchar' : 'char'];
  } else parts = c.nameParts();
  const args: (number | 'max')[] = [];
  if (c.accept('(')) {
    do {
      const t = c.next();
      if (t.kind === 'number') args.push(Number(t.text));
      else if (t.kind === 'word' && t.value === 'MAX') args.push('max');
      else if (t.kind === 'word' && /^FLOAT(16|32)$/.test(t.value)) args.push(t.value === 'FLOAT16' ? 16 : 32);
      else c.fail(t);
    } while (c.accept(','));
    c.expect(')');
  }
  return { name: objectName(parts), arguments: args, line };
}
