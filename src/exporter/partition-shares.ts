import type { TableSize } from '../catalog/table-size.ts';
import type { Database } from '../model/database.ts';
import type { Table } from '../model/table.ts';
import { quoteName } from '../tsql/quote.ts';

/** Some of a table's rows. */
export interface Share {
  /** Condition of the rows. */
  readonly range: string;
  /** Of the table's rows. */
  readonly share: number;
}

/** Neighbouring partitions, or one. */
export interface PartitionShare extends Share {
  readonly single: boolean;
}

/**
 * Neighbouring partitions of the heap or clustered index together, up to so many rows.
 * @returns null for a table that is not partitioned, or has one partition only
 */
export function partitionShares(
  source: Database,
  table: Table,
  size: TableSize,
  rows: number,
): readonly PartitionShare[] | null {
  const clustered = table.keys.find(k => k.clustered) ?? table.indexes.find(i => i.clustered);
  const space = clustered ? clustered.dataSpace : table.dataSpace;
  const scheme = source.partitionSchemes.find(s => s.name === space?.name);
  if (!space || space.partitionColumn === null || !scheme || size.partitions.size < 2) return null;
  const value = `$PARTITION.${quoteName(scheme.partitionFunction)}(${quoteName(space.partitionColumn)})`;
  const numbers = [...size.partitions.keys()].sort((a, b) => a - b);
  const shares: PartitionShare[] = [];
  let from = numbers[0]!;
  let together = 0;
  const add = (to: number) => {
    const range = from === to ? `${value} = ${from}` : `${value} BETWEEN ${from} AND ${to}`;
    shares.push({ range, share: together / Math.max(1, size.rows), single: from === to });
  };
  for (const [i, number] of numbers.entries()) {
    const own = size.partitions.get(number)!;
    if (i > 0 && together > 0 && together + own > rows) {
      add(numbers[i - 1]!);
      from = number;
      together = 0;
    }
    together += own;
  }
  add(numbers.at(-1)!);
  return shares;
}
