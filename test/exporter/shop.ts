/** A small source made by hand: two tables that refer to each other's rows, a view, a trigger. */

import { type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import type { ServerProperties } from '../../src/connection/server-properties.ts';
import type { ExportOptions } from '../../src/exporter/export-options.ts';
import type { Source } from '../../src/exporter/read-source.ts';
import type { Column } from '../../src/model/column.ts';
import type { Database } from '../../src/model/database.ts';
import { emptyDatabase, emptyProperties } from '../../src/model/look-up.ts';
import type { Table } from '../../src/model/table.ts';
import { defaultIndexOptions } from '../../src/model/table-index.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import { insertableColumns } from '../../src/scripter/table-data.ts';
import { quoteQualified } from '../../src/tsql/quote.ts';

export function column(name: string, type: Column['type'], more: Partial<Column> = {}): Column {
  return {
    name,
    type,
    nullable: false,
    collation: null,
    identity: null,
    computed: null,
    default: null,
    rowGuid: false,
    sparse: false,
    columnSet: false,
    filestream: false,
    ansiPadded: true,
    boundDefault: null,
    boundRule: null,
    ...more,
  };
}

export function table(name: string, columns: readonly Column[], more: Partial<Table> = {}): Table {
  return {
    schema: 'dbo',
    name,
    owner: null,
    columns,
    keys: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    dataSpace: null,
    lobDataSpace: null,
    filestreamDataSpace: null,
    ansiNulls: true,
    lockEscalation: 'TABLE',
    compression: [],
    ...more,
  };
}

const int = { schema: null, name: 'int' };
const nvarchar = (length: number | 'max') => ({ schema: null, name: 'nvarchar', length });

const key = (name: string, columnName: string): Table['keys'][number] => ({
  kind: 'primaryKey',
  name,
  systemNamed: false,
  clustered: true,
  columns: [{ name: columnName, descending: false }],
  options: defaultIndexOptions,
  dataSpace: null,
  disabled: false,
});

export const customers = table(
  'Customers',
  [
    column('id', int, { identity: { seed: '1', increment: '1', notForReplication: false, lastValue: '7' } }),
    column('name', nvarchar('max'), { nullable: true }),
    column('upper name', nvarchar(50), { computed: { expression: '(upper([name]))', persisted: false } }),
  ],
  { keys: [key('PK_Customers', 'id')] },
);

export const orders = table('Orders', [column('customer', int), column('note', nvarchar(50), { nullable: true })], {
  keys: [],
  foreignKeys: [
    {
      name: 'FK_Orders_Customers',
      systemNamed: false,
      columns: ['customer'],
      referencedTable: { schema: 'dbo', name: 'Customers' },
      referencedColumns: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
      notForReplication: false,
      disabled: false,
      trusted: true,
    },
  ],
});

export const shop: Database = {
  ...emptyDatabase,
  properties: { ...emptyProperties, name: 'Shop', collation: 'Latin1_General_CI_AS', options: { READ_ONLY: '' } },
  tables: [customers, orders],
  triggers: [
    {
      schema: 'dbo',
      name: 'OrderAdded',
      owner: null,
      definition: 'CREATE TRIGGER [dbo].[OrderAdded] ON [dbo].[Orders] AFTER INSERT AS PRINT 1',
      ansiNulls: true,
      quotedIdentifier: true,
      parent: { schema: 'dbo', name: 'Orders' },
      disabled: false,
      insteadOf: false,
      notForReplication: false,
      events: ['INSERT'],
      first: [],
      last: [],
    },
  ],
};

const server: ServerProperties = {
  productVersion: '16.0.1000.6',
  major: 16,
  minor: 0,
  build: 1000,
  version: '2022',
  engineEdition: 2,
  editionText: 'Standard Edition (64-bit)',
  edition: 'standard',
  serverName: 'fake',
  collation: 'Latin1_General_CI_AS',
  defaultDataPath: null,
  defaultLogPath: null,
  filestreamLevel: 0,
  isClustered: false,
  platform: 'windows',
  pathSeparator: '\\',
};

export function sourceOf(database: Database, target: TargetVersion = '2012'): Source {
  const scriptOptions = { target: versionNumber(target), owners: true, privileges: true };
  return {
    server,
    name: database.properties.name,
    target,
    original: database,
    database,
    scriptOptions,
    script: scriptDatabase(database, scriptOptions),
    tables: database.tables.map(t => ({
      table: t,
      source: t,
      name: quoteQualified(t.schema, t.name),
      columns: insertableColumns(t, []).map(c => c.name),
      where: null,
      filestream: false,
    })),
    findings: [],
  };
}

export const exportOptions: ExportOptions = {
  target: null,
  edition: null,
  encoding: 'utf8',
  bom: false,
  newline: '\n',
  sections: new Set(['pre-data', 'data', 'post-data']),
  dataOnly: false,
  tables: [],
  excludeTables: [],
  schemas: [],
  excludeSchemas: [],
  excludeTableData: [],
  where: [],
  owners: true,
  privileges: true,
  rowsPerInsert: null,
  batchBytes: null,
  consistency: null,
  report: () => undefined,
};

export { server };
