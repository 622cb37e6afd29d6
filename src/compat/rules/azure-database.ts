import type { DataSpace } from '../../model/data-space.ts';
import { quoteName } from '../../tsql/quote.ts';
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
  description: 'Azure SQL Database has one filegroup, no FILESTREAM, no Windows users',
  apply: (database, target, report) => {
    if (target.version !== 'azure') return database;
    const { properties } = database;
    for (const group of properties.filegroups) {
      if (group.name !== 'PRIMARY') report('rewritten', quoteName(group.name), 'filegroup; everything lies on PRIMARY');
    }
    const options = Object.fromEntries(Object.entries(properties.options).filter(([name]) => !refused.includes(name)));
    const onPrimary = <T extends { dataSpace: DataSpace | null }>(item: T): T => ({
      ...item,
      dataSpace: item.dataSpace?.partitionColumn == null ? null : item.dataSpace,
    });
    return {
      ...database,
      properties: { ...properties, options, filegroups: [], logFiles: [] },
      users: database.users.filter(user => {
        if (user.kind !== 'windows' && user.kind !== 'windowsGroup') return true;
        report('blocker', quoteName(user.name), 'Windows user');
        return false;
      }),
      partitionSchemes: database.partitionSchemes.map(s => ({
        ...s,
        filegroups: s.filegroups.map(() => 'PRIMARY'),
        nextUsed: s.nextUsed === null ? null : 'PRIMARY',
      })),
      tables: database.tables.map(table => {
        const filestream = table.columns.filter(c => c.filestream);
        for (const c of filestream)
          report(
            'rewritten',
            `${quoteName(table.schema)}.${quoteName(table.name)}.${quoteName(c.name)}`,
            'FILESTREAM column becomes varbinary(max)',
          );
        return {
          ...onPrimary(table),
          columns: filestream.length === 0 ? table.columns : table.columns.map(c => ({ ...c, filestream: false })),
          keys: table.keys.map(onPrimary),
          indexes: table.indexes.map(i => ({ ...onPrimary(i), filestreamDataSpace: null })),
          lobDataSpace: null,
          filestreamDataSpace: null,
        };
      }),
    };
  },
};
