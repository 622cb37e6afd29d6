import type { Compression } from '../../model/data-space.ts';
import type { IndexOptions } from '../../model/table-index.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import type { Rule, Target } from '../rule.ts';
import { mapTables } from '../tables.ts';

/** Only Enterprise and Developer had data compression before 2016 SP1. */
export function lacksEnterpriseFeatures(target: Target): boolean {
  return target.number < 130 && target.edition !== null && !['enterprise', 'developer'].includes(target.edition);
}

export const compression: Rule = {
  id: 'data-compression',
  description: 'Data compression is left out where the edition lacks it',
  apply: (database, target, report) => {
    if (!lacksEnterpriseFeatures(target)) return database;
    const without = <T extends { options: IndexOptions }>(item: T): T =>
      item.options.compression.length === 0 ? item : { ...item, options: { ...item.options, compression: [] } };
    const used = (list: readonly Compression[]) => list.length > 0;
    const mapped = mapTables(database, (table, object) => {
      if (!used(table.compression) && ![...table.keys, ...table.indexes].some(i => used(i.options.compression)))
        return table;
      report('dropped', object, `data compression is not in ${target.edition} of ${target.version}`);
      return { ...table, compression: [], keys: table.keys.map(without), indexes: table.indexes.map(without) };
    });
    const views = mapped.views.map(view => {
      if (!view.indexes.some(i => used(i.options.compression))) return view;
      report(
        'dropped',
        quoteQualified(view.schema, view.name),
        `data compression is not in ${target.edition} of ${target.version}`,
      );
      return { ...view, indexes: view.indexes.map(without) };
    });
    return { ...mapped, views };
  },
};
