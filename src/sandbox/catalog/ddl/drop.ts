/** DROP of every kind. */
import type { DropObject, DroppedName, ObjectName } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, ServerMessage } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import { findObject, findSchema, nameAsWritten, principalNamed, type Scope, schemaName, typeOf } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { findType, findXmlCollection } from './column-types.ts';
import { spaceNamed } from './data-spaces.ts';
import { schemaBoundReference } from './dependencies.ts';
import { dropBuiltIndex } from './drop-from-table.ts';
import { command, done, fail, keywordError } from './failure.ts';
import { indexNamed } from './indexes.ts';
import { dropModule } from './module.ts';
import { removePrincipal } from './remove-principal.ts';
import { dropTable, removeObject, removeTable, temporaryName } from './table.ts';

const commands: Readonly<Record<string, number>> = {
  table: command.dropTable,
  view: command.dropView,
  procedure: command.dropProcedure,
  index: command.dropIndex,
};
const typesOf: Readonly<Record<string, readonly string[]>> = {
  table: ['U'],
  view: ['V'],
  procedure: ['P', 'PC', 'X'],
  function: ['FN', 'IF', 'TF', 'FS', 'FT', 'AF'],
  synonym: ['SN'],
  sequence: ['SO'],
  rule: ['R'],
  default: ['D'],
  trigger: ['TR', 'TA'],
};
const kindNames: Readonly<Record<string, string>> = {
  U: 'table',
  V: 'view',
  P: 'procedure',
  FN: 'function',
  IF: 'function',
  TF: 'function',
  SN: 'synonym',
  SO: 'sequence object',
  R: 'rule',
  D: 'default',
  TR: 'trigger',
};

const missing = (what: string, written: string, state = 5): ServerError =>
  fail(3701, `Cannot drop the ${what} '${written}', because it does not exist or you do not have permission.`, {
    class: 11,
    state,
  });

export function dropObjects(scope: Scope, statement: DropObject, scopeFor: (name: ObjectName) => Scope): DdlOutcome {
  if (statement.ifExists && scope.version < 130) throw keywordError('IF');
  const messages: ServerMessage[] = [];
  // Names are dropped one by one; what was dropped before an error stays dropped (captured: drop-index, multiple-later-missing).
  for (const name of statement.names) {
    const own = name.database === null && !name.name.startsWith('#') ? scope : scopeFor(name);
    try {
      dropOne(own, statement, name);
    } catch (error) {
      if (!(error instanceof ServerError) || statement.names.length === 1) throw error;
      messages.push(
        { number: error.number, state: error.state, class: error.class, message: error.message, line: null },
        ...error.more,
      );
      if (statement.what === 'index') break;
    }
  }
  const outcome = done(commands[statement.what] ?? command.none, messages);
  return messages.length === 0 ? outcome : { ...outcome, partial: true };
}

function dropOne(scope: Scope, statement: DropObject, name: DroppedName): void {
  switch (statement.what) {
    case 'index':
      return dropIndex(scope, statement, name);
    case 'statistics':
      return dropStatistics(scope, statement, name);
    case 'schema':
      return dropSchema(scope, statement, name.name);
    case 'type':
      return dropType(scope, statement, name);
    case 'user':
      return dropPrincipal(scope, statement, name.name, 'user');
    case 'role':
      return dropPrincipal(scope, statement, name.name, 'role');
    case 'login':
      return dropLogin(scope, statement, name.name);
    case 'partitionFunction':
      return dropPartitionFunction(scope, statement, name.name);
    case 'partitionScheme':
      return dropPartitionScheme(scope, statement, name.name);
    case 'xmlSchemaCollection':
      return dropXmlCollection(scope, statement, name);
    case 'trigger':
      return dropTrigger(scope, statement, name);
    default:
      return dropSchemaObject(scope, statement, name);
  }
}

