import { describe, expect, it } from 'vitest';
import { obstacleOfName, planInsert } from '../../../src/importer/bulk/insert-plan.ts';
import { isSteadyDefault } from '../../../src/importer/bulk/steady-default.ts';
import type { ColumnFacts, TableFacts } from '../../../src/importer/bulk/table-facts.ts';
import type { ScriptSettings } from '../../../src/importer/row-loader.ts';
import type { InsertHeadPiece } from '../../../src/tsql/script-piece.ts';

function column(name: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return {
    name,
    typeName: 'int',
    maxLength: 4,
    nullable: true,
    collation: null,
    isIdentity: false,
    isComputed: false,
    isRowVersion: false,
    isColumnSet: false,
    isSparse: false,
    isFilestream: false,
    isEncrypted: false,
    isGeneratedAlways: false,
    isHidden: false,
    isPadded: true,
    hasRule: false,
    defaultText: null,
    hasBoundDefault: false,
    ...more,
  };
}

function facts(columns: readonly ColumnFacts[], more: Partial<TableFacts> = {}): TableFacts {
  return {
    id: 1,
    schema: 'dbo',
    name: 't',
    columns,
    insertTriggers: 0,
    isMemoryOptimized: false,
    isFileTable: false,
    isExternal: false,
    isGraph: false,
    isLedger: false,
    isTemporal: false,
    ignoresDuplicates: false,
    hasSpecialIndexes: false,
    hasIndexedViews: false,
    hasSecurityPolicy: false,
    ...more,
  };
}

const head = (...columns: string[]): InsertHeadPiece => ({
  kind: 'insertHead',
  text: '',
  table: { server: null, database: null, schema: null, name: 't' },
  columns: columns.length > 0 ? columns : null,
  position: { line: 1, column: 1 },
});
const settings = (options: Record<string, string> = {}): ScriptSettings => ({
  database: 'D',
  identityInsert: null,
  options: new Map(Object.entries(options)),
});

/** Names of the columns that are loaded, or why none are. */
function plan(h: InsertHeadPiece, f: TableFacts, options: Record<string, string> = {}, identityInsert = false): string {
  const found = planInsert(h, f, settings(options), identityInsert);
  return found.columns === null ? found.why : found.columns.map(c => c.name).join(' ');
}

