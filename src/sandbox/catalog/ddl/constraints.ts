/** Foreign keys, checks and defaults. */
import type { CheckDefinition, ForeignKeyDefinition } from '../../../tsql/ddl/statement.ts';
import { tokenize } from '../../../tsql/lexer.ts';
import {
  addObject,
  columnsOf,
  findObject,
  nameAsWritten,
  objectChanged,
  type Scope,
  schemaName,
  typeOf,
} from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { loadTable } from '../table-loader.ts';
import { constraintName } from './constraint-names.ts';
import { recordExpressionDependencies } from './dependencies.ts';
import { constraintError, couldNotCreate, fail } from './failure.ts';
import { storedExpression } from './stored-expression.ts';
import { refuseNewerSyntax } from './version-gates.ts';

export interface TableRef {
  readonly id: number;
  readonly name: string;
  readonly schemaId: number;
}

const actionCodes = { 'NO ACTION': 0, CASCADE: 1, 'SET NULL': 2, 'SET DEFAULT': 3 } as const;

function takeName(scope: Scope, table: TableRef, name: string): void {
  if (findObject(scope, schemaName(scope, table.schemaId), name)) {
    throw fail(2714, `There is already an object named '${name}' in the database.`, {
      state: 5,
      more: [couldNotCreate()],
    });
  }
}

/** DEFAULT of a column; 1781 when it has one. Yields the constraint's object id. */
export function addDefault(
  scope: Scope,
  table: TableRef,
  column: string,
  given: { name: string; expression: string },
): number {
  const { store, db } = scope;
  const row = columnsOf(scope, table.id).find(c => c['name_key'] === scope.state.key(db, column));
  if (!row)
    throw constraintError(
      1752,
      `Column '${column}' in table '${table.name}' is invalid for creating a default constraint.`,
      0,
    );
  if (num(row['default_object_id']) !== 0) throw constraintError(1781, 'Column already has a DEFAULT bound to it.');
  if (num(row['is_identity']) === 1)
    throw constraintError(
      1754,
      `Defaults cannot be created on columns with an IDENTITY attribute. Table '${table.name}', column '${column}'.`,
    );
  if (num(row['system_type_id']) === 189)
    throw constraintError(
      1755,
      `Defaults cannot be created on columns of data type timestamp. Table '${table.name}', column '${column}'.`,
    );
  if (num(row['is_computed']) === 1)
    throw constraintError(
      1752,
      `Column '${column}' in table '${table.name}' is invalid for creating a default constraint.`,
      0,
    );
  refuseNewerSyntax(given.expression, scope.version);
  const objectId = scope.state.newObjectId(db);
  const name = given.name === '' ? constraintName('DF', table.name, column, objectId) : given.name;
  takeName(scope, table, name);
  addObject(scope, { name, schemaId: table.schemaId, type: 'D', parentId: table.id, id: objectId });
  store.insert('sys.default_constraints', {
    db,
    object_id: objectId,
    parent_column_id: num(row['column_id']),
    definition: storedExpression(given.expression),
    is_system_named: given.name === '',
  });
  store.update(
    'sys.columns',
    { db, object_id: table.id, column_id: num(row['column_id']) },
    { default_object_id: objectId },
  );
  recordExpressionDependencies(scope, objectId, given.expression);
  objectChanged(scope, table.id);
  return objectId;
}

/** Columns that an expression names, in the order of the table. */
export function columnsNamed(scope: Scope, tableId: number, expression: string): Row[] {
  const names = new Set(
    tokenize(expression)
      .filter(t => t.kind === 'word' || t.kind === 'bracketed' || t.kind === 'quoted')
      .map(t => scope.state.key(scope.db, t.kind === 'word' ? t.text : t.value)),
  );
  return columnsOf(scope, tableId).filter(c => names.has(text(c['name_key'])));
}

/** CHECK; `column` is the one that it was written at (null for a constraint of the table). */
export function addCheck(
  scope: Scope,
  table: TableRef,
  check: CheckDefinition,
  column: string | null,
  verify: boolean,
  trusted: boolean,
): void {
  const { store, db } = scope;
  refuseNewerSyntax(check.expression, scope.version);
  const objectId = scope.state.newObjectId(db);
  const used = columnsNamed(scope, table.id, check.expression);
  const single = used.length === 1 ? used[0] : undefined;
  const name = check.name === '' ? constraintName('CK', table.name, column, objectId) : check.name;
  takeName(scope, table, name);
  addObject(scope, { name, schemaId: table.schemaId, type: 'C', parentId: table.id, id: objectId });
  const definition = storedExpression(check.expression);
  store.insert('sys.check_constraints', {
    db,
    object_id: objectId,
    is_not_for_replication: check.notForReplication,
    is_not_trusted: !trusted || check.notForReplication,
    parent_column_id: single ? num(single['column_id']) : 0,
    definition,
    uses_database_collation: true,
    is_system_named: check.name === '',
  });
  recordExpressionDependencies(scope, objectId, check.expression);
  objectChanged(scope, table.id);
  if (verify) {
    const loaded = loadTable(store, db, table.id);
    if (loaded) scope.state.rows().verifyCheck(loaded, { name, expression: definition, disabled: false });
  }
}

