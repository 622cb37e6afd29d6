import { quoteName } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { mapTables } from '../tables.ts';

export const indexKeyColumns: Rule = {
  id: 'index-key-columns',
  description: 'Index keys of more than 16 columns need 2016',
  apply: (database, target, report) => {
    if (target.number >= 130) return database;
    return mapTables(database, (table, object) => {
      const tooWide = (i: { columns: readonly unknown[] }) => i.columns.length > 16;
      for (const item of [...table.keys, ...table.indexes].filter(tooWide)) {
        report(
          'blocker',
          `${object}.${quoteName(item.name)}`,
          `key of ${item.columns.length} columns; ${target.version} takes 16`,
        );
      }
      return { ...table, keys: table.keys.filter(k => !tooWide(k)), indexes: table.indexes.filter(i => !tooWide(i)) };
    });
  },
};
