import type { Token } from '../tsql/token.ts';

/** Index of the parenthesis that closes the one at `open`; the last token when none does. */
export function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.kind !== 'operator') continue;
    if (tokens[i]!.text === '(') depth++;
    else if (tokens[i]!.text === ')' && --depth === 0) return i;
  }
  return tokens.length - 1;
}

/** Arguments between two parentheses. */
export function countArguments(tokens: readonly Token[], open: number, close: number): number {
  if (close === open + 1) return 0;
  let depth = 0;
  let commas = 0;
  for (let i = open; i < close; i++) {
    const { kind, text } = tokens[i]!;
    if (kind !== 'operator') continue;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    else if (text === ',' && depth === 1) commas++;
  }
  return commas + 1;
}

const namesBefore = new Set(
  'INTO TABLE VIEW REFERENCES INSERT WITH INDEX CONSTRAINT FUNCTION PROC PROCEDURE TYPE KEY MERGE UPDATE EXEC EXECUTE TRIGGER'.split(
    ' ',
  ),
);
const hints = /^(NOLOCK|HOLDLOCK|ROWLOCK|TABLOCK|TABLOCKX|UPDLOCK|XLOCK|PAGLOCK|READPAST|READUNCOMMITTED|INDEX)$/;

/** Whether the name at `i`, with a parenthesis behind it, is a table with a list of columns or hints rather than a call. */
export function isListName(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (before?.kind === 'word') {
    if (namesBefore.has(before.value)) return true;
    // FROM (…) AS name (columns)
    if (before.value === 'AS') return tokens[i - 2]?.text === ')';
    // CREATE INDEX x ON name (columns)
    if (before.value === 'ON') return tokens[i - 3]?.value === 'INDEX';
  }
  if (hints.test(tokens[i + 2]?.value ?? '') && tokens[i + 3]?.text === ')') return true;
  // WITH a AS (…), name (columns) AS (…)
  const close = closingParenthesis(tokens, i + 1);
  return tokens[close + 1]?.value === 'AS' && tokens[close + 2]?.text === '(';
}
