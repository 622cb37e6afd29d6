import { expect, it } from 'vitest';
import type { Table } from '../../src/model/table.ts';
import { nameReferredConstraints } from '../../src/scripter/referred-constraints.ts';
import { column, database, int, key, table } from '../support/model.ts';

const check = (name: string, disabled: boolean) => ({
  name,
  systemNamed: true,
  expression: '(1=1)',
  notForReplication: false,
  disabled,
  trusted: !disabled,
});
const names = (t: Table) =>
  [...t.columns.flatMap(c => c.default ?? []), ...t.keys, ...t.checks].map(c => (c.systemNamed ? '-' : c.name));

it('keeps the name of what is disabled or described, and only of that', () => {
  const source = database({
    tables: [
      table('T', [column('a', int, { default: { name: 'DF__1', systemNamed: true, expression: '((0))' } })], {
        keys: [
          key('PK__1', ['a'], { systemNamed: true }),
          key('UQ__1', ['a'], { systemNamed: true, kind: 'unique', disabled: true }),
        ],
        checks: [check('CK__1', true), check('CK__2', false)],
      }),
    ],
    extendedProperties: [
      {
        name: 'n',
        value: "N'v'",
        levels: [
          { type: 'SCHEMA', name: 'dbo' },
          { type: 'TABLE', name: 'T' },
          { type: 'CONSTRAINT', name: 'DF__1' },
        ],
      },
    ],
  });
  expect(names(nameReferredConstraints(source).tables[0]!)).toEqual(['DF__1', '-', 'UQ__1', 'CK__1', '-']);
});

it('makes names for what a script left unnamed, none twice', () => {
  const source = database({
    tables: [table('T', [column('a')], { checks: [check('', true), check('CK_T_1', false), check('', true)] })],
  });
  expect(names(nameReferredConstraints(source).tables[0]!)).toEqual(['CK_T_2', '-', 'CK_T_3']);
});
