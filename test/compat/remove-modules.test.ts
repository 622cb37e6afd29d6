import { describe, expect, it } from 'vitest';
import { removeModules } from '../../src/compat/remove-modules.ts';
import type { Database } from '../../src/model/database.ts';
import {
  check,
  column,
  database,
  index,
  int,
  procedure,
  scalarFunction,
  table,
  trigger,
  view,
} from '../support/model.ts';

function remove(source: Database, ...names: string[]) {
  const told: string[] = [];
  const result = removeModules(
    source,
    names.map(name => ({ schema: 'dbo', name })),
    (severity, object) => told.push(`${severity} ${object}`),
  );
  return { result, told };
}

describe('removeModules', () => {
  it('takes along views that need a removed one, and triggers on it', () => {
    const source = database({
      views: [
        view('A', 'CREATE VIEW dbo.A AS SELECT 1 AS x'),
        view('B', 'CREATE VIEW dbo.B AS SELECT x FROM A'),
        view('C', 'CREATE VIEW dbo.C AS SELECT x FROM [dbo].[B] AS b'),
        view('D', 'CREATE VIEW dbo.D AS SELECT A, B, [A].C FROM dbo.T AS [A]'),
      ],
      triggers: [
        trigger('Tr', 'B', 'CREATE TRIGGER dbo.Tr ON dbo.B INSTEAD OF INSERT AS PRINT 1', { insteadOf: true }),
      ],
    });
    const { result, told } = remove(source, 'A');
    expect(result.views.map(v => v.name)).toEqual(['D']);
    expect(result.triggers).toEqual([]);
    expect(told).toEqual(['blocker [dbo].[B]', 'blocker [dbo].[C]', 'blocker [dbo].[Tr]']);
  });

  it('only tells of what resolves its names when it runs', () => {
    const source = database({
      procedures: [
        procedure('P', 'CREATE PROCEDURE dbo.P AS SELECT 1'),
        procedure('Q', 'CREATE PROCEDURE dbo.Q AS EXEC P'),
        procedure('R', 'CREATE PROCEDURE dbo.R AS SELECT p FROM dbo.T'),
      ],
      synonyms: [{ schema: 'dbo', name: 'S', owner: null, baseObject: '[dbo].[P]' }],
    });
    const { result, told } = remove(source, 'P');
    expect(result.procedures.map(p => p.name)).toEqual(['Q', 'R']);
    expect(told).toEqual(['info [dbo].[Q]', 'info [dbo].[S]']);
  });

  it('takes out expressions of tables that call a removed function, and indexes on what goes with them', () => {
    const source = database({
      functions: [scalarFunction('F', 'CREATE FUNCTION dbo.F(@a int) RETURNS int AS BEGIN RETURN @a END')],
      tables: [
        table(
          'T',
          [
            column('a', int, { default: { name: 'DF', systemNamed: false, expression: '([dbo].[F]((1)))' } }),
            column('b', int, { computed: { expression: '([dbo].[F]([a]))', persisted: false } }),
            column('F', int),
          ],
          {
            indexes: [index('IX_b', ['b']), index('IX_a', ['a'])],
            checks: [check('CK', '([dbo].[F]([a])>(0))')],
          },
        ),
      ],
    });
    const { result, told } = remove(source, 'F');
    expect(result.tables).toEqual([table('T', [column('a'), column('F')], { indexes: [index('IX_a', ['a'])] })]);
    expect(told).toEqual([
      'blocker [dbo].[T].[a]',
      'blocker [dbo].[T].[b]',
      'blocker [dbo].[T].[CK]',
      'blocker [dbo].[T].[IX_b]',
    ]);
  });

  it('compares names as the collation does', () => {
    const views = [view('a', 'CREATE VIEW a AS SELECT 1 AS x'), view('B', 'CREATE VIEW B AS SELECT x FROM A')];
    const properties = (collation: string) => ({ ...database().properties, collation });
    expect(remove(database({ views, properties: properties('Latin1_General_CI_AS') }), 'a').result.views).toEqual([]);
    expect(remove(database({ views, properties: properties('Latin1_General_BIN2') }), 'a').result.views).toEqual([
      views[1],
    ]);
  });
});
