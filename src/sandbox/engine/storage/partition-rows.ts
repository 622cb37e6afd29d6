/** How many rows of a table lie in each partition. They are kept together: the partition function is asked for every row. */
import type { SandboxPartitionFunction, SandboxTable } from '../catalog-access.ts';
import { partitionNumbers, partitionType } from '../functions/partition.ts';
import type { Run } from '../query/runtime.ts';
import { converter } from '../types/convert.ts';
import { layoutOf, rowDecoder } from './layout.ts';
import type { RowStorage } from './row-storage.ts';

export function rowsByPartition(
  storage: RowStorage,
  table: SandboxTable,
  column: string,
  of: SandboxPartitionFunction,
  run: Run,
): ReadonlyMap<number, number> {
  const layout = layoutOf(table);
  const place = layout.columns.findIndex(c => c.name === column);
  const type = partitionType(of, run.session);
  const convert = converter(layout.columns[place]!.type, type);
  const numberOf = partitionNumbers(of, type, run.session);
  const decode = rowDecoder(layout, [place]);
  const counts = new Map<number, number>();
  for (const { bytes } of storage.scan(table)) {
    const value = decode(bytes)[0]!;
    const number = numberOf(value === null ? null : convert(value, run.settings));
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}
