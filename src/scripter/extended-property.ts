import type { ExtendedProperty } from '../model/extended-property.ts';
import type { Batch } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';

export function scriptExtendedProperty(property: ExtendedProperty): Batch {
  return scriptCall('sp_addextendedproperty', [
    textArgument('name', property.name),
    { name: 'value', value: property.value, type: 'sql_variant' },
    ...property.levels.flatMap((level, i) => [
      textArgument(`level${i}type`, level.type),
      textArgument(`level${i}name`, level.name),
    ]),
  ]);
}
