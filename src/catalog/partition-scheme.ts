import { compareText } from '../model/look-up.ts';
import type { PartitionScheme } from '../model/partition-scheme.ts';
import { type Catalog, groupBy, int, text } from './catalog.ts';
import type { Names } from './names.ts';

export function readPartitionSchemes(catalog: Catalog, names: Names): PartitionScheme[] {
  const functions = new Map(catalog.rows('partitionFunctions').map(r => [int(r, 'function_id'), r]));
  const destinations = groupBy(catalog.rows('destinationDataSpaces'), 'partition_scheme_id');
  return catalog
    .rows('partitionSchemes')
    .map((row): PartitionScheme => {
      const fn = functions.get(int(row, 'function_id'));
      if (!fn) throw new Error(`the catalog lists no function of partition scheme ${text(row, 'name')}`);
      const filegroups = (destinations.get(String(int(row, 'data_space_id'))) ?? [])
        .sort((a, b) => int(a, 'destination_id') - int(b, 'destination_id'))
        .map(d => names.dataSpace(int(d, 'data_space_id'))?.name ?? '');
      // One destination a partition; one more is the NEXT USED filegroup.
      const fanout = int(fn, 'fanout');
      return {
        name: text(row, 'name'),
        partitionFunction: text(fn, 'name'),
        filegroups: filegroups.slice(0, fanout),
        nextUsed: filegroups[fanout] ?? null,
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}
