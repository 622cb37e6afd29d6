import { describe, expect, it } from 'vitest';
import { readDatabase } from '../../src/catalog/read-database.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { Database } from '../../src/model/database.ts';
import type { UnsupportedObject } from '../../src/model/unsupported-object.ts';
import { databaseRow, type FakeRow, type FakeRows, fakeSession, viewFacts } from '../support/fake-catalog.ts';

const read = (version: VersionNumber, rows: FakeRows): Promise<Database> =>
  readDatabase(fakeSession(version, rows).session, version);

const object = (id: number, name: string, type: string, more: FakeRow = {}): FakeRow => ({
  object_id: id,
  name,
  schema_id: 1,
  type,
  parent_object_id: 0,
  ...more,
});

/** A table T with one int column a, and changes to its rows. */
function withTable(changes: {
  table?: FakeRow;
  column?: FakeRow;
  index?: FakeRow;
  partition?: FakeRow;
  stats?: FakeRow;
  more?: FakeRows;
}): FakeRows {
  return {
    'sys.objects': [object(5, 'T', 'U ')],
    'sys.tables': [{ ...object(5, 'T', 'U '), lock_escalation_desc: 'TABLE', ...changes.table }],
    'sys.columns': [
      { object_id: 5, column_id: 1, name: 'a', user_type_id: 56, system_type_id: 56, max_length: 4, ...changes.column },
    ],
    'sys.types': [{ user_type_id: 56, system_type_id: 56, name: 'int', schema_id: 4, max_length: 4 }],
    'sys.indexes': [
      { object_id: 5, index_id: 0, type: 0, data_space_id: 1 },
      ...(changes.index ? [{ object_id: 5, index_id: 2, name: 'I', data_space_id: 1, ...changes.index }] : []),
    ],
    ...(changes.partition
      ? { 'sys.partitions': [{ object_id: 5, index_id: 0, data_compression_desc: 'NONE', ...changes.partition }] }
      : {}),
    ...(changes.stats ? { 'sys.stats': [{ object_id: 5, stats_id: 2, name: 'S', ...changes.stats }] } : {}),
    ...changes.more,
  };
}

interface Case {
  readonly kind: string;
  readonly object: string;
  readonly version?: VersionNumber;
  readonly dropped?: boolean;
  readonly rows: FakeRows;
}

const named = (kind: string, view: string, row: FakeRow, version: VersionNumber = 100): Case => ({
  kind,
  object: `[${String(row.name ?? row.language)}]`,
  version,
  rows: { [view]: [row] },
});
const onTable = (kind: string, changes: Parameters<typeof withTable>[0], version: VersionNumber = 170): Case => ({
  kind,
  object: '[dbo].[T]',
  version,
  rows: withTable(changes),
});
const onColumn = (kind: string, column: FakeRow): Case => ({
  kind,
  object: '[dbo].[T].[a]',
  version: 170,
  rows: withTable({ column }),
});
const onIndex = (kind: string, type: number, more: FakeRow = {}): Case => ({
  kind,
  object: '[dbo].[T].[I]',
  version: 170,
  rows: withTable({ index: { type, ...more } }),
});
const ofType = (kind: string, type: string): Case => ({
  kind,
  object: '[dbo].[x]',
  version: 170,
  rows: { 'sys.objects': [object(9, 'x', type, { type_desc: 'SOMETHING' })] },
});
const ofDatabase = (kind: string, column: string, version: VersionNumber = 170): Case => ({
  kind,
  object: 'DATABASE',
  version,
  rows: { 'sys.databases': [{ ...databaseRow, [column]: true }] },
});
const dropped = (c: Case): Case => ({ ...c, dropped: true });
const onTableBy = (kind: string, view: string, id: string, version: VersionNumber = 170): Case => ({
  kind,
  object: '[dbo].[T]',
  version,
  rows: withTable({ more: { [view]: [{ [id]: 5, class: 1 }] } }),
});
const moduleRow = (more: FakeRow): FakeRows => ({
  'sys.objects': [object(9, 'x', 'P ')],
  'sys.sql_modules': [{ object_id: 9, definition: 'CREATE PROCEDURE x AS', ...more }],
});

