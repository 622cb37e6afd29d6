import type { Synonym } from '../model/synonym.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptSynonym(synonym: Synonym, options: ScriptOptions): Batch[] {
  return [
    `CREATE SYNONYM ${quoteQualified(synonym.schema, synonym.name)} FOR ${synonym.baseObject}`,
    ...scriptOwner('OBJECT', synonym, options),
  ];
}
