/** Whether a statement about full-text search ran, none of which may stand in a transaction. */

import type { UnsupportedStatement } from '../tsql/ddl/statement.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteString } from '../tsql/quote.ts';
import { TokenCursor } from '../tsql/token-cursor.ts';
import { quoteObjectName } from './session-state.ts';
import type { Outcome, Told } from './step-outcome.ts';

/** Catalog views of what is found by its name. */
const views: Readonly<Record<string, string>> = {
  'full-text catalog': '[sys].[fulltext_catalogs]',
  'full-text stoplist': '[sys].[fulltext_stoplists]',
  'search property list': '[sys].[registered_search_property_lists]',
};

export async function fullTextOutcome({ what, text }: UnsupportedStatement, told: Told): Promise<Outcome> {
  const cursor = new TokenCursor(tokenize(text), text);
  const verb = cursor.next().value;
  if (what === 'full-text index') {
    if (verb === 'ALTER') return 'repeat';
    if (!cursor.takeWord('FULLTEXT', 'INDEX', 'ON')) return 'unknown';
    const object = quoteString(quoteObjectName(cursor.objectName()));
    return told(`[sys].[fulltext_indexes] WHERE [object_id] = OBJECT_ID(${object})`, verb === 'CREATE');
  }
  const view = views[what];
  if (view === undefined) return 'unknown';
  cursor.index += what === 'search property list' ? 3 : 2;
  const name = quoteString(cursor.name());
  if (verb !== 'ALTER') return told(`${view} WHERE [name] = ${name}`, verb === 'CREATE');
  // REBUILD, REORGANIZE, AS DEFAULT.
  if (what === 'full-text catalog') return 'repeat';
  const adds = cursor.takeWord('ADD');
  if (!adds && !cursor.takeWord('DROP')) return 'unknown';
  if (cursor.token.kind !== 'string' && cursor.token.kind !== 'nstring') return 'unknown';
  const word = quoteString(cursor.string());
  return what === 'full-text stoplist'
    ? stopwordOutcome(cursor, word, name, adds, told)
    : told(
        `[sys].[registered_search_properties] [p] JOIN ${view} [l] ON [l].[property_list_id] = [p].[property_list_id] ` +
          `WHERE [l].[name] = ${name} AND [p].[property_name] = ${word}`,
        adds,
      );
}

/** `ADD 'word' LANGUAGE 1033`: a language given by its number alone is found in the catalog as it is written. */
async function stopwordOutcome(
  cursor: TokenCursor,
  word: string,
  list: string,
  adds: boolean,
  told: Told,
): Promise<Outcome> {
  if (!cursor.takeWord('LANGUAGE')) return 'unknown';
  const { kind, text, value } = cursor.token;
  const language =
    kind === 'number'
      ? `[w].[language_id] = ${Number(text)}`
      : kind === 'string' || kind === 'nstring'
        ? `[w].[language] = ${quoteString(value)}`
        : null;
  if (language === null) return 'unknown';
  return told(
    '[sys].[fulltext_stopwords] [w] JOIN [sys].[fulltext_stoplists] [l] ON [l].[stoplist_id] = [w].[stoplist_id] ' +
      `WHERE [l].[name] = ${list} AND [w].[stopword] = ${word} AND ${language}`,
    adds,
  );
}
