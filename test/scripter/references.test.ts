import { describe, expect, it } from 'vitest';
import { createNameIndex, findReferences } from '../../src/scripter/references.ts';

const objects = ['dbo.T', 'dbo.V', 'x y.T', 'sales.Orders'].map(path => {
  const [schema, name] = path.split('.') as [string, string];
  return { schema, name };
});
const found = (text: string, schema = 'dbo', collation: string | null = null) =>
  [...findReferences(text, schema, createNameIndex(objects, collation))].map(o => `${o.schema}.${o.name}`);

describe('findReferences', () => {
  it.each<[string, string[]]>([
    ['SELECT 1 FROM T', ['dbo.T']],
    ['SELECT 1 FROM [x y].[T]', ['x y.T']],
    ['SELECT 1 FROM "x y"."T" JOIN sales.Orders ON 1 = 1', ['x y.T', 'sales.Orders']],
    ['SELECT dbo.V(1)', ['dbo.V']],
    ['SELECT 1 FROM Db.sales.Orders', ['sales.Orders']],
    ['SELECT 1 FROM Db..T', ['dbo.T']],
    ['SELECT sales.Orders.Id FROM nothing', ['sales.Orders']],
    ["SELECT 'dbo.T' -- V\n/* sales.Orders */", []],
    ['SELECT 1 FROM other.T', []],
  ])('in %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('looks in the schema of the text first, then in dbo', () => {
    expect(found('SELECT 1 FROM T, V', 'x y')).toEqual(['x y.T', 'dbo.V']);
  });

  it('compares names as the collation does', () => {
    expect(found('SELECT 1 FROM t', 'dbo', 'Latin1_General_CI_AS')).toEqual(['dbo.T']);
    expect(found('SELECT 1 FROM t', 'dbo', 'Latin1_General_CS_AS')).toEqual([]);
    expect(found('SELECT 1 FROM t', 'dbo', 'Latin1_General_BIN2')).toEqual([]);
  });
});
