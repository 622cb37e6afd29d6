import type { AliasType } from './alias-type.ts';
import type { DataType } from './data-type.ts';
import type { Database, DatabaseProperties } from './database.ts';
import type { QualifiedName } from './name.ts';
import type { Permission } from './permission.ts';

export const emptyProperties: DatabaseProperties = {
  name: '',
  collation: null,
  compatibilityLevel: null,
  owner: null,
  containment: 'NONE',
  filegroups: [],
  logFiles: [],
  options: {},
};

export const emptyDatabase: Database = {
  properties: emptyProperties,
  schemas: [],
  users: [],
  roles: [],
  memberships: [],
  permissions: [],
  aliasTypes: [],
  tableTypes: [],
  xmlSchemaCollections: [],
  partitionFunctions: [],
  partitionSchemes: [],
  rules: [],
  defaults: [],
  sequences: [],
  synonyms: [],
  tables: [],
  views: [],
  functions: [],
  procedures: [],
  triggers: [],
  extendedProperties: [],
  unsupported: [],
};

/** Code-unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A case-sensitive (`_CS_`) or binary (`_BIN`, `_BIN2`) collation compares object names exactly. */
export function caseFolding(collation: string | null): (name: string) => string {
  return collation !== null && /_(CS|BIN2?)(_|$)/i.test(collation) ? name => name : name => name.toLowerCase();
}

export function compareNames(a: QualifiedName, b: QualifiedName): number {
  return compareText(a.schema, b.schema) || compareText(a.name, b.name);
}

/** By securable, then grantee, right and state. */
export function comparePermissions(a: Permission, b: Permission): number {
  return compareText(permissionKey(a), permissionKey(b));
}

function permissionKey({ securable, grantee, permission, state }: Permission): string {
  const columns = securable.columns.join();
  const parts = [securable.class, securable.schema ?? '', securable.name ?? '', grantee, permission, columns, state];
  return parts.join('\u0000');
}

/** The system type behind an alias type; the type itself otherwise. CLR types have none and come back as they are. */
export function baseTypeOf(type: DataType, aliasTypes: readonly AliasType[]): DataType {
  if (type.schema === null) return type;
  return aliasTypes.find(a => a.schema === type.schema && a.name === type.name)?.baseType ?? type;
}