const cases: readonly Case[] = [
  named('CLR assembly', 'sys.assemblies', { name: 'A' }),
  named('CLR type', 'sys.assembly_types', { name: 'A' }),
  named('full-text catalog', 'sys.fulltext_catalogs', { name: 'A' }),
  onTableBy('full-text index', 'sys.fulltext_indexes', 'object_id', 100),
  named('full-text stoplist', 'sys.fulltext_stoplists', { name: 'A' }),
  named('search property list', 'sys.registered_search_property_lists', { name: 'A' }, 110),
  named('certificate', 'sys.certificates', { name: 'A' }),
  named('asymmetric key', 'sys.asymmetric_keys', { name: 'A' }),
  named('symmetric key', 'sys.symmetric_keys', { name: 'A' }),
  named('database master key', 'sys.symmetric_keys', { name: '##MS_DatabaseMasterKey##' }),
  onTableBy('module signature', 'sys.crypt_properties', 'major_id', 100),
  named('Service Broker message type', 'sys.service_message_types', { name: 'A' }),
  named('Service Broker contract', 'sys.service_contracts', { name: 'A' }),
  named('Service Broker service', 'sys.services', { name: 'A' }),
  named('Service Broker route', 'sys.routes', { name: 'A' }),
  named('Service Broker priority', 'sys.conversation_priorities', { name: 'A' }),
  named('remote service binding', 'sys.remote_service_bindings', { name: 'A' }),
  named('event notification', 'sys.event_notifications', { name: 'A' }),
  dropped(named('plan guide', 'sys.plan_guides', { name: 'A' })),
  named('change tracking of the database', 'sys.change_tracking_databases', { name: 'D' }),
  onTableBy('change tracking', 'sys.change_tracking_tables', 'object_id', 100),
  named('database audit specification', 'sys.database_audit_specifications', { name: 'A' }),
  onTableBy('security policy', 'sys.security_policies', 'object_id', 130),
  named('column master key', 'sys.column_master_keys', { name: 'A' }, 130),
  named('column encryption key', 'sys.column_encryption_keys', { name: 'A' }, 130),
  named('external data source', 'sys.external_data_sources', { name: 'A' }, 130),
  named('external file format', 'sys.external_file_formats', { name: 'A' }, 130),
  onTableBy('external table', 'sys.external_tables', 'object_id', 130),
  named('database scoped credential', 'sys.database_scoped_credentials', { name: 'A' }, 130),
  dropped(named('database scoped configuration', 'sys.database_scoped_configurations', { name: 'MAXDOP' }, 130)),
  dropped(named('database scoped configuration', 'sys.database_scoped_configurations', { name: 'MAXDOP' }, 150)),
  named('external library', 'sys.external_libraries', { name: 'A' }, 140),
  named('external language', 'sys.external_languages', { name: 'Java', language: 'Java' }, 150),
  onTableBy('edge constraint', 'sys.edge_constraints', 'object_id', 150),
  {
    kind: 'sensitivity classification',
    object: '[dbo].[T].[a]',
    version: 150,
    rows: withTable({ more: { 'sys.sensitivity_classifications': [{ object_id: 5, column_id: 1 }] } }),
  },
  named('external model', 'sys.external_models', { name: 'A' }, 170),

  ofType('CLR procedure', 'PC'),
  ofType('CLR function', 'FS'),
  ofType('CLR table-valued function', 'FT'),
  ofType('CLR aggregate', 'AF'),
  ofType('CLR trigger', 'TA'),
  ofType('extended procedure', 'X '),
  ofType('Service Broker queue', 'SQ'),
  ofType('replication filter procedure', 'RF'),
  ofType('external table', 'ET'),
  ofType('object of type SOMETHING', 'QQ'),

  onTable('change data capture', { table: { is_tracked_by_cdc: true } }, 100),
  onTable('FileTable', { table: { is_filetable: true } }, 110),
  onTable('memory-optimized table', { table: { is_memory_optimized: true } }, 120),
  onTable('temporal table', { table: { temporal_type: 2 } }, 130),
  onTable('external table', { table: { is_external: true } }, 130),
  onTable('Stretch table', { table: { is_remote_data_archive_enabled: true } }, 130),
  onTable('graph table', { table: { is_node: true } }, 140),
  onTable('graph table', { table: { is_edge: true } }, 140),
  onTable('ledger table', { table: { ledger_type: 2 } }, 160),
  dropped(onTable("table option 'text in row'", { table: { text_in_row_limit: 256 } }, 100)),
  dropped(
    onTable("table option 'large value types out of row'", { table: { large_value_types_out_of_row: true } }, 100),
  ),
  dropped(onTable("table option 'table lock on bulk load'", { table: { lock_on_bulk_load: true } }, 100)),
  dropped(onTable("table option 'vardecimal storage format'", { table: { has_vardecimal: true } }, 100)),
  dropped(onTable('XML_COMPRESSION option', { partition: { xml_compression: true } }, 160)),
  onColumn('dynamic data mask', { is_masked: true }),
  onColumn('Always Encrypted column', { encryption_type: 1 }),
  onColumn('GENERATED ALWAYS column', { generated_always_type: 1 }),
  onColumn('graph column', { graph_type: 1 }),
  onColumn('dropped ledger column', { is_dropped_ledger_column: true }),
  onColumn('data retention', { is_data_deletion_filter_column: true }),
  onIndex('xml index', 3),
  onIndex('spatial index', 4),
  onIndex('clustered columnstore index', 5),
  onIndex('nonclustered columnstore index', 6),
  onIndex('hash index', 7),
  onIndex('vector index', 8),
  onIndex('json index', 9),
  onIndex('index of type NEWER', 42, { type_desc: 'NEWER' }),
  dropped(onIndex('OPTIMIZE_FOR_SEQUENTIAL_KEY option', 2, { optimize_for_sequential_key: true })),
  dropped({
    kind: 'STATISTICS_INCREMENTAL option',
    object: '[dbo].[T].[I]',
    version: 120,
    rows: withTable({ index: { type: 2 }, stats: { name: 'I', is_incremental: true } }),
  }),
  dropped(onIndex('SUPPRESS_MESSAGES option', 2, { suppress_dup_key_messages: true })),
  dropped({
    kind: 'persistent log buffer',
    object: '[L]',
    version: 140,
    rows: {
      'sys.database_files': [
        { file_id: 2, type: 1, name: 'L', physical_name: 'l.ldf', is_persistent_log_buffer: true },
      ],
    },
  }),
  ...(['default language of a user', 'ALLOW_ENCRYPTED_VALUE_MODIFICATIONS option'] as const).map(
    (kind): Case => ({
      kind,
      object: '[u]',
      version: 130,
      rows: {
        'sys.database_principals': [
          {
            principal_id: 5,
            name: 'u',
            type: 'S',
            authentication_type: 2,
            default_language_name: 'Deutsch',
            allow_encrypted_value_modifications: true,
          },
        ],
      },
    }),
  ),
  dropped({
    kind: 'statistics',
    object: '[dbo].[T].[S]',
    rows: withTable({ stats: { user_created: true } }),
  }),
  {
    kind: 'DDL trigger',
    object: '[G]',
    rows: { 'sys.triggers': [{ object_id: 8, name: 'G', parent_class: 0, type: 'TR' }] },
  },
  {
    kind: 'CLR trigger',
    object: '[dbo].[G]',
    rows: {
      'sys.objects': [object(8, 'G', 'TA', { type_desc: 'CLR_TRIGGER' })],
      'sys.triggers': [{ object_id: 8, name: 'G', parent_class: 1, type: 'TA' }],
    },
  },
  { kind: 'encrypted procedure', object: '[dbo].[x]', rows: moduleRow({ definition: null }) },
  {
    kind: 'encrypted procedure',
    object: '[dbo].[x];2',
    rows: { ...moduleRow({}), 'sys.numbered_procedures': [{ object_id: 9, procedure_number: 2, definition: null }] },
  },
  {
    kind: 'natively compiled procedure',
    object: '[dbo].[x]',
    version: 120,
    rows: moduleRow({ uses_native_compilation: true }),
  },
  {
    kind: 'memory-optimized table type',
    object: '[dbo].[X]',
    version: 120,
    rows: {
      'sys.table_types': [
        { user_type_id: 300, name: 'X', schema_id: 1, type_table_object_id: 7, is_memory_optimized: true },
      ],
    },
  },
  {
    kind: 'index of a table type',
    object: '[dbo].[X]',
    version: 120,
    rows: {
      'sys.table_types': [{ user_type_id: 300, name: 'X', schema_id: 1, type_table_object_id: 7 }],
      'sys.indexes': [{ object_id: 7, index_id: 2, name: 'I', type: 2, data_space_id: 1 }],
    },
  },
  {
    kind: 'memory-optimized filegroup',
    object: '[M]',
    version: 120,
    rows: { 'sys.filegroups': [{ name: 'M', data_space_id: 2, type: 'FX' }] },
  },
  dropped({
    kind: 'AUTOGROW_ALL_FILES option',
    object: '[PRIMARY]',
    version: 130,
    rows: { 'sys.filegroups': [{ name: 'PRIMARY', data_space_id: 1, type: 'FG', is_autogrow_all_files: true }] },
  }),
  ofDatabase('transparent data encryption', 'is_encrypted', 100),
  ofDatabase('change data capture', 'is_cdc_enabled', 100),
  ofDatabase('replication publication', 'is_published', 100),
  ofDatabase('merge replication publication', 'is_merge_published', 100),
  ofDatabase('replication subscription', 'is_subscribed', 100),
  ofDatabase('Stretch database', 'is_remote_data_archive_enabled', 130),
  ofDatabase('ledger database', 'is_ledger_on', 160),
  ofDatabase('data retention', 'is_data_retention_enabled', 160),
  ofDatabase('change feed', 'is_change_feed_enabled', 160),
  ofDatabase('change event stream', 'is_event_stream_enabled', 170),
  ofDatabase('data lake replication', 'is_data_lake_replication_enabled', 170),
  dropped(ofDatabase('query store settings', 'is_query_store_on', 130)),
  dropped(ofDatabase('incremental statistics option', 'is_auto_create_stats_incremental_on', 120)),
  {
    kind: 'catalog collation SQL_Latin1_General_CP1_CI_AS',
    object: 'DATABASE',
    version: 150,
    rows: { 'sys.databases': [{ ...databaseRow, catalog_collation_type_desc: 'SQL_Latin1_General_CP1_CI_AS' }] },
  },
  {
    kind: 'permission on SERVICE',
    object: 'SEND to public',
    rows: {
      'sys.database_permissions': [
        {
          class: 17,
          class_desc: 'SERVICE',
          major_id: 70000,
          grantee_principal_id: 0,
          grantor_principal_id: 1,
          permission_name: 'SEND',
          state: 'G',
        },
      ],
    },
  },
  {
    kind: 'extended property of class SERVICE',
    object: '[note]',
    rows: { 'sys.extended_properties': [{ class: 17, class_desc: 'SERVICE', major_id: 70000, name: 'note' }] },
  },
];

