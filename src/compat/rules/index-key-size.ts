import type { AliasType } from '../../model/alias-type.ts';
import type { Column } from '../../model/column.ts';
import { baseTypeOf } from '../../model/look-up.ts';
import { fixedTypeBytes } from '../../model/type-size.ts';
import { quoteName } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';

/** Bytes of a nonclustered key: 1,700 from 2016 on, 900 before (documentation: maximum capacity specifications). */
const limit = 900;

export const indexKeySize: Rule = {
  id: 'index-key-size',
  description: 'Nonclustered keys of more than 900 bytes need 2016',
  apply: (database, target, report) => {
    if (target.number >= 130) return database;
    for (const table of database.tables) {
      for (const index of [...table.keys, ...table.indexes].filter(i => !i.clustered)) {
        const columns = index.columns.flatMap(c => table.columns.filter(column => column.name === c.name));
        const bytes = columns.reduce((sum, column) => sum + keyBytes(column, database.aliasTypes), 0);
        if (bytes > limit)
          report(
            'info',
            `${quoteName(table.schema)}.${quoteName(table.name)}.${quoteName(index.name)}`,
            `its key can be ${bytes} bytes long; ${target.version} refuses rows whose key is longer than ${limit}`,
          );
      }
    }
    return database;
  },
};

/** Greatest length of a column's values in a key; 16 bytes (a guid, the longest decimal) for types of other lengths. */
function keyBytes(column: Column, aliasTypes: readonly AliasType[]): number {
  const type = baseTypeOf(column.type, aliasTypes);
  if (type.name === 'sysname') return 256;
  if (type.name === 'sql_variant' || type.name === 'hierarchyid') return 892;
  if (typeof type.length === 'number') return type.name.startsWith('n') ? type.length * 2 : type.length;
  return fixedTypeBytes[type.name] ?? 16;
}
