/** CREATE TABLE and the removal of tables. */
import type { CreateTable, TableElements } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import { addObject, columnsOf, objectById, refuseTakenName, type Scope, schemaFor } from '../state.ts';
import { num } from '../store.ts';
import { loadTable } from '../table-loader.ts';
import { isLob } from './column-types.ts';
import { addColumn } from './columns.ts';
import { addCheck, addDefault, addForeignKey, type TableRef } from './constraints.ts';
import { defaultSpace, resolveSpace, spaceNamed } from './data-spaces.ts';
import { command, done, fail, syntaxError } from './failure.ts';
import { addHeap, addIndex, addKey, asNewIndex } from './indexes.ts';

/** Which keys of a table become clustered: what they say, else the primary key when no other is. */
export function clusteredKeys(elements: TableElements, hasClustered: boolean): readonly boolean[] {
  let taken =
    hasClustered || elements.keys.some(k => k.clustered === true) || elements.indexes.some(i => i.clustered === true);
  return elements.keys.map(key => {
    if (key.clustered !== null) return key.clustered;
    if (key.kind === 'primaryKey' && !taken) {
      taken = true;
      return true;
    }
    return false;
  });
}

/** Name key of the only column that an inline constraint stands at; null when it is of the whole table. */
function soleColumn(columns: readonly string[]): string | null {
  return columns.length === 1 ? (columns[0] ?? null) : null;
}

/** Adds the columns and constraints of a table that has no rows. */
export function addElements(scope: Scope, table: TableRef, elements: TableElements): void {
  const key = (name: string): string => scope.state.key(scope.db, name);
  const primary = new Set(
    elements.keys.filter(k => k.kind === 'primaryKey').flatMap(k => k.columns.map(c => key(c.name))),
  );
  // Computed columns after the others, since their expressions name them; the ids stay those of the text.
  const plain = elements.columns.map((column, i) => ({ column, id: i + 1 }));
  for (const { column, id } of [...plain.filter(p => !p.column.computed), ...plain.filter(p => p.column.computed)]) {
    addColumn(scope, table, column, id, { inPrimaryKey: primary.has(key(column.name)), ordinal: id });
  }
  for (const column of elements.columns) {
    if (column.default) addDefault(scope, table, column.name, column.default);
  }
  for (const given of elements.defaults) addDefault(scope, table, given.column, given);
}

function addConstraints(scope: Scope, table: TableRef, elements: TableElements): void {
  const clustered = clusteredKeys(elements, false);
  if (elements.keys.filter(k => k.kind === 'primaryKey').length > 1) {
    throw fail(8110, `Cannot add multiple PRIMARY KEY constraints to table '${table.name}'.`, { state: 0 });
  }
  if (clustered.filter(Boolean).length > 1) {
    throw fail(8112, `Cannot add more than one clustered index for constraints on table '${table.name}'.`, {
      state: 0,
    });
  }
  elements.keys.forEach((k, i) => addKey(scope, table, k, clustered[i] === true, false));
  for (const check of elements.checks)
    addCheck(scope, table, check, inlineColumn(elements, check.expression), false, true);
  for (const fk of elements.foreignKeys) addForeignKey(scope, table, fk, false, true);
  for (const index of elements.indexes) {
    if (scope.version < 120) throw syntaxError('INDEX');
    addIndex(scope, table.id, table.name, asNewIndex(index), false);
  }
}

/** A check that names one column gets a name with it, as one written at the column does. */
function inlineColumn(elements: TableElements, expression: string): string | null {
  const names = elements.columns
    .map(c => c.name)
    .filter(n =>
      new RegExp(`(^|[^\\w@#$])\\[?${n.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\]?([^\\w@#$]|$)`, 'i').test(expression),
    );
  return soleColumn(names);
}

