import { compareNames } from '../model/look-up.ts';
import type { Procedure } from '../model/procedure.ts';
import { type Catalog, flag, groupBy, int, textOrNull } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';

export function readProcedures(catalog: Catalog, modules: ModuleReader): Procedure[] {
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
