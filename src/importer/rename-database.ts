/** A database that gets a new name is named anew wherever the script names it as a part of an object's name. */

import { quoteName } from '../tsql/quote.ts';
import type { Token } from '../tsql/token.ts';
import type { Rename } from './file-placement.ts';
import { type Edit, isNameToken, nameValue, wordOf } from './token-edit.ts';

/** Methods of xml, hierarchyid and spatial columns, so that `t.c.nodes(…)` is no function of database t. */
const methods = new Set(['nodes', 'query', 'value', 'exist', 'modify', 'write']);
/**
 * Words that an object's name follows. Elsewhere `a.b.c` may as well be schema, table and column, and stays; a call of a function,
 * with its parenthesis, is a name again.
 */
const beforeObject = new Set(
  `FROM JOIN INTO UPDATE EXEC EXECUTE TABLE VIEW PROC PROCEDURE FUNCTION TRIGGER INSERT DELETE MERGE USING FOR TRUNCATE APPLY ON
  REFERENCES SYNONYM SEQUENCE TYPE DEFAULT RULE IDENTITY_INSERT STATISTICS`.split(/\s+/),
);

/** `old.dbo.t` and `old..t` of tables, procedures and functions; four-part names belong to another server. */
export function editQualifiedNames(tokens: readonly Token[], rename: Rename): Edit[] {
  const from = rename.from.toLowerCase();
  const edits: Edit[] = [];
  for (const [i, token] of tokens.entries()) {
    if (!isNameToken(token) || nameValue(token).toLowerCase() !== from) continue;
    if (tokens[i + 1]?.text !== '.' || tokens[i - 1]?.text === '.') continue;
    const parts = partsBehind(tokens, i);
    if (parts.count !== 3) continue;
    const object = parts.last;
    const call = tokens[parts.end]?.text === '(' && !methods.has(nameValue(object).toLowerCase());
    const before = tokens[i - 1];
    const target = beforeObject.has(wordOf(before)) || before?.text === '::' || before === undefined;
    // EXEC @result = old.dbo.p
    const called = before?.text === '=' && tokens[i - 2]?.kind === 'variable' && /^EXEC/.test(wordOf(tokens[i - 3]));
    if (call || target || called) edits.push({ token, text: quoteName(rename.to) });
  }
  return edits;
}

/** Parts of the name that begins at `i`, empty ones (`db..t`) included. */
function partsBehind(tokens: readonly Token[], i: number): { count: number; last: Token; end: number } {
  let at = i;
  let count = 1;
  let last = tokens[i]!;
  while (tokens[at + 1]?.text === '.') {
    at++;
    count++;
    if (isNameToken(tokens[at + 1])) last = tokens[++at]!;
  }
  return { count, last, end: at + 1 };
}