interface ReferencedKey {
  readonly indexId: number;
  /** Ids of the referenced columns, in the order of the foreign key's columns. */
  readonly columns: readonly number[];
}

/** The unique key of the referenced table that the foreign key relies on: the primary key when it fits, else the first that does. */
function referencedKey(
  scope: Scope,
  table: TableRef,
  key: ForeignKeyDefinition,
  name: string,
  referenced: Row,
): ReferencedKey {
  const { store, db } = scope;
  const referencedId = num(referenced['object_id']);
  const referencedName = nameAsWritten(key.referencedTable.schema, text(referenced['name']));
  const indexes = store.all(
    `SELECT i.index_id, i.is_primary_key, group_concat(ic.column_id) AS columns FROM "b.sys.indexes" i
     JOIN (SELECT * FROM "b.sys.index_columns" ORDER BY index_id, key_ordinal) ic ON ic.db = i.db AND ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0
     WHERE i.db = ? AND i.object_id = ? AND i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 GROUP BY i.index_id ORDER BY i.is_primary_key DESC, i.index_id`,
    db,
    referencedId,
  );
  const columns = columnsOf(scope, referencedId);
  if (key.referencedColumns.length === 0) {
    const primary = indexes.find(i => num(i['is_primary_key']) === 1);
    if (!primary) {
      throw constraintError(
        1773,
        `Foreign key '${name}' has implicit reference to object '${referencedName}' which does not have a primary key defined on it.`,
        0,
      );
    }
    const ids = text(primary['columns']).split(',').map(Number);
    if (ids.length !== key.columns.length) {
      throw constraintError(
        1774,
        `The number of columns in the referencing column list for foreign key '${name}' does not match those of the primary key in the referenced table '${referencedName}'.`,
        0,
      );
    }
    return { indexId: num(primary['index_id']), columns: ids };
  }
  if (key.referencedColumns.length !== key.columns.length) {
    throw constraintError(
      8139,
      `Number of referencing columns in foreign key differs from number of referenced columns, table '${table.name}'.`,
      0,
    );
  }
  const ids = key.referencedColumns.map(c => {
    const found = columns.find(r => r['name_key'] === scope.state.key(db, c));
    if (!found)
      throw constraintError(
        1770,
        `Foreign key '${name}' references invalid column '${c}' in referenced table '${text(referenced['name'])}'.`,
        0,
      );
    return num(found['column_id']);
  });
  const wanted = [...ids].sort((a, b) => a - b).join(',');
  const match = indexes.find(
    i =>
      text(i['columns'])
        .split(',')
        .map(Number)
        .sort((a, b) => a - b)
        .join(',') === wanted,
  );
  if (!match) {
    throw constraintError(
      1776,
      `There are no primary or candidate keys in the referenced table '${referencedName}' that match the referencing column list in the foreign key '${name}'.`,
      0,
    );
  }
  return { indexId: num(match['index_id']), columns: ids };
}

/** Tables that a cascade from `from` reaches, itself included. */
function cascadeReach(edges: readonly Row[], from: number, forward: boolean): Set<number> {
  const reached = new Set([from]);
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const e of edges) {
      const [a, b] = forward ? [num(e['referenced']), num(e['parent'])] : [num(e['parent']), num(e['referenced'])];
      if (a === next && !reached.has(b)) {
        reached.add(b);
        open.push(b);
      }
    }
  }
  return reached;
}

/** 1785: a cascade that meets itself, or reaches a table on two ways. */
function refuseCascadePaths(scope: Scope, table: TableRef, name: string, referencedId: number): void {
  const edges = scope.store.all(
    `SELECT f.referenced_object_id AS referenced, o.parent_object_id AS parent FROM "b.sys.foreign_keys" f
     JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.object_id
     WHERE f.db = ? AND (f.delete_referential_action <> 0 OR f.update_referential_action <> 0)`,
    scope.db,
  );
  const below = cascadeReach(edges, table.id, true);
  const above = cascadeReach(edges, referencedId, false);
  const meets =
    below.has(referencedId) ||
    [...above].some(a => [...cascadeReach(edges, a, true)].some(t => below.has(t) && t !== a));
  if (meets) {
    throw constraintError(
      1785,
      `Introducing FOREIGN KEY constraint '${name}' on table '${table.name}' may cause cycles or multiple cascade paths. Specify ON DELETE NO ACTION or ON UPDATE NO ACTION, or modify other FOREIGN KEY constraints.`,
      0,
    );
  }
}

