/** ALTER TABLE. */
import type { AlterTable, TableElements } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, SandboxTable, ServerMessage } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import {
  columnsOf,
  findColumn,
  findObject,
  nameAsWritten,
  objectById,
  objectChanged,
  type Scope,
  typeOf,
} from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { loadTable } from '../table-loader.ts';
import { isLob, paddable, resolveCollation, resolveType } from './column-types.ts';
import { addColumn } from './columns.ts';
import { addCheck, addDefault, addForeignKey, columnsNamed, type TableRef } from './constraints.ts';
import { writePartitions } from './data-spaces.ts';
import { command, couldNotCreate, done, fail, message } from './failure.ts';
import { addIndex, addKey, asNewIndex, dropIndexRows, tableSpace, withFollowUp } from './indexes.ts';
import { setTriggers } from './module.ts';
import { clusteredKeys, removeObject, temporaryName } from './table.ts';

function load(scope: Scope, id: number): SandboxTable {
  const table = loadTable(scope.store, scope.db, id);
  if (!table) throw new Error(`table ${id} vanished`);
  return table;
}

export function alterTable(scope: Scope, statement: AlterTable): DdlOutcome {
  const written = nameAsWritten(statement.name.schema, statement.name.name);
  const row = findObject(
    scope,
    statement.name.schema,
    scope.db === 2 ? temporaryName(statement.name.name, scope.context.sessionId) : statement.name.name,
  );
  if (!row || typeOf(row) !== 'U') {
    throw fail(4902, `Cannot find the object "${written}" because it does not exist or you do not have permissions.`);
  }
  const table: TableRef = { id: num(row['object_id']), name: text(row['name']), schemaId: num(row['schema_id']) };
  const { action } = statement;
  switch (action.kind) {
    case 'add':
      addToTable(scope, table, action, action.check);
      break;
    case 'alterColumn':
      alterColumn(scope, table, action.column);
      break;
    case 'alterColumnFlag':
      alterColumnFlag(scope, table, action.column, action.add, action.flag);
      break;
    case 'drop':
      dropFromTable(scope, table, action.columns, action.constraints, action.ifExists);
      break;
    case 'constraintState':
      setConstraintState(scope, table, action);
      break;
    case 'triggerState':
      setTriggers(scope, table.id, action.enable, action.triggers, written);
      break;
    case 'set':
      setTableOptions(scope, table, action.options);
      break;
    case 'rebuild':
      rebuild(scope, table, action.compression);
      break;
    case 'changeTracking':
      throw fail(40000, 'not supported by the sandbox: CHANGE_TRACKING');
  }
  objectChanged(scope, table.id);
  return done(command.alterTable);
}

/** A column of a table with rows needs a value: NULL, a default, an identity or a rowversion (4901). */
function refuseValuelessColumns(scope: Scope, table: TableRef, elements: TableElements): void {
  if (scope.state.rows().rowCount(scope.db, table.id) === 0) return;
  for (const column of elements.columns) {
    if (column.computed || column.identity || column.default || column.type.name === 'timestamp') continue;
    if (elements.defaults.some(d => scope.state.key(scope.db, d.column) === scope.state.key(scope.db, column.name)))
      continue;
    const stored = findColumn(scope, table.id, column.name);
    if (stored && num(stored.row['is_nullable']) === 0 && num(stored.row['default_object_id']) === 0) {
      throw fail(
        4901,
        `ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '${column.name}' cannot be added to non-empty table '${table.name}' because it does not satisfy these conditions.`,
      );
    }
  }
}

