import type { AliasType } from '../model/alias-type.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import { scriptDataType } from './data-type.ts';
import type { Batch, ScriptOptions } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';

/** CREATE TYPE … FROM with its bindings, which columns of the type inherit. */
export function scriptAliasType(type: AliasType, options: ScriptOptions): Batch[] {
  const name = quoteQualified(type.schema, type.name);
  const batches = [`CREATE TYPE ${name} FROM ${scriptDataType(type.baseType)} ${type.nullable ? 'NULL' : 'NOT NULL'}`];
  if (type.boundDefault) {
    const bound = quoteQualified(type.boundDefault.schema, type.boundDefault.name);
    batches.push(scriptCall('sp_bindefault', [textArgument('defname', bound), textArgument('objname', name)]));
  }
  if (type.boundRule) {
    const bound = quoteQualified(type.boundRule.schema, type.boundRule.name);
    batches.push(scriptCall('sp_bindrule', [textArgument('rulename', bound), textArgument('objname', name)]));
  }
  return [...batches, ...scriptOwner('TYPE', type, options)];
}
