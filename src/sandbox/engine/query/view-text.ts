/** The SELECT inside CREATE VIEW. */
import type { Query } from '../parser/ast.ts';
import { Cursor } from '../parser/cursor.ts';
import { columnList, parseQuery } from '../parser/queries.ts';
import { unsupported } from '../server-error.ts';

export interface ViewQuery {
  readonly query: Query;
  readonly columns: readonly string[] | null;
}

const cache = new Map<string, ViewQuery>();

/** The query of a view's definition. @throws ServerError 40000 for what may not follow it */
export function viewQuery(definition: string): ViewQuery {
  let found = cache.get(definition);
  if (found) return found;
  const c = new Cursor(definition, true);
  c.next();
  if (c.acceptWord('OR')) c.expectWord('ALTER');
  c.expectWord('VIEW');
  c.nameParts();
  const columns = c.isOperator('(') ? columnList(c) : null;
  if (c.acceptWord('WITH')) {
    do c.next();
    while (c.accept(','));
  }
  c.expectWord('AS');
  const query = parseQuery(c);
  if (c.isWord('WITH') && c.isWord('CHECK', 1)) for (let i = 0; i < 3; i++) c.next();
  c.accept(';');
  if (c.peek().kind !== 'end') throw unsupported('what follows the SELECT of a view', c.line);
  if (cache.size > 2000) cache.clear();
  found = { query, columns };
  cache.set(definition, found);
  return found;
}
