import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../src/connection/cell-value.ts';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { chunkPath, defaultChunkLimits, largestFirst, planChunks } from '../../src/exporter/chunk-plan.ts';
import { canRange, rangeConditions } from '../../src/exporter/key-ranges.ts';
import type { Table } from '../../src/model/table.ts';
import { int, row, text, typeInfo } from '../connection/tds-bytes.ts';
import { column, table } from '../support/model.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import { type FakeRows, fakeSession } from './fake-session.ts';
import { customers, orders, shop, sourceOf } from './shop.ts';

type PartitionRows = Readonly<Record<string, readonly number[]>>;

/** A session that knows how many rows each partition has, and pages of 8 KB for each. */
function session(
  partitions: PartitionRows,
  samples: Readonly<Record<string, FakeRows | Error>>,
  pages = 1,
  disorder: readonly Readonly<Record<string, CellValue>>[] = [],
) {
  const rows: Record<string, CellValue>[] = Object.entries(partitions).flatMap(([name, counts], t) =>
    counts.map((count, p) => ({
      schema: 'dbo',
      table: name,
      partition_id: BigInt(t * 100 + p),
      hobt_id: BigInt(t * 100 + p),
      partition_number: p + 1,
      rows: BigInt(count),
    })),
  );
  return fakeSession({
    tables: samples,
    query: sql => {
      if (sql.includes('sys.partitions')) return rows;
      if (sql.includes('sys.allocation_units'))
        return rows.map(r => ({ container_id: r.hobt_id!, type: 1, used_pages: BigInt(pages) }));
      if (sql.includes('[wrong]')) return disorder;
      if (sql.includes('MIN(')) return [{ low: 1n, high: 1000n }];
      return undefined;
    },
  });
}

const ids = (numbers: readonly number[]): FakeRows => ({
  columns: [['id', typeInfo.int]],
  rows: Buffer.concat(numbers.map(n => row(int(n)))),
});
const plan = (
  own: ReturnType<typeof session>,
  tables: readonly Table[] = [customers],
  limits = { rows: 1000, bytes: 1e9 },
) => {
  const source = sourceOf({ ...shop, tables });
  return planChunks(own, source.database, source.tables, limits);
};

