import { unsupported } from '../server-error.ts';
import type { ExecArgument, Expression, Statement } from './ast.ts';
import { type Cursor, objectName } from './cursor.ts';
import { expressionList } from './expressions.ts';
import { isStatementStart, reserved } from './keywords.ts';
import type { ParseContext } from './parse-context.ts';

export function parseExecute(x: ParseContext, line: number): Statement {
  const { c } = x;
  if (c.accept('(')) {
    const text = expressionList(c);
    c.expect(')');
    if (c.isWord('AT') || c.isWord('AS')) throw unsupported(`EXECUTE … ${c.peek().value}`, line);
    // 'a' + @b is one expression already; several by comma are parameters of a linked server.
    return { kind: 'executeText', line, text };
  }
  if (c.isWord('AS') && (c.isWord('USER', 1) || c.isWord('LOGIN', 1) || c.isWord('CALLER', 1)))
    throw unsupported('EXECUTE AS', line);
  let returnVariable: string | null = null;
  let nameVariable: string | null = null;
  if (c.peek().kind === 'variable' && c.isOperator('=', 1)) {
    returnVariable = c.next().text;
    c.next();
  }
  let name = objectName(['']);
  if (c.peek().kind === 'variable') nameVariable = c.next().text;
  else name = c.objectName();
  if (c.accept(';')) {
    if (c.peek().kind !== 'number') return { kind: 'execute', line, returnVariable, name, nameVariable, arguments: [] };
    c.next();
  }
  const args: ExecArgument[] = [];
  if (startsArgument(c)) {
    do {
      let argumentName: string | null = null;
      if (c.peek().kind === 'variable' && c.isOperator('=', 1)) {
        argumentName = c.next().text.slice(1);
        c.next();
      }
      const value = execValue(c);
      const out = c.acceptWord('OUTPUT') || c.acceptWord('OUT');
      args.push({ name: argumentName, value, output: out });
    } while (c.accept(','));
  }
  if (c.isWord('WITH') && (c.isWord('RECOMPILE', 1) || c.isWord('RESULT', 1))) {
    if (c.isWord('RESULT', 1)) throw unsupported('EXECUTE … WITH RESULT SETS', line);
    c.next();
    c.next();
  }
  return { kind: 'execute', line, returnVariable, name, nameVariable, arguments: args };
}

function startsArgument(c: Cursor): boolean {
  const t = c.peek();
  switch (t.kind) {
    case 'end':
      return false;
    case 'operator':
      return t.text === '-' || t.text === '+';
    case 'word':
      return t.value === 'NULL' || t.value === 'DEFAULT' || (!reserved.has(t.value) && !isStatementStart(c));
    default:
      return true;
  }
}

/** Arguments are constants, variables or bare words (taken as text). */
function execValue(c: Cursor): Expression | null {
  const t = c.peek();
  if (t.kind === 'word' && t.value === 'DEFAULT') {
    c.next();
    return null;
  }
  if (t.kind === 'name' || (t.kind === 'word' && t.value !== 'NULL')) {
    c.next();
    return { kind: 'literal', form: 'nstring', text: t.kind === 'word' ? t.text : t.value, line: t.line };
  }
  if (t.kind === 'operator') {
    const sign = c.next();
    const number = c.next();
    if (number.kind !== 'number' && number.kind !== 'money') c.fail(number);
    return {
      kind: 'unary',
      operator: sign.text === '-' ? '-' : '+',
      line: t.line,
      operand: { kind: 'literal', form: number.kind, text: number.value, line: t.line },
    };
  }
  c.next();
  if (t.kind === 'variable') return { kind: 'variable', name: t.text, line: t.line };
  if (t.kind === 'word') return { kind: 'literal', form: 'null', text: 'NULL', line: t.line };
  if (t.kind === 'end') return c.fail(t);
  return { kind: 'literal', form: t.kind, text: t.value, line: t.line };
}