/** FOREIGN KEY; `verify` has the engine check the rows (547). */
export function addForeignKey(
  scope: Scope,
  table: TableRef,
  key: ForeignKeyDefinition,
  verify: boolean,
  trusted: boolean,
): void {
  const { store, db } = scope;
  const objectId = scope.state.newObjectId(db);
  const name = key.name === '' ? constraintName('FK', table.name, key.columns[0] ?? null, objectId) : key.name;
  const target = key.referencedTable;
  const referenced = findObject(scope, target.schema, target.name);
  if (!referenced || typeOf(referenced) !== 'U') {
    throw constraintError(
      1767,
      `Foreign key '${name}' references invalid table '${nameAsWritten(target.schema, target.name)}'.`,
      0,
    );
  }
  const referencedId = num(referenced['object_id']);
  const own = columnsOf(scope, table.id);
  const columns = key.columns.map(c => {
    const found = own.find(r => r['name_key'] === scope.state.key(db, c));
    if (!found)
      throw constraintError(
        1769,
        `Foreign key '${name}' references invalid column '${c}' in referencing table '${table.name}'.`,
      );
    return found;
  });
  const match = referencedKey(scope, table, key, name, referenced);
  const targets = columnsOf(scope, referencedId);
  columns.forEach((c, i) => {
    const other = targets.find(t => num(t['column_id']) === match.columns[i]);
    if (other) refuseTypeMismatch(name, text(referenced['name']), other, table.name, c);
  });
  takeName(scope, table, name);
  if (key.onDelete !== 'NO ACTION' || key.onUpdate !== 'NO ACTION')
    refuseCascadePaths(scope, table, name, referencedId);
  addObject(scope, { name, schemaId: table.schemaId, type: 'F', parentId: table.id, id: objectId });
  store.insert('sys.foreign_keys', {
    db,
    object_id: objectId,
    referenced_object_id: referencedId,
    key_index_id: match.indexId,
    is_not_for_replication: key.notForReplication,
    is_not_trusted: !trusted || key.notForReplication,
    delete_referential_action: actionCodes[key.onDelete],
    update_referential_action: actionCodes[key.onUpdate],
    is_system_named: key.name === '',
  });
  columns.forEach((c, i) => {
    store.insert('sys.foreign_key_columns', {
      db,
      constraint_object_id: objectId,
      constraint_column_id: i + 1,
      parent_object_id: table.id,
      parent_column_id: num(c['column_id']),
      referenced_object_id: referencedId,
      referenced_column_id: match.columns[i] ?? 0,
    });
  });
  objectChanged(scope, table.id);
  scope.state.touch(db, referencedId);
  if (verify) {
    const loaded = loadTable(store, db, table.id);
    const made = loaded?.foreignKeys.find(f => f.name === name);
    if (loaded && made) scope.state.rows().verifyForeignKey(loaded, made);
  }
}

function refuseTypeMismatch(name: string, referencedTable: string, referenced: Row, table: string, own: Row): void {
  const a = num(referenced['system_type_id']);
  const b = num(own['system_type_id']);
  const left = `${referencedTable}.${text(referenced['name'])}`;
  const right = `${table}.${text(own['name'])}`;
  const decimals = new Set([106, 108]);
  if (a !== b && !(decimals.has(a) && decimals.has(b))) {
    throw constraintError(
      1778,
      `Column '${left}' is not the same data type as referencing column '${right}' in foreign key '${name}'.`,
      0,
    );
  }
  const sized = [165, 167, 173, 175, 231, 239].includes(a);
  if (
    (decimals.has(a) && (referenced['precision'] !== own['precision'] || referenced['scale'] !== own['scale'])) ||
    (sized && ![167, 231, 165].includes(a) && referenced['max_length'] !== own['max_length'])
  ) {
    throw constraintError(
      1753,
      `Column '${left}' is not the same length or scale as referencing column '${right}' in foreign key '${name}'. Columns participating in a foreign key relationship must be defined with the same length and scale.`,
      0,
    );
  }
  if (referenced['collation_name'] !== own['collation_name']) {
    throw constraintError(
      1757,
      `Column '${left}' is not of same collation as referencing column '${right}' in foreign key '${name}'.`,
      0,
    );
  }
}
