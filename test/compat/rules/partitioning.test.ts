import { expect, it } from 'vitest';
import { defaultIndexOptions } from '../../../src/model/table-index.ts';
import { database, index, int, key, table } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const onScheme = { name: 'ps', partitionColumn: 'Id' };
const options = { ...defaultIndexOptions, compression: [{ kind: 'PAGE', partitions: [1, 2] } as const] };
const partitioned = (partitions: number) =>
  database({
    partitionFunctions: [
      {
        name: 'pf',
        type: int,
        collation: null,
        boundaryOnRight: true,
        boundaries: Array.from({ length: partitions - 1 }, (_, i) => `(${i})`),
      },
    ],
    partitionSchemes: [{ name: 'ps', partitionFunction: 'pf', filegroups: ['Archive', 'PRIMARY'], nextUsed: null }],
    tables: [
      table('T', undefined, { dataSpace: onScheme, keys: [key('PK', ['Id'], { dataSpace: onScheme, options })] }),
      table('U', undefined, {
        indexes: [index('IX', ['Id'], { dataSpace: { name: 'Archive', partitionColumn: null } })],
      }),
    ],
  });
const onArchive = { name: 'Archive', partitionColumn: null };
const plain = [
  table('T', undefined, { dataSpace: onArchive, keys: [key('PK', ['Id'], { dataSpace: onArchive })] }),
  partitioned(2).tables[1],
];

it('puts tables on the first filegroup where the edition has no partitioning', () => {
  const { database: fitted, findings } = gateFor('2012', partitioned(2), { edition: 'standard' });
  expect(brief(findings.filter(f => f.rule === 'partitioning'))).toEqual([
    'dropped [ps] partitioning',
    'rewritten [dbo].[T] partitioning',
  ]);
  expect(fitted).toEqual({ ...database(), tables: plain });
});

it('does so where the version takes fewer partitions', () => {
  const { database: fitted, findings } = gateFor('2008R2', partitioned(1001));
  expect(brief(findings)).toEqual(['blocker [pf] partitioning', 'rewritten [dbo].[T] partitioning']);
  expect(fitted).toEqual({ ...database(), tables: plain });
});

it.each([
  ['2008', 1000, 'enterprise'],
  ['2012', 1001, null],
  ['2016', 15000, 'express'],
] as const)('keeps them on %s with %i partitions, %s', (version, partitions, edition) => {
  expect(gateFor(version, partitioned(partitions), { edition })).toEqual({
    database: partitioned(partitions),
    findings: [],
  });
});
