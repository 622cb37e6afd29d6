import { describe, expect, it } from 'vitest';
import type { RowAccess } from '../../src/catalog/row-access.ts';
import { planRows, type RowsSelection, selectTableRows } from '../../src/exporter/table-rows.ts';
import { customers, orders, shop } from './shop.ts';

const open: RowAccess = { withoutSelect: new Set(), masked: new Map(), encrypted: new Map(), filtered: new Map() };
const everything: RowsSelection = { excludeTableData: [], where: [] };

const plan = (access: Partial<RowAccess>, selection: Partial<RowsSelection> = {}, database = shop) =>
  planRows(database, database, { ...open, ...access }, { ...everything, ...selection });

describe('the rows of an export', () => {
  it('are those of all tables that were not left out', () => {
    expect(plan({}).tables.map(t => t.name)).toEqual(['[dbo].[Customers]', '[dbo].[Orders]']);
    expect(plan({}, { excludeTableData: ['Cust*'] }).tables.map(t => t.name)).toEqual(['[dbo].[Orders]']);
    expect(() => plan({}, { excludeTableData: ['Nope'] })).toThrow(/no table matches Nope/);
  });

  it('are refused before the first one where the log-in may not read them', () => {
    expect(() => plan({ withoutSelect: new Set(['[dbo].[Customers]', '[dbo].[Orders]']) })).toThrow(
      'the log-in lacks SELECT on [dbo].[Customers] and 1 more tables',
    );
    expect(plan({ withoutSelect: new Set(['[dbo].[Orders]']) }, { excludeTableData: ['Orders'] }).tables).toHaveLength(
      1,
    );
  });

  it('are left out with a blocker where they cannot be read as they are', () => {
    const closed = { ...orders, indexes: [{ ...index, clustered: true, disabled: true }] };
    const cases = [
      [plan({ masked: new Map([['[dbo].[Orders]', ['[note]']]]) }), 'rows-masked'],
      [plan({ encrypted: new Map([['[dbo].[Orders]', ['[note]']]]) }), 'rows-encrypted'],
      [plan({}, {}, { ...shop, tables: [customers, closed] }), 'rows-unreadable'],
    ] as const;
    for (const [result, rule] of cases) {
      expect(result.tables.map(t => t.name)).toEqual(['[dbo].[Customers]']);
      expect(result.findings).toMatchObject([{ rule, severity: 'blocker', object: '[dbo].[Orders]' }]);
    }
  });

  it('are written with a blocker where a security policy may hide some', () => {
    const result = plan({ filtered: new Map([['[dbo].[Orders]', '[Own]']]) });
    expect(result.tables).toHaveLength(2);
    expect(result.findings).toMatchObject([{ rule: 'row-level-security', severity: 'blocker' }]);
  });
});

describe('--where', () => {
  it('takes a condition with colons, comments and quotes, for a table whose name may hold colons', () => {
    const odd = { ...orders, name: 'a:b' };
    const database = { ...shop, tables: [customers, odd] };
    const { tables, findings } = plan({}, { where: ["dbo.[a:b]:note = 'x:y' -- all"] }, database);
    expect(selectTableRows(database, tables[1]!)).toBe(
      "SELECT [customer], [note] FROM [dbo].[a:b] WHERE (note = 'x:y' -- all\n)",
    );
    expect(findings).toMatchObject([{ rule: 'rows-filtered', severity: 'info', object: '[dbo].[a:b]' }]);
  });

  it('joins the range of a chunk', () => {
    const { tables } = plan({}, { where: ['Customers:id > 3 OR id < 2'] });
    expect(selectTableRows(shop, tables[0]!, '[id] >= 10')).toBe(
      'SELECT [id], [name] FROM [dbo].[Customers] WHERE (id > 3 OR id < 2\n) AND ([id] >= 10\n) ORDER BY [id]',
    );
  });

  it('is refused without a condition, for no table, or twice', () => {
    expect(() => plan({}, { where: ['Customers'] })).toThrow(/not table:condition/);
    expect(() => plan({}, { where: ['Customers: '] })).toThrow(/not table:condition/);
    expect(() => plan({}, { where: ['Nope:1=1'] })).toThrow(/no table matches Nope/);
    expect(() => plan({}, { where: ['Orders:1=1', 'dbo.Orders:2=2'] })).toThrow(/given twice/);
  });
});

const index = {
  name: 'CX',
  unique: false,
  clustered: false,
  columns: [{ name: 'customer', descending: false }],
  included: [],
  filter: null,
  options: customers.keys[0]!.options,
  dataSpace: null,
  filestreamDataSpace: null,
  disabled: false,
};