function dropSchemaObject(scope: Scope, statement: DropObject, name: ObjectName): void {
  const what = statement.what === 'sequence' ? 'sequence object' : statement.what;
  if (statement.what === 'sequence' && scope.version < 110)
    throw fail(343, "Unknown object type 'SEQUENCE' used in a CREATE, DROP, or ALTER statement.", { class: 15 });
  const written = nameAsWritten(name.schema, name.name);
  const row = findObject(
    scope,
    name.schema,
    scope.db === 2 ? temporaryName(name.name, scope.context.sessionId) : name.name,
  );
  if (!row) {
    if (statement.ifExists) return;
    throw missing(what, written);
  }
  const type = typeOf(row);
  if (!typesOf[statement.what]?.includes(type)) {
    const kind = kindNames[type] ?? 'object';
    if (statement.ifExists && !kindNames[type]) return;
    throw fail(
      3705,
      `Cannot use DROP ${statement.what.toUpperCase()} with '${written}' because '${written}' is a ${kind}. Use DROP ${kind.toUpperCase()}.`,
    );
  }
  const id = num(row['object_id']);
  if (statement.what === 'table') {
    const bound = schemaBoundReference(scope, id);
    if (bound !== null)
      throw fail(3729, `Cannot DROP TABLE '${written}' because it is being referenced by object '${bound}'.`);
    dropTable(scope, id, written);
  } else if (statement.what === 'rule' || statement.what === 'default') {
    refuseBound(scope, statement.what, row, written);
    removeObject(scope, id);
  } else if (statement.what === 'sequence') {
    const user = scope.store.get(
      `SELECT o.name FROM "b.sys.sql_expression_dependencies" d JOIN "b.sys.objects" o ON o.db = d.db AND o.object_id = d.referencing_id WHERE d.db = ? AND d.referenced_id = ? AND o.type = 'D '`,
      scope.db,
      id,
    );
    if (user)
      throw fail(
        3729,
        `Cannot DROP SEQUENCE '${written}' because it is being referenced by object '${text(user['name'])}'.`,
      );
    removeObject(scope, id);
  } else if (statement.what === 'synonym') {
    removeObject(scope, id);
  } else {
    dropModule(scope, row, `DROP ${statement.what.toUpperCase()}`, written);
  }
}

function refuseBound(scope: Scope, what: 'rule' | 'default', row: Row, written: string): void {
  const column = what === 'rule' ? 'rule_object_id' : 'default_object_id';
  const id = num(row['object_id']);
  const bound =
    scope.store.get(`SELECT 1 AS x FROM "b.sys.columns" WHERE db = ? AND ${column} = ?`, scope.db, id) ??
    scope.store.get(`SELECT 1 AS x FROM "b.sys.types" WHERE db = ? AND ${column} = ?`, scope.db, id);
  if (bound)
    throw fail(3716, `The ${what} '${written}' cannot be dropped because it is bound to one or more column.`, {
      state: what === 'rule' ? 2 : 3,
    });
  if (what === 'default' && num(row['parent_object_id']) !== 0)
    throw fail(
      3717,
      'Cannot drop a default constraint by DROP DEFAULT statement. Use ALTER TABLE to drop a default constraint.',
    );
}

function dropIndex(scope: Scope, statement: DropObject, name: DroppedName): void {
  // An index has no schema of its own.
  if (name.on && name.schema !== null) throw keywordError('ON');
  // DROP INDEX t.i (the old form) has the table as the schema part.
  const on = name.on ??
    oldForm(name) ??
    statement.on ?? { server: null, database: null, schema: null, name: name.schema ?? '' };
  const written = nameAsWritten(on.schema, on.name);
  const table = findObject(scope, on.schema, on.name);
  const full = `${table && on.schema === null ? `${schemaName(scope, num(table['schema_id']))}.${on.name}` : written}.${name.name}`;
  if (!table) {
    if (statement.ifExists) return;
    throw missing('index', full, 6);
  }
  const id = num(table['object_id']);
  const index = indexNamed(scope, id, name.name);
  if (!index) {
    if (statement.ifExists) return;
    throw missing('index', full, 7);
  }
  if (num(index['is_primary_key']) === 1 || num(index['is_unique_constraint']) === 1) {
    const kind = num(index['is_primary_key']) === 1 ? 'PRIMARY KEY' : 'UNIQUE KEY';
    throw fail(
      3723,
      `An explicit DROP INDEX is not allowed on index '${full}'. It is being used for ${kind} constraint enforcement.`,
      { state: kind === 'PRIMARY KEY' ? 4 : 5 },
    );
  }
  if (num(index['type']) !== 1 && /\b(MAXDOP|MOVE)\b/i.test(name.options ?? ''))
    throw fail(3748, `Cannot drop non-clustered index '${full}' using drop clustered index clause.`);
  const reference = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.foreign_keys" WHERE db = ? AND referenced_object_id = ? AND key_index_id = ?',
    scope.db,
    id,
    num(index['index_id']),
  );
  if (reference)
    throw fail(
      3723,
      `An explicit DROP INDEX is not allowed on index '${full}'. It is being used for FOREIGN KEY constraint enforcement.`,
      { state: 6 },
    );
  dropBuiltIndex(scope, id, index);
}

