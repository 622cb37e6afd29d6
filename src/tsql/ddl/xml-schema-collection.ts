import type { TokenCursor } from '../token-cursor.ts';
import type { CreateXmlSchemaCollection } from './statement.ts';

/** CREATE XML SCHEMA COLLECTION, the cursor behind these words. The text may be a concatenation of literals. */
export function parseXmlSchemaCollection(
  cursor: TokenCursor,
  position: CreateXmlSchemaCollection['position'],
): CreateXmlSchemaCollection {
  const name = cursor.objectName();
  cursor.expectWord('AS');
  let definition = cursor.string();
  while (cursor.take('+')) definition += cursor.string();
  return { kind: 'createXmlSchemaCollection', position, name, definition };
}
