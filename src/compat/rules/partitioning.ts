import type { DataSpace } from '../../model/data-space.ts';
import type { Rule } from '../rule.ts';
import { mapTables } from '../tables.ts';
import { lacksEnterpriseFeatures } from './compression.ts';

export const partitioning: Rule = {
  id: 'partitioning',
  description: 'Partitioned tables lie on one filegroup where the edition lacks partitioning',
  apply: (database, target, report) => {
    const many = target.number < 110 ? 1000 : 15000;
    for (const fn of database.partitionFunctions) {
      if (fn.boundaries.length + 1 > many)
        report('blocker', `[${fn.name}]`, `${fn.boundaries.length + 1} partitions; ${target.version} takes ${many}`);
    }
    if (!lacksEnterpriseFeatures(target) || database.partitionSchemes.length === 0) return database;
    const schemes = new Map(database.partitionSchemes.map(s => [s.name, s]));
    const plain = (space: DataSpace | null): DataSpace | null => {
      if (space?.partitionColumn == null) return space;
      const first = schemes.get(space.name)?.filegroups[0] ?? 'PRIMARY';
      return first === 'PRIMARY' ? null : { name: first, partitionColumn: null };
    };
    const mapped = mapTables(database, (table, object) => {
      if (![table, ...table.keys, ...table.indexes].some(i => i.dataSpace?.partitionColumn != null)) return table;
      report(
        'rewritten',
        object,
        `partitioning is not in ${target.edition} of ${target.version}; the table lies on one filegroup`,
      );
      const move = <T extends { dataSpace: DataSpace | null }>(item: T): T => ({
        ...item,
        dataSpace: plain(item.dataSpace),
      });
      return { ...move(table), keys: table.keys.map(move), indexes: table.indexes.map(move) };
    });
    for (const s of database.partitionSchemes) report('dropped', `[${s.name}]`, 'partition scheme');
    return { ...mapped, partitionSchemes: [], partitionFunctions: [] };
  },
};
