import { defaultIndexOptions } from '../../src/model/table-index.ts';
import { scriptAddKey, scriptTypeKey } from '../../src/scripter/key.ts';
import { key } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

const on = { name: 'ps', partitionColumn: 'b' };

testScripts('scriptAddKey', [
  {
    name: 'primary key',
    batches: scriptAddKey('dbo', 'T', key('PK', ['a', 'b'])),
    expected: ['ALTER TABLE [dbo].[T] ADD CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([a], [b])'],
  },
  {
    name: 'unique, descending, with options, on a partition scheme',
    batches: scriptAddKey(
      'dbo',
      'T',
      key('UQ', [], {
        kind: 'unique',
        clustered: false,
        columns: [{ name: 'a', descending: true }],
        options: { ...defaultIndexOptions, fillFactor: 70, padIndex: true },
        dataSpace: on,
      }),
    ),
    expected: [
      'ALTER TABLE [dbo].[T] ADD CONSTRAINT [UQ] UNIQUE NONCLUSTERED ([a] DESC) WITH (PAD_INDEX = ON, FILLFACTOR = 70) ON [ps]([b])',
    ],
  },
  {
    name: 'system-named',
    batches: scriptAddKey('dbo', 'T', key('PK__T__1', ['a'], { systemNamed: true })),
    expected: ['ALTER TABLE [dbo].[T] ADD PRIMARY KEY CLUSTERED ([a])'],
  },
]);

testScripts('scriptTypeKey', [
  {
    name: 'in a table type',
    batches: `CREATE TYPE [x] AS TABLE ([a] int NOT NULL, ${scriptTypeKey(key('PK', ['a'], { options: { ...defaultIndexOptions, ignoreDuplicateKey: true } }))}, ${scriptTypeKey(key('UQ', [], { kind: 'unique', clustered: false, columns: [{ name: 'a', descending: true }] }))})`,
    expected: [
      'CREATE TYPE [x] AS TABLE ([a] int NOT NULL, PRIMARY KEY CLUSTERED ([a]) WITH (IGNORE_DUP_KEY = ON), UNIQUE NONCLUSTERED ([a] DESC))',
    ],
  },
]);
