import { unsupported } from '../server-error.ts';
import type { Condition, Expression } from './ast.ts';
import { type Cursor, objectName } from './cursor.ts';
import { parseType } from './data-type.ts';
import { parseCondition, parseExpression } from './expressions.ts';
import { functionCall, plainCall } from './function-call.ts';

/** Functions written without parentheses. */
const bare = new Set(['CURRENT_TIMESTAMP', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER', 'USER', 'CURRENT_DATE']);
/** Reserved words that are functions when a parenthesis follows. */
const reservedFunctions = new Set(['LEFT', 'RIGHT', 'COALESCE', 'NULLIF', 'IDENTITY']);

/**
 * An expression that begins with a word and has a form of its own: NULL, CASE, CAST, NEXT VALUE FOR …
 * @returns null for what is a column or an ordinary function
 */
export function specialForm(c: Cursor): Expression | null {
  const t = c.peek();
  const { line } = t;
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
        return plainCall(line, t.value, []);
      }
      if (reservedFunctions.has(t.value) && c.isOperator('(', 1)) {
        c.next();
        return functionCall(c, [t.text], line);
      }
  }
  return null;
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
export function odbcEscape(c: Cursor): Expression {
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
