import { expect, it } from 'vitest';
import {
  clusteredColumns,
  insertableColumns,
  scriptIdentityInsert,
  scriptReseed,
  selectRows,
} from '../../src/scripter/table-data.ts';
import { column, index, int, key, table, text } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

const timestamp = { schema: null, name: 'timestamp' };
const stamps = {
  schema: 'dbo',
  name: 'Stamp',
  owner: null,
  baseType: timestamp,
  nullable: true,
  boundDefault: null,
  boundRule: null,
};
const identity = (lastValue: string | null, increment = '1') =>
  column('Id', int, { identity: { seed: '1', increment, notForReplication: false, lastValue } });
const full = table(
  'T',
  [
    identity('41'),
    column('a]', text(3)),
    column('computed', int, { computed: { expression: '([Id])', persisted: true } }),
    column('set', { schema: null, name: 'xml' }, { columnSet: true }),
    column('sparse', int, { sparse: true }),
    column('version', timestamp),
    column('stamp', { schema: 'dbo', name: 'Stamp' }),
  ],
  { keys: [key('PK', [], { columns: [{ name: 'Id', descending: true }] })] },
);

it('insertableColumns leaves out what no INSERT may name', () => {
  expect(insertableColumns(full, [stamps]).map(c => c.name)).toEqual(['Id', 'a]', 'sparse']);
});

it('clusteredColumns is the clustered key or index', () => {
  expect(clusteredColumns(full)).toEqual([{ name: 'Id', descending: true }]);
  const indexed = table('T', [column('a')], { indexes: [index('IX', ['b']), index('CX', ['a'], { clustered: true })] });
  expect(clusteredColumns(indexed)).toEqual([{ name: 'a', descending: false }]);
  expect(clusteredColumns(table('T'))).toEqual([]);
});

testScripts('statements around the rows', [
  {
    name: 'select in clustered order',
    batches: selectRows(full, [stamps]),
    expected: ['SELECT [Id], [a]]], [sparse] FROM [dbo].[T] ORDER BY [Id] DESC'],
  },
  {
    name: 'select with a condition, without order',
    batches: selectRows(table('T', [column('a')]), [], 'a > 1'),
    expected: ['SELECT [a] FROM [dbo].[T] WHERE a > 1'],
  },
  {
    name: 'select of a table without insertable columns',
    batches: selectRows(table('T', [column('v', timestamp)]), []),
    expected: ['SELECT CAST(NULL AS int) AS [none] FROM [dbo].[T]'],
  },
  {
    name: 'identity insert',
    batches: [
      ...scriptIdentityInsert(full, true),
      ...scriptIdentityInsert(full, false),
      ...scriptIdentityInsert(table('U'), true),
    ],
    expected: ['SET IDENTITY_INSERT [dbo].[T] ON', 'SET IDENTITY_INSERT [dbo].[T] OFF'],
  },
  {
    name: 'identity counter after rows',
    batches: scriptReseed(full, true),
    expected: ["DBCC CHECKIDENT (N'[dbo].[T]', RESEED, 41) WITH NO_INFOMSGS"],
  },
  {
    name: 'identity counter of a table without rows',
    batches: scriptReseed(table('T', [identity('41', '-10')]), false),
    expected: ["DBCC CHECKIDENT (N'[dbo].[T]', RESEED, 31) WITH NO_INFOMSGS"],
  },
  {
    name: 'identity counter that was never used',
    batches: [...scriptReseed(table('T', [identity(null)]), false), ...scriptReseed(table('U'), true)],
    expected: [],
  },
]);
