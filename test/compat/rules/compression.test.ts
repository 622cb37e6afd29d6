import { expect, it } from 'vitest';
import { defaultIndexOptions } from '../../../src/model/table-index.ts';
import { database, index, key, table, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const compression = [{ kind: 'PAGE', partitions: [] } as const];
const options = { ...defaultIndexOptions, compression };
const source = database({
  tables: [
    table('T', undefined, { compression }),
    table('U', undefined, { keys: [key('PK', ['Id'], { options })], indexes: [index('IX', ['Id'], { options })] }),
    table('V'),
  ],
  views: [view('W', 'CREATE VIEW dbo.W AS SELECT 1 AS a', { indexes: [index('CX', ['a'], { options })] })],
});

it('leaves compression out where the edition lacks it', () => {
  const { database: fitted, findings } = gateFor('2014', source, { edition: 'standard' });
  expect(brief(findings)).toEqual(['T', 'U', 'W'].map(name => `dropped [dbo].[${name}] data-compression`));
  expect(JSON.stringify(fitted)).not.toContain('PAGE');
});

it.each([
  ['2014', 'enterprise'],
  ['2014', 'developer'],
  ['2016', 'express'],
  ['2014', null],
] as const)('keeps it for %s %s', (version, edition) => {
  expect(gateFor(version, source, { edition })).toEqual({ database: source, findings: [] });
});
