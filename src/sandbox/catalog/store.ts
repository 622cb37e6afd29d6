/**
 * The catalog's SQLite tables. One database file (or memory) holds a whole server: tables per database carry the database's id in `db`,
 * tables of the server do not. A base table has the columns of its catalog view in every version; which of them a posed version shows is
 * decided where the view is resolved. `X_desc` columns are not stored where the codes of X are known: the views compute them.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { DataType } from '../../model/data-type.ts';
import { type ColumnFacts, type ViewFacts, viewFacts, viewNamed } from './view-facts.ts';

export type Value = SQLOutputValue;
export type Row = Record<string, SQLOutputValue>;
export type Bind = SQLInputValue;
export type Fields = Readonly<Record<string, Bind | boolean | undefined>>;

export interface BaseTable {
  readonly name: string;
  readonly perDatabase: boolean;
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly hasNameKey: boolean;
}

/** An identifier of SQLite, which quotes like standard SQL. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Views of the whole server. Every view named in neither list is per database. */
const serverViews = new Set([
  'sys.databases',
  'sys.master_files',
  'sys.server_principals',
  'sys.configurations',
  'sys.servers',
  'sys.server_role_members',
  'sys.server_permissions',
  'sys.endpoints',
  'sys.messages',
  'sys.syslanguages',
  'sys.dm_exec_sessions',
  'sys.dm_exec_connections',
  'sys.dm_exec_requests',
  'sys.dm_os_host_info',
  'sys.dm_server_services',
  'sys.credentials',
  'sys.linked_logins',
  'sys.backup_devices',
  'sys.cryptographic_providers',
  'sys.server_triggers',
  'sys.server_trigger_events',
  'sys.server_event_notifications',
  'sys.change_tracking_databases',
  'sys.database_filestream_options',
  'sys.system_objects',
  'sys.system_columns',
  'sys.system_parameters',
  'sys.system_sql_modules',
  'sys.dm_os_volume_stats',
  'msdb.dbo.backupfile',
  'msdb.dbo.backupmediafamily',
  'msdb.dbo.backupset',
  'msdb.dbo.restorehistory',
  'sys.fulltext_languages',
  'sys.fulltext_document_types',
  'sys.event_notification_event_types',
]);
export const isServerView = (view: string): boolean => serverViews.has(view);

/** Views whose rows extend those of another: only their own columns are stored, beside the key. */
const extensions: Readonly<Record<string, { readonly of: string; readonly key: readonly string[] }>> = {
  'sys.tables': { of: 'sys.objects', key: ['object_id'] },
  'sys.views': { of: 'sys.objects', key: ['object_id'] },
  'sys.procedures': { of: 'sys.objects', key: ['object_id'] },
  'sys.synonyms': { of: 'sys.objects', key: ['object_id'] },
  'sys.sequences': { of: 'sys.objects', key: ['object_id'] },
  'sys.key_constraints': { of: 'sys.objects', key: ['object_id'] },
  'sys.foreign_keys': { of: 'sys.objects', key: ['object_id'] },
  'sys.check_constraints': { of: 'sys.objects', key: ['object_id'] },
  'sys.default_constraints': { of: 'sys.objects', key: ['object_id'] },
  'sys.service_queues': { of: 'sys.objects', key: ['object_id'] },
  'sys.internal_tables': { of: 'sys.objects', key: ['object_id'] },
  'sys.external_tables': { of: 'sys.objects', key: ['object_id'] },
  'sys.edge_constraints': { of: 'sys.objects', key: ['object_id'] },
  'sys.security_policies': { of: 'sys.objects', key: ['object_id'] },
  'sys.identity_columns': { of: 'sys.columns', key: ['object_id', 'column_id'] },
  'sys.computed_columns': { of: 'sys.columns', key: ['object_id', 'column_id'] },
  'sys.masked_columns': { of: 'sys.columns', key: ['object_id', 'column_id'] },
  'sys.table_types': { of: 'sys.types', key: ['user_type_id'] },
  'sys.assembly_types': { of: 'sys.types', key: ['user_type_id'] },
  'sys.hash_indexes': { of: 'sys.indexes', key: ['object_id', 'index_id'] },
  'sys.xml_indexes': { of: 'sys.indexes', key: ['object_id', 'index_id'] },
  'sys.spatial_indexes': { of: 'sys.indexes', key: ['object_id', 'index_id'] },
  'sys.json_indexes': { of: 'sys.indexes', key: ['object_id', 'index_id'] },
  'sys.vector_indexes': { of: 'sys.indexes', key: ['object_id', 'index_id'] },
  'sys.filegroups': { of: 'sys.data_spaces', key: ['data_space_id'] },
  'sys.partition_schemes': { of: 'sys.data_spaces', key: ['data_space_id'] },
};
export const extensionOf = (view: string): { readonly of: string; readonly key: readonly string[] } | undefined =>
  extensions[view];

