/** Expressions and conditions. Both are read by one grammar, so that a parenthesis needs no look-ahead. */
import { ServerError, unsupported } from '../server-error.ts';
import type { Condition, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { functionCall } from './function-call.ts';
import { parseQuery } from './queries.ts';
import { odbcEscape, specialForm } from './special-forms.ts';

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
  return needCondition(c, disjunction(c));
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
    const special = specialForm(c);
    if (special) return special;
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
