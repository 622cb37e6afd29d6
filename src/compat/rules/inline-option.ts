import type { UserFunction } from '../../model/function.ts';
import { tokenize } from '../../tsql/lexer.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';

export const inlineOption: Rule = {
  id: 'inline-option',
  description: 'The INLINE option of scalar functions needs 2019',
  apply: (database, target, report) => {
    if (target.number >= 150) return database;
    const functions = database.functions.map((fn): UserFunction => {
      const definition = fn.definition === null ? null : withoutInline(fn.definition);
      if (definition === fn.definition) return fn;
      report('rewritten', quoteQualified(fn.schema, fn.name), 'option INLINE is left out; the result is the same');
      return { ...fn, definition };
    });
    return { ...database, functions };
  },
};

/** The text without `INLINE = ON|OFF` in the WITH list of its head; everything else stays to the letter. */
export function withoutInline(text: string): string {
  const tokens = tokenize(text);
  const at = tokens.findIndex(
    (t, i) =>
      t.value === 'INLINE' &&
      t.kind === 'word' &&
      tokens[i + 1]?.text === '=' &&
      /^(ON|OFF)$/.test(tokens[i + 2]?.value ?? ''),
  );
  // In front of the body only: a column may have that name.
  if (at < 1 || tokens.slice(0, at).some(t => t.kind === 'word' && t.value === 'BEGIN')) return text;
  let from = tokens[at]!.start;
  let to = tokens[at + 2]!.end;
  if (tokens[at - 1]!.text === ',') from = tokens[at - 1]!.start;
  else if (tokens[at + 3]?.text === ',') to = tokens[at + 4]!.start;
  else if (tokens[at - 1]!.value === 'WITH') from = tokens[at - 1]!.start;
  return text.slice(0, from) + text.slice(to);
}
