import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { Batch, ScriptOptions } from './options.ts';

/** ALTER AUTHORIZATION where an object does not belong to its schema's owner. */
export function scriptOwner(
  securableClass: 'OBJECT' | 'TYPE' | 'XML SCHEMA COLLECTION' | 'ROLE',
  object: { readonly schema?: string; readonly name: string; readonly owner: string | null },
  options: ScriptOptions,
): Batch[] {
  if (object.owner === null || !options.owners || !options.privileges) return [];
  return [
    `ALTER AUTHORIZATION ON ${securableClass}::${quoteQualified(object.schema, object.name)} TO ${quoteName(object.owner)}`,
  ];
}
