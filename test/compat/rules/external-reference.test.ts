import { describe, expect, it } from 'vitest';
import { externalNames } from '../../../src/compat/rules/external-reference.ts';
import { database, procedure, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

describe('externalNames', () => {
  it.each([
    ['SELECT 1 FROM Other.dbo.T JOIN [S 1].Db.dbo.U AS u ON 1 = 1', ['Other', 'S 1']],
    ['EXEC Archive..p', ['Archive']],
    ['INSERT INTO Log.dbo.T SELECT a.b.c FROM dbo.T AS a', ['Log']],
    ["SELECT 1 FROM tempdb..#t, dbo.T -- FROM x.y.z\nWHERE 'FROM a.b.c' = ''", []],
    ["SELECT n.v FROM dbo.T AS t CROSS APPLY t.x.nodes('/a') AS n (v)", []],
    ["SELECT 'open", []],
  ])('in %s', (text, names) => {
    expect(externalNames(text)).toEqual(names);
  });
});

const source = database({
  views: [view('V', 'CREATE VIEW dbo.V AS SELECT 1 AS a FROM Telephony.dbo.T')],
  procedures: [procedure('P', 'CREATE PROCEDURE dbo.P AS SELECT 1 FROM Other.dbo.T')],
  synonyms: [
    { schema: 'dbo', name: 'S', owner: null, baseObject: '[Srv].[Db].[dbo].[T]' },
    { schema: 'dbo', name: 'T', owner: null, baseObject: '[dbo].[V]' },
  ],
});

it('names what must exist beside the target', () => {
  const { database: fitted, findings } = gateFor('2012', source);
  expect(brief(findings)).toEqual(['info [dbo].[P] external-reference', 'info [dbo].[S] external-reference']);
  expect(fitted).toEqual(source);
});

it('leaves it out for Azure SQL Database', () => {
  const { database: fitted, findings } = gateFor('azure', source);
  expect(brief(findings)).toEqual(['blocker [dbo].[P] external-reference', 'blocker [dbo].[S] external-reference']);
  expect(fitted.procedures).toEqual([]);
  expect(fitted.synonyms.map(s => s.name)).toEqual(['T']);
});
