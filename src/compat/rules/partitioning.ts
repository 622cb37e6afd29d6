import type { Compression, DataSpace } from '../../model/data-space.ts';
import type { Database } from '../../model/database.ts';
import type { IndexOptions } from '../../model/table-index.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Report, Rule } from '../rule.ts';
import { mapTables } from '../tables.ts';
import { lacksEnterpriseFeatures } from './compression.ts';

export const partitioning: Rule = {
  id: 'partitioning',
  description: 'Tables lie on one filegroup where the edition lacks partitioning or the version takes fewer partitions',
  apply: (database, target, report) => {
    if (database.partitionFunctions.length === 0) return database;
    if (lacksEnterpriseFeatures(target)) {
      const reason = `partitioning is not in ${target.edition} of ${target.version}`;
      for (const s of database.partitionSchemes) report('dropped', quoteName(s.name), 'partition scheme');
      return unpartition(database, new Set(database.partitionFunctions.map(f => f.name)), reason, report);
    }
    const limit = target.number < 110 ? 1000 : 15000;
    const large = database.partitionFunctions.filter(f => f.boundaries.length + 1 > limit);
    for (const fn of large)
      report(
        'blocker',
        quoteName(fn.name),
        `${fn.boundaries.length + 1} partitions; ${target.version} takes ${limit}; it is left out`,
      );
    const reason = `${target.version} takes ${limit} partitions`;
    return large.length === 0 ? database : unpartition(database, new Set(large.map(f => f.name)), reason, report);
  },
};

/** Takes partition functions and their schemes out; what lay on them lies on the first partition's filegroup. */
function unpartition(database: Database, functions: ReadonlySet<string>, reason: string, report: Report): Database {
  const lost = new Map(
    database.partitionSchemes.filter(s => functions.has(s.partitionFunction)).map(s => [s.name, s] as const),
  );
  const isLost = (space: DataSpace | null) => space?.partitionColumn != null && lost.has(space.name);
  const plain = (space: DataSpace | null): DataSpace | null => {
    if (space === null || !isLost(space)) return space;
    const first = lost.get(space.name)?.filegroups[0] ?? 'PRIMARY';
    return first === 'PRIMARY' ? null : { name: first, partitionColumn: null };
  };
  const whole = (list: readonly Compression[]) => list.filter(c => c.partitions.length === 0);
  const move = <T extends { dataSpace: DataSpace | null; options: IndexOptions }>(item: T): T =>
    isLost(item.dataSpace)
      ? {
          ...item,
          dataSpace: plain(item.dataSpace),
          options: { ...item.options, compression: whole(item.options.compression) },
        }
      : item;
  const moved = (object: string, items: readonly { readonly dataSpace: DataSpace | null }[]) => {
    if (!items.some(i => isLost(i.dataSpace))) return false;
    report('rewritten', object, `${reason}; it lies on one filegroup`);
    return true;
  };
  const mapped = mapTables(database, (table, object) =>
    moved(object, [table, ...table.keys, ...table.indexes])
      ? {
          ...table,
          dataSpace: plain(table.dataSpace),
          compression: whole(table.compression),
          keys: table.keys.map(move),
          indexes: table.indexes.map(move),
        }
      : table,
  );
  return {
    ...mapped,
    views: mapped.views.map(v =>
      moved(quoteQualified(v.schema, v.name), v.indexes) ? { ...v, indexes: v.indexes.map(move) } : v,
    ),
    partitionFunctions: database.partitionFunctions.filter(f => !functions.has(f.name)),
    partitionSchemes: database.partitionSchemes.filter(s => !lost.has(s.name)),
  };
}