/** Views that are computed wholly from others and store nothing. */
export const computedViews = new Set([
  'sys.all_objects',
  'sys.all_columns',
  'sys.all_views',
  'sys.all_sql_modules',
  'sys.all_parameters',
  'sys.system_views',
  'sys.database_files',
  'sys.sql_logins',
  'sys.allocation_units',
  'sys.dm_db_partition_stats',
  'sys.dm_os_volume_stats',
  'sys.dm_db_file_space_usage',
  'sys.sysobjects',
  'sys.syscolumns',
  'sys.syscomments',
  'sys.sysindexes',
  'sys.sysdatabases',
  'sys.sysusers',
  'sys.systypes',
  'sys.sysforeignkeys',
  'sys.sysreferences',
  'sys.sysconstraints',
  'sys.sysfiles',
  'sys.sysaltfiles',
  'sys.dm_exec_connections',
  'sys.dm_exec_requests',
  'sys.dm_db_persisted_sku_features',
  'sys.events',
  'sys.column_type_usages',
  ...viewFacts.filter(v => v.schema === 'INFORMATION_SCHEMA').map(v => `INFORMATION_SCHEMA.${v.name}`),
]);

/** Columns that only the sandbox needs. */
const extraColumns: Readonly<Record<string, readonly string[]>> = {
  // Text of column DEFAULTs of table types' columns and the like lives in default_constraints; views keep their column list as given.
  'sys.objects': ['name_key TEXT'],
  'sys.columns': ['name_key TEXT'],
  'sys.indexes': ['name_key TEXT'],
  'sys.schemas': ['name_key TEXT'],
  'sys.types': ['name_key TEXT'],
  'sys.data_spaces': ['name_key TEXT'],
  'sys.database_principals': ['name_key TEXT', 'login_name TEXT'],
  'sys.server_principals': ['name_key TEXT', 'password_hash TEXT'],
  'sys.databases': ['name_key TEXT', 'last_object_id INTEGER DEFAULT 0', "row_version TEXT DEFAULT '2000'"],
  'sys.xml_schema_collections': ['name_key TEXT', 'definition TEXT'],
  'sys.partition_functions': ['name_key TEXT'],
  'sys.partition_schemes': ['next_used TEXT'],
  'sys.triggers': ['name_key TEXT', 'schema_id INTEGER'],
  'sys.stats': ['name_key TEXT'],
  'sys.tables': ['data_space_id INTEGER'],
  'sys.views': ['column_names TEXT'],
  'sys.sequences': ['type_json TEXT'],
  'sys.sql_modules': ['encrypted INTEGER DEFAULT 0', 'text TEXT'],
};

/** Values of a new row that differ from 0, '' and NULL. */
const defaults: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  'sys.columns': { generated_always_type: 0, is_ansi_padded: 1 },
  'sys.system_columns': { generated_always_type: 0, generated_always_type_desc: 'NOT_APPLICABLE', is_ansi_padded: 1 },
  'sys.tables': {
    lock_escalation: 0,
    durability: 0,
    temporal_type: 0,
    text_in_row_limit: 0,
    ledger_type: 0,
    uses_ansi_nulls: 1,
    lob_data_space_id: 0,
  },
  'sys.views': { ledger_view_type: 0 },
  'sys.indexes': { allow_row_locks: 1, allow_page_locks: 1 },
  'sys.sql_modules': { uses_ansi_nulls: 1, uses_quoted_identifier: 1 },
  'sys.stats': { stats_generation_method: 0, stats_generation_method_desc: 'SQL 2000 style' },
  'sys.triggers': { parent_class: 1 },
  'sys.trigger_events': { is_trigger_event: 1 },
  'sys.key_constraints': { is_enforced: 1 },
};

