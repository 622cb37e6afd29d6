import type { Session } from '../connection/session.ts';
import { compareNames } from '../model/look-up.ts';
import type { XmlSchemaCollection } from '../model/xml-schema-collection.ts';
import { type Catalog, int, queryRecords, textOrNull } from './catalog.ts';
import { type Names, objectName } from './names.ts';
import { isSystemSchema } from './schema.ts';

/** Texts of all collections in one query; XML_SCHEMA_NAMESPACE rebuilds them from the server's components. */
const textQuery =
  'SELECT xml_collection_id, CONVERT(nvarchar(max), XML_SCHEMA_NAMESPACE(SCHEMA_NAME(schema_id), name)) AS definition ' +
  'FROM sys.xml_schema_collections WHERE schema_id <> 4';

export async function readXmlSchemaCollections(
  session: Session,
  catalog: Catalog,
  names: Names,
): Promise<XmlSchemaCollection[]> {
  const rows = catalog
    .rows('xmlSchemaCollections')
    .filter(r => !isSystemSchema(int(r, 'schema_id')) || int(r, 'schema_id') === 1);
  if (rows.length === 0) return [];
  const texts = new Map(
    (await queryRecords(session, textQuery)).map(r => [int(r, 'xml_collection_id'), textOrNull(r, 'definition')]),
  );
  return rows
    .map(r => ({ ...objectName(r, names), definition: texts.get(int(r, 'xml_collection_id')) ?? '' }))
    .sort(compareNames);
}
