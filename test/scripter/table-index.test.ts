import { defaultIndexOptions } from '../../src/model/table-index.ts';
import { scriptDisableIndex, scriptIndex } from '../../src/scripter/table-index.ts';
import { index } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

testScripts('scriptIndex', [
  {
    name: 'plain',
    batches: scriptIndex('dbo', 'T', index('IX', ['a'])),
    expected: ['CREATE NONCLUSTERED INDEX [IX] ON [dbo].[T] ([a])'],
  },
  {
    name: 'clustered, on a filegroup with FILESTREAM',
    batches: scriptIndex(
      'dbo',
      'T',
      index('CX', ['a'], {
        clustered: true,
        dataSpace: { name: 'fg', partitionColumn: null },
        filestreamDataSpace: 'fs',
      }),
    ),
    expected: ['CREATE CLUSTERED INDEX [CX] ON [dbo].[T] ([a]) ON [fg] FILESTREAM_ON [fs]'],
  },
  {
    name: 'unique with included columns, filter and every option',
    batches: scriptIndex(
      'dbo',
      'T',
      index('UX', [], {
        unique: true,
        columns: [
          { name: 'a', descending: true },
          { name: 'b', descending: false },
        ],
        included: ['c', 'd]'],
        filter: '([a]>(0))',
        options: {
          padIndex: true,
          fillFactor: 80,
          ignoreDuplicateKey: true,
          statisticsNoRecompute: true,
          allowRowLocks: false,
          allowPageLocks: false,
          compression: [{ kind: 'PAGE', partitions: [] }],
        },
      }),
    ),
    expected: [
      'CREATE UNIQUE NONCLUSTERED INDEX [UX] ON [dbo].[T] ([a] DESC, [b]) INCLUDE ([c], [d]]]) WHERE ([a]>(0)) ' +
        'WITH (PAD_INDEX = ON, FILLFACTOR = 80, IGNORE_DUP_KEY = ON, STATISTICS_NORECOMPUTE = ON, ALLOW_ROW_LOCKS = OFF, ' +
        'ALLOW_PAGE_LOCKS = OFF, DATA_COMPRESSION = PAGE)',
    ],
  },
  {
    name: 'compression by partition: ranges, NONE left out',
    batches: scriptIndex(
      'dbo',
      'T',
      index('IX', ['a'], {
        dataSpace: { name: 'ps', partitionColumn: 'a' },
        options: {
          ...defaultIndexOptions,
          compression: [
            { kind: 'NONE', partitions: [4] },
            { kind: 'ROW', partitions: [6, 1, 2, 3] },
            { kind: 'PAGE', partitions: [5] },
          ],
        },
      }),
    ),
    expected: [
      'CREATE NONCLUSTERED INDEX [IX] ON [dbo].[T] ([a]) WITH (DATA_COMPRESSION = ROW ON PARTITIONS (1 TO 3, 6), ' +
        'DATA_COMPRESSION = PAGE ON PARTITIONS (5)) ON [ps]([a])',
    ],
  },
  {
    name: 'disabled',
    batches: scriptDisableIndex('dbo', 'T', 'I]X'),
    expected: ['ALTER INDEX [I]]X] ON [dbo].[T] DISABLE'],
  },
]);