/** Codes and descriptions of `column` in `view`, also where the facts give them at a sibling view only. */
export function codesOf(view: ViewFacts, column: string): ReadonlyMap<string, string> | null {
  const own = view.columns.find(c => c.name === column);
  if (!own) return null;
  if (own.values) return own.values;
  const sibling =
    column === 'type' && view.columns.some(c => c.name === 'parent_object_id') ? 'sys.objects' : 'sys.columns';
  if (sibling === 'sys.columns' && (!view.columns.some(c => c.name === 'column_id') || column === 'type')) return null;
  return viewNamed(sibling)?.columns.find(c => c.name === column)?.values ?? null;
}

/** Whether a column is the description of another whose codes are known. */
export function describes(view: ViewFacts, column: string): string | null {
  // Events of DDL triggers have names beyond the codes that are known.
  if (!column.endsWith('_desc') || view.name === 'trigger_events') return null;
  const code = column.slice(0, -5);
  return codesOf(view, code) ? code : null;
}

function affinity(type: DataType): string {
  switch (type.name) {
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return 'INTEGER';
    case 'float':
    case 'real':
      return 'REAL';
    case 'binary':
    case 'varbinary':
    case 'image':
    case 'timestamp':
    case 'sql_variant':
      return 'BLOB';
    default:
      return 'TEXT';
  }
}

function defaultClause(view: string, column: ColumnFacts): string {
  const own = defaults[view]?.[column.name];
  if (own !== undefined) return ` DEFAULT ${typeof own === 'number' ? own : literal(own)}`;
  if (column.type.name === 'bit') return ' DEFAULT 0';
  if (column.nullable) return '';
  return affinity(column.type) === 'INTEGER' ? ' DEFAULT 0' : affinity(column.type) === 'TEXT' ? " DEFAULT ''" : '';
}

function baseTableOf(view: ViewFacts): { table: BaseTable; sql: string } {
  const name = `${view.schema}.${view.name}`;
  const extension = extensions[name];
  const inherited = extension ? new Set(viewNamed(extension.of)?.columns.map(c => c.name)) : null;
  const own = view.columns.filter(
    c => (!inherited?.has(c.name) || extension?.key.includes(c.name)) && !describes(view, c.name),
  );
  const columns = new Map(own.map(c => [c.name, c]));
  const perDatabase = !serverViews.has(name);
  const extras = extraColumns[name] ?? [];
  const parts = [
    ...(perDatabase ? ['db INTEGER NOT NULL'] : []),
    ...own.map(c => `${ident(c.name)} ${affinity(c.type)}${defaultClause(name, c)}`),
    ...extras,
  ];
  return {
    table: { name, perDatabase, columns, hasNameKey: extras.some(e => e.startsWith('name_key ')) },
    sql: `CREATE TABLE ${ident(`b.${name}`)} (${parts.join(', ')})`,
  };
}

