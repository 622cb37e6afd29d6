/** sp_rename and sp_renamedb. Numbers and lines as captured from SQL Server 2025. */

import { rename as renameDatabase } from '../ddl/alter-database.ts';
import { findType } from '../ddl/column-types.ts';
import { columnsNamed } from '../ddl/constraints.ts';
import { schemaBoundReference } from '../ddl/dependencies.ts';
import { indexNamed } from '../ddl/indexes.ts';
import { splitName } from '../resolver.ts';
import { databaseRow, findColumn, findObject, objectChanged, objectIn, type Scope, schemaName } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { note, type ProcedureCall, type ProcedureOutcome, type Procedures, procedureError } from './procedure.ts';

const caution = note(
  15477,
  'Caution: Changing any part of an object name could break scripts and stored procedures.',
  801,
);

const types = ['OBJECT', 'COLUMN', 'INDEX', 'DATABASE', 'USERDATATYPE', 'STATISTICS'] as const;
type ItemType = (typeof types)[number];

const notThere = (call: ProcedureCall, name: string, type: string | null): Error =>
  type === null
    ? procedureError(
        15225,
        `No item by the name of '${name}' could be found in the current database '${call.context.database}', given that @itemtype was input as '(null)'.`,
        { class: 11, line: 418 },
      )
    : procedureError(15248, `Either the parameter @objname is ambiguous or the claimed @objtype (${type}) is wrong.`, {
        class: 11,
        line: 620,
      });

const taken = (name: string, kind: string): Error =>
  procedureError(
    15335,
    `Error: The new name '${name}' is already in use as a ${kind} name and would cause a duplicate that is not permitted.`,
    { line: 774 },
  );

const enforced = (written: string): Error =>
  procedureError(
    15336,
    `Object '${written}' cannot be renamed because the object participates in enforced dependencies.`,
    { line: 774 },
  );

function renameObject(scope: Scope, row: Row, written: string, newName: string): void {
  const { store, db } = scope;
  const id = num(row['object_id']);
  if (objectIn(scope, num(row['schema_id']), newName)) throw taken(newName, 'OBJECT');
  if (schemaBoundReference(scope, id) !== null) throw enforced(written);
  store.update('sys.objects', { db, object_id: id }, { name: newName });
  store.update('sys.triggers', { db, object_id: id }, { name: newName });
  const key = store.get('SELECT unique_index_id FROM "b.sys.key_constraints" WHERE db = ? AND object_id = ?', db, id);
  if (key) renameIndexRows(scope, num(row['parent_object_id']), num(key['unique_index_id']), newName);
  objectChanged(scope, id);
  if (num(row['parent_object_id']) !== 0) objectChanged(scope, num(row['parent_object_id']));
}

function renameIndexRows(scope: Scope, tableId: number, indexId: number, newName: string): void {
  const where = { db: scope.db, object_id: tableId };
  scope.store.update('sys.indexes', { ...where, index_id: indexId }, { name: newName });
  scope.store.update('sys.stats', { ...where, stats_id: indexId }, { name: newName });
}

function renameIndex(scope: Scope, tableId: number, index: Row, newName: string): void {
  if (indexNamed(scope, tableId, newName)) throw taken(newName, 'INDEX');
  const id = num(index['index_id']);
  renameIndexRows(scope, tableId, id, newName);
  // The index of a key and its constraint have one name.
  const key = scope.store.get(
    `SELECT k.object_id FROM "b.sys.key_constraints" k JOIN "b.sys.objects" o ON o.db = k.db AND o.object_id = k.object_id
     WHERE k.db = ? AND o.parent_object_id = ? AND k.unique_index_id = ?`,
    scope.db,
    tableId,
    id,
  );
  if (key) {
    scope.store.update('sys.objects', { db: scope.db, object_id: num(key['object_id']) }, { name: newName });
    objectChanged(scope, num(key['object_id']));
  }
  objectChanged(scope, tableId);
}

/** Expressions that name a column hold it fast: computed columns, checks, filters. */
function isInExpression(scope: Scope, tableId: number, columnId: number): boolean {
  const expressions = [
    ...scope.store.all(
      'SELECT definition AS e FROM "b.sys.computed_columns" WHERE db = ? AND object_id = ?',
      scope.db,
      tableId,
    ),
    ...scope.store.all(
      `SELECT c.definition AS e FROM "b.sys.check_constraints" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id
       WHERE c.db = ? AND o.parent_object_id = ?`,
      scope.db,
      tableId,
    ),
    ...scope.store.all(
      'SELECT filter_definition AS e FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND filter_definition IS NOT NULL',
      scope.db,
      tableId,
    ),
  ];
  return expressions.some(row =>
    columnsNamed(scope, tableId, text(row['e'])).some(c => num(c['column_id']) === columnId),
  );
}

