import type { AliasType } from '../../model/alias-type.ts';
import type { Column } from '../../model/column.ts';
import { baseTypeOf } from '../../model/look-up.ts';
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

/** Greatest length of a column's values in a key. Types of a fixed size count 16 at most and are left out of the sum's precision. */
function keyBytes(column: Column, aliasTypes: readonly AliasType[]): number {
  const type = baseTypeOf(column.type, aliasTypes);
  if (type.name === 'sysname') return 256;
  if (type.name === 'sql_variant' || type.name === 'hierarchyid') return 892;
  if (typeof type.length === 'number') return type.name.startsWith('n') ? type.length * 2 : type.length;
  return fixedBytes[type.name] ?? 16;
}

const fixedBytes: Record<string, number> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  smallmoney: 4,
  money: 8,
  date: 3,
  smalldatetime: 4,
  datetime: 8,
  timestamp: 8,
};
