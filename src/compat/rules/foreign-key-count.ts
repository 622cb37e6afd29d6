import type { ForeignKey } from '../../model/foreign-key.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { mapTables } from '../tables.ts';

/** Before 2016 a table could be referenced by 253 foreign keys (documentation: maximum capacity specifications). */
const limit = 253;

export const foreignKeyCount: Rule = {
  id: 'foreign-key-count',
  description: 'More than 253 foreign keys to one table need 2016',
  apply: (database, target, report) => {
    if (target.number >= 130) return database;
    const counts = new Map<string, number>();
    const fits = (object: string) => (key: ForeignKey) => {
      const referenced = quoteQualified(key.referencedTable.schema, key.referencedTable.name);
      const count = (counts.get(referenced) ?? 0) + 1;
      counts.set(referenced, count);
      if (count <= limit) return true;
      report(
        'blocker',
        `${object}.${quoteName(key.name)}`,
        `foreign key number ${count} to ${referenced}; ${target.version} takes ${limit}`,
      );
      return false;
    };
    return mapTables(database, (table, object) => ({ ...table, foreignKeys: table.foreignKeys.filter(fits(object)) }));
  },
};
