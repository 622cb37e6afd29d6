/** ALTER TABLE … ALTER COLUMN, and what hangs on a column. */

import type { AlterTable } from '../../../tsql/ddl/statement.ts';
import type { ServerMessage } from '../../engine/catalog-access.ts';
import { findColumn, type Scope } from '../state.ts';
import { num, text } from '../store.ts';
import { existingTable } from '../table-loader.ts';
import { paddable, resolveCollation, resolveType } from './column-types.ts';
import { columnsNamed, type TableRef } from './constraints.ts';
import { fail, message } from './failure.ts';

/** What hangs on a column and forbids to change or drop it (5074). */
export function dependents(
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

export function throwDependents(messages: ServerMessage[], verb: string, column: string): void {
  const [first, ...rest] = messages;
  if (!first) return;
  throw fail(first.number, first.message, {
    more: [
      ...rest,
      message(4922, `ALTER TABLE ${verb} ${column} failed because one or more objects access this column.`, 16, 9),
    ],
  });
}

export function alterColumn(
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
  const before = existingTable(scope, table.id);
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
  scope.state.rows().rebuild(before, existingTable(scope, table.id), []);
}

export function alterColumnFlag(scope: Scope, table: TableRef, column: string, add: boolean, flag: string): void {
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
      const before = existingTable(scope, table.id);
      scope.store.update('sys.computed_columns', where, { is_persisted: add });
      scope.state.rows().rebuild(before, existingTable(scope, table.id), []);
      break;
    }
    default:
      throw fail(40000, `not supported by the sandbox: ALTER COLUMN ADD ${flag}`);
  }
}
