import type { Column } from '../model/column.ts';
import { compareNames } from '../model/look-up.ts';
import type { TableType } from '../model/table-type.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { type Catalog, flag, int } from './catalog.ts';
import { readChecks } from './check-constraint.ts';
import { readKeys } from './key.ts';
import { type Names, objectName } from './names.ts';
import type { IndexReader } from './table-index.ts';

export function readTableTypes(
  catalog: Catalog,
  names: Names,
  columnsOf: (id: number) => Column[],
  indexes: IndexReader,
): TableType[] {
  const keysOf = readKeys(catalog, indexes);
  const checksOf = readChecks(catalog);
  return catalog
    .rows('tableTypes')
    .map((row): TableType => {
      const id = int(row, 'type_table_object_id');
      const name = objectName(row, names);
      const quoted = quoteQualified(name.schema, name.name);
      if (flag(row, 'is_memory_optimized')) catalog.unsupported('memory-optimized table type', quoted);
      if (indexes.indexes(id).length > 0) catalog.unsupported('index of a table type', quoted);
      return { ...name, columns: columnsOf(id), keys: keysOf(id), checks: checksOf(id) };
    })
    .sort(compareNames);
}
