import type { TokenCursor } from '../token-cursor.ts';
import type { CreateSchema, DdlStatement } from './statement.ts';

/** CREATE SCHEMA, the cursor behind these words; tables, views and permissions may stand in the same statement. */
export function parseCreateSchema(
  cursor: TokenCursor,
  position: CreateSchema['position'],
  parseElement: (cursor: TokenCursor) => DdlStatement[] | undefined,
): CreateSchema {
  let name = '';
  let owner: string | null = null;
  if (cursor.takeWord('AUTHORIZATION')) owner = name = cursor.name();
  else {
    name = cursor.name();
    if (cursor.takeWord('AUTHORIZATION')) owner = cursor.name();
  }
  const elements: DdlStatement[] = [];
  while (cursor.isOneOf('CREATE', 'GRANT', 'DENY', 'REVOKE') && !cursor.isWord('CREATE', 'SCHEMA'))
    elements.push(...(parseElement(cursor) ?? []));
  return { kind: 'createSchema', position, name, owner, elements };
}
