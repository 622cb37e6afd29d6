import { scriptColumn } from '../../src/scripter/column.ts';
import { column, int, text } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

/** A column alone is no statement: the parser sees it in a table. */
const inTable = (name: string, sql: string, expected: string) => ({
  name,
  batches: `CREATE TABLE [t] (${sql})`,
  expected: [`CREATE TABLE [t] (${expected})`],
});
const identity = { seed: '-5', increment: '10', notForReplication: false, lastValue: null };

testScripts('scriptColumn', [
  inTable('nullable', scriptColumn(column('a]b')), '[a]]b] [int] NULL'),
  inTable('not null', scriptColumn(column('a', int, { nullable: false })), '[a] [int] NOT NULL'),
  inTable(
    'identity',
    scriptColumn(column('a', int, { nullable: false, identity })),
    '[a] [int] IDENTITY(-5, 10) NOT NULL',
  ),
  inTable(
    'identity not for replication',
    scriptColumn(column('a', int, { nullable: false, identity: { ...identity, notForReplication: true } })),
    '[a] [int] IDENTITY(-5, 10) NOT FOR REPLICATION NOT NULL',
  ),
  inTable(
    'collation',
    scriptColumn(column('a', text(10), { collation: 'Latin1_General_BIN2' })),
    '[a] [varchar](10) COLLATE Latin1_General_BIN2 NULL',
  ),
  inTable(
    'named default',
    scriptColumn(column('a', int, { default: { name: 'DF a', systemNamed: false, expression: '((0))' } })),
    '[a] [int] NULL CONSTRAINT [DF a] DEFAULT ((0))',
  ),
  inTable(
    'system-named default',
    scriptColumn(column('a', int, { default: { name: 'DF__t__a__1A2B3C4D', systemNamed: true, expression: '((0))' } })),
    '[a] [int] NULL DEFAULT ((0))',
  ),
  inTable(
    'row guid',
    scriptColumn(column('a', { schema: null, name: 'uniqueidentifier' }, { rowGuid: true, nullable: false })),
    '[a] [uniqueidentifier] ROWGUIDCOL NOT NULL',
  ),
  inTable('sparse', scriptColumn(column('a', int, { sparse: true })), '[a] [int] SPARSE NULL'),
  inTable(
    'column set',
    scriptColumn(column('a', { schema: null, name: 'xml' }, { columnSet: true })),
    '[a] [xml] COLUMN_SET FOR ALL_SPARSE_COLUMNS',
  ),
  inTable(
    'filestream',
    scriptColumn(column('a', text('max', 'varbinary'), { filestream: true })),
    '[a] [varbinary](max) FILESTREAM NULL',
  ),
  inTable(
    'computed',
    scriptColumn(column('a', int, { computed: { expression: '([b]*(2))', persisted: false } })),
    '[a] AS ([b]*(2))',
  ),
  inTable(
    'computed and persisted',
    scriptColumn(column('a', int, { computed: { expression: '([b]*(2))', persisted: true } })),
    '[a] AS ([b]*(2)) PERSISTED',
  ),
  inTable(
    'computed, persisted, not null',
    scriptColumn(column('a', int, { nullable: false, computed: { expression: '([b]*(2))', persisted: true } })),
    '[a] AS ([b]*(2)) PERSISTED NOT NULL',
  ),
]);