/** Options of CREATE TABLE … WITH (…) beyond compression. */
function checkOptions(scope: Scope, statement: CreateTable): void {
  for (const [option, value] of Object.entries(statement.otherOptions)) {
    if (value.toUpperCase() === 'OFF') continue;
    const since: Readonly<Record<string, number>> = {
      MEMORY_OPTIMIZED: 120,
      DURABILITY: 120,
      SYSTEM_VERSIONING: 130,
      'AS NODE': 140,
      'AS EDGE': 140,
      LEDGER: 160,
      XML_COMPRESSION: 160,
      DATA_DELETION: 150,
      REMOTE_DATA_ARCHIVE: 130,
    };
    const first = since[option.toUpperCase()];
    if (first !== undefined && first > scope.version) throw syntaxError(option.split(' ').at(-1) ?? option);
    throw fail(40000, `not supported by the sandbox: CREATE TABLE with ${option}`);
  }
}

export function createTable(scope: Scope, statement: CreateTable): DdlOutcome {
  checkOptions(scope, statement);
  const schema = schemaFor(scope, statement.name.schema);
  const name =
    scope.db === 2 && statement.name.name.startsWith('#')
      ? temporaryName(statement.name.name, scope.context.sessionId)
      : statement.name.name;
  refuseTakenName(scope, schema.id, name);
  const space = resolveSpace(scope, statement.dataSpace) ?? defaultSpace(scope);
  const id = addObject(scope, { name, schemaId: schema.id, type: 'U' });
  const table: TableRef = { id, name, schemaId: schema.id };
  scope.store.insert('sys.tables', {
    db: scope.db,
    object_id: id,
    max_column_id_used: statement.columns.length,
    uses_ansi_nulls: scope.context.ansiNulls,
  });
  addElements(scope, table, statement);
  addHeap(scope, id, name, space, statement.compression);
  if (!statement.columns.some(c => !c.computed)) {
    throw fail(
      1729,
      `CREATE TABLE failed because there is no column that is not a computed column in table '${name}'.`,
    );
  }
  addConstraints(scope, table, applyCompression(statement));
  setTableSpaces(scope, statement, id, name);
  const made = loadTable(scope.store, scope.db, id);
  if (made) scope.state.rows().createTable(made);
  scope.state.touch(scope.db, id);
  return done(command.createTable);
}

/** DATA_COMPRESSION of the table is that of its clustered key, where it has one without its own. */
function applyCompression(statement: CreateTable): TableElements {
  const clustered = clusteredKeys(statement, false);
  return {
    ...statement,
    keys: statement.keys.map((k, i) =>
      clustered[i] && k.options.compression.length === 0
        ? { ...k, options: { ...k.options, compression: statement.compression } }
        : k,
    ),
  };
}

function setTableSpaces(scope: Scope, statement: CreateTable, id: number, name: string): void {
  const columns = columnsOf(scope, id);
  const lobs = columns.some(isLob);
  if (statement.lobDataSpace !== null && !lobs) {
    throw fail(
      1709,
      'Cannot use TEXTIMAGE_ON when a table has no text, ntext, image, varchar(max), nvarchar(max), non-FILESTREAM varbinary(max), xml or large CLR type columns.',
    );
  }
  const lobSpace =
    statement.lobDataSpace === null
      ? defaultSpace(scope)
      : resolveSpace(scope, { name: statement.lobDataSpace, partitionColumn: null });
  let filestream: number | null = null;
  if (columns.some(c => num(c['is_filestream']) === 1)) {
    const unique = scope.store.get(
      `SELECT 1 AS x FROM "b.sys.columns" c JOIN "b.sys.index_columns" ic ON ic.db = c.db AND ic.object_id = c.object_id AND ic.column_id = c.column_id
       JOIN "b.sys.indexes" i ON i.db = ic.db AND i.object_id = ic.object_id AND i.index_id = ic.index_id
       WHERE c.db = ? AND c.object_id = ? AND c.is_rowguidcol = 1 AND c.is_nullable = 0 AND i.is_unique = 1`,
      scope.db,
      id,
    );
    if (!unique)
      throw fail(
        5505,
        'A table that has FILESTREAM columns must have a nonnull unique column with the ROWGUID property.',
      );
    const given = statement.filestreamDataSpace;
    const row =
      given === null || given.toLowerCase() === 'default'
        ? scope.store.get(
            'SELECT data_space_id FROM "b.sys.data_spaces" WHERE db = ? AND type = \'FD\' ORDER BY is_default DESC',
            scope.db,
          )
        : spaceNamed(scope, given);
    if (!row) throw fail(1921, `Invalid filegroup '${given ?? name}' specified.`);
    filestream = num(row['data_space_id']);
  }
  scope.store.update(
    'sys.tables',
    { db: scope.db, object_id: id },
    { lob_data_space_id: lobs ? (lobSpace?.id ?? 1) : 0, filestream_data_space_id: filestream },
  );
}

