/** Declared types of columns, parameters and alias types as the catalog stores them. */
import type { DataType } from '../../../model/data-type.ts';
import { knownCollation } from '../collations.ts';
import { databaseCollation, findSchema, type Scope } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { storedType, systemTypeNamed, writtenType } from '../system-types.ts';
import { fail } from './failure.ts';

export interface ResolvedType {
  readonly systemTypeId: number;
  readonly userTypeId: number;
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly character: boolean;
  /** null = not said by the type. */
  readonly nullable: boolean | null;
  readonly defaultObjectId: number;
  readonly ruleObjectId: number;
  readonly xmlCollectionId: number;
  readonly xmlDocument: boolean;
  readonly vectorDimensions: number | null;
  readonly vectorBaseType: number | null;
}

/** What most types do not have. */
export const plainType = {
  nullable: null,
  defaultObjectId: 0,
  ruleObjectId: 0,
  xmlCollectionId: 0,
  xmlDocument: false,
  vectorDimensions: null,
  vectorBaseType: null,
} as const;

export function findType(scope: Scope, schema: string | null, name: string): Row | undefined {
  return inSchemas(scope, 'SELECT * FROM "b.sys.types" WHERE db = ? AND schema_id = ? AND name_key = ?', schema, name);
}

export function findXmlCollection(scope: Scope, schema: string | null, name: string): Row | undefined {
  const sql = 'SELECT * FROM "b.sys.xml_schema_collections" WHERE db = ? AND schema_id = ? AND name_key = ?';
  return inSchemas(scope, sql, schema, name);
}

/** @param schema where to look; without one in the user's own, then in dbo */
function inSchemas(scope: Scope, sql: string, schema: string | null, name: string): Row | undefined {
  const key = scope.state.key(scope.db, name);
  for (const each of schema === null || schema === '' ? [scope.context.defaultSchema, 'dbo'] : [schema]) {
    const found = findSchema(scope, each);
    const row = found ? scope.store.get(sql, scope.db, found.id, key) : undefined;
    if (row) return row;
  }
  return undefined;
}

/**
 * Resolves a declared type. Errors: 2715 for a type that neither the posed version nor the database has (`ordinal` counts columns from 1),
 * 2716 for a length beyond the type's limit, 2314-like ones are left to the engine.
 */
export function resolveType(scope: Scope, type: DataType, ordinal: number): ResolvedType {
  const known =
    type.schema === null || type.schema.toLowerCase() === 'sys' ? systemTypeNamed(type.name.toLowerCase()) : undefined;
  if (known && known.since <= scope.version) {
    const stored = storedType({ ...type, schema: null, name: known.name });
    if (stored) {
      if (typeof type.length === 'number') {
        const limit = known.name.startsWith('n') ? 4000 : 8000;
        if (type.length > limit || type.length < 1) {
          throw fail(
            131,
            `The size (${type.length}) given to the column, parameter, or variable #${ordinal} exceeds the maximum allowed (${limit}).`,
            { class: 15 },
          );
        }
      }
      if (known.name === 'vector') {
        return {
          ...plainType,
          ...stored,
          vectorDimensions: type.dimensions ?? 0,
          vectorBaseType: type.vectorBaseType === 'float16' ? 1 : 0,
        };
      }
      const collection = type.xmlSchemaCollection;
      if (collection) {
        const row = findXmlCollection(scope, collection.schema, collection.name);
        if (!row)
          throw fail(
            6334,
            `Cannot find the XML schema collection '${collection.name}', because it does not exist or you do not have permission.`,
          );
        return {
          ...plainType,
          ...stored,
          xmlCollectionId: num(row['xml_collection_id']),
          xmlDocument: type.xmlDocument ?? false,
        };
      }
      return { ...plainType, ...stored };
    }
  }
  const alias = findType(scope, type.schema, type.name);
  if (!alias || num(alias['is_table_type']) === 1) {
    throw fail(
      2715,
      `Column, parameter, or variable #${ordinal}: Cannot find data type ${writtenType({ ...type, schema: type.schema })}.`,
      { state: 6 },
    );
  }
  return {
    ...plainType,
    systemTypeId: num(alias['system_type_id']),
    userTypeId: num(alias['user_type_id']),
    maxLength: num(alias['max_length']),
    precision: num(alias['precision']),
    scale: num(alias['scale']),
    character: alias['collation_name'] !== null,
    nullable: num(alias['is_nullable']) === 1,
    defaultObjectId: num(alias['default_object_id']),
    ruleObjectId: num(alias['rule_object_id']),
  };
}

/** Checks a collation name: 448 unless the posed version has it. `database_default` is the database's. */
export function resolveCollation(scope: Scope, name: string): string {
  if (name.toLowerCase() === 'database_default') return databaseCollation(scope);
  if (name.toLowerCase() === 'catalog_default') return databaseCollation(scope);
  const known = knownCollation(name, scope.version);
  if (!known) throw fail(448, `Invalid collation '${name}'.`, { state: 2 });
  return known;
}

/** Whether values of the type are large objects (TEXTIMAGE_ON concerns them). */
export function isLob(row: Row): boolean {
  const id = num(row['system_type_id']);
  return id === 34 || id === 35 || id === 99 || id === 241 || id === 244 || num(row['max_length']) === -1;
}

/** ANSI_PADDING concerns char, varchar, binary, varbinary, sql_variant and the n-types. */
export const paddable = (systemTypeId: number): boolean => [98, 165, 167, 173, 175, 231, 239].includes(systemTypeId);

export function typeName(scope: Scope, userTypeId: number): string {
  return text(
    scope.store.get('SELECT name FROM "b.sys.types" WHERE db = ? AND user_type_id = ?', scope.db, userTypeId)?.['name'],
  );
}