describe('planInsert', () => {
  const two = [column('a', { nullable: false }), column('b')];

  it('lists columns in the order of the values, named as the catalog does', () => {
    expect(plan(head('B', 'a'), facts(two))).toBe('b a');
    expect(plan(head(), facts([...two, column('c', { isComputed: true }), column('d', { isHidden: true })]))).toBe(
      'a b',
    );
    expect(plan(head(), facts([column('id', { isIdentity: true }), ...two]))).toMatch(/\[id\] gets its identity value/);
    expect(plan(head('x', 'X'), facts([column('x'), column('X')]))).toBe('x X');
  });

  it.each([
    ['isTemporal', /system-versioned/],
    ['isGraph', /graph/],
    ['isLedger', /ledger/],
    ['isFileTable', /FileTable/],
    ['isExternal', /external/],
    ['hasSecurityPolicy', /security policy/],
    ['ignoresDuplicates', /ignores duplicates/],
  ] as const)('leaves a table to the server that %s', (fact, why) => {
    expect(plan(head('a'), facts(two, { [fact]: true }))).toMatch(why);
  });

  it.each([
    ['isComputed', /computed/],
    ['isRowVersion', /rowversion/],
    ['isColumnSet', /column set/],
    ['isGeneratedAlways', /generated always/],
    ['isEncrypted', /encrypted/],
    ['isFilestream', /FILESTREAM/],
    ['hasRule', /rule/],
  ] as const)('leaves values to the server for a column that %s', (fact, why) => {
    expect(plan(head('a'), facts([column('a', { [fact]: true })]))).toMatch(why);
  });

  it('takes sparse columns that are listed, and char of ANSI_PADDING OFF only where it is padded all the same', () => {
    expect(plan(head('a'), facts([column('a', { isSparse: true })]))).toBe('a');
    const char = { typeName: 'char', isPadded: false };
    expect(plan(head('a'), facts([column('a', char)]))).toMatch(/ANSI_PADDING/);
    expect(plan(head('a'), facts([column('a', { ...char, nullable: false })]))).toBe('a');
    expect(plan(head('a'), facts([column('a', { typeName: 'varchar', isPadded: false })]))).toBe('a');
  });

  it('looks at the columns that are left out', () => {
    const withGap = (gap: Partial<ColumnFacts>) => plan(head('a'), facts([column('a'), column('g', gap)]));
    expect(withGap({})).toBe('a');
    expect(withGap({ isComputed: true })).toBe('a');
    expect(withGap({ isRowVersion: true, nullable: false })).toBe('a');
    expect(withGap({ nullable: false, defaultText: '((0))' })).toBe('a');
    expect(withGap({ nullable: false })).toMatch(/takes no NULL/);
    expect(withGap({ isGeneratedAlways: true })).toMatch(/generated always/);
    expect(withGap({ hasBoundDefault: true })).toMatch(/bound default/);
    expect(withGap({ defaultText: '(NEXT VALUE FOR [dbo].[s])' })).toMatch(/more than a constant/);
  });

  it('asks for the SET options that the table needs', () => {
    const computed = facts([column('a'), column('c', { isComputed: true })]);
    expect(plan(head('a'), facts(two), { ANSI_PADDING: 'OFF' })).toBe('a');
    expect(plan(head('a'), computed, { ANSI_PADDING: 'off' })).toMatch(/ANSI_PADDING OFF/);
    expect(plan(head('a'), facts(two, { hasIndexedViews: true }), { ARITHABORT: 'OFF' })).toMatch(/ARITHABORT/);
    expect(plan(head('a'), facts(two, { hasSpecialIndexes: true }), { QUOTED_IDENTIFIER: 'OFF' })).toMatch(/QUOTED/);
    expect(plan(head('a'), facts(two), { NUMERIC_ROUNDABORT: 'ON' })).toMatch(/NUMERIC_ROUNDABORT/);
    expect(plan(head('a'), facts(two), { IMPLICIT_TRANSACTIONS: 'ON' })).toMatch(/IMPLICIT_TRANSACTIONS/);
    expect(plan(head('a'), facts(two), { ROWCOUNT: '0', NOCOUNT: 'ON', XACT_ABORT: 'ON' })).toBe('a');
  });

  it('wants a list of columns where IDENTITY_INSERT is on', () => {
    const identity = facts([column('id', { isIdentity: true, nullable: false }), column('b')]);
    expect(plan(head('id', 'b'), identity, {}, true)).toBe('id b');
    expect(plan(head('id', 'b'), identity, {}, false)).toMatch(/IDENTITY_INSERT is off/);
    expect(plan(head(), identity, {}, true)).toMatch(/list of columns/);
  });
});

describe('obstacleOfName', () => {
  it('is a server, a database or a temporary table', () => {
    const of = (table: Partial<InsertHeadPiece['table']>) =>
      obstacleOfName(
        { ...head('a'), table: { server: null, database: null, schema: null, name: 't', ...table } },
        settings(),
      );
    expect(of({})).toBeNull();
    expect(of({ database: 'd' })).toBeNull();
    expect(of({ database: 'other' })).toMatch(/another database/);
    expect(of({ server: 's', database: 'd' })).toMatch(/linked server/);
    expect(of({ name: '#t' })).toMatch(/temporary/);
  });
});

describe('isSteadyDefault', () => {
  it.each([
    '((0))',
    '((-1.5))',
    "('it''s')",
    "(N'x')",
    '(NULL)',
    '(0x00)',
    '(getdate())',
    '(sysutcdatetime())',
    '(newid())',
    '(CONVERT([date],getdate()))',
    '(suser_sname())',
    '(dateadd(day,(1),getdate()))',
    '((1.5E0))',
  ])('is true of %s', text => expect(isSteadyDefault(text)).toBe(true));

  it.each([
    '([dbo].[f]())',
    '(NEXT VALUE FOR [dbo].[s])',
    '(NEXT VALUE FOR s)',
    '(rand())',
    '(@@IDENTITY)',
    "(ident_current('t'))",
    '([f]())',
  ])('is false of %s', text => expect(isSteadyDefault(text)).toBe(false));
});
