import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/model/database.ts';
import { compareSchemas } from '../../src/verify/schema-differences.ts';
import { arbitraryModel } from '../support/arbitrary-model.ts';
import { column, database, index, int, key, procedure, table, text, view } from '../support/model.ts';

const differences = (from: Database, to: Database) =>
  compareSchemas(from, to).differences.map(d => [d.difference, d.kind, d.object, d.path, d.from, d.to]);

describe('compareSchemas', () => {
  it('finds nothing between a database and itself', () => {
    fc.assert(
      fc.property(arbitraryModel, model => {
        expect(compareSchemas(model, structuredClone(model)).differences).toEqual([]);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  const base = table('T', [column('a', int, { nullable: false }), column('b', text(20))], {
    keys: [key('PK', ['a'])],
    indexes: [index('ix', ['b'])],
    checks: [
      {
        name: 'ck',
        systemNamed: false,
        expression: '([a]>(0))',
        notForReplication: false,
        disabled: false,
        trusted: true,
      },
    ],
  });
  const withTable = (changed: Partial<typeof base>) => database({ tables: [{ ...base, ...changed }] });
  const from = withTable({});

  it.each<[string, Database, unknown[]]>([
    ['a missing table', database(), ['missing', 'table', '[dbo].[T]', null, null, null]],
    [
      'a type',
      withTable({ columns: [base.columns[0]!, column('b', text(21))] }),
      ['different', 'table', '[dbo].[T]', 'columns.[b].type', '[varchar](20)', '[varchar](21)'],
    ],
    [
      'NULL',
      withTable({ columns: [base.columns[0]!, column('b', text(20), { nullable: false })] }),
      ['different', 'table', '[dbo].[T]', 'columns.[b].nullable', 'true', 'false'],
    ],
    [
      'the order of columns',
      withTable({ columns: [...base.columns].reverse() }),
      ['different', 'table', '[dbo].[T]', 'columnOrder', '[a], [b]', '[b], [a]'],
    ],
    [
      'a default',
      withTable({
        columns: [
          base.columns[0]!,
          column('b', text(20), { default: { name: 'x', systemNamed: true, expression: '((1))' } }),
        ],
      }),
      ['different', 'table', '[dbo].[T]', 'columns.[b].default', 'none', 'name , expression ((1))'],
    ],
    [
      'an untrusted check',
      withTable({ checks: [{ ...base.checks[0]!, trusted: false }] }),
      ['different', 'table', '[dbo].[T]', 'checks.[ck].trusted', 'true', 'false'],
    ],
    [
      'a disabled index',
      withTable({ indexes: [index('ix', ['b'], { disabled: true })] }),
      ['different', 'table', '[dbo].[T]', 'indexes.[ix].disabled', 'false', 'true'],
    ],
    [
      'a key in another direction',
      withTable({ keys: [key('PK', ['a'], { columns: [{ name: 'a', descending: true }] })] }),
      ['different', 'table', '[dbo].[T]', 'keys.[PK].columns', '([a])', '([a] DESC)'],
    ],
  ])('finds %s', (_, to, expected) => {
    expect(differences(from, to)).toEqual([expected]);
  });

  it('tells constraints that the server named by what they say', () => {
    const named = (name: string, columns: string[]) => withTable({ keys: [key(name, columns, { systemNamed: true })] });
    expect(differences(named('PK__T__1', ['a']), named('PK__T__2', ['a']))).toEqual([]);
    expect(differences(named('PK__T__1', ['a']), named('PK__T__1', ['b'])).map(d => d[0])).toEqual([
      'missing',
      'extra',
    ]);
  });

  it('takes expressions for equal that mean the same', () => {
    const check = (expression: string) => withTable({ checks: [{ ...base.checks[0]!, expression }] });
    expect(differences(check('([a]>(0))'), check('a > 0'))).toEqual([]);
    expect(differences(check('([a]>(0))'), check('a >= 0'))).toHaveLength(1);
  });

  it('compares texts to the letter, but for the name and verb of their heads', () => {
    const views = (text: string) => database({ views: [view('v', text)] });
    expect(differences(views('CREATE VIEW old AS SELECT 1'), views('CREATE VIEW [dbo].[v] AS SELECT 1'))).toEqual([]);
    expect(differences(views('CREATE VIEW v AS SELECT 1'), views('CREATE VIEW v AS SELECT 1 '))).toHaveLength(1);
    expect(
      differences(
        database({ procedures: [procedure('p', 'CREATE PROC p AS RETURN')] }),
        database({ procedures: [procedure('p', 'CREATE PROC p AS RETURN', { startup: true })] }),
      ),
    ).toEqual([['different', 'procedure', '[dbo].[p]', 'startup', 'false', 'true']]);
  });

  it('takes a collation that is the database’s for none', () => {
    const at = (own: string | null, of: string | null) =>
      database({
        properties: { ...database().properties, collation: of },
        tables: [table('T', [column('a', text(5), { collation: own })])],
      });
    expect(differences(at('Czech_CI_AS', 'Czech_CI_AS'), at(null, 'Czech_CI_AS'))).toEqual([]);
    expect(differences(at('Latin1_General_CI_AS', 'Czech_CI_AS'), at(null, 'Czech_CI_AS'))).toHaveLength(1);
  });

  it('compares the value that a sequence gives out next', () => {
    const sequence = (current: string, used: boolean | null) =>
      database({
        sequences: [
          {
            schema: 'dbo',
            name: 's',
            owner: null,
            type: int,
            start: '1',
            increment: '1',
            minimum: '1',
            maximum: '100',
            cycle: false,
            cacheSize: null,
            current,
            used,
          },
        ],
      });
    expect(differences(sequence('5', true), sequence('6', false))).toEqual([]);
    expect(differences(sequence('6', null), sequence('6', false))).toEqual([]);
    expect(differences(sequence('5', true), sequence('5', false))).toHaveLength(1);
  });

  it('takes what newer servers give every new database for no difference', () => {
    const withOptions = (options: Record<string, string>) => {
      const { properties } = database();
      return database({ properties: { ...properties, options } });
    };
    const old = withOptions({ RECOVERY: 'FULL' });
    expect(differences(old, withOptions({ RECOVERY: 'FULL', TARGET_RECOVERY_TIME: '60 SECONDS' }))).toEqual([]);
    expect(differences(old, withOptions({ RECOVERY: 'FULL', TARGET_RECOVERY_TIME: '90 SECONDS' }))).toHaveLength(1);
    expect(differences(withOptions({ TARGET_RECOVERY_TIME: '60 SECONDS' }), withOptions({}))).toHaveLength(1);
    expect(differences(old, withOptions({ RECOVERY: 'FULL', DELAYED_DURABILITY: 'FORCED' }))).toHaveLength(1);
  });

  it('leaves the settings of the database out when told to', () => {
    const level = (compatibilityLevel: number) =>
      database({ properties: { ...database().properties, compatibilityLevel } });
    expect(differences(level(100), level(110))).toHaveLength(1);
    expect(compareSchemas(level(100), level(110), { databaseProperties: false }).differences).toEqual([]);
  });

  it('finds every change of any object', () => {
    fc.assert(
      fc.property(arbitraryModel, fc.nat(1000), (model, chosen) => {
        const kinds = [
          'schemas',
          'users',
          'roles',
          'aliasTypes',
          'tables',
          'views',
          'functions',
          'procedures',
          'triggers',
        ] as const;
        const present = kinds.filter(k => model[k].length > 0);
        fc.pre(present.length > 0);
        const kind = present[chosen % present.length]!;
        const without = { ...model, [kind]: model[kind].slice(1) };
        expect(compareSchemas(model, without).differences.map(d => d.difference)).toEqual(['missing']);
        expect(compareSchemas(without, model).differences.map(d => d.difference)).toEqual(['extra']);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});
