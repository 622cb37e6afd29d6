import type { TokenCursor } from '../token-cursor.ts';
import { parseDataType } from './data-type.ts';
import type { CreatePartitionFunction } from './statement.ts';

/** CREATE PARTITION FUNCTION, the cursor behind these words. Boundaries stay as written. */
export function parsePartitionFunction(
  cursor: TokenCursor,
  position: CreatePartitionFunction['position'],
): CreatePartitionFunction {
  const name = cursor.name();
  cursor.expect('(');
  const type = parseDataType(cursor);
  const collation = cursor.takeWord('COLLATE') ? cursor.name() : null;
  cursor.expect(')');
  cursor.expectWord('AS', 'RANGE');
  const boundaryOnRight = cursor.takeOneOf('LEFT', 'RIGHT') === 'RIGHT';
  cursor.expectWord('FOR', 'VALUES');
  const boundaries: string[] = [];
  cursor.expect('(');
  while (!cursor.is(')')) {
    const from = cursor.index;
    while (!cursor.is(',') && !cursor.is(')')) {
      if (cursor.atEnd) cursor.fail("')'");
      if (cursor.is('(')) cursor.skipParentheses();
      else cursor.next();
    }
    boundaries.push(cursor.slice(from, cursor.index));
    cursor.take(',');
  }
  cursor.expect(')');
  return { kind: 'createPartitionFunction', position, name, type, collation, boundaryOnRight, boundaries };
}