function addToTable(scope: Scope, table: TableRef, elements: TableElements, check: 'CHECK' | 'NOCHECK' | null): void {
  const before = load(scope, table.id);
  const key = (name: string): string => scope.state.key(scope.db, name);
  const primary = new Set(
    elements.keys.filter(k => k.kind === 'primaryKey').flatMap(k => k.columns.map(c => key(c.name))),
  );
  let last = num(
    scope.store.get(
      'SELECT max_column_id_used AS n FROM "b.sys.tables" WHERE db = ? AND object_id = ?',
      scope.db,
      table.id,
    )?.['n'],
  );
  elements.columns.forEach((column, i) => {
    last++;
    addColumn(scope, table, column, last, { inPrimaryKey: primary.has(key(column.name)), ordinal: i + 1 });
  });
  if (elements.columns.length > 0) {
    scope.store.update('sys.tables', { db: scope.db, object_id: table.id }, { max_column_id_used: last });
    if (columnsOf(scope, table.id).some(isLob)) {
      const space = tableSpace(scope, table.id);
      scope.store.run(
        'UPDATE "b.sys.tables" SET lob_data_space_id = ? WHERE db = ? AND object_id = ? AND lob_data_space_id = 0',
        space.id,
        scope.db,
        table.id,
      );
    }
  }
  for (const column of elements.columns) if (column.default) addDefault(scope, table, column.name, column.default);
  for (const given of elements.defaults) addDefault(scope, table, given.column, given);
  refuseValuelessColumns(scope, table, elements);
  refuseNullableKeys(scope, table, elements);
  if (elements.columns.length > 0) {
    const withValues = [
      ...elements.defaults.filter(d => d.withValues).map(d => d.column),
      ...elements.columns.filter(c => c.default?.withValues === true).map(c => c.name),
    ];
    try {
      scope.state.rows().rebuild(before, load(scope, table.id), withValues);
    } catch (error) {
      // A default that cannot be evaluated: the error and 1750 with state 0 (captured, "invalid default alter").
      if (error instanceof ServerError && elements.columns.some(c => c.default)) {
        throw fail(error.number, error.message, { state: error.state, class: error.class, more: [couldNotCreate(0)] });
      }
      throw error;
    }
  }
  const clustered = clusteredKeys(
    elements,
    before.indexes.some(i => i.clustered),
  );
  elements.keys.forEach((k, i) => {
    const isClustered = clustered[i] === true;
    const old = load(scope, table.id);
    if (!isClustered) addKey(scope, table, k, false, true);
    else {
      addKey(scope, table, k, true, false);
      rebuildClustered(scope, table.id, old);
    }
  });
  const verify = check !== 'NOCHECK';
  for (const c of elements.checks) addCheck(scope, table, c, null, verify, verify);
  for (const fk of elements.foreignKeys) addForeignKey(scope, table, fk, verify, verify);
  for (const index of elements.indexes) addIndex(scope, table.id, table.name, asNewIndex(index), true);
}

function rebuildClustered(scope: Scope, id: number, before: SandboxTable): void {
  try {
    const after = load(scope, id);
    scope.state.rows().rebuild(before, after, []);
    const made = after.indexes.find(i => i.clustered);
    if (made) scope.state.rows().buildIndex(after, made);
  } catch (error) {
    throw withFollowUp(error);
  }
}

function refuseNullableKeys(scope: Scope, table: TableRef, elements: TableElements): void {
  for (const k of elements.keys) {
    if (k.kind !== 'primaryKey') continue;
    for (const { name } of k.columns) {
      const column = findColumn(scope, table.id, name);
      if (!column)
        throw fail(1911, `Column name '${name}' does not exist in the target table or view.`, {
          more: [couldNotCreate()],
        });
      if (num(column.row['is_nullable']) === 1) {
        throw fail(8111, `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`, {
          more: [couldNotCreate()],
        });
      }
    }
  }
}

/** What hangs on a column and forbids to change or drop it (5074). */
function dependents(
  scope: Scope,
  table: TableRef,
  columnId: number,
  columnName: string,
  forDrop: boolean,
): ServerMessage[] {
  const { store, db } = scope;
  const found: string[] = [];
  for (const r of store.all(
    'SELECT o.name FROM "b.sys.default_constraints" d JOIN "b.sys.objects" o ON o.db = d.db AND o.object_id = d.object_id WHERE o.db = ? AND o.parent_object_id = ? AND d.parent_column_id = ?',
    db,
    table.id,
    columnId,
  )) {
    if (forDrop) found.push(`object '${text(r['name'])}'`);
  }
  for (const r of store.all(
    'SELECT o.name, c.definition FROM "b.sys.check_constraints" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id WHERE o.db = ? AND o.parent_object_id = ?',
    db,
    table.id,
  )) {
    if (columnsNamed(scope, table.id, text(r['definition'])).some(c => num(c['column_id']) === columnId))
      found.push(`object '${text(r['name'])}'`);
  }
  for (const r of store.all(
    'SELECT c.name, p.definition FROM "b.sys.computed_columns" p JOIN "b.sys.columns" c ON c.db = p.db AND c.object_id = p.object_id AND c.column_id = p.column_id WHERE p.db = ? AND p.object_id = ?',
    db,
    table.id,
  )) {
    if (columnsNamed(scope, table.id, text(r['definition'])).some(c => num(c['column_id']) === columnId))
      found.push(`column '${text(r['name'])}'`);
  }
  for (const r of store.all(
    `SELECT DISTINCT i.name, i.is_primary_key, i.is_unique_constraint FROM "b.sys.index_columns" ic JOIN "b.sys.indexes" i ON i.db = ic.db AND i.object_id = ic.object_id AND i.index_id = ic.index_id
     WHERE ic.db = ? AND ic.object_id = ? AND ic.column_id = ? AND i.index_id > 0 ORDER BY i.index_id`,
    db,
    table.id,
    columnId,
  )) {
    found.push(
      `${num(r['is_primary_key']) || num(r['is_unique_constraint']) ? 'object' : 'index'} '${text(r['name'])}'`,
    );
  }
  for (const r of store.all(
    `SELECT DISTINCT o.name FROM "b.sys.foreign_key_columns" f JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.constraint_object_id
     WHERE f.db = ? AND ((f.parent_object_id = ? AND f.parent_column_id = ?) OR (f.referenced_object_id = ? AND f.referenced_column_id = ?))`,
    db,
    table.id,
    columnId,
    table.id,
    columnId,
  )) {
    found.push(`object '${text(r['name'])}'`);
  }
  return [...new Set(found)].map(what => message(5074, `The ${what} is dependent on column '${columnName}'.`));
}