const indexes: readonly string[] = [
  'CREATE UNIQUE INDEX ix_objects ON "b.sys.objects"(db, object_id)',
  'CREATE INDEX ix_objects_name ON "b.sys.objects"(db, schema_id, name_key)',
  // With the ids behind, so that reading children in the order of their ids does not walk over all objects.
  'CREATE INDEX ix_objects_parent ON "b.sys.objects"(db, parent_object_id, object_id)',
  'CREATE UNIQUE INDEX ix_columns ON "b.sys.columns"(db, object_id, column_id)',
  'CREATE UNIQUE INDEX ix_indexes ON "b.sys.indexes"(db, object_id, index_id)',
  'CREATE INDEX ix_index_columns ON "b.sys.index_columns"(db, object_id, index_id, index_column_id)',
  'CREATE INDEX ix_stats ON "b.sys.stats"(db, object_id, stats_id)',
  'CREATE INDEX ix_stats_columns ON "b.sys.stats_columns"(db, object_id, stats_id)',
  'CREATE INDEX ix_partitions ON "b.sys.partitions"(db, object_id, index_id)',
  'CREATE INDEX ix_fk_columns ON "b.sys.foreign_key_columns"(db, constraint_object_id)',
  'CREATE INDEX ix_fk_columns_parent ON "b.sys.foreign_key_columns"(db, parent_object_id)',
  'CREATE INDEX ix_fk_columns_referenced ON "b.sys.foreign_key_columns"(db, referenced_object_id)',
  'CREATE INDEX ix_fk_referenced ON "b.sys.foreign_keys"(db, referenced_object_id, object_id)',
  'CREATE INDEX ix_triggers_parent ON "b.sys.triggers"(db, parent_class, parent_id, object_id)',
  'CREATE INDEX ix_triggers ON "b.sys.triggers"(db, object_id)',
  'CREATE INDEX ix_trigger_events ON "b.sys.trigger_events"(db, object_id)',
  'CREATE INDEX ix_dependencies ON "b.sys.sql_expression_dependencies"(db, referencing_id)',
  'CREATE INDEX ix_dependencies_referenced ON "b.sys.sql_expression_dependencies"(db, referenced_id, referencing_id)',
  'CREATE INDEX ix_schemas ON "b.sys.schemas"(db, schema_id)',
  'CREATE INDEX ix_schemas_name ON "b.sys.schemas"(db, name_key)',
  'CREATE INDEX ix_types ON "b.sys.types"(db, user_type_id)',
  'CREATE INDEX ix_types_name ON "b.sys.types"(db, schema_id, name_key)',
  'CREATE INDEX ix_principals_name ON "b.sys.database_principals"(db, name_key)',
  'CREATE INDEX ix_properties ON "b.sys.extended_properties"(db, class, major_id, minor_id)',
  'CREATE INDEX ix_permissions ON "b.sys.database_permissions"(db, class, major_id)',
  'CREATE INDEX ix_parameters ON "b.sys.parameters"(db, object_id)',
  'CREATE INDEX ix_system_columns ON "b.sys.system_columns"(object_id)',
  'CREATE INDEX ix_modules ON "b.sys.sql_modules"(db, object_id)',
  ...Object.entries(extensions).map(
    ([view, e], i) => `CREATE UNIQUE INDEX ix_x${i} ON ${ident(`b.${view}`)}(db, ${e.key.map(ident).join(', ')})`,
  ),
];

const built = viewFacts.filter(v => !computedViews.has(`${v.schema}.${v.name}`)).map(baseTableOf);
const baseTables: ReadonlyMap<string, BaseTable> = new Map(built.map(b => [b.table.name, b.table]));

export function baseTable(view: string): BaseTable | undefined {
  return baseTables.get(view);
}

export interface Store {
  readonly sqlite: DatabaseSync;
  /** Whether the file had been a sandbox before. */
  readonly existed: boolean;
  /** Adds a row; columns left out take their defaults, text of char(n) columns is padded. `name_key` is made from `name`. */
  insert(view: string, fields: Fields): void;
  /** Changes rows where all of `where` are equal; yields how many. */
  update(view: string, where: Fields, fields: Fields): number;
  remove(view: string, where: Fields): number;
  all(sql: string, ...parameters: Bind[]): Row[];
  get(sql: string, ...parameters: Bind[]): Row | undefined;
  run(sql: string, ...parameters: Bind[]): number;
}

const maximumPrepared = 500;

