import type { XmlSchemaCollection } from '../model/xml-schema-collection.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptXmlSchemaCollection(collection: XmlSchemaCollection, options: ScriptOptions): Batch[] {
  return [
    `CREATE XML SCHEMA COLLECTION ${quoteQualified(collection.schema, collection.name)} AS ${scriptString(collection.definition)}`,
    ...scriptOwner('XML SCHEMA COLLECTION', collection, options),
  ];
}