/** A local temporary table's name in tempdb: padded, with the session's number (116 characters and 12). */
export function temporaryName(name: string, sessionId: number): string {
  if (name.startsWith('##') || !name.startsWith('#')) return name;
  return name.padEnd(116, '_') + sessionId.toString(16).toUpperCase().padStart(12, '0');
}

/** Removes every catalog row of a table and what hangs on it. */
export function removeTable(scope: Scope, id: number): void {
  const { store, db } = scope;
  const children = store.all('SELECT object_id FROM "b.sys.objects" WHERE db = ? AND parent_object_id = ?', db, id);
  for (const child of children) removeObject(scope, num(child['object_id']));
  const triggers = store.all(
    'SELECT object_id FROM "b.sys.triggers" WHERE db = ? AND parent_class = 1 AND parent_id = ?',
    db,
    id,
  );
  for (const trigger of triggers) removeObject(scope, num(trigger['object_id']));
  for (const view of [
    'sys.columns',
    'sys.identity_columns',
    'sys.computed_columns',
    'sys.indexes',
    'sys.index_columns',
    'sys.stats',
    'sys.stats_columns',
    'sys.partitions',
    'sys.tables',
  ] as const) {
    store.remove(view, { db, object_id: id });
  }
  scope.state.identity.forget(db, id);
  removeObject(scope, id);
}

/** Removes an object's rows in every table that is keyed by its id. */
export function removeObject(scope: Scope, id: number): void {
  const { store, db } = scope;
  const foreignKey = store.get(
    'SELECT referenced_object_id FROM "b.sys.foreign_keys" WHERE db = ? AND object_id = ?',
    db,
    id,
  );
  const parent = num(objectById(scope, id)?.['parent_object_id']);
  for (const view of [
    'sys.objects',
    'sys.views',
    'sys.procedures',
    'sys.synonyms',
    'sys.sequences',
    'sys.key_constraints',
    'sys.foreign_keys',
    'sys.check_constraints',
    'sys.default_constraints',
    'sys.sql_modules',
    'sys.triggers',
    'sys.trigger_events',
    'sys.parameters',
    'sys.numbered_procedures',
  ] as const) {
    store.remove(view, { db, object_id: id });
  }
  store.remove('sys.foreign_key_columns', { db, constraint_object_id: id });
  store.remove('sys.sql_expression_dependencies', { db, referencing_id: id });
  store.run(
    'UPDATE "b.sys.sql_expression_dependencies" SET referenced_id = NULL WHERE db = ? AND referenced_id = ?',
    db,
    id,
  );
  for (const classId of [1, 2, 7]) store.remove('sys.extended_properties', { db, class: classId, major_id: id });
  store.remove('sys.database_permissions', { db, class: 1, major_id: id });
  scope.state.touch(db, id);
  if (parent !== 0) scope.state.touch(db, parent);
  if (foreignKey) scope.state.touch(db, num(foreignKey['referenced_object_id']));
}

/** DROP TABLE of one table: 3726 while a foreign key of another references it. */
export function dropTable(scope: Scope, id: number, written: string): void {
  const reference = scope.store.get(
    `SELECT 1 AS x FROM "b.sys.foreign_keys" f JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.object_id
     WHERE f.db = ? AND f.referenced_object_id = ? AND o.parent_object_id <> ?`,
    scope.db,
    id,
    id,
  );
  if (reference)
    throw fail(3726, `Could not drop object '${written}' because it is referenced by a FOREIGN KEY constraint.`);
  removeTable(scope, id);
  scope.state.rows().dropTable(scope.db, id);
}
