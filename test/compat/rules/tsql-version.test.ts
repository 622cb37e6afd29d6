import { expect, it } from 'vitest';
import { check, column, database, index, int, procedure, table, text, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

it('leaves out every module and expression that the target refuses, line by line', () => {
  const source = database({
    tables: [
      table(
        'T',
        [
          column('a', text(9), { default: { name: 'DF', systemNamed: false, expression: "(concat('a','b'))" } }),
          column('b', int, { computed: { expression: '(try_convert([int],[a]))', persisted: false } }),
          column('c'),
        ],
        {
          checks: [check('CK', '([c]=iif([c]=(1),(1),(0)))')],
          indexes: [index('IX', ['b']), index('IY', ['c'], { filter: '([c]>(0))' })],
        },
      ),
    ],
    views: [
      view('V', "CREATE VIEW dbo.V AS\nSELECT FORMAT(c, N'0') AS f,\n  EOMONTH(GETDATE()) AS e\nFROM dbo.T"),
      view('W', 'CREATE VIEW dbo.W AS SELECT f FROM dbo.V'),
    ],
    procedures: [
      procedure('P', 'CREATE PROCEDURE dbo.P AS SELECT 1', {
        numbered: [
          { number: 2, definition: 'CREATE PROCEDURE dbo.P;2 AS SELECT 2' },
          { number: 3, definition: "CREATE PROCEDURE dbo.P;3 AS THROW 50000, N'x', 1;" },
        ],
      }),
      procedure('Q', "CREATE PROCEDURE dbo.Q AS SELECT 'open"),
    ],
  });
  const { database: fitted, findings } = gateFor('2008', source);
  expect(brief(findings)).toEqual(
    ['V', 'V', 'Q', 'P];3', 'T].[a', 'T].[b', 'T].[CK', 'T].[IX', 'W'].map(
      name => `blocker [dbo].[${name}${name.includes(';') ? '' : ']'} tsql-version`,
    ),
  );
  expect(findings.slice(0, 2).map(f => f.line)).toEqual([2, 3]);
  expect(findings[0]!.message).toBe('FORMAT() came with 2012; the object is left out');
  expect(fitted.views).toEqual([]);
  expect(fitted.procedures).toEqual([{ ...source.procedures[0], numbered: [source.procedures[0]!.numbered[0]] }]);
  expect(fitted.tables).toEqual([
    table('T', [column('a', text(9)), column('c')], { indexes: [index('IY', ['c'], { filter: '([c]>(0))' })] }),
  ]);
});

it('leaves all of it to a version that knows it', () => {
  const source = database({ views: [view('V', 'CREATE OR ALTER VIEW dbo.V AS SELECT IIF(1 = 1, 1, 0) AS a')] });
  expect(gateFor('2012', source)).toEqual({ database: source, findings: [] });
});