/** Opens the store in `sqlite`, creating its tables when the file is new. `keyOf` folds a name for look-up in a database (null = server). */
export function openStore(sqlite: DatabaseSync, keyOf: (databaseId: number | null, name: string) => string): Store {
  const existed =
    sqlite.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'b.sys.databases'").get()?.[
      'n'
    ] === 1;
  if (!existed) {
    for (const { sql } of built) sqlite.exec(sql);
    for (const sql of indexes) sqlite.exec(sql);
  }
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (!statement) {
      if (prepared.size >= maximumPrepared) prepared.clear();
      statement = sqlite.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };

  function encode(table: BaseTable, fields: Fields): [string[], Bind[]] {
    const names: string[] = [];
    const values: Bind[] = [];
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      names.push(name);
      const type = table.columns.get(name)?.type;
      if (typeof value === 'boolean') values.push(value ? 1 : 0);
      else if (
        typeof value === 'string' &&
        (type?.name === 'char' || type?.name === 'nchar') &&
        typeof type.length === 'number'
      ) {
        values.push(value.padEnd(type.length));
      } else values.push(value);
    }
    if (table.hasNameKey && fields['name'] !== undefined && !('name_key' in fields)) {
      const db = table.perDatabase && typeof fields['db'] === 'number' ? fields['db'] : null;
      names.push('name_key');
      values.push(fields['name'] === null ? null : keyOf(db, String(fields['name'])));
    }
    return [names, values];
  }
  function known(view: string): BaseTable {
    const table = baseTables.get(view);
    if (!table) throw new Error(`no base table ${view}`);
    return table;
  }

  return {
    sqlite,
    existed,
    insert(view, fields) {
      const [names, values] = encode(known(view), fields);
      const sql = `INSERT INTO ${ident(`b.${view}`)} (${names.map(ident).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      prepare(sql).run(...values);
    },
    update(view, where, fields) {
      const table = known(view);
      const db = where['db'];
      const [names, values] = encode(
        table,
        db !== undefined && fields['name'] !== undefined ? { ...fields, db } : fields,
      );
      const [keys, keyValues] = encode({ ...table, hasNameKey: false }, where);
      const sql = `UPDATE ${ident(`b.${view}`)} SET ${names.map(n => `${ident(n)} = ?`).join(', ')} WHERE ${keys.map(k => `${ident(k)} IS ?`).join(' AND ')}`;
      return Number(prepare(sql).run(...values, ...keyValues).changes);
    },
    remove(view, where) {
      const [keys, keyValues] = encode({ ...known(view), hasNameKey: false }, where);
      const sql = `DELETE FROM ${ident(`b.${view}`)} WHERE ${keys.map(k => `${ident(k)} IS ?`).join(' AND ')}`;
      return Number(prepare(sql).run(...keyValues).changes);
    },
    all: (sql, ...parameters) => prepare(sql).all(...parameters) as Row[],
    get: (sql, ...parameters) => prepare(sql).get(...parameters) as Row | undefined,
    run: (sql, ...parameters) => Number(prepare(sql).run(...parameters).changes),
  };
}

/** Drops every row of a database. */
export function forgetDatabase(store: Store, db: number): void {
  for (const table of baseTables.values()) {
    if (table.perDatabase) store.run(`DELETE FROM ${ident(`b.${table.name}`)} WHERE db = ?`, db);
  }
}

/** Gives a database every row that another one has. */
export function copyDatabaseRows(store: Store, from: number, to: number): void {
  for (const table of baseTables.values()) {
    if (table.perDatabase) copyRows(store, table.name, 'db', from, to);
  }
}

/** Rows of a base table that have `from` in a column, once more with `to` in it. */
export function copyRows(store: Store, table: string, column: string, from: number, to: number): void {
  const name = ident(`b.${table}`);
  const columns = store.all(`SELECT name FROM pragma_table_info(${literal(`b.${table}`)})`).map(r => text(r['name']));
  const others = columns.filter(c => c !== column).map(ident);
  store.run(
    `INSERT INTO ${name} (${[ident(column), ...others].join(', ')}) SELECT ${[to, ...others].join(', ')} FROM ${name} WHERE ${ident(column)} = ?`,
    from,
  );
}

/** A number of a row; NULL counts as 0. */
export const num = (value: Value | undefined): number => (typeof value === 'number' ? value : Number(value ?? 0));
export const text = (value: Value | undefined): string => (value === null || value === undefined ? '' : String(value));
export const textOrNull = (value: Value | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
