import type { DataSpace } from '../../model/data-space.ts';
import { quoteName } from '../../tsql/quote.ts';
import { disown } from '../disown.ts';
import type { Rule } from '../rule.ts';

/** Options that Azure SQL Database does not take (documentation of ALTER DATABASE SET, Azure SQL Database). */
const refused = [
  'RECOVERY',
  'ENABLE_BROKER',
  'DISABLE_BROKER',
  'TRUSTWORTHY',
  'DB_CHAINING',
  'HONOR_BROKER_PRIORITY',
  'TARGET_RECOVERY_TIME',
  'MIXED_PAGE_ALLOCATION',
];

export const azureDatabase: Rule = {
  id: 'azure-database',
  description: 'Azure SQL Database has one filegroup, no Windows users and fewer options',
  apply: (database, target, report) => {
    if (target.version !== 'azure') return database;
    const { properties } = database;
    for (const group of properties.filegroups) {
      if (group.name !== 'PRIMARY') report('rewritten', quoteName(group.name), 'filegroup; everything lies on PRIMARY');
    }
    const options: Record<string, string> = {};
    for (const [name, value] of Object.entries(properties.options)) {
      if (refused.includes(name)) report('dropped', 'DATABASE', `option ${name} ${value}`.trimEnd());
      else options[name] = value;
    }
    const onPrimary = <T extends { dataSpace: DataSpace | null }>(item: T): T => ({
      ...item,
      dataSpace: item.dataSpace?.partitionColumn == null ? null : item.dataSpace,
    });
    const windows = database.users.filter(u => u.kind === 'windows' || u.kind === 'windowsGroup').map(u => u.name);
    for (const name of windows) report('blocker', quoteName(name), 'Windows user; it is left out');
    const owned = disown(database, new Set(windows), report);
    return {
      ...owned,
      properties: { ...properties, options, filegroups: [], logFiles: [] },
      partitionSchemes: owned.partitionSchemes.map(s => ({
        ...s,
        filegroups: s.filegroups.map(() => 'PRIMARY'),
        nextUsed: s.nextUsed === null ? null : 'PRIMARY',
      })),
      tables: owned.tables.map(table => ({
        ...onPrimary(table),
        keys: table.keys.map(onPrimary),
        indexes: table.indexes.map(onPrimary),
        lobDataSpace: null,
      })),
      views: owned.views.map(view => ({ ...view, indexes: view.indexes.map(onPrimary) })),
    };
  },
};
