import {
  scriptTable,
  scriptTableChecks,
  scriptTableDisabledIndexes,
  scriptTableForeignKeys,
  scriptTableIndexes,
} from '../../src/scripter/table.ts';
import { column, index, int, key, table, text } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const id = column('Id', int, { nullable: false });
const fg = { name: 'fg', partitionColumn: null };

testScripts('scriptTable', [
  {
    name: 'a heap',
    batches: scriptTable(table('T', [id, column('a', text(3))]), options),
    expected: ['CREATE TABLE [dbo].[T] (\n  [Id] [int] NOT NULL,\n  [a] [varchar](3) NULL\n)'],
  },
  {
    name: 'a heap on a filegroup, LOBs on another, compressed',
    batches: scriptTable(
      table('T', [id, column('a', text('max'))], {
        dataSpace: fg,
        lobDataSpace: 'lobs',
        compression: [{ kind: 'ROW', partitions: [] }],
      }),
      options,
    ),
    expected: [
      'CREATE TABLE [dbo].[T] (\n  [Id] [int] NOT NULL,\n  [a] [varchar](max) NULL\n) ON [fg] TEXTIMAGE_ON [lobs] WITH (DATA_COMPRESSION = ROW)',
    ],
  },
  {
    name: 'a clustered key carries the place; nonclustered keys come later',
    batches: scriptTable(
      table('T', [id], {
        dataSpace: fg,
        keys: [key('PK', ['Id'], { dataSpace: fg }), key('UQ', ['Id'], { kind: 'unique', clustered: false })],
      }),
      options,
    ),
    expected: [
      'CREATE TABLE [dbo].[T] (\n  [Id] [int] NOT NULL,\n  CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id]) ON [fg]\n)',
    ],
  },
  {
    name: 'a FILESTREAM table has all its keys at once',
    batches: scriptTable(
      table(
        'T',
        [
          column('g', { schema: null, name: 'uniqueidentifier' }, { rowGuid: true, nullable: false }),
          column('b', text('max', 'varbinary'), { filestream: true }),
        ],
        { filestreamDataSpace: 'fs', keys: [key('UQ', ['g'], { kind: 'unique', clustered: false })] },
      ),
      options,
    ),
    expected: [
      'CREATE TABLE [dbo].[T] (\n  [g] [uniqueidentifier] ROWGUIDCOL NOT NULL,\n  [b] [varbinary](max) FILESTREAM NULL,\n' +
        '  CONSTRAINT [UQ] UNIQUE NONCLUSTERED ([g])\n) FILESTREAM_ON [fs]',
    ],
  },
  {
    name: 'clustered index, bindings, lock escalation, owner',
    batches: scriptTable(
      table(
        'T',
        [column('a', int, { boundDefault: { schema: 'dbo', name: 'D' }, boundRule: { schema: 'dbo', name: 'R' } })],
        { indexes: [index('CX', ['a'], { clustered: true })], lockEscalation: 'AUTO', owner: 'ann' },
      ),
      options,
    ),
    expected: [
      'CREATE TABLE [dbo].[T] (\n  [a] [int] NULL\n)',
      'CREATE CLUSTERED INDEX [CX] ON [dbo].[T] ([a])',
      "EXEC sys.sp_bindefault @defname = N'[dbo].[D]', @objname = N'[dbo].[T].[a]'",
      "EXEC sys.sp_bindrule @rulename = N'[dbo].[R]', @objname = N'[dbo].[T].[a]'",
      'ALTER TABLE [dbo].[T] SET (LOCK_ESCALATION = AUTO)',
      'ALTER AUTHORIZATION ON OBJECT::[dbo].[T] TO [ann]',
    ],
  },
  {
    name: 'ANSI_NULLS OFF',
    batches: scriptTable(table('T', [id], { ansiNulls: false }), options),
    expected: ['SET ANSI_NULLS OFF', 'CREATE TABLE [dbo].[T] (\n  [Id] [int] NOT NULL\n)', 'SET ANSI_NULLS ON'],
  },
  {
    name: 'columns made under ANSI_PADDING OFF, alone and mixed',
    batches: [
      ...scriptTable(table('T', [column('a', text(3), { ansiPadded: false })]), options),
      ...scriptTable(
        table('U', [id, column('a', text(3)), column('b', text(3, 'char'), { ansiPadded: false }), column('c')], {
          keys: [key('PK', ['Id'])],
        }),
        options,
      ),
    ],
    expected: [
      'SET ANSI_PADDING OFF',
      'CREATE TABLE [dbo].[T] (\n  [a] [varchar](3) NULL\n)',
      'SET ANSI_PADDING ON',
      'CREATE TABLE [dbo].[U] (\n  [Id] [int] NOT NULL,\n  [a] [varchar](3) NULL\n)',
      'SET ANSI_PADDING OFF',
      'ALTER TABLE [dbo].[U] ADD\n  [b] [char](3) NULL,\n  [c] [int] NULL',
      'SET ANSI_PADDING ON',
      'ALTER TABLE [dbo].[U] ADD CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id])',
    ],
  },
]);

const full = table('T', [id], {
  keys: [
    key('PK', ['Id'], { disabled: true }),
    key('UQ', ['Id'], { kind: 'unique', clustered: false, disabled: true }),
  ],
  indexes: [index('IX', ['Id'], { disabled: true }), index('IY', ['Id'])],
  checks: [
    { name: 'C1', systemNamed: false, expression: '(1=1)', notForReplication: false, disabled: false, trusted: true },
    { name: 'C2', systemNamed: false, expression: '(2=2)', notForReplication: false, disabled: false, trusted: true },
  ],
  foreignKeys: [
    {
      name: 'FK',
      systemNamed: false,
      columns: ['Id'],
      referencedTable: { schema: 'dbo', name: 'T' },
      referencedColumns: ['Id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
      notForReplication: false,
      disabled: false,
      trusted: true,
    },
  ],
});

testScripts('what follows the rows of a table', [
  {
    name: 'nonclustered keys and indexes',
    batches: scriptTableIndexes(full),
    expected: [
      'ALTER TABLE [dbo].[T] ADD CONSTRAINT [UQ] UNIQUE NONCLUSTERED ([Id])',
      'CREATE NONCLUSTERED INDEX [IX] ON [dbo].[T] ([Id])',
      'CREATE NONCLUSTERED INDEX [IY] ON [dbo].[T] ([Id])',
    ],
  },
  {
    name: 'checks',
    batches: scriptTableChecks(full),
    expected: [
      'ALTER TABLE [dbo].[T] WITH CHECK ADD CONSTRAINT [C1] CHECK (1=1)',
      'ALTER TABLE [dbo].[T] WITH CHECK ADD CONSTRAINT [C2] CHECK (2=2)',
    ],
  },
  {
    name: 'foreign keys',
    batches: scriptTableForeignKeys(full),
    expected: ['ALTER TABLE [dbo].[T] WITH CHECK ADD CONSTRAINT [FK] FOREIGN KEY ([Id]) REFERENCES [dbo].[T] ([Id])'],
  },
  {
    name: 'disabled indexes, the clustered one last',
    batches: scriptTableDisabledIndexes(full),
    expected: ['IX', 'UQ', 'PK'].map(name => `ALTER INDEX [${name}] ON [dbo].[T] DISABLE`),
  },
]);
