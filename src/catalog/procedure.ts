import { compareNames } from '../model/look-up.ts';
import type { Procedure } from '../model/procedure.ts';
import { type Catalog, flag, groupBy, int, textOrNull } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';
import type { Names } from './names.ts';

export function readProcedures(catalog: Catalog, names: Names, modules: ModuleReader): Procedure[] {
  const numbered = groupBy(catalog.rows('numberedProcedures'), 'object_id');
  const startup = new Set(
    catalog
      .rows('procedures')
      .filter(r => flag(r, 'is_auto_executed'))
      .map(r => int(r, 'object_id')),
  );
  return objectsOfType(catalog, 'P')
    .map((row): Procedure => {
      const id = int(row, 'object_id');
      for (const n of numbered.get(String(id)) ?? []) {
        if (textOrNull(n, 'definition') === null)
          catalog.unsupported('encrypted procedure', `${names.quoted(id)};${int(n, 'procedure_number')}`);
      }
      return {
        ...modules.module(row, 'procedure'),
        numbered: (numbered.get(String(id)) ?? [])
          .map(n => ({ number: int(n, 'procedure_number'), definition: textOrNull(n, 'definition') }))
          .sort((a, b) => a.number - b.number),
        startup: startup.has(id),
      };
    })
    .sort(compareNames);
}
