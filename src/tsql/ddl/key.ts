import { defaultIndexOptions } from '../../model/table-index.ts';
import type { TokenCursor } from '../token-cursor.ts';
import { parseIndexSpace } from './data-space.ts';
import type { KeyDefinition } from './statement.ts';
import { parseIndexColumns, parseIndexOptions } from './table-index.ts';

/** PRIMARY KEY or UNIQUE, the cursor at the first word. `column` = it stands at a column and may leave the list out. */
export function parseKey(cursor: TokenCursor, name: string | null, column: string | null): KeyDefinition {
  const primary = cursor.takeWord('PRIMARY', 'KEY');
  if (!primary) cursor.expectWord('UNIQUE');
  const clustering = cursor.takeOneOf('CLUSTERED', 'NONCLUSTERED');
  const columns = cursor.is('(') || column === null ? parseIndexColumns(cursor) : [{ name: column, descending: false }];
  const options = cursor.takeWord('WITH') ? parseIndexOptions(cursor).options : {};
  const dataSpace = cursor.takeWord('ON') ? parseIndexSpace(cursor) : null;
  return {
    name: name ?? '',
    systemNamed: name === null,
    kind: primary ? 'primaryKey' : 'unique',
    clustered: clustering === null ? null : clustering === 'CLUSTERED',
    columns,
    options: { ...defaultIndexOptions, ...options },
    dataSpace,
  };
}
