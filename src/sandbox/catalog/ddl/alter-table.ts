/** ALTER TABLE. */
import type { AlterTable, TableElements } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, SandboxTable } from '../../engine/catalog-access.ts';
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
import { num, text } from '../store.ts';
import { existingTable } from '../table-loader.ts';
import { alterColumn, alterColumnFlag } from './alter-column.ts';
import { isLob } from './column-types.ts';
import { addColumn } from './columns.ts';
import { addCheck, addDefault, addForeignKey, type TableRef } from './constraints.ts';
import { writePartitions } from './data-spaces.ts';
import { dropFromTable } from './drop-from-table.ts';
import { command, couldNotCreate, done, fail, message } from './failure.ts';
import { addIndex, addKey, asNewIndex, tableSpace, withFollowUp } from './indexes.ts';
import { setTriggers } from './module.ts';
import { clusteredKeys, temporaryName } from './table.ts';

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
  const before = existingTable(scope, table.id);
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
      scope.state.rows().rebuild(before, existingTable(scope, table.id), withValues);
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
    const old = existingTable(scope, table.id);
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
    const after = existingTable(scope, id);
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
  const table = existingTable(scope, tableId);
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
