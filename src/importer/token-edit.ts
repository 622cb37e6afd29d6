/** Changes of single tokens in a text that otherwise stays verbatim. */

import type { Token } from '../tsql/token.ts';

export interface Edit {
  readonly token: Token;
  /** Instead of the token. */
  readonly text: string;
}

/** @param edits in any order, of tokens of this text */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.token.start - b.token.start)) {
    result += text.slice(at, edit.token.start) + edit.text;
    at = edit.token.end;
  }
  return result + text.slice(at);
}

/** The word of an unquoted token in upper case, else ''. */
export function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.value : '';
}

/** What may stand for a name: `a`, `[a]`, `"a"`, and `N'a'` where the grammar of files allows a string. */
export function isNameToken(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'bracketed' || token?.kind === 'quoted';
}

export function nameValue(token: Token): string {
  return token.kind === 'word' ? token.text : token.value;
}
