import { compareNames } from '../model/look-up.ts';
import type { Sequence } from '../model/sequence.ts';
import { type Catalog, type CatalogRow, digits, flag, intOrZero } from './catalog.ts';
import type { TypeReader } from './data-type.ts';
import { type Names, objectName } from './names.ts';

export function readSequences(catalog: Catalog, names: Names, typeOf: TypeReader): Sequence[] {
  return catalog
    .rows('sequences')
    .map((row): Sequence => {
      const value = (column: string) => digits(row, column) ?? '0';
      return {
        ...objectName(row, names),
        type: typeOf({ ...row, max_length: 0 }),
        start: value('start_value'),
        increment: value('increment'),
        minimum: value('minimum_value'),
        maximum: value('maximum_value'),
        cycle: flag(row, 'is_cycling'),
        cacheSize: flag(row, 'is_cached') ? intOrZero(row, 'cache_size') : null,
        current: value('current_value'),
        used: wasUsed(row, catalog.version),
      };
    })
    .sort(compareNames);
}

/** last_used_value (2017) is NULL as long as no value was given out. Before, a current value other than the start tells. */
function wasUsed(row: CatalogRow, version: number): boolean | null {
  if (version >= 140) return digits(row, 'last_used_value') !== null;
  return digits(row, 'current_value') !== digits(row, 'start_value') ? true : null;
}
