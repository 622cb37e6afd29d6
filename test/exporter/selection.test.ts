import { describe, expect, it } from 'vitest';
import { findLostKeys, select } from '../../src/exporter/selection.ts';
import type { AliasType } from '../../src/model/alias-type.ts';
import { matchesPattern } from '../../src/model/name-pattern.ts';
import { column, database, int, module, table } from '../support/model.ts';
import { shop } from './shop.ts';

const all = { tables: [], excludeTables: [], schemas: [], excludeSchemas: [] };

describe('a table pattern', () => {
  const calls = { schema: 'dbo', name: 'Calls' };
  it.each([
    ['Calls', true],
    ['calls', true],
    ['dbo.Calls', true],
    ['[dbo].[Calls]', true],
    ['sales.Calls', false],
    ['Call*', true],
    ['d?o.C*s', true],
    ['Call', false],
    ['C.lls', false],
  ])('%s', (pattern, expected) => {
    expect(matchesPattern(calls, pattern)).toBe(expected);
  });
  it('takes dots and brackets inside brackets for parts of the name', () => {
    expect(matchesPattern({ schema: 'a.b', name: 'c]d' }, '[a.b].[c]]d]')).toBe(true);
    expect(matchesPattern({ schema: 'dbo', name: 'a+b(c)' }, 'a+b(c)')).toBe(true);
  });
});

describe('a selection', () => {
  it('is the database itself where nothing was asked for', () => {
    expect(select(shop, all)).toBe(shop);
  });
  it('keeps named tables, their triggers, and keys between them only', () => {
    const orders = select(shop, { ...all, tables: ['Orders'] });
    expect(orders.tables.map(t => t.name)).toEqual(['Orders']);
    expect(orders.tables[0]!.foreignKeys).toEqual([]);
    expect(orders.triggers.map(t => t.name)).toEqual(['OrderAdded']);
    const customers = select(shop, { ...all, excludeTables: ['dbo.Orders'] });
    expect(customers.tables.map(t => t.name)).toEqual(['Customers']);
    expect(customers.triggers).toEqual([]);
  });
  it('tells of each foreign key to a table that is not in it', () => {
    const orders = shop.tables.find(t => t.name === 'Orders')!;
    const without = select(shop, { ...all, excludeTables: ['Customers'] });
    expect(findLostKeys(shop, without)).toEqual([
      {
        rule: 'foreign-key-left-out',
        severity: 'dropped',
        object: `[dbo].[Orders].[${orders.foreignKeys[0]!.name}]`,
        message: 'a foreign key to [dbo].[Customers], which is not in the selection',
      },
    ]);
    expect(findLostKeys(shop, select(shop, { ...all, excludeTables: ['Orders'] }))).toEqual([]);
    expect(findLostKeys(shop, select(shop, all))).toEqual([]);
  });
  it('has the types that its tables need, with their schemas', () => {
    const alias = (name: string, more: Partial<AliasType> = {}): AliasType => ({
      schema: 'types',
      name,
      owner: null,
      baseType: int,
      nullable: true,
      boundDefault: null,
      boundRule: null,
      ...more,
    });
    const rule = (name: string) => module(name, `CREATE RULE ${name} AS @v > 0`, { schema: 'rules' });
    const whole = database({
      schemas: ['types', 'rules', 'other'].map(name => ({ name, owner: 'dbo' })),
      aliasTypes: [alias('Amount', { boundRule: { schema: 'rules', name: 'Positive' } }), alias('Unused')],
      rules: [rule('Positive'), rule('Unused')],
      tables: [table('Bill', [column('Sum', { schema: 'types', name: 'Amount' })]), table('Other')],
    });
    const names = (tables: string[], schemas: string[] = []) => {
      const part = select(whole, { ...all, tables, schemas });
      return [part.schemas, part.aliasTypes, part.rules].map(list => list.map(o => o.name));
    };
    expect(names(['Bill'])).toEqual([['types', 'rules'], ['Amount'], ['Positive']]);
    expect(names(['Other'])).toEqual([[], [], []]);
    expect(names([], ['dbo'])).toEqual([
      ['types', 'rules'],
      ['Amount', 'Unused'],
      ['Positive', 'Unused'],
    ]);
  });
  it('refuses patterns that match nothing', () => {
    expect(() => select(shop, { ...all, tables: ['Custommers'] })).toThrow('no table matches Custommers');
    expect(() => select(shop, { ...all, schemas: ['sales'] })).toThrow('no schema matches sales');
  });
});
