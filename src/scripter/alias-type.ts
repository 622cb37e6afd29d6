import type { AliasType } from '../model/alias-type.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import { scriptDataType } from './data-type.ts';
import type { Batch, ScriptOptions } from './options.ts';

/** CREATE TYPE … FROM with its bindings, which columns of the type inherit. */
export function scriptAliasType(type: AliasType, options: ScriptOptions): Batch[] {
  const name = quoteQualified(type.schema, type.name);
  const batches = [`CREATE TYPE ${name} FROM ${scriptDataType(type.baseType)} ${type.nullable ? 'NULL' : 'NOT NULL'}`];
  if (type.boundDefault) {
    const bound = quoteQualified(type.boundDefault.schema, type.boundDefault.name);
    batches.push(`EXEC sys.sp_bindefault @defname = ${scriptString(bound)}, @objname = ${scriptString(name)}`);
  }
  if (type.boundRule) {
    const bound = quoteQualified(type.boundRule.schema, type.boundRule.name);
    batches.push(`EXEC sys.sp_bindrule @rulename = ${scriptString(bound)}, @objname = ${scriptString(name)}`);
  }
  return [...batches, ...scriptOwner('TYPE', type, options)];
}
