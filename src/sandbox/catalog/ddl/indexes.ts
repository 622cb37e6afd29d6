/** Indexes and keys: rows of sys.indexes, index_columns, stats, partitions; the engine builds the index over the rows. */

import type { DataSpace } from '../../../model/data-space.ts';
import type { IndexColumn, IndexOptions } from '../../../model/table-index.ts';
import type { AlterIndex, CreateIndex, IndexDefinition, KeyDefinition } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
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
import { keyName } from './constraint-names.ts';
import { defaultSpace, type ResolvedSpace, resolveSpace, writePartitions } from './data-spaces.ts';
import { command, couldNotCreate, done, fail } from './failure.ts';
import { storedExpression } from './stored-expression.ts';
import { temporaryName } from './table.ts';

/** What is created: an index, or a key with its constraint. */
interface NewIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly clustered: boolean;
  readonly columns: readonly IndexColumn[];
  readonly included: readonly string[];
  readonly filter: string | null;
  readonly options: IndexOptions;
  readonly dataSpace: DataSpace | null;
  readonly key: 'primaryKey' | 'unique' | null;
}

/** Types that cannot be key columns of an index (error 1919). */
function isInvalidKey(row: Row): boolean {
  const id = num(row['system_type_id']);
  return (
    [34, 35, 99, 241, 244, 255].includes(id) ||
    num(row['max_length']) === -1 ||
    (id === 240 && num(row['user_type_id']) !== 128)
  );
}

/** The data space of a table: of its clustered index or heap. */
export function tableSpace(scope: Scope, objectId: number): ResolvedSpace {
  const row = scope.store.get(
    'SELECT data_space_id, index_id FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND index_id IN (0, 1) ORDER BY index_id',
    scope.db,
    objectId,
  );
  const id = row ? num(row['data_space_id']) : 0;
  if (!row || id === 0) return defaultSpace(scope);
  const indexId = num(row['index_id']);
  const partitions = num(
    scope.store.get(
      'SELECT count(*) AS n FROM "b.sys.partitions" WHERE db = ? AND object_id = ? AND index_id = ?',
      scope.db,
      objectId,
      indexId,
    )?.['n'],
  );
  const column = scope.store.get(
    `SELECT c.name FROM "b.sys.index_columns" ic JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
     WHERE ic.db = ? AND ic.object_id = ? AND ic.index_id = ? AND ic.partition_ordinal = 1`,
    scope.db,
    objectId,
    indexId,
  );
  return { id, partitions, partitionColumn: column ? text(column['name']) : null };
}

function columnMap(scope: Scope, objectId: number): Map<string, Row> {
  return new Map(columnsOf(scope, objectId).map(row => [text(row['name_key']), row]));
}

