import type { PartitionFunction } from '../model/partition-function.ts';
import { quoteName } from '../tsql/quote.ts';
import { scriptDataType } from './data-type.ts';
import type { Batch } from './options.ts';

export function scriptPartitionFunction(fn: PartitionFunction): Batch {
  const collate = fn.collation === null ? '' : ` COLLATE ${fn.collation}`;
  return (
    `CREATE PARTITION FUNCTION ${quoteName(fn.name)}(${scriptDataType(fn.type)}${collate}) ` +
    `AS RANGE ${fn.boundaryOnRight ? 'RIGHT' : 'LEFT'} FOR VALUES (${fn.boundaries.join(', ')})`
  );
}
