import { tokenize } from '../tsql/lexer.ts';
import type { Token } from '../tsql/token.ts';

/** Something in a text that a later version no longer takes. */
export interface RemovedSyntax {
  readonly what: string;
  /** First version without it. */
  readonly until: number;
  readonly line: number;
}

/** Sequences of words that 2012 no longer takes (documentation: discontinued features of SQL Server 2012). */
const phrases: readonly (readonly string[])[] = [
  ['FASTFIRSTROW'],
  ['WITH', 'APPEND'],
  ['MEDIAPASSWORD'],
  ['DUMP', 'DATABASE'],
  ['DUMP', 'TRANSACTION'],
  ['LOAD', 'DATABASE'],
  ['LOAD', 'TRANSACTION'],
];
/** Texts without any of these need no closer look. */
const suspicious = /\*=|=\*|\b(RAISERROR|COMPUTE|FASTFIRSTROW|APPEND|MEDIAPASSWORD|DUMP|LOAD|SP_DBOPTION)\b/i;
const aggregates = /^(SUM|AVG|MIN|MAX|COUNT|STDEV|STDEVP|VAR|VARP)$/;

/**
 * Finds syntax that only versions before 2012, most of it only at compatibility level 80, take.
 * @throws XpdbError when the text does not end
 */
export function findRemovedSyntax(text: string, version: number): RemovedSyntax[] {
  if (version < 110 || !suspicious.test(text)) return [];
  const tokens = tokenize(text);
  const found: RemovedSyntax[] = [];
  tokens.forEach((token, i) => {
    const what = removedAt(tokens, i);
    if (what !== null) found.push({ what, until: 110, line: token.line });
  });
  return found;
}

function removedAt(tokens: readonly Token[], i: number): string | null {
  const token = tokens[i]!;
  const next = tokens[i + 1];
  if (token.kind === 'operator') {
    if (token.text === '*=' && inCondition(tokens, i)) return 'outer join *=';
    if (token.text === '=' && next?.text === '*' && next.start === token.end) return 'outer join =*';
    return null;
  }
  if (token.kind !== 'word') return null;
  if (token.value === 'SP_DBOPTION') return 'sp_dboption';
  if (token.value === 'RAISERROR' && (next?.kind === 'number' || next?.kind === 'variable'))
    return 'RAISERROR number text';
  if (token.value === 'COMPUTE' && aggregates.test(next?.value ?? '') && tokens[i + 2]?.text === '(') return 'COMPUTE';
  const phrase = phrases.find(words =>
    words.every((word, k) => tokens[i + k]?.kind === 'word' && tokens[i + k]?.value === word),
  );
  return phrase?.join(' ') ?? null;
}

/** `a.x *= b.y` in a WHERE, not the assignment `SET @x *= 2`. */
function inCondition(tokens: readonly Token[], i: number): boolean {
  if (tokens[i - 1]?.kind === 'variable') return false;
  for (let k = i - 1; k >= 0; k--) {
    if (tokens[k]!.kind !== 'word') continue;
    if (/^(WHERE|AND|OR|HAVING)$/.test(tokens[k]!.value)) return true;
    if (/^(SET|SELECT|FROM|ON)$/.test(tokens[k]!.value)) return false;
  }
  return false;
}
