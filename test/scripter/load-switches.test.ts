import { describe, expect, it } from 'vitest';
import { scriptLoadSwitches } from '../../src/scripter/load-switches.ts';
import { module, table } from '../support/model.ts';
import { testScripts } from './script-cases.ts';

const check = (name: string, more = {}) => ({
  name,
  systemNamed: false,
  expression: '(1=1)',
  notForReplication: false,
  disabled: false,
  trusted: true,
  ...more,
});
const foreignKey = (name: string, more = {}) => ({
  name,
  systemNamed: false,
  columns: ['Id'],
  referencedTable: { schema: 'dbo', name: 'T' },
  referencedColumns: ['Id'],
  onDelete: 'NO ACTION' as const,
  onUpdate: 'NO ACTION' as const,
  notForReplication: false,
  disabled: false,
  trusted: true,
  ...more,
});
const trigger = (name: string, on: string, disabled: boolean) => ({
  ...module(name, `CREATE TRIGGER dbo.${name} ON dbo.${on} FOR INSERT AS PRINT 1`),
  parent: { schema: 'dbo', name: on },
  disabled,
  insteadOf: false,
  notForReplication: false,
  events: ['INSERT' as const],
  first: [],
  last: [],
});

const named = scriptLoadSwitches(
  [
    table('T', undefined, {
      checks: [check('C1'), check('C2', { trusted: false }), check('C3', { disabled: true, trusted: false })],
      foreignKeys: [
        foreignKey('F1'),
        foreignKey('F2', { trusted: false }),
        foreignKey('F3', { disabled: true, trusted: false }),
      ],
    }),
  ],
  [trigger('A', 'T', false), trigger('B', 'T', true), trigger('C', 'U', false)],
);
const invented = scriptLoadSwitches(
  [table('T', undefined, { foreignKeys: [foreignKey('FK__1', { systemNamed: true })] })],
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
          checks: [check('C', { disabled: true, trusted: false })],
          foreignKeys: [foreignKey('FK__1', { systemNamed: true })],
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
