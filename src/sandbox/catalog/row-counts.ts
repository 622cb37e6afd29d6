/** sys.partitions.rows, brought up to date before it is read. */
import type { RowStore } from '../engine/catalog-access.ts';
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

export function createRowCounts(store: Store, rows: () => RowStore): RowCounts {
  const seen = new Map<number, number>();
  const changes = (): number => num(store.get('SELECT total_changes() AS n')?.['n']);
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
      for (const row of tables) {
        const id = num(row['object_id']);
        let count = counts.get(id);
        if (count === undefined) {
          count = rows().rowCount(db, id);
          counts.set(id, count);
        }
        if (num(row['partitions']) === 1 && num(row['rows']) === count) continue;
        // Rows are not kept apart by partition: the first one shows them all.
        store.run(
          'UPDATE "b.sys.partitions" SET rows = CASE partition_number WHEN 1 THEN ? ELSE 0 END WHERE db = ? AND object_id = ? AND index_id = ?',
          count,
          db,
          id,
          num(row['index_id']),
        );
      }
      seen.set(db, changes());
    },
    forget: () => seen.clear(),
  };
}
