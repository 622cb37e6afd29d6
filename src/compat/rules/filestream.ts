import type { Table } from '../../model/table.ts';
import type { TableIndex } from '../../model/table-index.ts';
import { quoteName } from '../../tsql/quote.ts';
import type { Rule, Target } from '../rule.ts';
import { mapTables } from '../tables.ts';
import { lacksEnterpriseFeatures } from './compression.ts';

const lacksFilestream = (target: Target) => target.version === 'azure' || target.platform === 'linux';

export const filestream: Rule = {
  id: 'filestream',
  description:
    'Where FILESTREAM does not exist its columns become varbinary(max); older targets take one plain container',
  apply: (database, target, report) => {
    const { properties } = database;
    if (!lacksFilestream(target)) {
      const one = target.number < 110 || lacksEnterpriseFeatures(target);
      const filegroups = properties.filegroups.map(group => {
        if (group.kind !== 'filestream') return group;
        const files = one ? group.files.slice(0, 1) : group.files;
        if (files.length < group.files.length)
          report('rewritten', quoteName(group.name), `${group.files.length} FILESTREAM containers become one`);
        if (target.number >= 110 || files.every(f => f.maxSizeKb === null || f.maxSizeKb === -1))
          return { ...group, files };
        report('dropped', quoteName(group.name), 'greatest size of a FILESTREAM container, which came with 2012');
        return { ...group, files: files.map(f => ({ ...f, maxSizeKb: null })) };
      });
      return { ...database, properties: { ...properties, filegroups } };
    }
    for (const group of properties.filegroups)
      if (group.kind === 'filestream') report('dropped', quoteName(group.name), 'FILESTREAM filegroup');
    const plain = mapTables(database, (table, object): Table => {
      for (const column of table.columns.filter(c => c.filestream))
        report('rewritten', `${object}.${quoteName(column.name)}`, 'FILESTREAM column becomes varbinary(max)');
      return {
        ...table,
        columns: table.columns.map(c => (c.filestream ? { ...c, filestream: false } : c)),
        indexes: table.indexes.map((i): TableIndex => ({ ...i, filestreamDataSpace: null })),
        filestreamDataSpace: null,
      };
    });
    const { FILESTREAM: _directory, ...options } = properties.options;
    const filegroups = properties.filegroups.filter(g => g.kind !== 'filestream');
    return { ...plain, properties: { ...properties, options, filegroups } };
  },
};
