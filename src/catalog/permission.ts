import { comparePermissions } from '../model/look-up.ts';
import type { Permission, Securable } from '../model/permission.ts';
import { type Catalog, type CatalogRow, int, text } from './catalog.ts';
import type { Names } from './names.ts';

const states: Record<string, Permission['state']> = {
  G: 'GRANT',
  D: 'DENY',
  R: 'REVOKE',
  W: 'GRANT_WITH_GRANT_OPTION',
};

/** Granted to public in every database from 2016 on. */
const publicDefaults = new Set(['VIEW ANY COLUMN ENCRYPTION KEY DEFINITION', 'VIEW ANY COLUMN MASTER KEY DEFINITION']);

export function readPermissions(catalog: Catalog, names: Names): Permission[] {
  const types = new Map(catalog.rows('types').map(r => [int(r, 'user_type_id'), r]));
  const collections = new Map(catalog.rows('xmlSchemaCollections').map(r => [int(r, 'xml_collection_id'), r]));
  const principalTypes = new Map(catalog.rows('principals').map(r => [int(r, 'principal_id'), text(r, 'type').trim()]));

  const securable = (row: CatalogRow): Securable | null => {
    const id = int(row, 'major_id');
    const base = { schema: null, name: null, columns: [] };
    switch (int(row, 'class')) {
      case 0:
        return { ...base, class: 'DATABASE' };
      case 1: {
        const object = names.object(id);
        if (!object) return null;
        const column = int(row, 'minor_id');
        const columnName = column === 0 ? undefined : names.columnName(id, column);
        return {
          class: 'OBJECT',
          schema: object.schema,
          name: object.name,
          columns: columnName === undefined ? [] : [columnName],
        };
      }
      case 3:
        return { ...base, class: 'SCHEMA', name: names.schema(id) };
      case 4: {
        const type = principalTypes.get(id);
        return {
          ...base,
          class: type === 'R' ? 'ROLE' : type === 'A' ? 'APPLICATION ROLE' : 'USER',
          name: names.principal(id),
        };
      }
      case 6: {
        const type = types.get(id);
        return type
          ? { class: 'TYPE', schema: names.schema(int(type, 'schema_id')), name: text(type, 'name'), columns: [] }
          : null;
      }
      case 10: {
        const collection = collections.get(id);
        if (!collection) return null;
        const schema = names.schema(int(collection, 'schema_id'));
        return { class: 'XML SCHEMA COLLECTION', schema, name: text(collection, 'name'), columns: [] };
      }
      default:
        return null;
    }
  };

  const permissions: Permission[] = [];
  for (const row of catalog.rows('permissions')) {
    const permission = text(row, 'permission_name');
    const grantee = int(row, 'grantee_principal_id');
    // dbo's own CONNECT can neither be granted nor revoked.
    if (grantee === 1) continue;
    if (grantee === 0 && int(row, 'class') === 0 && publicDefaults.has(permission)) continue;
    // Objects that are not the user's (shipped ones) are in no list of names.
    if (int(row, 'class') === 1 && !names.object(int(row, 'major_id'))) continue;
    const on = securable(row);
    const state = states[text(row, 'state').trim()];
    if (!on || !state) {
      catalog.unsupported(`permission on ${text(row, 'class_desc')}`, `${permission} to ${names.principal(grantee)}`);
      continue;
    }
    permissions.push({
      state,
      permission,
      securable: on,
      grantee: names.principal(grantee),
      grantor: names.principal(int(row, 'grantor_principal_id')),
    });
  }
  return permissions.sort(comparePermissions);
}