/** Adds an index of a table or view to the catalog and has the engine build it. */
export function addIndex(scope: Scope, objectId: number, tableName: string, index: NewIndex, build: boolean): number {
  const { store, db } = scope;
  const columns = columnMap(scope, objectId);
  const keyOf = (name: string): string => scope.state.key(db, name);
  const limit = scope.version >= 130 ? 32 : 16;
  if (index.columns.length > limit) {
    throw fail(
      1904,
      `The index '${index.name}' on table '${tableName}' has ${index.columns.length} columns in the key list. The maximum limit for index key column list is ${limit}.`,
    );
  }
  const seen = new Set<string>();
  for (const { name } of [...index.columns, ...index.included.map(i => ({ name: i }))]) {
    const key = keyOf(name);
    if (!columns.has(key)) throw fail(1911, `Column name '${name}' does not exist in the target table or view.`);
    if (seen.has(key))
      throw fail(1909, `Cannot use duplicate column names in index. Column name '${name}' listed more than once.`);
    seen.add(key);
  }
  for (const { name } of index.columns) {
    const row = columns.get(keyOf(name));
    if (row && isInvalidKey(row)) {
      throw fail(
        1919,
        `Column '${text(row['name'])}' in table '${tableName}' is of a type that is invalid for use as a key column in an index.`,
      );
    }
  }
  const existing = store.all(
    'SELECT index_id, name, name_key FROM "b.sys.indexes" WHERE db = ? AND object_id = ?',
    db,
    objectId,
  );
  const statistics = store.all(
    'SELECT name_key, stats_id FROM "b.sys.stats" WHERE db = ? AND object_id = ?',
    db,
    objectId,
  );
  if (
    existing.some(r => r['name_key'] === keyOf(index.name)) ||
    statistics.some(r => r['name_key'] === keyOf(index.name))
  ) {
    throw fail(
      1913,
      `The operation failed because an index or statistics with name '${index.name}' already exists on ${index.key ? 'table' : 'table'} '${tableName}'.`,
    );
  }
  const clustered = existing.find(r => num(r['index_id']) === 1);
  if (index.clustered && clustered) {
    throw fail(
      1902,
      `Cannot create more than one clustered index on table '${tableName}'. Drop the existing clustered index '${text(clustered['name'])}' before creating another.`,
      { state: 3 },
    );
  }
  const own = resolveSpace(scope, index.dataSpace) ?? tableSpace(scope, objectId);
  const used = Math.max(1, ...existing.map(r => num(r['index_id'])), ...statistics.map(r => num(r['stats_id'])));
  const indexId = index.clustered ? 1 : used + 1;
  if (index.clustered) {
    store.remove('sys.indexes', { db, object_id: objectId, index_id: 0 });
    store.remove('sys.index_columns', { db, object_id: objectId, index_id: 0 });
    store.remove('sys.partitions', { db, object_id: objectId, index_id: 0 });
  }
  const { options } = index;
  store.insert('sys.indexes', {
    db,
    object_id: objectId,
    name: index.name,
    index_id: indexId,
    type: index.clustered ? 1 : 2,
    is_unique: index.unique,
    data_space_id: own.id,
    ignore_dup_key: options.ignoreDuplicateKey,
    is_primary_key: index.key === 'primaryKey',
    is_unique_constraint: index.key === 'unique',
    fill_factor: options.fillFactor,
    is_padded: options.padIndex,
    allow_row_locks: options.allowRowLocks,
    allow_page_locks: options.allowPageLocks,
    has_filter: index.filter !== null,
    filter_definition: index.filter === null ? null : storedExpression(index.filter),
  });
  writeIndexColumns(scope, objectId, indexId, index, own, columns);
  store.insert('sys.stats', {
    db,
    object_id: objectId,
    name: index.name,
    stats_id: indexId,
    no_recompute: options.statisticsNoRecompute,
    has_filter: index.filter !== null,
    filter_definition: index.filter === null ? null : storedExpression(index.filter),
  });
  index.columns.forEach((c, i) => {
    store.insert('sys.stats_columns', {
      db,
      object_id: objectId,
      stats_id: indexId,
      stats_column_id: i + 1,
      column_id: num(columns.get(keyOf(c.name))?.['column_id']),
    });
  });
  writePartitions(scope, objectId, indexId, own, options.compression, index.name);
  objectChanged(scope, objectId);
  if (build) {
    const table = loadTable(store, db, objectId);
    const built = table?.indexes.find(i => i.indexId === indexId);
    if (table && built) scope.state.rows().buildIndex(table, built);
  }
  return indexId;
}

