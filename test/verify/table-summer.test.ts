import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumRows } from '../../src/connection/sum-rows.ts';
import { describeError, type XpdbError } from '../../src/model/error.ts';
import type { SumQuery } from '../../src/verify/side.ts';
import { openSummers, type TableSummer } from '../../src/verify/table-summer.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

let source: Sandbox;
let target: Sandbox;

const table = `CREATE DATABASE Shop
GO
USE Shop
GO
CREATE TABLE dbo.T (A int NOT NULL, B nvarchar(20) NULL)
GO
INSERT dbo.T VALUES (1, N'x'), (2, NULL), (3, N'日本')`;

beforeAll(async () => {
  source = await openSandbox({ version: 160 });
  target = await openSandbox({ version: 110 });
  await loadScript(source, table);
  await loadScript(target, `${table}, (4, N'')`);
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

const query: SumQuery = { sql: 'SELECT [A], [B] FROM [dbo].[T]', columns: ['A', 'B'], form: 'text' };

describe.each([
  ['in the thread that opens it', 0],
  ['in a thread of its own', 1],
])('a summer of tables %s', (_, index) => {
  async function withSummer(use: (summer: TableSummer) => Promise<void>): Promise<void> {
    const servers = { from: connectionTo(source, 'Shop'), to: connectionTo(target, 'Shop') };
    const summers = openSummers(2, servers).map(open => open());
    expect(summers).toHaveLength(2);
    try {
      await use(summers[index]!);
    } finally {
      await Promise.all(summers.map(s => s.close()));
    }
  }
  const run = (summer: TableSummer, queries: { from: SumQuery | null; to: SumQuery | null }) =>
    summer.run(queries, () => undefined, expect.unreachable);

  it('sums both sides, or the one that is asked for', async () => {
    const session = await sessionOn(source, 'Shop');
    const expected = await sumRows(session, query.sql);
    await session.close();
    await withSummer(async summer => {
      const counts: number[] = [];
      const both = await summer.run({ from: query, to: query }, rows => counts.push(rows), expect.unreachable);
      expect(both.from).toEqual({ rows: 3, rowsum: expected.rowsum, columns: ['A', 'B'] });
      expect(both.to).toMatchObject({ rows: 4, columns: ['A', 'B'] });
      expect(both.to!.rowsum).not.toBe(expected.rowsum);
      expect(counts.at(-1)).toBe(4);
      expect(await run(summer, { from: null, to: query })).toEqual({ from: null, to: both.to });
      const wire = await run(summer, { from: { ...query, form: 'wire' }, to: null });
      expect(wire.from!.rows).toBe(3);
      expect(wire.from!.rowsum).not.toBe(expected.rowsum);
    });
  }, 60_000);

  it('does not wait for the other side when one fails', async () => {
    source.faults.statements.push({ kind: 'hang', matching: /FROM \[dbo\]\.\[T\]/, skip: 0, times: 1 });
    await withSummer(async summer => {
      const wrong = { ...query, sql: 'SELECT [C] FROM [dbo].[T]' };
      const error = await run(summer, { from: query, to: wrong }).catch((e: unknown) => e);
      expect(describeError(error as XpdbError)).toMatch(/^Invalid column name 'C'.*\(error 207\)/);
    });
    source.faults.statements.length = 0;
  }, 60_000);
});
