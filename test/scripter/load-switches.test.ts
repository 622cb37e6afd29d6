import { describe, expect, it } from 'vitest';
import type { ForeignKey } from '../../src/model/foreign-key.ts';
import { scriptLoadSwitches } from '../../src/scripter/load-switches.ts';
import { customers, orders, shop } from '../exporter/shop.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

const [key] = orders.foreignKeys as [ForeignKey];
const check = {
  name: 'CK',
  systemNamed: false,
  expression: '([customer]>(0))',
  notForReplication: false,
  disabled: false,
  trusted: true,
};
const [trigger] = shop.triggers;

describe('what is off while rows come into tables that exist', () => {
  it('is what was on, and comes back trusted where it was trusted', () => {
    const untrusted = { ...key, name: 'FK_old', trusted: false };
    const table = {
      ...orders,
      foreignKeys: [key, untrusted, { ...key, name: 'FK_off', disabled: true, trusted: false }],
    };
    const off = { ...trigger!, name: 'Off', disabled: true };
    const { before, after, findings } = scriptLoadSwitches([customers, table], [trigger!, off]);
    expect(before).toEqual([
      'DISABLE TRIGGER [OrderAdded] ON [dbo].[Orders]',
      'ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Customers]',
      'ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_old]',
    ]);
    expect(after).toEqual([
      'ENABLE TRIGGER [OrderAdded] ON [dbo].[Orders]',
      'ALTER TABLE [dbo].[Orders] WITH CHECK CHECK CONSTRAINT [FK_Orders_Customers]',
      'ALTER TABLE [dbo].[Orders] WITH NOCHECK CHECK CONSTRAINT [FK_old]',
    ]);
    expect(findings).toEqual([]);
  });

  it('leaves checks on that every row meets, and switches those that old rows may violate', () => {
    const table = { ...customers, checks: [check, { ...check, name: 'CK_old', trusted: false }] };
    const { before } = scriptLoadSwitches([table], []);
    expect(before).toEqual(['ALTER TABLE [dbo].[Customers] NOCHECK CONSTRAINT [CK_old]']);
  });

  it('reaches constraints that the server named by ALL, or says that they stay on', () => {
    const named = { ...orders, foreignKeys: [{ ...key, name: 'FK__Orders__1', systemNamed: true }] };
    expect(scriptLoadSwitches([named], [])).toEqual({
      before: ['ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT ALL'],
      after: ['ALTER TABLE [dbo].[Orders] WITH CHECK CHECK CONSTRAINT ALL'],
      findings: [],
    });
    const mixed = { ...named, checks: [{ ...check, disabled: true, trusted: false }] };
    const { before, findings } = scriptLoadSwitches([mixed], []);
    expect(before).toEqual([]);
    expect(findings).toMatchObject([
      { rule: 'constraint-stays-on', severity: 'info', object: '[dbo].[Orders].[FK__Orders__1]' },
    ]);
  });

  it.skipIf(!oracleAvailable)('is text that every version parses (judged by ScriptDom)', async () => {
    const { before, after } = scriptLoadSwitches([orders], shop.triggers);
    for (const version of [100, 170])
      expect(await parseWith(version, [...before, ...after].join('\nGO\n'))).toEqual([]);
  });
});
