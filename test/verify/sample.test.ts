import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { sampleCondition } from '../../src/verify/sample.ts';
import type { SideSource } from '../../src/verify/side.ts';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { everything } from '../support/verify-options.ts';

let older: Sandbox;
let newer: Sandbox;

beforeAll(async () => {
  older = await openSandbox({ version: 100, collation: 'Cyrillic_General_CI_AS' });
  newer = await openSandbox({ version: 160 });
}, 120_000);
afterAll(async () => {
  await older?.close();
  await newer?.close();
});

const live = (sandbox: Sandbox, database: string): SideSource => ({
  kind: 'server',
  connection: { ...connectionTo(sandbox, database), encrypt: 'mandatory' },
});

const compare = (database: string, sample: number) =>
  verifyDatabases(live(older, database), live(newer, database), {
    ...everything,
    schema: false,
    sample,
  });

async function tableOf(text: string) {
  return (await readScriptText(text)).tables[0]!;
}

const values = (n: number, row: (i: number) => string) => Array.from({ length: n }, (_, i) => `(${row(i)})`).join(', ');

/** Keys of each type, with values that no rule of thumb spreads over a sample. */
const keys: [string, string, (i: number) => string][] = [
  ['int', 'k int NOT NULL', i => `${i * 10 + 1}`],
  ['bigint', 'k bigint NOT NULL', i => `${-9007199254740993n - BigInt(i) * 1000n}`],
  ['tinyint of two', 'l int NOT NULL, k tinyint NOT NULL', i => `${Math.floor(i / 5)}, ${(i % 5) + 1}`],
  ['varchar', 'k varchar(20) COLLATE Cyrillic_General_CI_AS NOT NULL', i => `N'ж${i}'`],
  ['nchar', 'k nchar(8) NOT NULL', i => `N'日${i}'`],
  ['uniqueidentifier', 'k uniqueidentifier NOT NULL', i => `'00000000-0000-0000-0000-${String(i).padStart(12, '0')}'`],
  ['varbinary', 'k varbinary(8) NOT NULL', i => `0x${i.toString(16).padStart(6, '0')}`],
  ['numeric', 'k numeric(18, 2) NOT NULL', i => `-${i}.10`],
  [
    'datetime',
    'k datetime NOT NULL',
    i => `'2020-01-01T00:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.007'`,
  ],
  ['datetime2', 'k datetime2(3) NOT NULL', i => `'2020-01-01T00:00:00.${String(i).padStart(3, '0')}'`],
];

describe('a sample', () => {
  it.each(keys)(
    'has about as many rows as asked for, the same on both servers: key of %s',
    async (name, columns, value) => {
      const names = [...columns.matchAll(/(\w) \w+(?:\([^)]*\))?(?: COLLATE \w+)? NOT NULL/g)]
        .map(m => m[1])
        .join(', ');
      const list = names.replace(/\w/g, 'CONVERT(nvarchar(50), $&)');
      const database = `Keys_${name.replaceAll(' ', '_')}`;
      const create = `CREATE TABLE dbo.T (${columns}, v int NULL, CONSTRAINT PK_T PRIMARY KEY (${names}))`;
      const script = `CREATE DATABASE ${database}\nGO\nUSE ${database}\nGO\n${create}\nGO\nINSERT dbo.T (${names}) VALUES ${values(900, value)}\nGO`;
      const table = await tableOf(create);
      const chosen: unknown[] = [];
      for (const sandbox of [older, newer]) {
        await loadScript(sandbox, script);
        const session = await sessionOn(sandbox, database);
        const condition = sampleCondition(table, table, 10);
        chosen.push((await session.query(`SELECT ${list} FROM dbo.T WHERE ${condition} ORDER BY ${names}`)).rows);
        await session.close();
      }
      expect(chosen[0]).toEqual(chosen[1]);
      expect((chosen[0] as unknown[]).length).toBeGreaterThan(45);
      expect((chosen[0] as unknown[]).length).toBeLessThan(180);
      expect((await compare(database, 10)).tables?.[0]?.state).toBe('equal');
    },
    120_000,
  );

  it('finds prices that differ in all rows', async () => {
    const script = (price: number) => `
CREATE DATABASE Prices
GO
USE Prices
GO
CREATE TABLE dbo.Lines (o int NOT NULL, line int NOT NULL, price int, CONSTRAINT PK_Lines PRIMARY KEY (o, line))
CREATE TABLE dbo.Steps (id int IDENTITY(1, 10) PRIMARY KEY, price int)
CREATE TABLE dbo.One (id int PRIMARY KEY, price int)
CREATE TABLE dbo.Blank (id int PRIMARY KEY, price int)
GO
INSERT dbo.Lines VALUES ${values(900, i => `${i}, ${(i % 5) + 1}, ${price}`)}
INSERT dbo.Steps (price) VALUES ${values(900, () => `${price}`)}
INSERT dbo.One VALUES (1, ${price})
GO`;
    await loadScript(older, script(1));
    await loadScript(newer, script(2));
    const { equal, tables } = await compare('Prices', 10);
    expect([equal, tables?.map(t => [t.table, t.state])]).toEqual([
      false,
      [
        ['[dbo].[Blank]', 'equal'],
        ['[dbo].[Lines]', 'different'],
        // No row in the sample: their number is all that is known.
        ['[dbo].[One]', 'counted'],
        ['[dbo].[Steps]', 'different'],
      ],
    ]);
    expect(tables?.[2]?.note).toBe('none of its rows is in the sample of one in 10');
  }, 120_000);

  it('is not taken by keys that another server may tell apart in another way', async () => {
    const of = (column: string) => tableOf(`CREATE TABLE dbo.T (k ${column} NOT NULL PRIMARY KEY, v int)`);
    const [float, int, bigint] = [await of('float'), await of('int'), await of('bigint')];
    expect(sampleCondition(float, float, 10)).toBeNull();
    expect(sampleCondition(int, bigint, 10)).toBeNull();
    const none = await tableOf('CREATE TABLE dbo.T (k int)');
    expect(sampleCondition(none, none, 10)).toBeNull();
    expect(sampleCondition(int, int, 10)).toMatch(/^ABS\(.* % 10 = 0$/);
  });
});