function renameColumn(scope: Scope, table: Row, columnId: number, written: string, newName: string): void {
  const id = num(table['object_id']);
  if (findColumn(scope, id, newName)) throw taken(newName, 'COLUMN');
  if (isInExpression(scope, id, columnId) || schemaBoundReference(scope, id) !== null) throw enforced(written);
  scope.store.update('sys.columns', { db: scope.db, object_id: id, column_id: columnId }, { name: newName });
  objectChanged(scope, id);
}

function renameType(scope: Scope, row: Row, newName: string): void {
  if (findType(scope, schemaName(scope, num(row['schema_id'])), newName)) throw taken(newName, 'USERDATATYPE');
  scope.store.update('sys.types', { db: scope.db, user_type_id: num(row['user_type_id']) }, { name: newName });
}

/** `schema.table.child`, `table.child` → the table and the child's name. */
function parentOf(scope: Scope, written: string): { readonly table: Row; readonly child: string } | null {
  const name = splitName(written);
  if (name.schema === null) return null;
  const table = findObject(scope, name.database, name.schema);
  return table ? { table, child: name.name } : null;
}

/** Tries one type of item; false when there is none of that name. */
function tryRename(call: ProcedureCall, type: ItemType, written: string, newName: string): boolean {
  const { scope } = call;
  const name = splitName(written);
  switch (type) {
    case 'OBJECT': {
      const row = findObject(scope, name.schema, name.name);
      if (row) renameObject(scope, row, written, newName);
      return row !== undefined;
    }
    case 'COLUMN': {
      const parent = parentOf(scope, written);
      const column = parent ? findColumn(scope, num(parent.table['object_id']), parent.child) : null;
      if (parent && column) renameColumn(scope, parent.table, column.id, written, newName);
      return column !== null;
    }
    case 'INDEX': {
      const parent = parentOf(scope, written);
      const index = parent ? indexNamed(scope, num(parent.table['object_id']), parent.child) : undefined;
      if (parent && index) renameIndex(scope, num(parent.table['object_id']), index, newName);
      return index !== undefined;
    }
    case 'STATISTICS': {
      const parent = parentOf(scope, written);
      if (!parent) return false;
      const where = { db: scope.db, object_id: num(parent.table['object_id']) };
      return (
        scope.store.update(
          'sys.stats',
          { ...where, name_key: scope.state.key(scope.db, parent.child) },
          { name: newName },
        ) > 0
      );
    }
    case 'USERDATATYPE': {
      const row = findType(scope, name.schema, name.name);
      if (row && num(row['user_type_id']) > 256) renameType(scope, row, newName);
      return row !== undefined;
    }
    case 'DATABASE':
      return databaseRow(call.state, written) !== undefined;
  }
}

function newDatabaseName(call: ProcedureCall, written: string, newName: string): ProcedureOutcome {
  const row = databaseRow(call.state, splitName(written).name);
  if (!row) throw notThere(call, written, 'DATABASE');
  const scope = { ...call.scope, db: num(row['database_id']) };
  const database = renameDatabase(scope, row, newName);
  call.state.touch(scope.db, 0);
  return {
    messages: [{ ...note(5021, `The database name '${newName}' has been set.`), class: 10 }],
    ...(database === null ? {} : { database }),
  };
}

export const rename: Procedures = {
  sp_rename: {
    required: ['objname', 'newname'],
    optional: ['objtype'],
    run(call) {
      const written = call.text('objname') ?? '';
      const newName = call.text('newname') ?? '';
      const given = call.text('objtype');
      const type = given?.trim().toUpperCase() ?? null;
      if (type !== null && !types.some(t => t === type))
        throw procedureError(15249, `Error: Explicit @objtype '${given}' is unrecognized.`, { class: 11, line: 90 });
      if (newName === '')
        throw procedureError(15223, "Error: The input parameter '@newname' is not allowed to be null.", { class: 11 });
      if (type === 'DATABASE') return newDatabaseName(call, written, newName);
      const tried =
        type === null ? (['OBJECT', 'COLUMN', 'INDEX', 'USERDATATYPE'] as const) : types.filter(t => t === type);
      if (!tried.some(t => tryRename(call, t, written, newName))) throw notThere(call, written, type);
      return { messages: [caution] };
    },
  },
  sp_renamedb: {
    required: ['dbname', 'newname'],
    run: call => newDatabaseName(call, call.text('dbname') ?? '', call.text('newname') ?? ''),
  },
};
