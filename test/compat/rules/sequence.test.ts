import { expect, it } from 'vitest';
import { column, database, int, procedure, sequence, table } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const source = database({
  sequences: [sequence('Idle'), sequence('Used')],
  tables: [
    table('T', [
      column('a', int, { default: { name: 'DF', systemNamed: false, expression: '(NEXT VALUE FOR [dbo].[Used])' } }),
    ]),
  ],
  procedures: [procedure('P', 'CREATE PROCEDURE dbo.P AS SELECT Idle FROM dbo.T')],
});

it('has no sequences before 2012: blocked where something needs one', () => {
  const { database: fitted, findings } = gateFor('2008R2', source);
  expect(brief(findings)).toEqual([
    'blocker [dbo].[T].[a] sequence',
    'dropped [dbo].[Idle] sequence',
    'blocker [dbo].[Used] sequence',
  ]);
  expect(fitted).toEqual({ ...source, sequences: [], tables: [table('T', [column('a')])] });
  expect(gateFor('2012', source)).toEqual({ database: source, findings: [] });
});
