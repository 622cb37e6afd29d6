/** Alias types, table types and XML schema collections. */

import type { DataType } from '../../../model/data-type.ts';
import type { CreateType, CreateXmlSchemaCollection, ObjectName } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import { addObject, databaseCollation, nameAsWritten, type Scope, schemaFor } from '../state.ts';
import { num } from '../store.ts';
import { findType, findXmlCollection, resolveType } from './column-types.ts';
import { addCheck } from './constraints.ts';
import { defaultSpace } from './data-spaces.ts';
import { command, done, fail } from './failure.ts';
import { addHeap, addIndex, addKey, asNewIndex } from './indexes.ts';
import { addElements, clusteredKeys } from './table.ts';

function nextTypeId(scope: Scope): number {
  return (
    Math.max(
      256,
      num(scope.store.get('SELECT max(user_type_id) AS n FROM "b.sys.types" WHERE db = ?', scope.db)?.['n']),
    ) + 1
  );
}

function refuseTaken(scope: Scope, schema: string, name: string): void {
  if (findType(scope, schema, name)) {
    throw fail(
      219,
      `The type '${nameAsWritten(schema, name)}' already exists, or you do not have permission to create it.`,
    );
  }
}

/** CREATE TYPE … FROM and sp_addtype. */
export function addAliasType(scope: Scope, name: ObjectName, base: DataType, nullable: boolean | null): void {
  const schema = schemaFor(scope, name.schema);
  refuseTaken(scope, schema.name, name.name);
  const type = resolveType(scope, base, 0);
  scope.store.insert('sys.types', {
    db: scope.db,
    name: name.name,
    system_type_id: type.systemTypeId,
    user_type_id: nextTypeId(scope),
    schema_id: schema.id,
    max_length: type.maxLength,
    precision: type.precision,
    scale: type.scale,
    collation_name: type.character ? databaseCollation(scope) : null,
    is_nullable: nullable ?? true,
    is_user_defined: true,
  });
}

export function createType(scope: Scope, statement: CreateType): DdlOutcome {
  const { definition } = statement;
  if (definition.kind === 'clr') throw fail(40000, 'not supported by the sandbox: CREATE TYPE … EXTERNAL NAME');
  if (definition.kind === 'alias') {
    addAliasType(scope, statement.name, definition.baseType, definition.nullable);
    return done(command.none);
  }
  const schema = schemaFor(scope, statement.name.schema);
  refuseTaken(scope, schema.name, statement.name.name);
  const typeId = nextTypeId(scope);
  const objectId = scope.state.newObjectId(scope.db);
  const hidden = `TT_${statement.name.name.slice(0, 100)}_${objectId.toString(16).toUpperCase().padStart(8, '0')}`;
  addObject(scope, { name: hidden, schemaId: 4, type: 'TT', id: objectId });
  scope.store.insert('sys.types', {
    db: scope.db,
    name: statement.name.name,
    system_type_id: 243,
    user_type_id: typeId,
    schema_id: schema.id,
    max_length: -1,
    is_nullable: false,
    is_user_defined: true,
    is_table_type: true,
  });
  scope.store.insert('sys.table_types', { db: scope.db, user_type_id: typeId, type_table_object_id: objectId });
  const table = { id: objectId, name: hidden, schemaId: 4 };
  addElements(scope, table, definition);
  addHeap(scope, objectId, hidden, defaultSpace(scope), []);
  const clustered = clusteredKeys(definition, false);
  definition.keys.forEach((key, i) => addKey(scope, table, { ...key, name: '' }, clustered[i] === true, false));
  for (const check of definition.checks) addCheck(scope, table, check, null, false, true);
  for (const index of definition.indexes) {
    if (scope.version < 120) throw fail(102, "Incorrect syntax near 'INDEX'.", { class: 15 });
    addIndex(scope, objectId, hidden, asNewIndex(index), false);
  }
  return done(command.none);
}

export function createXmlSchemaCollection(scope: Scope, statement: CreateXmlSchemaCollection): DdlOutcome {
  const schema = schemaFor(scope, statement.name.schema);
  if (findXmlCollection(scope, schema.name, statement.name.name)) {
    throw fail(2714, `There is already an object named '${statement.name.name}' in the database.`, { state: 4 });
  }
  const id =
    Math.max(
      65535,
      num(
        scope.store.get(
          'SELECT max(xml_collection_id) AS n FROM "b.sys.xml_schema_collections" WHERE db = ?',
          scope.db,
        )?.['n'],
      ),
    ) + 1;
  const now = scope.state.now();
  scope.store.insert('sys.xml_schema_collections', {
    db: scope.db,
    xml_collection_id: id,
    schema_id: schema.id,
    name: statement.name.name,
    create_date: now,
    modify_date: now,
    definition: statement.definition,
  });
  const namespaces = [...statement.definition.matchAll(/targetNamespace\s*=\s*["']([^"']*)["']/g)].map(m => m[1] ?? '');
  (namespaces.length > 0 ? namespaces : ['']).forEach((name, i) => {
    scope.store.insert('sys.xml_schema_namespaces', {
      db: scope.db,
      xml_collection_id: id,
      name,
      xml_namespace_id: i + 1,
    });
  });
  return done(command.none);
}
