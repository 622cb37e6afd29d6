import type { TableType } from '../model/table-type.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import { parenthesised } from './check-constraint.ts';
import { scriptColumn } from './column.ts';
import { scriptTypeKey } from './key.ts';
import type { Batch, ScriptOptions } from './options.ts';

/** CREATE TYPE … AS TABLE. */
export function scriptTableType(type: TableType, options: ScriptOptions): Batch[] {
  const lines = [
    ...type.columns.map(c => scriptColumn(c.default ? { ...c, default: { ...c.default, systemNamed: true } } : c)),
    ...type.keys.map(scriptTypeKey),
    ...type.checks.map(c => `CHECK ${parenthesised(c.expression)}`),
  ];
  return [
    `CREATE TYPE ${quoteQualified(type.schema, type.name)} AS TABLE (\n  ${lines.join(',\n  ')}\n)`,
    ...scriptOwner('TYPE', type, options),
  ];
}
