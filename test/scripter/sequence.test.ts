import { describe, expect, it } from 'vitest';
import type { Sequence } from '../../src/model/sequence.ts';
import { nextValue, scriptSequence } from '../../src/scripter/sequence.ts';
import { int } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const sequence: Sequence = {
  schema: 'dbo',
  name: 'S',
  owner: null,
  type: int,
  start: '1',
  increment: '5',
  minimum: '-10',
  maximum: '100',
  cycle: false,
  cacheSize: null,
  current: '1',
  used: false,
};
const create = (tail: string, type = '[int]') =>
  `CREATE SEQUENCE [dbo].[S] AS ${type} START WITH 1 INCREMENT BY 5 MINVALUE -10 MAXVALUE 100 ${tail}`;

testScripts('scriptSequence', [
  {
    name: 'never used',
    batches: scriptSequence(sequence, options),
    expected: [create('NO CYCLE NO CACHE')],
    since: 110,
  },
  {
    name: 'goes on behind the last value; cache of a size, cycle, owner',
    batches: scriptSequence(
      { ...sequence, used: true, current: '21', cycle: true, cacheSize: 50, owner: 'ann' },
      options,
    ),
    expected: [
      create('CYCLE CACHE 50'),
      'ALTER AUTHORIZATION ON OBJECT::[dbo].[S] TO [ann]',
      'ALTER SEQUENCE [dbo].[S] RESTART WITH 26',
    ],
    since: 110,
  },
  {
    name: 'cache without a size, a decimal type',
    batches: scriptSequence(
      { ...sequence, type: { schema: null, name: 'decimal', precision: 38, scale: 0 }, cacheSize: 0 },
      options,
    ),
    expected: [create('NO CYCLE CACHE', '[decimal](38, 0)')],
    since: 110,
  },
  {
    name: 'an exhausted one stays exhausted',
    batches: scriptSequence({ ...sequence, used: true, current: '100' }, options),
    expected: [
      create('NO CYCLE NO CACHE'),
      'ALTER SEQUENCE [dbo].[S] RESTART WITH 100',
      'DECLARE @last sql_variant;\nSELECT @last = NEXT VALUE FOR [dbo].[S]',
    ],
    since: 110,
  },
]);

describe('nextValue', () => {
  it.each<[Partial<Sequence>, string | null]>([
    [{ used: false }, null],
    [{ used: false, current: '50' }, '50'],
    [{ used: true, current: '1' }, '6'],
    // Before 2017 the catalog can't tell whether the start was given out: one value may be skipped, none comes twice.
    [{ used: null, current: '1' }, '6'],
    [{ used: true, current: '98', cycle: true }, '-10'],
    [{ used: true, current: '-8', increment: '-5', cycle: true }, '100'],
    [
      { used: true, current: '12345678901234567890', maximum: '99999999999999999999999999999999999999' },
      '12345678901234567895',
    ],
  ])('of %j is %s', (more, expected) => {
    expect(nextValue({ ...sequence, ...more })).toBe(expected);
  });
});