function throwDependents(messages: ServerMessage[], verb: string, column: string): void {
  const [first, ...rest] = messages;
  if (!first) return;
  throw fail(first.number, first.message, {
    more: [
      ...rest,
      message(4922, `ALTER TABLE ${verb} ${column} failed because one or more objects access this column.`, 16, 9),
    ],
  });
}

function alterColumn(
  scope: Scope,
  table: TableRef,
  column: Extract<AlterTable['action'], { kind: 'alterColumn' }>['column'],
): void {
  const { store, db } = scope;
  const found = findColumn(scope, table.id, column.name);
  if (!found)
    throw fail(
      4924,
      `ALTER TABLE ALTER COLUMN failed because column '${column.name}' does not exist in table '${table.name}'.`,
    );
  const type = resolveType(scope, column.type, 1);
  const before = load(scope, table.id);
  const old = found.row;
  if (num(old['is_computed']) === 1) throw fail(4928, `Cannot alter column '${column.name}' because it is 'COMPUTED'.`);
  // Growing a variable-length column is allowed under indexes and checks; every other change is not.
  const grows =
    num(old['system_type_id']) === type.systemTypeId &&
    [165, 167, 231].includes(type.systemTypeId) &&
    (type.maxLength === -1
      ? num(old['max_length']) === -1
      : type.maxLength >= num(old['max_length']) && num(old['max_length']) !== -1);
  const same =
    num(old['system_type_id']) === type.systemTypeId &&
    num(old['max_length']) === type.maxLength &&
    num(old['precision']) === type.precision &&
    num(old['scale']) === type.scale;
  const nullable = column.nullable ?? type.nullable ?? true;
  const collation = type.character
    ? column.collation === null
      ? text(old['collation_name']) || null
      : resolveCollation(scope, column.collation)
    : null;
  if (column.collation !== null && !type.character)
    throw fail(447, `Expression type ${column.type.name} is invalid for COLLATE clause.`);
  const newCollation = type.character && column.collation === null && column.nullable === null ? collation : collation;
  if (!(grows || same) || (old['collation_name'] !== null && newCollation !== old['collation_name'])) {
    throwDependents(dependents(scope, table, found.id, found.name, false), 'ALTER COLUMN', found.name);
  }
  if (
    nullable &&
    before.indexes.some(
      i =>
        i.kind === 'primaryKey' && i.columns.some(c => scope.state.key(db, c.name) === scope.state.key(db, found.name)),
    )
  ) {
    throwDependents(dependents(scope, table, found.id, found.name, false), 'ALTER COLUMN', found.name);
  }
  store.update(
    'sys.columns',
    { db, object_id: table.id, column_id: found.id },
    {
      system_type_id: type.systemTypeId,
      user_type_id: type.userTypeId,
      max_length: type.maxLength,
      precision: type.precision,
      scale: type.scale,
      collation_name:
        newCollation ??
        (type.character
          ? text(
              store.get('SELECT collation_name FROM "b.sys.databases" WHERE database_id = ?', db)?.['collation_name'],
            )
          : null),
      is_nullable: nullable,
      is_ansi_padded: paddable(type.systemTypeId) && scope.context.ansiPadding,
      is_sparse: column.sparse,
      xml_collection_id: type.xmlCollectionId,
      is_xml_document: type.xmlDocument,
    },
  );
  scope.state.rows().rebuild(before, load(scope, table.id), []);
}

