import type { Compression, DataSpace } from '../model/data-space.ts';
import { quoteName } from '../tsql/quote.ts';

/** ` ON [fg]`, ` ON [scheme]([column])`, or nothing for the default filegroup. */
export function scriptOn(space: DataSpace | null): string {
  if (!space) return '';
  return ` ON ${quoteName(space.name)}${space.partitionColumn === null ? '' : `(${quoteName(space.partitionColumn)})`}`;
}

/** An index that lies on the default filegroup says so where its table lies elsewhere: without ON it would follow the table. */
export function placeOnDefault<T extends { readonly dataSpace: DataSpace | null }>(
  index: T,
  tableSpace: DataSpace | null,
): T {
  return index.dataSpace === null && tableSpace !== null
    ? { ...index, dataSpace: { name: 'default', partitionColumn: null } }
    : index;
}

/** `DATA_COMPRESSION = PAGE ON PARTITIONS (1 TO 3, 5)`, one element a kind. NONE is the default and not written. */
export function scriptCompression(compression: readonly Compression[]): string[] {
  return compression
    .filter(c => c.kind !== 'NONE')
    .map(
      c => `DATA_COMPRESSION = ${c.kind}${c.partitions.length > 0 ? ` ON PARTITIONS (${ranges(c.partitions)})` : ''}`,
    );
}

function ranges(partitions: readonly number[]): string {
  const sorted = [...partitions].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (sorted[j + 1] === sorted[j]! + 1) j++;
    parts.push(i === j ? `${sorted[i]}` : `${sorted[i]} TO ${sorted[j]}`);
    i = j + 1;
  }
  return parts.join(', ');
}
