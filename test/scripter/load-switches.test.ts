import { describe, expect, it } from 'vitest';
import { scriptLoadSwitches } from '../../src/scripter/load-switches.ts';
import { check, foreignKey, table, trigger } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

const on = (name: string, table: string, disabled: boolean) =>
  trigger(name, table, `CREATE TRIGGER dbo.${name} ON dbo.${table} FOR INSERT AS PRINT 1`, { disabled });

const named = scriptLoadSwitches(
  [
    table('T', undefined, {
      checks: [
        check('C1'),
        check('C2', undefined, { trusted: false }),
        check('C3', undefined, { disabled: true, trusted: false }),
      ],
      foreignKeys: [
        foreignKey('F1', 'T'),
        foreignKey('F2', 'T', { trusted: false }),
        foreignKey('F3', 'T', { disabled: true, trusted: false }),
      ],
    }),
  ],
  [on('A', 'T', false), on('B', 'T', true), on('C', 'U', false)],
);
const invented = scriptLoadSwitches(
  [table('T', undefined, { foreignKeys: [foreignKey('FK__1', 'T', { systemNamed: true })] })],
  [],
);

testScripts('scriptLoadSwitches', [
  {
    name: 'off: enabled triggers and foreign keys, and checks that old rows may violate',
    batches: named.before,
    expected: [
      'DISABLE TRIGGER [A] ON [dbo].[T]',
      'ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT [F1]',
      'ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT [F2]',
      'ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT [C2]',
    ],
  },
  {
    name: 'as they were afterwards, trust included',
    batches: named.after,
    expected: [
      'ENABLE TRIGGER [A] ON [dbo].[T]',
      'ALTER TABLE [dbo].[T] WITH CHECK CHECK CONSTRAINT [F1]',
      'ALTER TABLE [dbo].[T] WITH NOCHECK CHECK CONSTRAINT [F2]',
      'ALTER TABLE [dbo].[T] WITH NOCHECK CHECK CONSTRAINT [C2]',
    ],
  },
  {
    name: 'all of a table where the target invented the names',
    batches: [...invented.before, ...invented.after],
    expected: ['ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT ALL', 'ALTER TABLE [dbo].[T] WITH CHECK CHECK CONSTRAINT ALL'],
  },
]);

describe('a constraint whose name is another one on the target', () => {
  it('stays on where ALL would change others, and is named', () => {
    const { before, findings } = scriptLoadSwitches(
      [
        table('T', undefined, {
          checks: [check('C', undefined, { disabled: true, trusted: false })],
          foreignKeys: [foreignKey('FK__1', 'T', { systemNamed: true })],
        }),
      ],
      [],
    );
    expect(before).toEqual([]);
    expect(findings.map(f => [f.rule, f.severity, f.object])).toEqual([
      ['constraint-stays-on', 'info', '[dbo].[T].[FK__1]'],
    ]);
  });
});
