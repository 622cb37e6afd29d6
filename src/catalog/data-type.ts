import type { DataType } from '../model/data-type.ts';
import type { QualifiedName } from '../model/name.ts';
import { type Catalog, type CatalogRow, flag, int, text, textOrNull } from './catalog.ts';
import type { Names } from './names.ts';

/** Turns the type columns of a catalog row (user_type_id, max_length, precision, scale, …) into a data type. */
export type TypeReader = (row: CatalogRow) => DataType;

const inBytes = new Set(['char', 'varchar', 'binary', 'varbinary']);
const inCharacters = new Set(['nchar', 'nvarchar']);
const scaled = new Set(['time', 'datetime2', 'datetimeoffset']);

export function readTypes(catalog: Catalog, names: Names): TypeReader {
  const types = new Map(catalog.rows('types').map(r => [int(r, 'user_type_id'), r]));
  const collections = new Map<number, QualifiedName>(
    catalog
      .rows('xmlSchemaCollections')
      .map(r => [int(r, 'xml_collection_id'), { schema: names.schema(int(r, 'schema_id')), name: text(r, 'name') }]),
  );
  return row => {
    const id = int(row, 'user_type_id');
    const type = types.get(id);
    if (!type) throw new Error(`the catalog refers to type ${id}, which sys.types does not list`);
    if (flag(type, 'is_user_defined'))
      return { schema: names.schema(int(type, 'schema_id')), name: text(type, 'name') };
    return systemType(text(type, 'name').toLowerCase(), row, collections);
  };
}

function systemType(name: string, row: CatalogRow, collections: ReadonlyMap<number, QualifiedName>): DataType {
  const length = () => int(row, 'max_length');
  if (inBytes.has(name)) return { schema: null, name, length: length() === -1 ? 'max' : length() };
  if (inCharacters.has(name)) return { schema: null, name, length: length() === -1 ? 'max' : length() / 2 };
  if (scaled.has(name)) return { schema: null, name, scale: int(row, 'scale') };
  if (name === 'decimal' || name === 'numeric')
    return { schema: null, name, precision: int(row, 'precision'), scale: int(row, 'scale') };
  if (name === 'xml' && row.xml_collection_id !== undefined && int(row, 'xml_collection_id') !== 0) {
    const collection = collections.get(int(row, 'xml_collection_id'));
    if (!collection)
      throw new Error(
        `the catalog refers to xml schema collection ${int(row, 'xml_collection_id')}, which it does not list`,
      );
    return { schema: null, name, xmlSchemaCollection: collection, xmlDocument: flag(row, 'is_xml_document') };
  }
  if (name === 'vector') {
    const base = textOrNull(row, 'vector_base_type_desc');
    const dimensions = int(row, 'vector_dimensions');
    return base === 'float16'
      ? { schema: null, name, dimensions, vectorBaseType: 'float16' }
      : { schema: null, name, dimensions };
  }
  return { schema: null, name };
}
