import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { mapTables } from '../tables.ts';

export const indexKeyColumns: Rule = {
  id: 'index-key-columns',
  description: 'Index keys of more than 16 columns need 2016',
  apply: (database, target, report) => {
    if (target.number >= 130) return database;
    const fits = (object: string) => (item: { readonly name: string; readonly columns: readonly unknown[] }) => {
      if (item.columns.length <= 16) return true;
      report(
        'blocker',
        `${object}.${quoteName(item.name)}`,
        `key of ${item.columns.length} columns; ${target.version} takes 16; it is left out`,
      );
      return false;
    };
    const mapped = mapTables(database, (table, object) => ({
      ...table,
      keys: table.keys.filter(fits(object)),
      indexes: table.indexes.filter(fits(object)),
    }));
    return {
      ...mapped,
      views: mapped.views.map(v => ({ ...v, indexes: v.indexes.filter(fits(quoteQualified(v.schema, v.name))) })),
    };
  },
};
