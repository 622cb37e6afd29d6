/** Filegroups and partition schemes on which tables and indexes lie. */
import type { Compression, DataSpace } from '../../../model/data-space.ts';
import { hasEnterpriseFeatures } from '../server-options.ts';
import type { Scope } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { fail } from './failure.ts';

export interface ResolvedSpace {
  readonly id: number;
  /** Number of partitions; 1 for a filegroup. */
  readonly partitions: number;
  /** Name of the partitioning column of a scheme. */
  readonly partitionColumn: string | null;
}

export function spaceNamed(scope: Scope, name: string): Row | undefined {
  return scope.store.get(
    'SELECT * FROM "b.sys.data_spaces" WHERE db = ? AND name_key = ?',
    scope.db,
    scope.state.key(scope.db, name),
  );
}

/** The default filegroup of the database. */
export function defaultSpace(scope: Scope): ResolvedSpace {
  const row = scope.store.get(
    'SELECT data_space_id FROM "b.sys.data_spaces" WHERE db = ? AND type = ? AND is_default = 1',
    scope.db,
    'FG',
  );
  return { id: row ? num(row['data_space_id']) : 1, partitions: 1, partitionColumn: null };
}

/** Resolves ON x: 1921 when there is none of that name, 622 for a filegroup without files. */
export function resolveSpace(scope: Scope, space: DataSpace | null): ResolvedSpace | null {
  if (!space) return null;
  if (space.name.toLowerCase() === 'default' && space.partitionColumn === null) return defaultSpace(scope);
  const row = spaceNamed(scope, space.name);
  if (!row)
    throw fail(
      1921,
      `Invalid ${space.partitionColumn === null ? 'filegroup' : 'partition scheme'} '${space.name}' specified.`,
      { state: 1 },
    );
  const id = num(row['data_space_id']);
  if (text(row['type']) !== 'PS') {
    refuseEmptyFilegroup(scope, id, text(row['name']));
    return { id, partitions: 1, partitionColumn: null };
  }
  if (space.partitionColumn === null)
    throw fail(
      2726,
      `Partition function '${space.name}' uses 1 columns which does not match with the number of partition columns used to partition the table or index.`,
    );
  const fanout = scope.store.get(
    `SELECT f.fanout FROM "b.sys.partition_schemes" s JOIN "b.sys.partition_functions" f ON f.db = s.db AND f.function_id = s.function_id
     WHERE s.db = ? AND s.data_space_id = ?`,
    scope.db,
    id,
  );
  return { id, partitions: num(fanout?.['fanout']), partitionColumn: space.partitionColumn };
}

function refuseEmptyFilegroup(scope: Scope, id: number, name: string): void {
  const files = num(
    scope.store.get(
      'SELECT count(*) AS n FROM "b.sys.master_files" WHERE database_id = ? AND data_space_id = ?',
      scope.db,
      id,
    )?.['n'],
  );
  if (files === 0) {
    throw fail(
      622,
      `The filegroup "${name}" has no files assigned to it. Tables, indexes, text columns, ntext columns, and image columns cannot be populated on this filegroup until a file is added.`,
      { state: 3 },
    );
  }
}

const compressionCodes = { NONE: 0, ROW: 1, PAGE: 2, COLUMNSTORE: 3, COLUMNSTORE_ARCHIVE: 4 } as const;

/** Writes the partitions of a heap or index anew, with their compression (7738 in editions without it). */
export function writePartitions(
  scope: Scope,
  objectId: number,
  indexId: number,
  space: ResolvedSpace,
  compression: readonly Compression[],
  objectName: string,
): void {
  if (compression.some(c => c.kind !== 'NONE') && !hasEnterpriseFeatures(scope.state.options)) {
    throw fail(
      7738,
      `Cannot enable compression for object '${objectName}'. Only SQL Server Enterprise Edition supports compression.`,
      { state: 2 },
    );
  }
  scope.store.remove('sys.partitions', { db: scope.db, object_id: objectId, index_id: indexId });
  for (let n = 1; n <= Math.max(1, space.partitions); n++) {
    const own = compression.findLast(c => c.partitions.length === 0 || c.partitions.includes(n));
    // Below 2^53, beyond which node:sqlite refuses to read a number.
    const id = Math.abs(objectId) * 65536 + ((indexId * 15013 + n) % 65536);
    scope.store.insert('sys.partitions', {
      db: scope.db,
      partition_id: id,
      hobt_id: id,
      object_id: objectId,
      index_id: indexId,
      partition_number: n,
      rows: 0,
      data_compression: own ? compressionCodes[own.kind] : 0,
      xml_compression: 0,
    });
  }
}
