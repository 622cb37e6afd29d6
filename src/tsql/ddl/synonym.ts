import type { TokenCursor } from '../token-cursor.ts';
import type { CreateSynonym } from './statement.ts';

/** CREATE SYNONYM, the cursor behind these words. */
export function parseSynonym(cursor: TokenCursor, position: CreateSynonym['position']): CreateSynonym {
  const name = cursor.objectName();
  cursor.expectWord('FOR');
  return { kind: 'createSynonym', position, name, target: cursor.objectName() };
}
