/** sys.partitions.rows, brought up to date before it is read. */
import type { RowStore, SandboxTable } from '../engine/catalog-access.ts';
import { partitioningOf } from './partition-functions.ts';
import { num, type Store } from './store.ts';

/** Views that show how many rows a table has. */
export const rowCountViews: ReadonlySet<string> = new Set([
  'sys.partitions',
  'sys.allocation_units',
  'sys.dm_db_partition_stats',
  'sys.sysindexes',
]);

export interface RowCounts {
  refresh(db: number): void;
  /** Rows may have changed without SQLite's counter of changes showing it. */
  forget(): void;
}

export function createRowCounts(
  store: Store,
  rows: () => RowStore,
  tableById: (db: number, objectId: number) => SandboxTable | null,
): RowCounts {
  const seen = new Map<number, number>();
  const changes = (): number => num(store.get('SELECT total_changes() AS n')?.['n']);

  /** Rows by number of the partition of a heap or index; null where it lies on a filegroup. `known`: of those that were counted already. */
  function byPartition(
    db: number,
    objectId: number,
    indexId: number,
    known: Map<string, ReadonlyMap<number, number>>,
  ): ReadonlyMap<number, number> | null {
    const partitioning = partitioningOf(store, db, objectId, indexId);
    const table = partitioning && tableById(db, objectId);
    if (!table) return null;
    const { partitionFunction, column } = partitioning;
    const key = JSON.stringify([objectId, partitionFunction.name, column]);
    let counts = known.get(key);
    if (!counts) known.set(key, (counts = rows().rowsByPartition(table, column, partitionFunction)));
    return counts;
  }

  function write(db: number, objectId: number, indexId: number, partition: number, count: number): void {
    store.run(
      'UPDATE "b.sys.partitions" SET rows = ? WHERE db = ? AND object_id = ? AND index_id = ? AND partition_number = ? AND rows <> ?',
      count,
      db,
      objectId,
      indexId,
      partition,
      count,
    );
  }

  return {
    refresh(db) {
      if (seen.get(db) === changes()) return;
      const tables = store.all(
        `SELECT p.object_id, p.index_id, p.rows, count(*) AS partitions FROM "b.sys.partitions" p
         JOIN "b.sys.objects" o ON o.db = p.db AND o.object_id = p.object_id AND o.type = 'U '
         WHERE p.db = ? GROUP BY p.object_id, p.index_id`,
        db,
      );
      const counts = new Map<number, number>();
      const shared = new Map<string, ReadonlyMap<number, number>>();
      for (const row of tables) {
        const id = num(row['object_id']);
        const index = num(row['index_id']);
        const partitions = num(row['partitions']);
        const shares = partitions > 1 ? byPartition(db, id, index, shared) : null;
        if (shares) {
          for (let n = 1; n <= partitions; n++) write(db, id, index, n, shares.get(n) ?? 0);
          continue;
        }
        let count = counts.get(id);
        if (count === undefined) {
          count = rows().rowCount(db, id);
          counts.set(id, count);
        }
        if (partitions === 1 && num(row['rows']) === count) continue;
        for (let n = 1; n <= partitions; n++) write(db, id, index, n, n === 1 ? count : 0);
      }
      seen.set(db, changes());
    },
    forget: () => seen.clear(),
  };
}