/** `s.t.i`. */
function oldForm(name: ObjectName): ObjectName | null {
  if (name.database !== null && name.schema !== null)
    return { server: null, database: null, schema: name.database, name: name.schema };
  return null;
}

function dropStatistics(scope: Scope, statement: DropObject, name: ObjectName): void {
  const table = findObject(
    scope,
    name.database ?? statement.on?.schema ?? null,
    statement.on?.name ?? name.schema ?? '',
  );
  const id = table ? num(table['object_id']) : 0;
  const row = scope.store.get(
    'SELECT stats_id, user_created FROM "b.sys.stats" WHERE db = ? AND object_id = ? AND name_key = ?',
    scope.db,
    id,
    scope.state.key(scope.db, name.name),
  );
  if (!row) {
    if (statement.ifExists) return;
    throw missing('statistics', nameAsWritten(name.schema, name.name), 6);
  }
  if (num(row['user_created']) === 0)
    throw fail(3739, `Cannot DROP the index '${name.name}' because it is not a statistics collection.`, { class: 11 });
  scope.store.remove('sys.stats', { db: scope.db, object_id: id, stats_id: num(row['stats_id']) });
  scope.store.remove('sys.stats_columns', { db: scope.db, object_id: id, stats_id: num(row['stats_id']) });
}

function dropSchema(scope: Scope, statement: DropObject, name: string): void {
  const schema = findSchema(scope, name);
  if (!schema) {
    if (statement.ifExists) return;
    throw fail(15151, `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`);
  }
  const inside =
    scope.store.get(
      'SELECT name FROM "b.sys.objects" WHERE db = ? AND schema_id = ? AND parent_object_id = 0 AND type <> ? ORDER BY object_id',
      scope.db,
      schema.id,
      'TT',
    ) ??
    scope.store.get('SELECT name FROM "b.sys.types" WHERE db = ? AND schema_id = ?', scope.db, schema.id) ??
    scope.store.get(
      'SELECT name FROM "b.sys.xml_schema_collections" WHERE db = ? AND schema_id = ?',
      scope.db,
      schema.id,
    );
  if (inside)
    throw fail(
      3729,
      `Cannot drop schema '${name}' because it is being referenced by object '${text(inside['name'])}'.`,
    );
  if (schema.id < 5) throw fail(15150, `Cannot drop the schema '${name}'.`);
  scope.store.remove('sys.schemas', { db: scope.db, schema_id: schema.id });
  scope.store.remove('sys.extended_properties', { db: scope.db, class: 3, major_id: schema.id });
  scope.store.remove('sys.database_permissions', { db: scope.db, class: 3, major_id: schema.id });
}

function dropType(scope: Scope, statement: DropObject, name: ObjectName): void {
  const row = findType(scope, name.schema, name.name);
  const written = nameAsWritten(name.schema, name.name);
  if (!row || num(row['user_type_id']) <= 256) {
    if (statement.ifExists) return;
    throw fail(
      218,
      `Could not find the type '${written}'. Either it does not exist or you do not have the necessary permission.`,
    );
  }
  const id = num(row['user_type_id']);
  const user =
    scope.store.get(
      'SELECT o.name FROM "b.sys.columns" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id WHERE c.db = ? AND c.user_type_id = ?',
      scope.db,
      id,
    ) ??
    scope.store.get(
      'SELECT o.name FROM "b.sys.parameters" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id WHERE c.db = ? AND c.user_type_id = ?',
      scope.db,
      id,
    );
  if (user)
    throw fail(
      3732,
      `Cannot drop type '${written}' because it is being referenced by object '${text(user['name'])}'. There may be other objects that reference this type.`,
    );
  const table = scope.store.get(
    'SELECT type_table_object_id AS id FROM "b.sys.table_types" WHERE db = ? AND user_type_id = ?',
    scope.db,
    id,
  );
  if (table) {
    removeTable(scope, num(table['id']));
    scope.store.remove('sys.table_types', { db: scope.db, user_type_id: id });
  }
  scope.store.remove('sys.types', { db: scope.db, user_type_id: id });
  scope.store.remove('sys.extended_properties', { db: scope.db, class: 6, major_id: id });
  scope.store.remove('sys.database_permissions', { db: scope.db, class: 6, major_id: id });
}

