import { describe, expect, it } from 'vitest';
import { withoutInline } from '../../../src/compat/rules/inline-option.ts';
import { database, module } from '../../support/model.ts';
import { oracleAvailable, parseWith } from '../../support/oracle.ts';
import { brief, gateFor } from '../gate-for.ts';

const fn = (options: string) => `CREATE FUNCTION dbo.F(@a int) RETURNS int ${options}AS BEGIN RETURN @a END`;

describe('withoutInline', () => {
  it.each([
    ['WITH INLINE = OFF ', ' '],
    ['WITH INLINE = ON, SCHEMABINDING ', 'WITH SCHEMABINDING '],
    ['WITH SCHEMABINDING, INLINE=OFF ', 'WITH SCHEMABINDING '],
    ['WITH SCHEMABINDING ', 'WITH SCHEMABINDING '],
    ['', ''],
  ])('%j becomes %j', (before, after) => {
    expect(withoutInline(fn(before))).toBe(fn(after));
  });
  it('leaves a column of that name in the body', () => {
    const text =
      'CREATE FUNCTION dbo.F() RETURNS int AS BEGIN DECLARE @x int; SELECT @x = 1 FROM t WHERE inline = off RETURN @x END';
    expect(withoutInline(text)).toBe(text);
  });
});

const source = database({
  functions: [{ ...module('F', fn('WITH INLINE = OFF ')), kind: 'scalar', schemaBound: false }],
});

it('leaves INLINE out before 2019', () => {
  const { database: fitted, findings } = gateFor('2017', source);
  expect(fitted.functions[0]!.definition).toBe(fn(' '));
  expect(brief(findings)).toEqual(['rewritten [dbo].[F] inline-option']);
  expect(gateFor('2019', source)).toEqual({ database: source, findings: [] });
});

it.skipIf(!oracleAvailable)("gives a text that Microsoft's parser of the version takes", async () => {
  expect(await parseWith(140, fn('WITH INLINE = OFF '))).not.toEqual([]);
  expect(await parseWith(140, gateFor('2017', source).database.functions[0]!.definition!)).toEqual([]);
});
