import type { TokenCursor } from '../token-cursor.ts';
import type { CreatePartitionScheme } from './statement.ts';

/** CREATE PARTITION SCHEME, the cursor behind these words. */
export function parsePartitionScheme(
  cursor: TokenCursor,
  position: CreatePartitionScheme['position'],
): CreatePartitionScheme {
  const name = cursor.name();
  cursor.expectWord('AS', 'PARTITION');
  const partitionFunction = cursor.name();
  const all = cursor.takeWord('ALL');
  cursor.expectWord('TO');
  return { kind: 'createPartitionScheme', position, name, partitionFunction, filegroups: cursor.nameList(), all };
}
