import type { TokenCursor } from '../token-cursor.ts';
import type { CheckDefinition } from './statement.ts';

/** CHECK [NOT FOR REPLICATION] (condition), the cursor at CHECK. The condition keeps its parentheses. */
export function parseCheck(cursor: TokenCursor, name: string | null): CheckDefinition {
  cursor.expectWord('CHECK');
  const notForReplication = cursor.takeWord('NOT', 'FOR', 'REPLICATION');
  return { name: name ?? '', systemNamed: name === null, expression: cursor.parenthesised(), notForReplication };
}