function writeIndexColumns(
  scope: Scope,
  objectId: number,
  indexId: number,
  index: NewIndex,
  space: ResolvedSpace,
  columns: Map<string, Row>,
): void {
  const partitionKey = space.partitionColumn === null ? null : scope.state.key(scope.db, space.partitionColumn);
  let ordinal = 0;
  let partitioned = false;
  const add = (name: string, fields: Record<string, number | boolean>): void => {
    const key = scope.state.key(scope.db, name);
    const isPartition = key === partitionKey;
    partitioned ||= isPartition;
    scope.store.insert('sys.index_columns', {
      db: scope.db,
      object_id: objectId,
      index_id: indexId,
      index_column_id: ++ordinal,
      column_id: num(columns.get(key)?.['column_id']),
      partition_ordinal: isPartition ? 1 : 0,
      ...fields,
    });
  };
  index.columns.forEach((c, i) => add(c.name, { key_ordinal: i + 1, is_descending_key: c.descending }));
  for (const name of index.included) add(name, { is_included_column: true });
  if (space.partitionColumn !== null && !partitioned) {
    if (index.unique) {
      throw fail(
        1908,
        `Column '${space.partitionColumn}' is partitioning column of the index '${index.name}'. Partition columns for a unique index must be a subset of the index key.`,
      );
    }
    add(space.partitionColumn, {});
  }
}

/** The heap of a new table (index 0). */
export function addHeap(
  scope: Scope,
  objectId: number,
  tableName: string,
  space: ResolvedSpace,
  compression: IndexOptions['compression'],
): void {
  scope.store.insert('sys.indexes', {
    db: scope.db,
    object_id: objectId,
    name: null,
    name_key: null,
    index_id: 0,
    type: 0,
    data_space_id: space.id,
  });
  if (space.partitionColumn !== null) {
    const column = columnMap(scope, objectId).get(scope.state.key(scope.db, space.partitionColumn));
    if (!column) throw fail(1911, `Column name '${space.partitionColumn}' does not exist in the target table or view.`);
    scope.store.insert('sys.index_columns', {
      db: scope.db,
      object_id: objectId,
      index_id: 0,
      index_column_id: 1,
      column_id: num(column['column_id']),
      partition_ordinal: 1,
    });
  }
  writePartitions(scope, objectId, 0, space, compression, tableName);
}

/** PRIMARY KEY or UNIQUE: the constraint and its index. `clustered` is decided by the caller. */
export function addKey(
  scope: Scope,
  table: { id: number; name: string; schemaId: number },
  key: KeyDefinition,
  clustered: boolean,
  build: boolean,
): void {
  const { store, db } = scope;
  if (key.kind === 'primaryKey') {
    const existing = store.get(
      'SELECT 1 AS x FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND is_primary_key = 1',
      db,
      table.id,
    );
    if (existing)
      throw fail(1779, `Table '${table.name}' already has a primary key defined on it.`, {
        state: 0,
        more: [couldNotCreate(0)],
      });
  }
  const objectId = scope.state.newObjectId(db);
  const names = key.columns.map(c => c.name);
  const name = key.name === '' ? keyName(key.kind, table.name, names, objectId) : key.name;
  const taken = findObject(scope, schemaName(scope, table.schemaId), name);
  if (taken)
    throw fail(2714, `There is already an object named '${name}' in the database.`, {
      state: 5,
      more: [couldNotCreate()],
    });
  addObject(scope, {
    name,
    schemaId: table.schemaId,
    type: key.kind === 'primaryKey' ? 'PK' : 'UQ',
    parentId: table.id,
    id: objectId,
  });
  try {
    const indexId = addIndex(
      scope,
      table.id,
      table.name,
      {
        name,
        unique: true,
        clustered,
        columns: key.columns,
        included: [],
        filter: null,
        options: key.options,
        dataSpace: key.dataSpace,
        key: key.kind,
      },
      build,
    );
    store.insert('sys.key_constraints', {
      db,
      object_id: objectId,
      unique_index_id: indexId,
      is_system_named: key.name === '',
    });
  } catch (error) {
    throw withFollowUp(error);
  }
}

function withFollowUp(error: unknown): unknown {
  if (error instanceof Error && error.name === 'ServerError') {
    const known = error as ReturnType<typeof fail>;
    if (known.more.some(m => m.number === 1750)) return known;
    return fail(known.number, known.message, {
      state: known.state,
      class: known.class,
      more: [...known.more, couldNotCreate(known.state === 0 ? 0 : 1)],
    });
  }
  return error;
}

export { withFollowUp };