describe('what the model cannot hold', () => {
  it.each(cases.map(c => [`${c.kind} (${c.version ?? 100})`, c] as const))('names a %s', async (_, c) => {
    const database = await read(c.version ?? 100, withNames(c));
    const expected: UnsupportedObject = c.dropped
      ? { kind: c.kind, object: c.object, severity: 'dropped' }
      : { kind: c.kind, object: c.object };
    expect(database.unsupported).toContainEqual(expected);
  });

  it('is nothing in an empty database', async () => {
    expect((await read(170, {})).unsupported).toEqual([]);
  });

  it('is said once, whatever the number of views that tell of it', async () => {
    const { unsupported } = await read(
      130,
      withTable({ table: { is_external: true }, more: { 'sys.external_tables': [{ object_id: 5 }] } }),
    );
    expect(unsupported).toEqual([{ kind: 'external table', object: '[dbo].[T]' }]);
  });

  it('leaves an external table out of the tables, and columns that the server made for itself out of theirs', async () => {
    expect((await read(130, withTable({ table: { is_external: true } }))).tables).toEqual([]);
    const [graph] = (await read(170, withTable({ column: { graph_type: 1 } }))).tables;
    expect(graph?.columns).toEqual([]);
  });
});

/** Views whose names are expressions answer them under `name`; ids that expressions take come as they are asked for. */
function withNames(c: Case): FakeRows {
  return Object.fromEntries(
    Object.entries(c.rows).map(([view, rows]) => [
      view,
      rows.map(row => ('major_id' in row && !('object_id' in row) ? { ...row, object_id: row.major_id ?? null } : row)),
    ]),
  );
}

