import type { ExtendedProperty } from '../model/extended-property.ts';
import { scriptString } from '../tsql/literal.ts';
import type { Batch } from './options.ts';

/** An argument of EXEC is a constant or a variable, never an expression (documentation of EXECUTE). */
const constant = /^(NULL|N?'(?:[^']|'')*'|-?\d+(\.\d+)?(E[+-]?\d+)?|0x[0-9A-Fa-f]*)$/;

export function scriptExtendedProperty(property: ExtendedProperty): Batch {
  const plain = constant.test(property.value) && !property.value.startsWith("'");
  const levels = property.levels.flatMap((level, i) => [
    `@level${i}type = ${scriptString(level.type)}`,
    `@level${i}name = ${nameArgument(level.name, `level${i}name`)}`,
  ]);
  const variables = [
    ...(plain ? [] : [`DECLARE @value sql_variant = ${property.value};`]),
    ...(constant.test(scriptString(property.name)) ? [] : [`DECLARE @name sysname = ${scriptString(property.name)};`]),
    ...property.levels.flatMap((level, i) =>
      constant.test(scriptString(level.name)) ? [] : [`DECLARE @level${i}name sysname = ${scriptString(level.name)};`],
    ),
  ];
  const args = [
    `@name = ${nameArgument(property.name, 'name')}`,
    `@value = ${plain ? property.value : '@value'}`,
    ...levels,
  ];
  return [...variables, `EXEC sys.sp_addextendedproperty ${args.join(', ')}`].join('\n');
}

function nameArgument(name: string, variable: string): string {
  const literal = scriptString(name);
  return constant.test(literal) ? literal : `@${variable}`;
}