function dropPrincipal(scope: Scope, statement: DropObject, name: string, kind: 'user' | 'role'): void {
  const row = principalNamed(scope, name);
  const isRole = ['R', 'A'].includes(text(row?.['type']));
  if (!row || isRole !== (kind === 'role')) {
    if (statement.ifExists) return;
    throw fail(15151, `Cannot drop the ${kind} '${name}', because it does not exist or you do not have permission.`);
  }
  const id = num(row['principal_id']);
  if (id < 5 || num(row['is_fixed_role']) === 1) throw fail(15150, `Cannot drop the ${kind} '${name}'.`);
  removePrincipal(scope, id, isRole, fail);
}

function dropLogin(scope: Scope, statement: DropObject, name: string): void {
  const gone = scope.store.remove('sys.server_principals', { name_key: scope.state.key(null, name) });
  if (gone === 0 && !statement.ifExists)
    throw fail(15151, `Cannot drop the login '${name}', because it does not exist or you do not have permission.`);
}

function dropPartitionFunction(scope: Scope, statement: DropObject, name: string): void {
  const row = scope.store.get(
    'SELECT function_id FROM "b.sys.partition_functions" WHERE db = ? AND name_key = ?',
    scope.db,
    scope.state.key(scope.db, name),
  );
  if (!row) {
    if (statement.ifExists) return;
    throw missing('partition function', name);
  }
  const id = num(row['function_id']);
  const scheme = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.partition_schemes" WHERE db = ? AND function_id = ?',
    scope.db,
    id,
  );
  if (scheme) throw fail(7706, `Partition function '${name}' is being used by one or more partition schemes.`);
  for (const view of ['sys.partition_functions', 'sys.partition_parameters', 'sys.partition_range_values'] as const)
    scope.store.remove(view, { db: scope.db, function_id: id });
}

function dropPartitionScheme(scope: Scope, statement: DropObject, name: string): void {
  const row = spaceNamed(scope, name);
  if (!row || text(row['type']) !== 'PS') {
    if (statement.ifExists) return;
    throw missing('partition scheme', name);
  }
  const id = num(row['data_space_id']);
  if (scope.store.get('SELECT 1 AS x FROM "b.sys.indexes" WHERE db = ? AND data_space_id = ?', scope.db, id)) {
    throw fail(7717, `The partition scheme "${name}" is currently being used to partition one or more tables.`);
  }
  scope.store.remove('sys.data_spaces', { db: scope.db, data_space_id: id });
  scope.store.remove('sys.partition_schemes', { db: scope.db, data_space_id: id });
  scope.store.remove('sys.destination_data_spaces', { db: scope.db, partition_scheme_id: id });
}

function dropXmlCollection(scope: Scope, statement: DropObject, name: ObjectName): void {
  const row = findXmlCollection(scope, name.schema, name.name);
  if (!row) {
    if (statement.ifExists) return;
    throw fail(
      6359,
      `Cannot drop the XML schema collection '${nameAsWritten(name.schema, name.name)}', because it does not exist or you do not have permission.`,
    );
  }
  const id = num(row['xml_collection_id']);
  if (scope.store.get('SELECT 1 AS x FROM "b.sys.columns" WHERE db = ? AND xml_collection_id = ?', scope.db, id)) {
    throw fail(
      6328,
      `Specified collection '${nameAsWritten(name.schema, name.name)}' cannot be dropped because it is used by an object.`,
    );
  }
  scope.store.remove('sys.xml_schema_collections', { db: scope.db, xml_collection_id: id });
  scope.store.remove('sys.xml_schema_namespaces', { db: scope.db, xml_collection_id: id });
}

function dropTrigger(scope: Scope, statement: DropObject, name: ObjectName): void {
  const written = nameAsWritten(name.schema, name.name);
  const schema = name.schema === null ? null : findSchema(scope, name.schema);
  const rows = scope.store.all(
    'SELECT * FROM "b.sys.triggers" WHERE db = ? AND name_key = ?',
    scope.db,
    scope.state.key(scope.db, name.name),
  );
  const row = rows.find(r => schema === null || num(r['schema_id']) === schema.id);
  if (!row) {
    if (statement.ifExists) return;
    throw missing('trigger', written);
  }
  dropModule(scope, row, 'DROP TRIGGER', written);
}
