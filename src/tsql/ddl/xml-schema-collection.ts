import { constantString } from '../constant-string.ts';
import type { TokenCursor } from '../token-cursor.ts';
import { parseScalarText } from './expression.ts';
import type { CreateXmlSchemaCollection } from './statement.ts';

/** CREATE XML SCHEMA COLLECTION, the cursor behind these words. The text may be a concatenation of literals and NCHAR(…). */
export function parseXmlSchemaCollection(
  cursor: TokenCursor,
  position: CreateXmlSchemaCollection['position'],
): CreateXmlSchemaCollection {
  const name = cursor.objectName();
  cursor.expectWord('AS');
  const start = cursor.token;
  const definition = constantString(parseScalarText(cursor));
  if (definition === null) return cursor.fail('a string', start);
  return { kind: 'createXmlSchemaCollection', position, name, definition };
}