describe('the plan of chunks', () => {
  it('leaves small tables whole', async () => {
    const { chunks, findings } = await plan(session({ Customers: [1000] }, {}));
    expect(chunks).toEqual([{ table: 0, number: 1, range: null, weight: 8192 }]);
    expect(findings).toEqual([]);
  });

  it('cuts a table at quantiles of its sampled key, however the values lie', async () => {
    const skewed = Array.from({ length: 3000 }, (_, i) => (i < 2999 ? i + 1 : 2_000_000_000));
    const own = session({ Customers: [3000] }, { '[dbo].[Customers] TABLESAMPLE': ids(skewed) });
    const { chunks } = await plan(own);
    expect(chunks.map(c => c.range)).toEqual([
      '[id] < CAST(1001 AS [int])',
      '[id] >= CAST(1001 AS [int]) AND [id] < CAST(2001 AS [int])',
      '[id] >= CAST(2001 AS [int])',
    ]);
    expect(own.ran.find(sql => sql.includes('TABLESAMPLE'))).toBe(
      'SELECT [id] FROM [dbo].[Customers] TABLESAMPLE SYSTEM (100.000 PERCENT) REPEATABLE (20080806) WHERE [id] IS NOT NULL ORDER BY [id]',
    );
  });

  it('cuts an integer key evenly between its ends where nothing could be sampled', async () => {
    const refused = new SqlServerError([
      { number: 40000, state: 1, class: 16, line: 1, procedure: '', server: '', message: 'no TABLESAMPLE' },
    ]);
    for (const sample of [refused, ids([5])]) {
      const { chunks } = await plan(session({ Customers: [2500] }, { '[dbo].[Customers] TABLESAMPLE': sample }));
      expect(chunks.map(c => c.range)).toEqual([
        '[id] < CAST(334 AS [int])',
        '[id] >= CAST(334 AS [int]) AND [id] < CAST(667 AS [int])',
        '[id] >= CAST(667 AS [int])',
      ]);
    }
  });

  it('cuts by bytes as well as by rows', async () => {
    const own = session({ Customers: [100] }, { '[dbo].[Customers] TABLESAMPLE': ids([1, 2, 3, 4]) }, 300);
    expect((await plan(own, [customers], { rows: 1000, bytes: 1 << 20 })).chunks).toHaveLength(3);
  });

  it('takes text keys with their guards, and NULLs into the first chunk', async () => {
    const key = { ...customers.keys[0]!, kind: 'unique' as const, columns: [{ name: 'code', descending: true }] };
    const named = (collation: string | null) =>
      table('Named', [column('code', { schema: null, name: 'varchar', length: 10 }, { nullable: true, collation })], {
        keys: [key],
      });
    const sample: FakeRows = {
      columns: [['code', typeInfo.nvarchar(20)]],
      rows: Buffer.concat(["a'b", '$(x)', 'z'].map(v => row(text(v)))),
    };
    const own = session({ Named: [2500] }, { '[dbo].[Named] TABLESAMPLE': sample });
    const { chunks } = await plan(own, [named('Latin1_General_CI_AS')]);
    const [first, second] = [
      "CAST(N'$' + N'(x)' COLLATE Latin1_General_CI_AS AS [varchar](10))",
      "CAST(N'z' COLLATE Latin1_General_CI_AS AS [varchar](10))",
    ];
    expect(chunks.map(c => c.range)).toEqual([
      `[code] < ${first} OR [code] IS NULL`,
      `[code] >= ${first} AND [code] < ${second}`,
      `[code] >= ${second}`,
    ]);
    if (oracleAvailable) {
      const statements = [...chunks.map(c => `SELECT * FROM t WHERE (${c.range})`), ...own.ran];
      for (const sql of statements) expect(await parseWith(100, sql)).toEqual([]);
    }
    expect((await plan(own, [named(null)])).findings).toMatchObject([{ rule: 'one-chunk', object: '[dbo].[Named]' }]);
  });

  it('keeps a table in one piece where the server orders the bounds otherwise', async () => {
    const own = session({ Customers: [3000] }, { '[dbo].[Customers] TABLESAMPLE': ids([1, 2, 3]) }, 1, [{ wrong: 1 }]);
    const { chunks, findings } = await plan(own);
    expect(chunks.map(c => c.range)).toEqual([null]);
    expect(findings).toMatchObject([{ rule: 'one-chunk', object: '[dbo].[Customers]' }]);
    expect(own.ran.at(-1)).toBe(
      'SELECT TOP (1) 1 AS [wrong] FROM (VALUES (CAST(2 AS [int]), CAST(3 AS [int]))) AS [pairs] ([low], [high]) WHERE NOT [low] <= [high]',
    );
  });

  it('keeps a table without a usable key in one piece and says so', async () => {
    const { chunks, findings } = await plan(session({ Orders: [5000] }, {}), [orders]);
    expect(chunks).toHaveLength(1);
    expect(findings).toMatchObject([{ rule: 'one-chunk', severity: 'info', object: '[dbo].[Orders]' }]);
  });

  it('goes by partitions where there are some, small neighbours together', async () => {
    const partitioned = { ...orders, dataSpace: { name: 'PS', partitionColumn: 'customer' } };
    const source = sourceOf({
      ...shop,
      tables: [partitioned],
      partitionSchemes: [{ name: 'PS', partitionFunction: 'PF]x', filegroups: ['PRIMARY'], nextUsed: null }],
    });
    const own = session({ Orders: [0, 10, 900, 900, 5, 5] }, {});
    const { chunks } = await planChunks(own, source.database, source.tables, { rows: 1000, bytes: 1e9 });
    expect(chunks.map(c => c.range)).toEqual([
      '$PARTITION.[PF]]x]([customer]) BETWEEN 1 AND 3',
      '$PARTITION.[PF]]x]([customer]) BETWEEN 4 AND 6',
    ]);
    if (oracleAvailable) expect(await parseWith(100, `SELECT * FROM t WHERE (${chunks[0]!.range})`)).toEqual([]);
  });

  it('cuts a partition that is too large at its own keys', async () => {
    const key = { ...customers.keys[0]!, dataSpace: { name: 'PS', partitionColumn: 'id' } };
    const source = sourceOf({
      ...shop,
      tables: [{ ...customers, keys: [key] }],
      partitionSchemes: [{ name: 'PS', partitionFunction: 'PF', filegroups: ['PRIMARY'], nextUsed: null }],
    });
    const sample = ids(Array.from({ length: 2000 }, (_, i) => 5000 + i));
    const own = session({ Customers: [400, 2000, 600] }, { '[dbo].[Customers] TABLESAMPLE': sample });
    const { chunks } = await planChunks(own, source.database, source.tables, { rows: 1000, bytes: 1e9 });
    expect(chunks.map(c => [c.range, c.weight])).toEqual([
      ['$PARTITION.[PF]([id]) = 1', 3277],
      ['$PARTITION.[PF]([id]) = 2 AND ([id] < CAST(6000 AS [int]))', 8192],
      ['$PARTITION.[PF]([id]) = 2 AND ([id] >= CAST(6000 AS [int]))', 8192],
      ['$PARTITION.[PF]([id]) = 3', 4916],
    ]);
    expect(own.ran.filter(sql => sql.includes('TABLESAMPLE'))).toEqual([
      'SELECT [id] FROM [dbo].[Customers] TABLESAMPLE SYSTEM (100.000 PERCENT) REPEATABLE (20080806) ' +
        'WHERE [id] IS NOT NULL AND $PARTITION.[PF]([id]) = 2 ORDER BY [id]',
    ]);
    if (oracleAvailable) expect(await parseWith(100, `SELECT * FROM t WHERE (${chunks[1]!.range})`)).toEqual([]);
  });
});

