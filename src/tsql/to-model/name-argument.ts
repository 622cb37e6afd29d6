import type { ObjectName } from '../ddl/statement.ts';
import { tokenize } from '../lexer.ts';
import { TokenCursor } from '../token-cursor.ts';

/** `schema.table` in a string argument; brackets may stand around its parts. */
export function nameOf(text: string | null): ObjectName {
  const none = { server: null, database: null, schema: null };
  if (text === null || text === '') return { ...none, name: '' };
  const tokens = tokenize(text);
  const cursor = new TokenCursor(tokens, text);
  if (!cursor.atName) return { ...none, name: text };
  const name = cursor.objectName();
  // A string that is no name as a whole (`Order Details`) is the name itself.
  return cursor.atEnd ? name : { ...none, name: text };
}
