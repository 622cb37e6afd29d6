import type { Schema } from '../model/schema.ts';
import { quoteName } from '../tsql/quote.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptSchema(schema: Schema, options: ScriptOptions): Batch {
  const owner = options.owners && options.privileges ? ` AUTHORIZATION ${quoteName(schema.owner)}` : '';
  return `CREATE SCHEMA ${quoteName(schema.name)}${owner}`;
}
