import type { Column } from '../model/column.ts';
import type { UserFunction } from '../model/function.ts';
import { compareNames } from '../model/look-up.ts';
import { type Catalog, flag, int } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';
import { outputColumns } from './view.ts';

const kinds: Record<string, UserFunction['kind']> = { FN: 'scalar', IF: 'inline', TF: 'table' };

export function readFunctions(
  catalog: Catalog,
  modules: ModuleReader,
  columnsOf: (id: number) => Column[],
): UserFunction[] {
  return objectsOfType(catalog, 'FN', 'IF', 'TF')
    .map((row): UserFunction => {
      const id = int(row, 'object_id');
      const kind = kinds[String(row.type).trim()] ?? 'scalar';
      const module = modules.row(id);
      const fn = {
        ...modules.module(row, 'function'),
        kind,
        schemaBound: module ? flag(module, 'is_schema_bound') : false,
      };
      return kind === 'scalar' ? fn : { ...fn, outputColumns: outputColumns(columnsOf(id)) };
    })
    .sort(compareNames);
}
