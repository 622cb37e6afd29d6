/** A small source made by hand: two tables that refer to each other's rows, a view, a trigger. */

import { type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import type { ServerProperties } from '../../src/connection/server-properties.ts';
import type { ExportOptions } from '../../src/exporter/export-options.ts';
import type { Source } from '../../src/exporter/read-source.ts';
import type { Column } from '../../src/model/column.ts';
import type { Database } from '../../src/model/database.ts';
import { emptyProperties } from '../../src/model/look-up.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import { insertableColumns } from '../../src/scripter/table-data.ts';
import { quoteQualified } from '../../src/tsql/quote.ts';
import { column, database, foreignKey, int, key, table, text, trigger } from '../support/model.ts';

const nvarchar = (length: number | 'max') => text(length, 'nvarchar');

const required: Partial<Column> = { nullable: false };

export const customers = table(
  'Customers',
  [
    column('id', int, {
      ...required,
      identity: { seed: '1', increment: '1', notForReplication: false, lastValue: '7' },
    }),
    column('name', nvarchar('max')),
    column('upper name', nvarchar(50), { ...required, computed: { expression: '(upper([name]))', persisted: false } }),
  ],
  { keys: [key('PK_Customers', ['id'])] },
);

export const orders = table('Orders', [column('customer', int, required), column('note', nvarchar(50))], {
  foreignKeys: [foreignKey('FK_Orders_Customers', 'Customers', { columns: ['customer'], referencedColumns: ['id'] })],
});

export const shop: Database = database({
  properties: { ...emptyProperties, name: 'Shop', collation: 'Latin1_General_CI_AS', options: { READ_ONLY: '' } },
  tables: [customers, orders],
  triggers: [
    trigger('OrderAdded', 'Orders', 'CREATE TRIGGER [dbo].[OrderAdded] ON [dbo].[Orders] AFTER INSERT AS PRINT 1'),
  ],
});

export const server: ServerProperties = {
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

export function sourceOf(model: Database, target: TargetVersion = '2012'): Source {
  const scriptOptions = { target: versionNumber(target), owners: true, privileges: true };
  return {
    server,
    name: model.properties.name,
    target,
    original: model,
    database: model,
    scriptOptions,
    script: scriptDatabase(model, scriptOptions),
    tables: model.tables.map(t => ({
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
