import type { Column } from '../model/column.ts';
import { compareNames } from '../model/look-up.ts';
import type { OutputColumn, View } from '../model/view.ts';
import { type Catalog, flag, int } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';
import type { IndexReader } from './table-index.ts';

export function readViews(
  catalog: Catalog,
  modules: ModuleReader,
  columnsOf: (id: number) => Column[],
  indexes: IndexReader,
): View[] {
  return objectsOfType(catalog, 'V')
    .map((row): View => {
      const id = int(row, 'object_id');
      const module = modules.row(id);
      return {
        ...modules.module(row, 'view'),
        schemaBound: module ? flag(module, 'is_schema_bound') : false,
        outputColumns: outputColumns(columnsOf(id)),
        indexes: indexes.indexes(id),
      };
    })
    .sort(compareNames);
}

export function outputColumns(columns: readonly Column[]): OutputColumn[] {
  return columns.map(({ name, type }) => ({ name, type }));
}