it('asks as many questions of a large database as of an empty one', async () => {
  const many = Array.from({ length: 500 }, (_, i) => i + 10);
  const empty = fakeSession(170, {});
  await readDatabase(empty.session, 170);
  const large = fakeSession(170, {
    ...withTable({}),
    'sys.objects': many.map(id => object(id, `T${id}`, 'U ')),
    'sys.tables': many.map(id => ({ ...object(id, `T${id}`, 'U '), lock_escalation_desc: 'TABLE' })),
    'sys.certificates': many.map(id => ({ name: `C${id}` })),
  });
  const database = await readDatabase(large.session, 170);
  expect(database.tables).toHaveLength(500);
  expect(large.queries).toHaveLength(empty.queries.length);
});

it('asks Azure only for the views that it has', async () => {
  const lacking = new Set(['sys.server_principals', 'sys.database_audit_specifications']);
  const has = Object.keys(viewFacts).filter(v => v.startsWith('sys.') && !lacking.has(v));
  const rows: FakeRows = {
    'sys.all_views': has.map(v => ({ name: v.slice('sys.'.length) })),
    'sys.certificates': [{ name: 'C' }],
    'sys.databases': [{ ...databaseRow, is_encrypted: true }],
    'sys.database_principals': [
      { principal_id: 5, name: 'ann', type: 'S', authentication_type: 1, sid: new Uint8Array(16) },
    ],
  };
  const azure = fakeSession(170, rows);
  const { users, unsupported } = await readDatabase(azure.session, 170);
  expect(users.map(u => [u.name, u.kind, u.login])).toEqual([['ann', 'sql', null]]);
  expect(unsupported).toEqual([
    { kind: 'certificate', object: '[C]' },
    { kind: 'transparent data encryption', object: 'DATABASE', severity: 'dropped' },
  ]);
  for (const view of lacking) expect(azure.queries.filter(q => q.includes(`FROM ${view}`))).toEqual([]);
  const boxed = fakeSession(170, {});
  await readDatabase(boxed.session, 170);
  for (const view of lacking) expect(boxed.queries.filter(q => q.includes(`FROM ${view}`))).toHaveLength(1);
});
