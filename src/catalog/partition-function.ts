import { compareText } from '../model/look-up.ts';
import type { PartitionFunction } from '../model/partition-function.ts';
import { type Catalog, flag, groupBy, int, isVariant, text, textOrNull } from './catalog.ts';
import type { TypeReader } from './data-type.ts';
import { variantLiteral } from './variant-literal.ts';

export function readPartitionFunctions(catalog: Catalog, typeOf: TypeReader): PartitionFunction[] {
  const parameters = groupBy(catalog.rows('partitionParameters'), 'function_id');
  const values = groupBy(catalog.rows('partitionRangeValues'), 'function_id');
  return catalog
    .rows('partitionFunctions')
    .map((row): PartitionFunction => {
      const id = String(int(row, 'function_id'));
      const parameter = parameters.get(id)?.[0];
      if (!parameter) throw new Error(`the catalog lists no parameter of partition function ${text(row, 'name')}`);
      return {
        name: text(row, 'name'),
        type: typeOf(parameter),
        collation: textOrNull(parameter, 'collation_name'),
        boundaryOnRight: flag(row, 'boundary_value_on_right'),
        boundaries: (values.get(id) ?? [])
          .sort((a, b) => int(a, 'boundary_id') - int(b, 'boundary_id'))
          .map(v => (isVariant(v.value) ? variantLiteral(v.value, true) : 'NULL')),
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}
