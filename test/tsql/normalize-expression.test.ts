import { describe, expect, it } from 'vitest';
import { normalizeExpression, readExpression } from '../../src/tsql/normalize-expression.ts';

/** Written → as SQL Server's catalog shows it. */
const definitions: readonly (readonly [string, string])[] = [
  // captured from SQL Server 2025: defaults, checks and computed columns of sys.*_constraints and sys.computed_columns
  ['(1)', '((1))'],
  ['(7)', '((7))'],
  ['a>0', '([a]>(0))'],
  ['(a*2)', '([a]*(2))'],
  // as the sample databases of Microsoft show theirs
  [
    'ISNULL([UnitPrice] * (1.0 - [UnitPriceDiscount]) * [OrderQty], 0.0)',
    '(isnull(([UnitPrice]*((1.0)-[UnitPriceDiscount]))*[OrderQty],(0.0)))',
  ],
  ['ISNULL([SubTotal] + [TaxAmt] + [Freight], 0)', '(isnull(([SubTotal]+[TaxAmt])+[Freight],(0)))'],
  [
    "[BirthDate] BETWEEN '1930-01-01' AND DATEADD(YEAR, -18, GETDATE())",
    "([BirthDate]>='1930-01-01' AND [BirthDate]<=dateadd(year,(-18),getdate()))",
  ],
  ["UPPER([Gender]) IN ('M', 'F')", "(upper([Gender])='F' OR upper([Gender])='M')"],
  [
    "[PersonType] IS NULL OR UPPER([PersonType]) IN ('SC', 'GC')",
    "([PersonType] IS NULL OR (upper([PersonType])='GC' OR upper([PersonType])='SC'))",
  ],
  ["ISNULL('AW' + [dbo].[ufnLeadingZeros](CustomerID), '')", "(isnull('AW'+[dbo].[ufnLeadingZeros]([CustomerID]),''))"],
  ["N'SO' + CONVERT(nvarchar(23), [SalesOrderID])", "(N'SO'+CONVERT([nvarchar](23),[SalesOrderID]))"],
  ['[EndDate] >= [StartDate] OR [EndDate] IS NULL', '([EndDate]>=[StartDate] OR [EndDate] IS NULL)'],
  // literals
  ['1', '((1))'],
  ['-1', '((-1))'],
  ['((((- 1))))', '((-1))'],
  ['+1', '((1))'],
  ['007', '((7))'],
  ['.50', '((0.50))'],
  ['1.', '((1.))'],
  ['1E3', '((1.000000000000000e+003))'],
  ['0.1e0', '((1.000000000000000e-001))'],
  ['0.30000000000000004E0', '((3.0000000000000004e-001))'],
  ['$1.50', '(($1.50))'],
  ['0x0A', '(0x0A)'],
  ["'x'", "('x')"],
  ["N'it''s'", "(N'it''s')"],
  ["''", "('')"],
  ['NULL', '(NULL)'],
  // functions of the server
  ['GetDate()', '(getdate())'],
  ['CURRENT_TIMESTAMP', '(getdate())'],
  ['SYSTEM_USER', '(suser_sname())'],
  ['NEWID()', '(newid())'],
  ['Len(a)', '(len([a]))'],
  ['LEFT(a, 1)', '(left([a],(1)))'],
  ['YEAR(d)', '(datepart(year,[d]))'],
  ['DATEADD(dd, 1, d)', '(dateadd(day,(1),[d]))'],
  ['{fn NOW()}', '(now())'],
  ['COUNT(*) OVER (PARTITION BY a)', '(count(*) OVER (PARTITION BY a))'],
  ['NEXT VALUE FOR dbo.Numbers', '(NEXT VALUE FOR [dbo].[Numbers])'],
  // conversions
  ['CAST(x AS INT)', '(CONVERT([int],[x]))'],
  ['CONVERT(varchar(10), getdate(), 120)', '(CONVERT([varchar](10),getdate(),(120)))'],
  ['CAST(x AS dbo.Phone)', '(CONVERT([dbo].[Phone],[x]))'],
  ['CAST(x AS national character varying(max))', '(CONVERT([nvarchar](max),[x]))'],
  ['TRY_CAST(x AS decimal(10, 2))', '(TRY_CAST([x] AS [decimal](10,2)))'],
  // conditions
  ['x in (1, 2)', '([x]=(2) OR [x]=(1))'],
  ['x not in (1, 2)', '([x]<>(2) AND [x]<>(1))'],
  ['x between 1 and 2', '([x]>=(1) AND [x]<=(2))'],
  ['x not between 1 and 2', '([x]<(1) OR [x]>(2))'],
  ['x between 1 and 2 and y = 3', '([x]>=(1) AND [x]<=(2) AND [y]=(3))'],
  ["x LIKE '[0-9]%'", "([x] like '[0-9]%')"],
  ["x NOT LIKE 'a!%' ESCAPE '!'", "(NOT [x] like 'a!%' escape '!')"],
  ['x != 1', '([x]<>(1))'],
  ['x !> 1', '([x]<=(1))'],
  ['x > = 1', '([x]>=(1))'],
  ['not x is null', '(NOT [x] IS NULL)'],
  ['not (a = 1 and b = 2)', '(NOT ([a]=(1) AND [b]=(2)))'],
  ['(a = 1 and b = 2) or c = 3', '([a]=(1) AND [b]=(2) OR [c]=(3))'],
  ['a = 1 and (b = 2 or c = 3)', '([a]=(1) AND ([b]=(2) OR [c]=(3)))'],
  ['IIF(a > 0, 1, 2)', '(case when [a]>(0) then (1) else (2) end)'],
  ["CASE a WHEN 1 THEN 'x' END", "(case [a] when (1) then 'x' end)"],
  ["a COLLATE Latin1_General_BIN = 'x'", "([a] collate Latin1_General_BIN='x')"],
  // what binds how
  ['a + b * c', '([a]+[b]*[c])'],
  ['(a + b) * c', '(([a]+[b])*[c])'],
  ['a - (b - c)', '([a]-([b]-[c]))'],
  ['a - b - c', '(([a]-[b])-[c])'],
  ["FirstName + ' ' + LastName", "(([FirstName]+' ')+[LastName])"],
  ['a - -b', '([a]-(-[b]))'],
  ['-a * b', '(-([a]*[b]))'],
  ['-1 * a', '((-1)*[a])'],
  // SQL Server answers 0.1 to SELECT -100.0/-100.0*10.0
  ['-100.0/-100.0*10.0', '((-100.0)/((-100.0)*(10.0)))'],
  ['~a & 1', '(~[a]&(1))'],
  // names
  ['[a]]b] > 0', '([a]]b]>(0))'],
  ['"Order Date" > 0', '([Order Date]>(0))'],
  ['t.a > 0', '([t].[a]>(0))'],
  ['geography::Point(1, 2, 4326)', '([geography]::[Point]((1),(2),(4326)))'],
  ['a.STArea() > 1', '([a].[STArea]()>(1))'],
  ['a -- why\n > /* because */ 0', '([a]>(0))'],
];

