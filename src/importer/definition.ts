/** Whether a statement only defines things, so that it may run later than where it stands. */

import { afterTrivia } from '../tsql/leading-trivia.ts';
import type { Token } from '../tsql/token.ts';
import { changesRows } from './changed-tables.ts';
import type { StatementFacts } from './statement-facts.ts';
import { isNameToken, nameValue, wordOf } from './token-edit.ts';

const writesOtherwise = new Set(['BULK', 'WRITETEXT', 'UPDATETEXT']);

/** Rows would be changed in another order than the script's. What can't be told counts as a change of rows. */
export function isDefinition({ tokens, module }: StatementFacts): boolean {
  if (module) return true;
  // Statements that need no look begin with SELECT, UPDATE and their like.
  if (tokens.length === 0) return false;
  return tokens.every((token, i) => !isChange(tokens, i) && !(isCall(token) && !isDefiningCall(tokens, i + 1)));
}

function isChange(tokens: readonly Token[], i: number): boolean {
  return changesRows(tokens, i) || writesOtherwise.has(wordOf(tokens[i]));
}

function isCall(token: Token): boolean {
  return wordOf(token) === 'EXEC' || wordOf(token) === 'EXECUTE';
}

/** A procedure of the system, or a text that makes something. `WITH EXECUTE AS` is no call. */
function isDefiningCall(tokens: readonly Token[], at: number): boolean {
  if (wordOf(tokens[at]) === 'AS' || wordOf(tokens[at]) === 'ON') return true;
  let i = at;
  while (isNameToken(tokens[i]) && tokens[i + 1]?.text === '.') i += tokens[i + 2]?.text === '.' ? 3 : 2;
  const name = isNameToken(tokens[i]) ? nameValue(tokens[i]!).toLowerCase() : '';
  if (name.startsWith('sp_') && name !== 'sp_executesql') return true;
  const text = tokens.slice(i).find(t => t.kind === 'string' || t.kind === 'nstring');
  if (name !== 'sp_executesql' && tokens[i]?.text !== '(') return false;
  return (
    text !== undefined && /^(?:CREATE|ALTER|DROP|GRANT|DENY|REVOKE)\b/i.test(text.value.slice(afterTrivia(text.value)))
  );
}
