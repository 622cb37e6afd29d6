import { ServerError, unsupported } from '../server-error.ts';
import type { Statement } from './ast.ts';
import { parseExpression } from './expressions.ts';
import { assignmentOperators } from './keywords.ts';
import type { ParseContext } from './parse-context.ts';

/** Words of SET that take ON or OFF, alone or in a list. */
const onOff = new Set(
  'ANSI_NULLS QUOTED_IDENTIFIER ANSI_PADDING ANSI_WARNINGS ANSI_NULL_DFLT_ON ANSI_NULL_DFLT_OFF ANSI_DEFAULTS ARITHABORT ARITHIGNORE NUMERIC_ROUNDABORT CONCAT_NULL_YIELDS_NULL CURSOR_CLOSE_ON_COMMIT IMPLICIT_TRANSACTIONS NOCOUNT NOEXEC PARSEONLY FMTONLY XACT_ABORT FORCEPLAN REMOTE_PROC_TRANSACTIONS SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML NO_BROWSETABLE'.split(
    ' ',
  ),
);

export function parseSet(x: ParseContext): Statement {
  const { c } = x;
  const line = c.next().line;
  const t = c.next();
  if (t.kind === 'variable') {
    if (c.isOperator('.')) throw unsupported('method of a variable', line);
    const operator = c.next();
    if (!assignmentOperators.has(operator.text)) c.fail(operator);
    return { kind: 'setVariable', line, name: t.text, operator: operator.text, value: parseExpression(c) };
  }
  if (t.kind !== 'word') c.fail(t);
  if (t.value === 'IDENTITY_INSERT') {
    const name = c.objectName();
    const word = c.next();
    if (word.value !== 'ON' && word.value !== 'OFF') c.fail(word);
    return { kind: 'setIdentityInsert', line, name, on: word.value === 'ON' };
  }
  if (t.value === 'TRANSACTION') {
    c.expectWord('ISOLATION');
    c.expectWord('LEVEL');
    const words = [c.next().value];
    if (c.isWord('READ') || c.isWord('COMMITTED') || c.isWord('UNCOMMITTED')) words.push(c.next().value);
    if (words[0] === 'REPEATABLE') words.push(c.isWord('READ') ? c.next().value : '');
    return {
      kind: 'setOption',
      line,
      options: ['TRANSACTION ISOLATION LEVEL'],
      value: words.join(' ').trim(),
      expression: null,
    };
  }
  if (t.value === 'STATISTICS') {
    do c.next();
    while (c.accept(','));
    const word = c.next();
    return { kind: 'setOption', line, options: ['STATISTICS'], value: word.value, expression: null };
  }
  if (t.value === 'OFFSETS' || t.value === 'CONTEXT_INFO') throw unsupported(`SET ${t.value}`, line);
  const options = [t.value];
  while (c.accept(',')) options.push(c.next().value);
  if (onOff.has(t.value)) {
    const word = c.next();
    if (word.kind !== 'word' || (word.value !== 'ON' && word.value !== 'OFF')) c.fail(word);
    // QUOTED_IDENTIFIER counts from here to the end of the batch at parse time.
    if (options.includes('QUOTED_IDENTIFIER') || options.includes('ANSI_DEFAULTS'))
      c.lexer.quotedIdentifier = word.value === 'ON';
    return { kind: 'setOption', line, options, value: word.value, expression: null };
  }
  if (
    ![
      'ROWCOUNT',
      'TEXTSIZE',
      'DATEFORMAT',
      'DATEFIRST',
      'LANGUAGE',
      'LOCK_TIMEOUT',
      'DEADLOCK_PRIORITY',
      'QUERY_GOVERNOR_COST_LIMIT',
      'FIPS_FLAGGER',
    ].includes(t.value)
  ) {
    throw new ServerError(195, `'${t.text}' is not a recognized SET option.`, { class: 15, line, state: 5 });
  }
  const value = c.peek();
  if (value.kind === 'word' || value.kind === 'name') {
    c.next();
    return { kind: 'setOption', line, options, value: value.text, expression: null };
  }
  return { kind: 'setOption', line, options, value: '', expression: parseExpression(c) };
}
