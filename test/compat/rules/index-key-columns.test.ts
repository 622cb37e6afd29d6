import { expect, it } from 'vitest';
import { column, database, index, key, table, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`);
const source = database({
  tables: [
    table(
      'T',
      names(17).map(n => column(n)),
      { keys: [key('PK', names(16))], indexes: [index('IX', names(17)), index('IY', names(2))] },
    ),
  ],
  views: [view('V', 'CREATE VIEW dbo.V AS SELECT 1 AS a', { indexes: [index('CX', names(17))] })],
});

it('leaves out keys of more than 16 columns before 2016', () => {
  const { database: fitted, findings } = gateFor('2014', source);
  expect(brief(findings)).toEqual([
    'blocker [dbo].[T].[IX] index-key-columns',
    'blocker [dbo].[V].[CX] index-key-columns',
  ]);
  expect(fitted.tables[0]!.keys).toHaveLength(1);
  expect(fitted.tables[0]!.indexes.map(i => i.name)).toEqual(['IY']);
  expect(fitted.views[0]!.indexes).toEqual([]);
  expect(gateFor('2016', source)).toEqual({ database: source, findings: [] });
});
