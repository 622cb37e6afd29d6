/** T-SQL that the posed version does not have yet: functions (195) and syntax (102, 156) in expressions and bodies. */
import { tokenize } from '../../../tsql/lexer.ts';
import type { Token } from '../../../tsql/token.ts';
import { fail, keywordError, syntaxError } from './failure.ts';

/** Built-in functions by first version (version-gates, section 6). */
const functions: Readonly<Record<number, string>> = {
  110: 'CHOOSE CONCAT FORMAT EOMONTH DATEFROMPARTS DATETIMEFROMPARTS DATETIME2FROMPARTS DATETIMEOFFSETFROMPARTS SMALLDATETIMEFROMPARTS TIMEFROMPARTS LAG LEAD FIRST_VALUE LAST_VALUE CUME_DIST PERCENT_RANK TRY_CONVERT IIF TRY_CAST PARSE TRY_PARSE PERCENTILE_CONT PERCENTILE_DISC',
  130: 'STRING_SPLIT OPENJSON ISJSON JSON_VALUE JSON_QUERY JSON_MODIFY STRING_ESCAPE DATEDIFF_BIG COMPRESS DECOMPRESS SESSION_CONTEXT CURRENT_TRANSACTION_ID',
  140: 'STRING_AGG CONCAT_WS TRANSLATE TRIM',
  150: 'APPROX_COUNT_DISTINCT',
  160: 'GREATEST LEAST DATETRUNC DATE_BUCKET GENERATE_SERIES APPROX_PERCENTILE_CONT APPROX_PERCENTILE_DISC BIT_COUNT GET_BIT SET_BIT LEFT_SHIFT RIGHT_SHIFT JSON_PATH_EXISTS JSON_OBJECT JSON_ARRAY CURRENT_TIMEZONE CURRENT_TIMEZONE_ID',
  170: 'REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR REGEXP_COUNT REGEXP_LIKE JSON_ARRAYAGG JSON_OBJECTAGG VECTOR_DISTANCE VECTOR_NORM VECTOR_NORMALIZE VECTORPROPERTY UNISTR BASE64_ENCODE BASE64_DECODE PRODUCT',
};
const firstVersion = new Map(
  Object.entries(functions).flatMap(([version, names]) =>
    names.split(' ').map((n): [string, number] => [n, Number(version)]),
  ),
);

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
    const since = firstVersion.get(token.value.toUpperCase());
    if (since !== undefined && since > version && tokens[i + 1]?.text === '(' && tokens[i - 1]?.text !== '.') {
      if (/^(STRING_SPLIT|OPENJSON|GENERATE_SERIES)$/i.test(token.value)) {
        throw fail(208, `Invalid object name '${token.text}'.`);
      }
      throw fail(195, `'${token.text}' is not a recognized built-in function name.`, { class: 15, state: 10 });
    }
    const error = phraseError(tokens, i, version);
    if (error) throw error;
  }
}
