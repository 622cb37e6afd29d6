import type { TokenCursor } from '../token-cursor.ts';

/** Words that can follow a column's default or computed expression and are not part of it. */
const afterExpression = new Set([
  'NOT',
  'NULL',
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'FOREIGN',
  'COLLATE',
  'IDENTITY',
  'ROWGUIDCOL',
  'PERSISTED',
  'FOR',
  'WITH',
  'DEFAULT',
  'SPARSE',
  'INDEX',
  'ON',
]);

/**
 * An expression without enclosing list, as DEFAULT takes it: verbatim up to what can't belong to it.
 * Parenthesised pieces, CASE … END and operators between operands are followed; words that end it are listed above.
 */
export function parseScalarText(cursor: TokenCursor): string {
  const from = cursor.index;
  let expectOperand = true;
  for (;;) {
    const token = cursor.token;
    if (token.kind === 'end' || cursor.is(',') || cursor.is(')') || cursor.is(';')) break;
    if (cursor.is('(')) {
      cursor.skipParentheses();
      expectOperand = false;
    } else if (token.kind === 'operator') {
      // `.` and `::` join names; all others want an operand.
      cursor.next();
      expectOperand = true;
    } else if (cursor.isWord('CASE')) {
      skipCase(cursor);
      expectOperand = false;
    } else if (expectOperand) {
      cursor.next();
      expectOperand = false;
      // DEFAULT NEXT VALUE FOR s OVER (…)
      if (token.value === 'NEXT' && cursor.takeWord('VALUE', 'FOR')) expectOperand = true;
    } else if (cursor.isWord('AT', 'TIME', 'ZONE')) {
      cursor.index += 3;
      expectOperand = true;
    } else if (cursor.isWord('OVER')) {
      cursor.next();
    } else if (token.kind === 'word' && !afterExpression.has(token.value)) {
      // AND, OR, LIKE, IN, IS … inside an unparenthesised computed expression.
      if (!/^(AND|OR|LIKE|IN|IS|BETWEEN|ESCAPE)$/.test(token.value)) break;
      cursor.next();
      expectOperand = true;
    } else break;
  }
  if (cursor.index === from) cursor.fail('an expression');
  return cursor.slice(from, cursor.index);
}

function skipCase(cursor: TokenCursor): void {
  let depth = 0;
  do {
    if (cursor.isWord('CASE')) depth++;
    else if (cursor.isWord('END')) depth--;
    else if (cursor.atEnd) cursor.fail('END');
    cursor.next();
  } while (depth > 0);
}

/** Up to the end of a WHERE clause of an index: WITH, ON, `;` or the end at depth 0. */
export function parseFilterText(cursor: TokenCursor): string {
  const from = cursor.index;
  while (!cursor.atEnd && !cursor.is(';') && !cursor.isOneOf('WITH', 'ON', 'FILESTREAM_ON')) {
    if (cursor.is('(')) cursor.skipParentheses();
    else if (isStatementStart(cursor)) break;
    else cursor.next();
  }
  if (cursor.index === from) cursor.fail('a condition');
  return cursor.slice(from, cursor.index);
}

/** Words that begin a statement and can't stand in a condition. */
export function isStatementStart(cursor: TokenCursor): boolean {
  return cursor.isOneOf(
    'CREATE',
    'ALTER',
    'DROP',
    'INSERT',
    'UPDATE',
    'DELETE',
    'SELECT',
    'EXEC',
    'EXECUTE',
    'GRANT',
    'DENY',
    'REVOKE',
    'PRINT',
    'USE',
    'DECLARE',
    'IF',
    'BEGIN',
    'COMMIT',
    'RETURN',
    'GO',
    'SET',
    'WHILE',
    'TRUNCATE',
  );
}