function alterColumnFlag(scope: Scope, table: TableRef, column: string, add: boolean, flag: string): void {
  const found = findColumn(scope, table.id, column);
  if (!found)
    throw fail(
      4924,
      `ALTER TABLE ALTER COLUMN failed because column '${column}' does not exist in table '${table.name}'.`,
    );
  const where = { db: scope.db, object_id: table.id, column_id: found.id };
  switch (flag.toUpperCase().replace(/\s+/g, ' ')) {
    case 'ROWGUIDCOL':
      scope.store.update('sys.columns', where, { is_rowguidcol: add });
      break;
    case 'SPARSE':
      scope.store.update('sys.columns', where, { is_sparse: add });
      break;
    case 'NOT FOR REPLICATION':
      scope.store.update('sys.identity_columns', where, { is_not_for_replication: add });
      break;
    case 'PERSISTED': {
      const before = load(scope, table.id);
      scope.store.update('sys.computed_columns', where, { is_persisted: add });
      scope.state.rows().rebuild(before, load(scope, table.id), []);
      break;
    }
    default:
      throw fail(40000, `not supported by the sandbox: ALTER COLUMN ADD ${flag}`);
  }
}

function dropConstraint(scope: Scope, table: TableRef, name: string): void {
  const { store, db } = scope;
  const row = store.get(
    'SELECT * FROM "b.sys.objects" WHERE db = ? AND parent_object_id = ? AND name_key = ?',
    db,
    table.id,
    scope.state.key(db, name),
  );
  const type = row ? typeOf(row) : '';
  if (!row || !['PK', 'UQ', 'F', 'C', 'D'].includes(type)) {
    throw fail(3728, `'${name}' is not a constraint.`, {
      more: [message(3727, 'Could not drop constraint. See previous errors.', 16, 0)],
    });
  }
  const id = num(row['object_id']);
  if (type === 'D')
    store.run(
      'UPDATE "b.sys.columns" SET default_object_id = 0 WHERE db = ? AND object_id = ? AND default_object_id = ?',
      db,
      table.id,
      id,
    );
  if (type === 'PK' || type === 'UQ') dropKey(scope, table, row, name);
  removeObject(scope, id);
}

function dropKey(scope: Scope, table: TableRef, key: Row, name: string): void {
  const { store, db } = scope;
  const index = store.get(
    'SELECT i.* FROM "b.sys.key_constraints" k JOIN "b.sys.indexes" i ON i.db = k.db AND i.object_id = ? AND i.index_id = k.unique_index_id WHERE k.db = ? AND k.object_id = ?',
    table.id,
    db,
    num(key['object_id']),
  );
  if (!index) return;
  const reference = store.get(
    `SELECT o.name, p.name AS parent FROM "b.sys.foreign_keys" f JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.object_id JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id
     WHERE f.db = ? AND f.referenced_object_id = ? AND f.key_index_id = ?`,
    db,
    table.id,
    num(index['index_id']),
  );
  if (reference) {
    throw fail(
      3725,
      `The constraint '${name}' is being referenced by table '${text(reference['parent'])}', foreign key constraint '${text(reference['name'])}'.`,
      {
        state: 0,
        more: [message(3727, 'Could not drop constraint. See previous errors.', 16, 0)],
      },
    );
  }
  dropBuiltIndex(scope, table.id, index);
}

/** Drops an index from the catalog and from the rows; a clustered one leaves a heap. */
export function dropBuiltIndex(scope: Scope, tableId: number, index: Row): void {
  const before = loadTable(scope.store, scope.db, tableId);
  const built = before?.indexes.find(i => i.indexId === num(index['index_id']));
  dropIndexRows(scope, tableId, index);
  if (!before || !built) return;
  scope.state.rows().dropIndex(before, built);
  if (built.clustered) scope.state.rows().rebuild(before, load(scope, tableId), []);
}

