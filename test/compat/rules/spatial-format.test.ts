import { expect, it } from 'vitest';
import { column, database, table } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const source = database({
  tables: [
    table('T', [
      column('a', { schema: null, name: 'geometry' }),
      column('b', { schema: null, name: 'geography' }),
      column('c', { schema: 'dbo', name: 'geography' }),
    ]),
  ],
});

it('tells before 2012 that some spatial values are refused', () => {
  const { database: fitted, findings } = gateFor('2008R2', source);
  expect(brief(findings)).toEqual(['info [dbo].[T].[a] spatial-format', 'info [dbo].[T].[b] spatial-format']);
  expect(fitted).toEqual(source);
  expect(gateFor('2012', source).findings).toEqual([]);
});