/** A table or view by name for CREATE INDEX and its like; 1088 when there is none. */
export function indexedObject(scope: Scope, schema: string | null, name: string): Row {
  const stored = scope.db === 2 ? temporaryName(name, scope.context.sessionId) : name;
  const row = findObject(scope, schema, stored);
  if (!row || !['U', 'V', 'TT'].includes(typeOf(row))) {
    throw fail(
      1088,
      `Cannot find the object "${nameAsWritten(schema, name)}" because it does not exist or you do not have permissions.`,
      { state: 12 },
    );
  }
  return row;
}

export const asNewIndex = (index: IndexDefinition): NewIndex => ({
  name: index.name,
  unique: index.unique,
  clustered: index.clustered === true,
  columns: index.columns,
  included: index.included,
  filter: index.filter,
  options: index.options,
  dataSpace: index.dataSpace,
  key: null,
});

export function createIndex(scope: Scope, statement: CreateIndex): DdlOutcome {
  const object = indexedObject(scope, statement.on.schema, statement.on.name);
  const id = num(object['object_id']);
  const tableName = nameAsWritten(
    statement.on.schema ?? schemaName(scope, num(object['schema_id'])),
    text(object['name']),
  );
  if (typeOf(object) === 'V') refuseUnboundView(scope, object, statement.index.clustered === true);
  const table = loadTable(scope.store, scope.db, id);
  if (statement.dropExisting) {
    const old = indexNamed(scope, id, statement.index.name);
    if (!old) throw fail(7999, `Could not find any index named '${statement.index.name}' for table '${tableName}'.`);
    dropIndexRows(scope, id, old);
    const built = table?.indexes.find(i => i.indexId === num(old['index_id']));
    if (table && built) scope.state.rows().dropIndex(table, built);
  }
  addIndex(scope, id, tableName, asNewIndex(statement.index), true);
  return done(command.createIndex);
}

function refuseUnboundView(scope: Scope, view: Row, clustered: boolean): void {
  const id = num(view['object_id']);
  const bound = scope.store.get(
    'SELECT is_schema_bound FROM "b.sys.sql_modules" WHERE db = ? AND object_id = ?',
    scope.db,
    id,
  );
  const name = text(view['name']);
  if (num(bound?.['is_schema_bound']) !== 1) {
    throw fail(1939, `Cannot create index on view '${name}' because the view is not schema bound.`);
  }
  const unique = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND index_id = 1',
    scope.db,
    id,
  );
  if (!unique && !clustered) {
    throw fail(1940, `Cannot create index on view '${name}'. It does not have a unique clustered index.`);
  }
}

export function indexNamed(scope: Scope, objectId: number, name: string): Row | undefined {
  return scope.store.get(
    'SELECT * FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND name_key = ?',
    scope.db,
    objectId,
    scope.state.key(scope.db, name),
  );
}

/** Removes an index from the catalog; a clustered one leaves a heap on its data space. */
export function dropIndexRows(scope: Scope, objectId: number, index: Row): void {
  const { store, db } = scope;
  const indexId = num(index['index_id']);
  const space = indexId === 1 ? tableSpace(scope, objectId) : null;
  for (const view of ['sys.indexes', 'sys.index_columns', 'sys.partitions'] as const)
    store.remove(view, { db, object_id: objectId, index_id: indexId });
  store.remove('sys.stats', { db, object_id: objectId, stats_id: indexId });
  store.remove('sys.stats_columns', { db, object_id: objectId, stats_id: indexId });
  store.remove('sys.extended_properties', { db, class: 7, major_id: objectId, minor_id: indexId });
  const isView =
    typeOf(store.get('SELECT type FROM "b.sys.objects" WHERE db = ? AND object_id = ?', db, objectId) ?? {}) === 'V';
  if (space && !isView) addHeap(scope, objectId, '', space, []);
  objectChanged(scope, objectId);
}