describe('ranges of a key', () => {
  /** What a condition means for a value: the operators of T-SQL on numbers, NULL meeting no comparison. */
  const meets = (condition: string, value: number | null): boolean =>
    condition.split(' OR ').some(part =>
      part.split(' AND ').every(term => {
        if (term === 'k IS NULL') return value === null;
        const [, operator, bound] = /^k (<|>=) (-?\d+)$/.exec(term)!;
        return value !== null && (operator === '<' ? value < Number(bound) : value >= Number(bound));
      }),
    );

  it('hold every value exactly once, whatever their bounds, equal ones among them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: -60, max: 60 })),
        (bounds, value) => {
          const sorted = [...bounds].sort((a, b) => a - b).map(String);
          const met = rangeConditions('k', sorted, true).filter(c => meets(c, value));
          expect(met).toHaveLength(1);
        },
      ),
    );
  });

  it('are made of types with literals and an order only', () => {
    expect(canRange({ schema: null, name: 'datetime2', scale: 3 }, null)).toBe(true);
    expect(canRange({ schema: null, name: 'varbinary', length: 16 }, null)).toBe(true);
    expect(canRange({ schema: null, name: 'nvarchar', length: 'max' }, 'Latin1_General_BIN')).toBe(false);
    expect(canRange({ schema: null, name: 'sql_variant' }, null)).toBe(false);
    expect(canRange({ schema: 'dbo', name: 'Point' }, null)).toBe(false);
    expect(canRange({ schema: null, name: 'varchar', length: 9 }, 'Latin1_General_BIN')).toBe(true);
    expect(canRange({ schema: null, name: 'varchar', length: 9 }, null)).toBe(false);
  });
});

it('largest chunks come first, equal ones in the order of their tables', () => {
  const chunk = (table: number, number: number, weight: number) => ({ table, number, weight, range: null });
  const chunks = [chunk(0, 1, 5), chunk(0, 2, 9), chunk(1, 1, 5), chunk(2, 1, 100)];
  expect(largestFirst(chunks)).toEqual([chunks[3], chunks[1], chunks[0], chunks[2]]);
});

it('a chunk has a path of its own', () => {
  const [rows] = sourceOf(shop).tables;
  const chunk = { table: 0, number: 12, range: null, weight: 1 };
  expect(chunkPath(chunk, rows!, '.sql.zst')).toBe('data/00001-dbo.Customers/000012.sql.zst');
  expect(defaultChunkLimits.rows).toBe(1_000_000);
});
