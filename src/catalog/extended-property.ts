import type { ExtendedProperty, PropertyLevel } from '../model/extended-property.ts';
import { compareText } from '../model/look-up.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, groupBy, int, isVariant, text } from './catalog.ts';
import type { Names, ObjectEntry } from './names.ts';
import { variantLiteral } from './variant-literal.ts';

/** level1type by the type of sys.objects. */
const objectLevels: Record<string, string> = {
  U: 'TABLE',
  V: 'VIEW',
  P: 'PROCEDURE',
  FN: 'FUNCTION',
  IF: 'FUNCTION',
  TF: 'FUNCTION',
  SN: 'SYNONYM',
  SO: 'SEQUENCE',
  R: 'RULE',
  D: 'DEFAULT',
};
/** level2type of objects that belong to a table or view. */
const childLevels: Record<string, string> = {
  PK: 'CONSTRAINT',
  UQ: 'CONSTRAINT',
  F: 'CONSTRAINT',
  C: 'CONSTRAINT',
  D: 'CONSTRAINT',
  TR: 'TRIGGER',
};

export function readExtendedProperties(catalog: Catalog, names: Names): ExtendedProperty[] {
  const level = (type: string, name: string): PropertyLevel => ({ type, name });
  const byId = (view: Parameters<Catalog['rows']>[0], id: string) =>
    new Map(catalog.rows(view).map(r => [int(r, id), r]));
  const types = byId('types', 'user_type_id');
  const tableTypes = byId('tableTypes', 'type_table_object_id');
  const collections = byId('xmlSchemaCollections', 'xml_collection_id');
  const principals = byId('principals', 'principal_id');
  const functions = byId('partitionFunctions', 'function_id');
  const files = byId('files', 'file_id');
  const fileSpaces = byId('dataSpaces', 'data_space_id');
  const parameters = groupBy(catalog.rows('parameters'), 'object_id', 'parameter_id');
  const indexes = groupBy(catalog.rows('indexes'), 'object_id', 'index_id');

  const objectPath = (object: ObjectEntry): PropertyLevel[] | null => {
    const child = object.parentId === 0 ? undefined : childLevels[object.type];
    const parent = names.object(object.parentId);
    if (child && parent) {
      const path = objectPath(parent);
      return path && [...path, level(child, object.name)];
    }
    const type = objectLevels[object.type];
    return type ? [level('SCHEMA', object.schema), level(type, object.name)] : null;
  };
  const inSchema = (row: CatalogRow | undefined, type: string) =>
    row ? [level('SCHEMA', names.schema(int(row, 'schema_id'))), level(type, text(row, 'name'))] : null;
  const named = (row: CatalogRow | undefined, type: string) => (row ? [level(type, text(row, 'name'))] : null);
  const below = (id: number, type: string, name: CatalogRow | undefined) => {
    const object = names.object(id);
    const path = object ? objectPath(object) : null;
    return path && name ? [...path, level(type, text(name, 'name'))] : null;
  };

  /** Classes as the documentation of sys.extended_properties lists them. */
  const levelsOf = (row: CatalogRow): PropertyLevel[] | null => {
    const id = int(row, 'major_id');
    const minor = int(row, 'minor_id');
    switch (int(row, 'class')) {
      case 0:
        return [];
      case 1: {
        const object = names.object(id);
        const path = object ? objectPath(object) : null;
        if (!path || minor === 0) return path;
        const column = names.columnName(id, minor);
        return column === undefined ? null : [...path, level('COLUMN', column)];
      }
      case 2:
        return below(id, 'PARAMETER', parameters.get(`${id}:${minor}`)?.[0]);
      case 3:
        return [level('SCHEMA', names.schema(id))];
      case 4:
        return named(principals.get(id), 'USER');
      case 6:
        return inSchema(types.get(id), 'TYPE');
      case 7:
        return below(id, 'INDEX', indexes.get(`${id}:${minor}`)?.[0]);
      case 8: {
        const type = inSchema(tableTypes.get(id), 'TYPE');
        const column = names.columnName(id, minor);
        return type && column !== undefined ? [...type, level('COLUMN', column)] : null;
      }
      case 10:
        return inSchema(collections.get(id), 'XML SCHEMA COLLECTION');
      case 20: {
        const space = fileSpaces.get(id);
        return named(space, space && text(space, 'type').trim() === 'PS' ? 'PARTITION SCHEME' : 'FILEGROUP');
      }
      case 21:
        return named(functions.get(id), 'PARTITION FUNCTION');
      case 22: {
        const file = files.get(id);
        const space = file && fileSpaces.get(int(file, 'data_space_id'));
        if (!file || !space) return null;
        return [level('FILEGROUP', text(space, 'name')), level('LOGICAL FILE NAME', text(file, 'name'))];
      }
      default:
        return null;
    }
  };

  const properties: ExtendedProperty[] = [];
  for (const row of catalog.rows('extendedProperties')) {
    const levels = levelsOf(row);
    const name = text(row, 'name');
    if (!levels) catalog.unsupported(`extended property of class ${text(row, 'class_desc')}`, quoteName(name));
    else properties.push({ name, value: isVariant(row.value) ? variantLiteral(row.value) : 'NULL', levels });
  }
  const key = (p: ExtendedProperty) => [...p.levels.flatMap(l => [l.type, l.name]), '', p.name].join('\u0000');
  return properties.sort((a, b) => compareText(key(a), key(b)));
}
