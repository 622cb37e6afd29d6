/** T-SQL that the posed version does not have yet: functions (195) and syntax (102, 156) in expressions and bodies. */
import { isCall } from '../../../compat/newer-syntax.ts';
import { functionVersions } from '../../../compat/tsql-names.ts';
import { tokenize } from '../../../tsql/lexer.ts';
import type { Token } from '../../../tsql/token.ts';
import { fail, keywordError, syntaxError } from './failure.ts';

const word = (tokens: readonly Token[], i: number): string =>
  tokens[i]?.kind === 'word' ? tokens[i].value.toUpperCase() : '';

/** Sequences of keywords and the version that first takes them; `near` is what the older parser stumbles on. */
const phrases: readonly {
  readonly words: readonly string[];
  readonly since: number;
  readonly near: number;
  readonly keyword: boolean;
}[] = [
  { words: ['NEXT', 'VALUE', 'FOR'], since: 110, near: 1, keyword: false },
  { words: ['WITH', 'RESULT', 'SETS'], since: 110, near: 1, keyword: false },
  { words: ['FOR', 'JSON'], since: 130, near: 1, keyword: false },
  { words: ['AT', 'TIME', 'ZONE'], since: 130, near: 1, keyword: false },
  { words: ['FOR', 'SYSTEM_TIME'], since: 130, near: 1, keyword: false },
  { words: ['CREATE', 'OR', 'ALTER'], since: 130, near: 1, keyword: true },
  { words: ['WITHIN', 'GROUP'], since: 110, near: 1, keyword: true },
  { words: ['DISTINCT', 'FROM'], since: 160, near: 0, keyword: true },
];

function phraseError(tokens: readonly Token[], i: number, version: number): Error | null {
  for (const phrase of phrases) {
    if (phrase.since <= version || !phrase.words.every((w, k) => word(tokens, i + k) === w)) continue;
    if (phrase.words[0] === 'DISTINCT' && word(tokens, i - 1) !== 'IS' && word(tokens, i - 2) !== 'IS') continue;
    const near = tokens[i + phrase.near]?.text ?? phrase.words[phrase.near] ?? '';
    return phrase.keyword ? keywordError(near.toUpperCase()) : syntaxError(near);
  }
  const first = word(tokens, i);
  const next = word(tokens, i + 1);
  if (
    version < 130 &&
    first === 'DROP' &&
    next !== '' &&
    word(tokens, i + 2) === 'IF' &&
    word(tokens, i + 3) === 'EXISTS'
  )
    return keywordError('IF');
  if (
    version < 110 &&
    (next === 'ROWS' || next === 'ROW') === false &&
    first === 'OFFSET' &&
    ['ROWS', 'ROW'].includes(word(tokens, i + 2))
  )
    return syntaxError('OFFSET');
  if (
    version < 110 &&
    first === 'THROW' &&
    (tokens[i + 1]?.kind === 'number' || tokens[i + 1]?.text === ';' || tokens[i + 1]?.kind === 'end')
  )
    return syntaxError('THROW');
  return null;
}

/** Throws what a server of `version` says of newer functions and syntax in the text. */
export function refuseNewerSyntax(text: string, version: number): void {
  const tokens = tokenize(text);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind !== 'word') continue;
    const since = functionVersions.get(token.value);
    if (since !== undefined && since > version && isCall(tokens, i)) {
      if (/^(STRING_SPLIT|OPENJSON|GENERATE_SERIES)$/i.test(token.value)) {
        throw fail(208, `Invalid object name '${token.text}'.`);
      }
      throw fail(195, `'${token.text}' is not a recognized built-in function name.`, { class: 15, state: 10 });
    }
    const error = phraseError(tokens, i, version);
    if (error) throw error;
  }
}