function dropFromTable(
  scope: Scope,
  table: TableRef,
  columns: readonly string[],
  constraints: readonly string[],
  ifExists: boolean,
): void {
  const { store, db } = scope;
  for (const name of constraints) {
    if (
      ifExists &&
      !store.get(
        'SELECT 1 AS x FROM "b.sys.objects" WHERE db = ? AND parent_object_id = ? AND name_key = ?',
        db,
        table.id,
        scope.state.key(db, name),
      )
    )
      continue;
    dropConstraint(scope, table, name);
  }
  if (columns.length === 0) return;
  const before = load(scope, table.id);
  for (const name of columns) {
    const column = findColumn(scope, table.id, name);
    if (!column) {
      if (ifExists) continue;
      throw fail(
        4924,
        `ALTER TABLE DROP COLUMN failed because column '${name}' does not exist in table '${table.name}'.`,
      );
    }
    throwDependents(dependents(scope, table, column.id, column.name, true), 'DROP COLUMN', column.name);
    for (const view of ['sys.columns', 'sys.identity_columns', 'sys.computed_columns', 'sys.stats_columns'] as const)
      store.remove(view, { db, object_id: table.id, column_id: column.id });
    store.remove('sys.extended_properties', { db, class: 1, major_id: table.id, minor_id: column.id });
    store.remove('sys.database_permissions', { db, class: 1, major_id: table.id, minor_id: column.id });
  }
  if (columnsOf(scope, table.id).length === 0) {
    throw fail(
      4923,
      `ALTER TABLE DROP COLUMN failed because '${columns[0] ?? ''}' is the only data column in table '${table.name}'. A table must have at least one data column.`,
    );
  }
  scope.state.rows().rebuild(before, load(scope, table.id), []);
}

function setConstraintState(
  scope: Scope,
  table: TableRef,
  action: Extract<AlterTable['action'], { kind: 'constraintState' }>,
): void {
  const { store, db } = scope;
  const all = store.all(
    "SELECT * FROM \"b.sys.objects\" WHERE db = ? AND parent_object_id = ? AND type IN ('F ', 'C ') ORDER BY object_id",
    db,
    table.id,
  );
  const chosen =
    action.constraints === 'ALL'
      ? all
      : action.constraints.map(name => {
          const row = all.find(r => r['name_key'] === scope.state.key(db, name));
          if (!row) {
            throw fail(4917, `Constraint '${name}' does not exist.`, {
              state: 0,
              more: [message(4916, 'Could not enable or disable the constraint. See previous errors.', 16, 0)],
            });
          }
          return row;
        });
  for (const row of chosen) {
    const id = num(row['object_id']);
    const view = typeOf(row) === 'F' ? 'sys.foreign_keys' : 'sys.check_constraints';
    const flags = store.get(
      `SELECT is_not_trusted, is_not_for_replication FROM "b.${view}" WHERE db = ? AND object_id = ?`,
      db,
      id,
    );
    const verify = action.enable && action.check === 'CHECK';
    const untrusted =
      !action.enable || !verify
        ? !action.enable || num(flags?.['is_not_trusted']) === 1
        : num(flags?.['is_not_for_replication']) === 1;
    store.update(view, { db, object_id: id }, { is_disabled: !action.enable, is_not_trusted: untrusted });
    scope.state.touch(
      db,
      num(
        store.get(
          'SELECT referenced_object_id AS r FROM "b.sys.foreign_keys" WHERE db = ? AND object_id = ?',
          db,
          id,
        )?.['r'],
      ) || table.id,
    );
    if (verify) verifyConstraint(scope, table.id, text(row['name']));
  }
}

function verifyConstraint(scope: Scope, tableId: number, name: string): void {
  const table = load(scope, tableId);
  const fk = table.foreignKeys.find(f => f.name === name);
  if (fk) scope.state.rows().verifyForeignKey(table, fk);
  const check = table.checks.find(c => c.name === name);
  if (check) scope.state.rows().verifyCheck(table, check);
}

function setTableOptions(scope: Scope, table: TableRef, options: Readonly<Record<string, string>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (option.toUpperCase() !== 'LOCK_ESCALATION')
      throw fail(40000, `not supported by the sandbox: ALTER TABLE SET ${option}`);
    const code = { TABLE: 0, DISABLE: 1, AUTO: 2 }[value.toUpperCase()];
    if (code === undefined) throw fail(102, `Incorrect syntax near '${value}'.`, { class: 15 });
    scope.store.update('sys.tables', { db: scope.db, object_id: table.id }, { lock_escalation: code });
  }
}

function rebuild(scope: Scope, table: TableRef, compression: Parameters<typeof writePartitions>[4]): void {
  const indexId = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND index_id = 1',
    scope.db,
    table.id,
  )
    ? 1
    : 0;
  if (compression.length > 0)
    writePartitions(
      scope,
      table.id,
      indexId,
      tableSpace(scope, table.id),
      compression,
      text(objectById(scope, table.id)?.['name']),
    );
}
