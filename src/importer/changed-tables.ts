/** The tables whose rows a script's statements change, other than by INSERT … VALUES. */

import type { ObjectName } from '../tsql/ddl/statement.ts';
import { tokenize } from '../tsql/lexer.ts';
import type { TextPiece } from '../tsql/script-piece.ts';
import type { Token } from '../tsql/token.ts';
import type { StatementFacts } from './statement-facts.ts';
import { nameAt } from './statement-names.ts';
import { isNameToken, nameValue, wordOf } from './token-edit.ts';

const mayChange = /\b(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|INTO)\b/i;
const verbs = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'INTO']);
/**
 * Behind these the word is a part of another statement: ON DELETE CASCADE, WHEN MATCHED THEN UPDATE, LEFT MERGE JOIN, GRANT INSERT,
 * REVOKE GRANT OPTION FOR UPDATE.
 */
const inside = new Set(
  ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BEFORE', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER'].concat(
    ...['GRANT', 'DENY', 'REVOKE', 'OPTION'],
  ),
);
/** Words that name no table behind the verb: UPDATE SET, MERGE JOIN, MERGE RANGE. */
const noTable = new Set(['SET', 'JOIN', 'UNION', 'RANGE']);

/** Whether the word at `i` begins what changes the rows of a table. In a list, as behind GRANT, it is a name. */
export function changesRows(tokens: readonly Token[], i: number): boolean {
  if (!verbs.has(wordOf(tokens[i]))) return false;
  const before = tokens[i - 1];
  return before?.text !== '.' && before?.text !== ',' && !inside.has(wordOf(before));
}

/**
 * Temporary ones included; those behind an alias or a common table expression by their own names. What EXEC and variables hide is
 * not seen.
 */
export function changedTables(piece: TextPiece, facts: StatementFacts): ObjectName[] {
  if (facts.module || !mayChange.test(piece.text)) return [];
  // Plain statements were not looked at, since scripts may have many of them.
  const tokens = facts.tokens.length > 0 ? facts.tokens : tokenize(piece.text, { position: piece.position });
  const found = new Map<number, ObjectName>();
  for (const [i, token] of tokens.entries()) {
    if (!changesRows(tokens, i)) continue;
    const at = tableBehind(tokens, i, wordOf(token));
    if (at === null || noTable.has(wordOf(tokens[at]))) continue;
    const { name } = nameAt(tokens, at);
    // INSERT and its INTO lead to the same one.
    if (name) found.set(at, name.schema === null ? (behindAlias(tokens, i, name.name) ?? name) : name);
  }
  return [...found.values()];
}

/** Index of the first token of the table's name; null where the word changes no table. */
function tableBehind(tokens: readonly Token[], verbAt: number, verb: string): number | null {
  switch (verb) {
    case 'INTO':
      return verbAt + 1;
    case 'TRUNCATE':
      return wordOf(tokens[verbAt + 1]) === 'TABLE' ? verbAt + 2 : null;
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE': {
      let at = verbAt + 1;
      if (wordOf(tokens[at]) === 'TOP') at = behindParentheses(tokens, at + 1);
      if (wordOf(tokens[at]) === 'PERCENT') at++;
      return /^(?:INTO|FROM|STATISTICS)$/.test(wordOf(tokens[at])) ? at + 1 : at;
    }
    default:
      return null;
  }
}

function behindParentheses(tokens: readonly Token[], from: number): number {
  // TOP 5 of old scripts has none.
  if (tokens[from]?.text !== '(') return from + 1;
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]!.text === '(') depth++;
    else if (tokens[at]!.text === ')' && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The table that the statement at `verbAt` calls by this name: UPDATE a SET … FROM dbo.t AS a, WITH a AS (SELECT … FROM dbo.t). */
function behindAlias(tokens: readonly Token[], verbAt: number, alias: string): ObjectName | null {
  const isAlias = (token: Token | undefined) =>
    isNameToken(token) && nameValue(token!).toLowerCase() === alias.toLowerCase();
  for (let i = verbAt; i < tokens.length; i++) {
    if (!/^(?:FROM|JOIN|USING)$/.test(wordOf(tokens[i])) && tokens[i]!.text !== ',') continue;
    const { name, end } = nameAt(tokens, i + 1);
    if (name && isAlias(tokens[wordOf(tokens[end]) === 'AS' ? end + 1 : end])) return name;
  }
  for (let i = verbAt - 1; i > 0; i--) {
    if (!isAlias(tokens[i]) || !/^(?:WITH|,)$/i.test(tokens[i - 1]!.text)) continue;
    const from = tokens.findIndex((t, at) => at > i && at < verbAt && wordOf(t) === 'FROM');
    return from < 0 ? null : nameAt(tokens, from + 1).name;
  }
  return null;
}