export function alterIndex(scope: Scope, statement: AlterIndex): DdlOutcome {
  const object = indexedObject(scope, statement.on.schema, statement.on.name);
  const id = num(object['object_id']);
  const all = scope.store.all(
    'SELECT * FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND index_id > 0 ORDER BY index_id',
    scope.db,
    id,
  );
  const named =
    statement.index === null
      ? all
      : all.filter(r => r['name_key'] === scope.state.key(scope.db, statement.index ?? ''));
  if (statement.index !== null && named.length === 0) {
    throw fail(2727, `Cannot find index '${statement.index}'.`, { class: 11 });
  }
  for (const index of named) changeIndex(scope, id, index, statement);
  return done(command.none);
}

function changeIndex(scope: Scope, objectId: number, index: Row, statement: AlterIndex): void {
  const { store, db } = scope;
  const indexId = num(index['index_id']);
  const where = { db, object_id: objectId, index_id: indexId };
  const { options } = statement;
  store.update('sys.indexes', where, {
    index_id: indexId,
    ...(options.allowRowLocks === undefined ? {} : { allow_row_locks: options.allowRowLocks }),
    ...(options.allowPageLocks === undefined ? {} : { allow_page_locks: options.allowPageLocks }),
    ...(options.ignoreDuplicateKey === undefined ? {} : { ignore_dup_key: options.ignoreDuplicateKey }),
    ...(options.fillFactor === undefined ? {} : { fill_factor: options.fillFactor }),
    ...(options.padIndex === undefined ? {} : { is_padded: options.padIndex }),
  });
  if (options.statisticsNoRecompute !== undefined) {
    store.update(
      'sys.stats',
      { db, object_id: objectId, stats_id: indexId },
      { no_recompute: options.statisticsNoRecompute },
    );
  }
  if (options.compression !== undefined && options.compression.length > 0) {
    writePartitions(
      scope,
      objectId,
      indexId,
      { ...tableSpace(scope, objectId), partitions: partitionCount(scope, objectId, indexId) },
      options.compression,
      text(index['name']),
    );
  }
  const disabled = num(index['is_disabled']) === 1;
  if (statement.action === 'DISABLE' && !disabled) {
    setDisabled(scope, objectId, indexId, true);
    disableReferences(scope, objectId, indexId);
  } else if (statement.action === 'REBUILD' && disabled) {
    setDisabled(scope, objectId, indexId, false);
  }
  objectChanged(scope, objectId);
}

function partitionCount(scope: Scope, objectId: number, indexId: number): number {
  return num(
    scope.store.get(
      'SELECT count(*) AS n FROM "b.sys.partitions" WHERE db = ? AND object_id = ? AND index_id = ?',
      scope.db,
      objectId,
      indexId,
    )?.['n'],
  );
}

function setDisabled(scope: Scope, objectId: number, indexId: number, disabled: boolean): void {
  const before = loadTable(scope.store, scope.db, objectId);
  const old = before?.indexes.find(i => i.indexId === indexId);
  if (disabled && before && old && !old.clustered) scope.state.rows().dropIndex(before, old);
  scope.store.update(
    'sys.indexes',
    { db: scope.db, object_id: objectId, index_id: indexId },
    { is_disabled: disabled },
  );
  const after = loadTable(scope.store, scope.db, objectId);
  const index = after?.indexes.find(i => i.indexId === indexId);
  if (!disabled && after && index && !index.clustered) scope.state.rows().buildIndex(after, index);
}

/** Disabling a key disables the foreign keys that reference it. */
function disableReferences(scope: Scope, objectId: number, indexId: number): void {
  const keys = scope.store.all(
    'SELECT object_id FROM "b.sys.foreign_keys" WHERE db = ? AND referenced_object_id = ? AND key_index_id = ?',
    scope.db,
    objectId,
    indexId,
  );
  for (const key of keys) {
    scope.store.update(
      'sys.foreign_keys',
      { db: scope.db, object_id: num(key['object_id']) },
      { is_disabled: true, is_not_trusted: true },
    );
  }
  if (keys.length > 0) scope.state.touch(scope.db, 0);
}