describe('normalizeExpression', () => {
  it.each(definitions)('%s', (written, stored) => {
    expect(normalizeExpression(written)).toBe(stored);
    expect(normalizeExpression(stored)).toBe(stored);
  });

  it('keeps IN in a filter', () => {
    expect(normalizeExpression('a IN (1, 2) AND b IS NOT NULL', { form: 'filter' })).toBe(
      '([a] IN ((1), (2)) AND [b] IS NOT NULL)',
    );
  });

  it('puts what it does not know in parentheses, once, and says so', () => {
    expect(readExpression(' foo bar ')).toEqual({ text: '(foo bar)', expression: null });
    expect(readExpression('(foo bar)')).toEqual({ text: '(foo bar)', expression: null });
    expect(readExpression('(foo bar) (x)')).toEqual({ text: '((foo bar) (x))', expression: null });
    expect(readExpression("'open")).toEqual({ text: "('open)", expression: null });
  });

  it('leaves what is nested too deeply as it is', () => {
    const deep = `${'('.repeat(5000)}1${')'.repeat(5000)}`;
    expect(readExpression(deep)).toEqual({ text: deep, expression: null });
    const long = `a IN (${Array.from({ length: 5000 }, (_, i) => i).join(',')})`;
    expect(readExpression(long)).toEqual({ text: `(${long})`, expression: null });
    const sum = Array.from({ length: 1000 }, () => 'a').join('+');
    expect(normalizeExpression(sum).length).toBeGreaterThan(5000);
  });
});
