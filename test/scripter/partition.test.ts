import { scriptPartitionFunction } from '../../src/scripter/partition-function.ts';
import { scriptPartitionScheme } from '../../src/scripter/partition-scheme.ts';
import { int, text } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

testScripts('partition functions and schemes', [
  {
    name: 'right',
    batches: scriptPartitionFunction({
      name: 'p]f',
      type: int,
      collation: null,
      boundaryOnRight: true,
      boundaries: ['1', '10'],
    }),
    expected: ['CREATE PARTITION FUNCTION [p]]f]([int]) AS RANGE RIGHT FOR VALUES (1, 10)'],
  },
  {
    name: 'left, with a collation, without boundaries',
    batches: scriptPartitionFunction({
      name: 'pf',
      type: text(9),
      collation: 'Latin1_General_BIN',
      boundaryOnRight: false,
      boundaries: [],
    }),
    expected: ['CREATE PARTITION FUNCTION [pf]([varchar](9) COLLATE Latin1_General_BIN) AS RANGE LEFT FOR VALUES ()'],
  },
  {
    name: 'scheme with the next filegroup',
    batches: scriptPartitionScheme({
      name: 'ps',
      partitionFunction: 'pf',
      filegroups: ['PRIMARY', 'a'],
      nextUsed: 'b',
    }),
    expected: ['CREATE PARTITION SCHEME [ps] AS PARTITION [pf] TO ([PRIMARY], [a], [b])'],
  },
  {
    name: 'scheme without one',
    batches: scriptPartitionScheme({ name: 'ps', partitionFunction: 'pf', filegroups: ['a'], nextUsed: null }),
    expected: ['CREATE PARTITION SCHEME [ps] AS PARTITION [pf] TO ([a])'],
  },
]);
