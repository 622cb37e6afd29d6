import type { PartitionScheme } from '../model/partition-scheme.ts';
import { quoteName } from '../tsql/quote.ts';
import type { Batch } from './options.ts';

export function scriptPartitionScheme(scheme: PartitionScheme): Batch {
  const filegroups = [...scheme.filegroups, ...(scheme.nextUsed === null ? [] : [scheme.nextUsed])].map(quoteName);
  return (
    `CREATE PARTITION SCHEME ${quoteName(scheme.name)} AS PARTITION ${quoteName(scheme.partitionFunction)} ` +
    `TO (${filegroups.join(', ')})`
  );
}
