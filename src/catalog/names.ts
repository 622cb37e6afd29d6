import type { QualifiedName } from '../model/name.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, groupBy, int, text } from './catalog.ts';

/** Names by id, for rows that refer to other rows. */
export interface Names {
  schema(id: number): string;
  /** dbo for the owner of the database. */
  principal(id: number): string;
  principalOrNull(id: number | null): string | null;
  object(id: number): ObjectEntry | undefined;
  /** `[schema].[name]`, for messages. */
  quoted(objectId: number): string;
  columnName(objectId: number, columnId: number): string | undefined;
  dataSpace(id: number): { name: string; isScheme: boolean; isDefault: boolean } | undefined;
}

export interface ObjectEntry extends QualifiedName {
  readonly id: number;
  readonly type: string;
  readonly parentId: number;
}

export function readNames(catalog: Catalog): Names {
  const schemas = new Map(catalog.rows('schemas').map(r => [int(r, 'schema_id'), text(r, 'name')]));
  const principals = new Map(catalog.rows('principals').map(r => [int(r, 'principal_id'), text(r, 'name')]));
  const schema = (id: number) => named(schemas, id, 'schema');
  const objects = new Map<number, ObjectEntry>();
  for (const r of catalog.rows('objects')) {
    const id = int(r, 'object_id');
    objects.set(id, {
      id,
      schema: schema(int(r, 'schema_id')),
      name: text(r, 'name'),
      type: text(r, 'type').trim(),
      parentId: int(r, 'parent_object_id'),
    });
  }
  const columns = groupBy(catalog.rows('columns'), 'object_id');
  const spaces = new Map(
    catalog
      .rows('dataSpaces')
      .map(r => [
        int(r, 'data_space_id'),
        { name: text(r, 'name'), isScheme: text(r, 'type').trim() === 'PS', isDefault: r.is_default === true },
      ]),
  );
  return {
    schema,
    principal: id => named(principals, id, 'principal'),
    principalOrNull: id => (id === null ? null : named(principals, id, 'principal')),
    object: id => objects.get(id),
    quoted: id => {
      const o = objects.get(id);
      return o ? quoteQualified(o.schema, o.name) : quoteName(`object ${id}`);
    },
    columnName: (objectId, columnId) => {
      const row = columns.get(String(objectId))?.find(c => int(c, 'column_id') === columnId);
      return row && text(row, 'name');
    },
    dataSpace: id => spaces.get(id),
  };
}

function named(names: ReadonlyMap<number, string>, id: number, what: string): string {
  const name = names.get(id);
  if (name === undefined) throw new Error(`the catalog refers to ${what} ${id}, which it does not list`);
  return name;
}

/** Schema, name and owner as sys.objects and its like give them. */
export function objectName(row: CatalogRow, names: Names): { schema: string; name: string; owner: string | null } {
  return {
    schema: names.schema(int(row, 'schema_id')),
    name: text(row, 'name'),
    owner: names.principalOrNull(row.principal_id === null ? null : int(row, 'principal_id')),
  };
}
