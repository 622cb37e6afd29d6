import type { XpdbError } from '../../model/error.ts';
import { tokenize } from '../../tsql/lexer.ts';
import type { Token } from '../../tsql/token.ts';
import type { Rule } from '../rule.ts';
import { textsOf } from '../texts.ts';
import { functionVersions, syntaxVersions } from '../tsql-names.ts';
import { targetVersions, versionNumber } from '../version.ts';

/** Something in a text that came with a later version. */
export interface NewerSyntax {
  readonly what: string;
  readonly since: number;
  readonly line: number;
}

/** Finds newer functions and syntax by tokens, so that comments, strings and quoted names do not count. */
export function findNewerSyntax(text: string, version: number): NewerSyntax[] {
  const tokens = tokenize(text);
  const found: NewerSyntax[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== 'word' && token.kind !== 'operator') return;
    const since = token.kind === 'word' ? functionSince(tokens, i) : undefined;
    if (since !== undefined && since > version) found.push({ what: `${token.value}()`, since, line: token.line });
    for (const syntax of syntaxVersions) {
      if (syntax.since > version && syntax.words[0] === token.value && matches(tokens, i, syntax.words)) {
        found.push({ what: syntax.words.join(' '), since: syntax.since, line: token.line });
      }
    }
    // OFFSET n ROWS … of an ORDER BY, and THROW as a statement, are words that may be names elsewhere.
    if (
      version < 110 &&
      token.value === 'OFFSET' &&
      /^(number|variable)$/.test(tokens[i + 1]?.kind ?? '') &&
      /^ROWS?$/.test(tokens[i + 2]?.value ?? '')
    ) {
      found.push({ what: 'OFFSET … ROWS', since: 110, line: token.line });
    }
    if (version < 110 && token.value === 'THROW' && (tokens[i + 1]?.text === ';' || tokens[i + 1]?.kind === 'number')) {
      found.push({ what: 'THROW', since: 110, line: token.line });
    }
  });
  return found;
}

function functionSince(tokens: readonly Token[], i: number): number | undefined {
  if (tokens[i + 1]?.text !== '(' || tokens[i - 1]?.text === '.') return undefined;
  // `CREATE FUNCTION FORMAT(` defines a name; the built-in is never created.
  return functionVersions.get(tokens[i]!.value);
}

function matches(tokens: readonly Token[], i: number, words: readonly string[]): boolean {
  return words.every((word, k) => tokens[i + k]?.value === word && tokens[i + k]?.kind !== 'string');
}

export const tsqlVersion: Rule = {
  id: 'tsql-version',
  description: 'Functions and syntax in modules and expressions that the target does not know',
  apply: (database, target, report) => {
    for (const { object, text } of textsOf(database)) {
      let newer: NewerSyntax[];
      try {
        newer = findNewerSyntax(text, target.number);
      } catch (error) {
        report('blocker', object, `its text can't be read: ${(error as XpdbError).message}`);
        continue;
      }
      for (const { what, since, line } of newer) {
        const first = targetVersions.find(v => versionNumber(v) === since) ?? String(since);
        report(
          'blocker',
          object,
          `${what} came with ${first}; the text is carried over unchanged and fails on ${target.version}`,
          line,
        );
      }
    }
    return database;
  },
};
