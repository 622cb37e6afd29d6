import { tokenize } from '../tsql/lexer.ts';
import type { Token } from '../tsql/token.ts';
import { olderCollation } from './older-collation.ts';
import { closingParenthesis, countArguments, isListName } from './token-look.ts';
import {
  aggregateFunctions,
  argumentVersions,
  functionVersions,
  rowsetFunctions,
  syntaxVersions,
  typeVersions,
} from './tsql-names.ts';

const syntaxByFirstWord = Map.groupBy(syntaxVersions, syntax => syntax.words[0]!);

/** Something in a text that came with a later version. */
export interface NewerSyntax {
  readonly what: string;
  /** First version; 0 where the name alone tells it (a collation). */
  readonly since: number;
  readonly line: number;
}

/**
 * Finds functions, types, collations and syntax that a version lacks, by tokens, so that comments, strings and quoted names
 * do not count. A name counts as a function only where a call can stand.
 * @throws XpdbError when the text does not end (a quote or comment is open)
 */
export function findNewerSyntax(text: string, version: number): NewerSyntax[] {
  const tokens = tokenize(text);
  const found: NewerSyntax[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== 'word' && token.kind !== 'operator') return;
    for (const { what, since } of [...findings(tokens, i, version)]) {
      if (!found.some(f => f.what === what && f.line === token.line)) found.push({ what, since, line: token.line });
    }
  });
  return found;
}

function* findings(tokens: readonly Token[], i: number, version: number): Generator<Omit<NewerSyntax, 'line'>> {
  const token = tokens[i]!;
  for (const { words, since } of syntaxByFirstWord.get(token.value) ?? []) {
    if (since <= version || !matches(tokens, i, words)) continue;
    // The verb at the head of a module is written anew for every target.
    if (i > 0 || token.value !== 'CREATE') yield { what: words.join(' '), since };
  }
  if (token.kind !== 'word') return;
  const functionSince = functionVersions.get(token.value) ?? 0;
  if (functionSince > version && isCall(tokens, i)) yield { what: `${token.value}()`, since: functionSince };
  if (tokens[i + 1]?.text === '(') yield* newerForms(tokens, i, version);
  const typeSince = typeVersions.get(token.value) ?? 0;
  if (typeSince > version && isTypeName(tokens, i))
    yield { what: `type ${token.value.toLowerCase()}`, since: typeSince };
  if (token.value === 'COLLATE') {
    const name = tokens[i + 1]?.text ?? '';
    if (olderCollation(name, version) !== null) yield { what: `collation ${name}`, since: 0 };
  }
  if (version < 110) yield* newerIn2012(tokens, i);
  // `, INDEX ix (…)` of a table variable or temporary table.
  if (version < 120 && token.value === 'INDEX' && tokens[i - 1]?.text === ',' && isName(tokens[i + 1]))
    yield { what: 'inline INDEX', since: 120 };
}

/** Words that may be names elsewhere: OFFSET n ROWS, ROWS n PRECEDING, THROW as a statement, ORDER BY of an aggregate's OVER. */
function* newerIn2012(tokens: readonly Token[], i: number): Generator<Omit<NewerSyntax, 'line'>> {
  const { value } = tokens[i]!;
  const next = tokens[i + 1];
  const number = next?.kind === 'number' || next?.kind === 'variable';
  if (value === 'OFFSET' && ((number && /^ROWS?$/.test(tokens[i + 2]?.value ?? '')) || next?.text === '('))
    yield { what: 'OFFSET … ROWS', since: 110 };
  if (value === 'ROWS' && number && /^(PRECEDING|FOLLOWING)$/.test(tokens[i + 2]?.value ?? ''))
    yield { what: 'ROWS … PRECEDING', since: 110 };
  const before = tokens[i - 1];
  const starts = before === undefined || before.text === ';' || /^(BEGIN|CATCH|ELSE|END|AS)$/.test(before.value);
  const ends = next === undefined || next.kind === 'end' || next.text === ';' || number || next.value === 'END';
  if (value === 'THROW' && (next?.text === ';' || next?.kind === 'number' || (starts && ends)))
    yield { what: 'THROW', since: 110 };
  if (aggregateFunctions.has(value) && next?.text === '(') {
    const over = closingParenthesis(tokens, i + 1) + 1;
    if (tokens[over]?.value !== 'OVER' || tokens[over + 1]?.text !== '(') return;
    const end = closingParenthesis(tokens, over + 1);
    if (tokens.slice(over, end).some(t => t.kind === 'word' && t.value === 'ORDER'))
      yield { what: `${value}() OVER (ORDER BY)`, since: 110 };
  }
}

/** Forms of a call that came later than the function. */
function* newerForms(tokens: readonly Token[], i: number, version: number): Generator<Omit<NewerSyntax, 'line'>> {
  const { value } = tokens[i]!;
  if (tokens[i - 1]?.text === '.') return;
  const close = closingParenthesis(tokens, i + 1);
  const count = () => countArguments(tokens, i + 1, close);
  for (const { name, minimum, since } of argumentVersions) {
    if (since > version && name === value && count() >= minimum)
      yield { what: `${name}() with ${minimum} arguments`, since };
  }
  if (version < 130 && value === 'FORMATMESSAGE' && /^n?string$/.test(tokens[i + 2]?.kind ?? ''))
    yield { what: 'FORMATMESSAGE() with a text', since: 130 };
  if (version < 170 && value === 'SUBSTRING' && count() === 2)
    yield { what: 'SUBSTRING() without a length', since: 170 };
  if (version < 140 && value === 'MATCH' && /^(WHERE|AND)$/.test(tokens[i - 1]?.value ?? ''))
    yield { what: 'MATCH', since: 140 };
  if (
    version < 170 &&
    value === 'JSON_VALUE' &&
    tokens.slice(i, close).some(t => t.kind === 'word' && t.value === 'RETURNING')
  )
    yield { what: 'JSON_VALUE() RETURNING', since: 170 };
}

/** Whether the name at `i` is a call of a built-in function, where the name is one. */
export function isCall(tokens: readonly Token[], i: number): boolean {
  const name = tokens[i]!.value;
  const before = tokens[i - 1];
  if (before?.text === '.') return false;
  // Written without parentheses.
  if (name === 'CURRENT_DATE') return tokens[i + 1]?.text !== '.' && before?.value !== 'AS';
  if (tokens[i + 1]?.text !== '(') return false;
  if (before?.kind === 'word' && /^(FROM|JOIN|APPLY)$/.test(before.value)) return rowsetFunctions.has(name);
  return !isListName(tokens, i);
}

/** Where a type can stand: behind a variable, RETURNS, or inside CAST and CONVERT. */
function isTypeName(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (before?.kind === 'variable') return true;
  if (before?.value === 'RETURNS' && before.kind === 'word') return true;
  if (before?.value === 'AS')
    return tokens[i - 2]?.kind === 'variable' || tokens[i + 1]?.text === ')' || tokens[i + 1]?.text === '(';
  return before?.text === '(' && /^(TRY_)?CONVERT$/.test(tokens[i - 2]?.value ?? '');
}

const isName = (token: Token | undefined) => token !== undefined && /^(word|bracketed|quoted)$/.test(token.kind);

function matches(tokens: readonly Token[], i: number, words: readonly string[]): boolean {
  return words.every((word, k) => tokens[i + k]?.value === word && /^(word|operator)$/.test(tokens[i + k]!.kind));
}
