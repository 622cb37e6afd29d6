import { expect, it } from 'vitest';
import { column, database, int, table, text, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const json = { schema: null, name: 'json' };
const source = database({
  aliasTypes: [
    { schema: 'dbo', name: 'Doc', owner: null, baseType: json, nullable: true, boundDefault: null, boundRule: null },
  ],
  tables: [
    table('T', [
      column('j', json, { collation: 'Latin1_General_100_BIN2_UTF8' }),
      column('v', { schema: null, name: 'vector', dimensions: 3 }),
      column('i', int),
    ]),
  ],
  views: [view('V', 'CREATE VIEW dbo.V AS SELECT j FROM dbo.T', { outputColumns: [{ name: 'j', type: json }] })],
});

it('carries json and vector as text, json checked where the target can', () => {
  const { database: fitted, findings } = gateFor('2022', source);
  expect(fitted.tables[0]!.columns).toEqual([
    column('j', text('max', 'nvarchar')),
    column('v', text('max')),
    column('i'),
  ]);
  expect(fitted.tables[0]!.checks).toEqual([
    {
      name: '',
      systemNamed: true,
      expression: '(isjson([j])=(1))',
      notForReplication: false,
      disabled: false,
      trusted: true,
    },
  ]);
  expect(fitted.aliasTypes[0]!.baseType).toEqual(text('max', 'nvarchar'));
  expect(fitted.views[0]!.outputColumns).toEqual([{ name: 'j', type: text('max', 'nvarchar') }]);
  expect(brief(findings)).toEqual(
    ['[dbo].[Doc]', '[dbo].[T].[j]', '[dbo].[T].[v]'].map(object => `rewritten ${object} data-type`),
  );
  expect(gateFor('2014', source).database.tables[0]!.checks).toEqual([]);
});

it('leaves them to 2025', () => {
  expect(gateFor('2025', source)).toEqual({ database: source, findings: [] });
});
