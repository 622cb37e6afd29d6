import type { DataType } from '../model/data-type.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

/** `nvarchar(max)`, `decimal(18, 4)`, `[dbo].[PhoneNumber]`, `xml(CONTENT [dbo].[Schemas])`. */
export function scriptDataType(type: DataType): string {
  if (type.schema !== null) return quoteQualified(type.schema, type.name);
  const name = quoteName(type.name);
  if (type.xmlSchemaCollection) {
    const { schema, name: collection } = type.xmlSchemaCollection;
    return `${name}(${type.xmlDocument ? 'DOCUMENT' : 'CONTENT'} ${quoteQualified(schema, collection)})`;
  }
  if (type.dimensions !== undefined) {
    return `${name}(${type.dimensions}${type.vectorBaseType === 'float16' ? ', float16' : ''})`;
  }
  if (type.length !== undefined) return `${name}(${type.length})`;
  if (type.precision !== undefined) return `${name}(${type.precision}, ${type.scale ?? 0})`;
  if (type.scale !== undefined) return `${name}(${type.scale})`;
  return name;
}
