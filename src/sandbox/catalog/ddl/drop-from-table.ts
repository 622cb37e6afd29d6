/** ALTER TABLE … DROP: constraints, keys, columns. */
import { columnsOf, findColumn, type Scope, typeOf } from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { existingTable, loadTable } from '../table-loader.ts';
import { dependents, throwDependents } from './alter-column.ts';
import type { TableRef } from './constraints.ts';
import { fail, message } from './failure.ts';
import { dropIndexRows } from './indexes.ts';
import { removeObject } from './table.ts';

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
  if (built.clustered) scope.state.rows().rebuild(before, existingTable(scope, tableId), []);
}

export function dropFromTable(
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
  const before = existingTable(scope, table.id);
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
  scope.state.rows().rebuild(before, existingTable(scope, table.id), []);
}
