import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../../support/answers.ts';
import { type RawServer, type RawSession, rawServer } from '../../support/raw-session.ts';

let server: RawServer;
let session: RawSession;
const query = (sql: string): Promise<string[]> => rows(session, sql);

beforeAll(async () => {
  server = rawServer(160);
  session = await server.open();
  await query('CREATE DATABASE ranges');
  await query('USE ranges');
});
afterAll(async () => {
  await session.close();
  await server.close();
});

/** Values of a key type as literals, in no order; with duplicates under another sign, case or scale. */
const keys: readonly (readonly [string, readonly string[]])[] = [
  ['int', ['5', '-3', '0', '2147483647', '-2147483648', '7']],
  ['bigint', ['5', '-3', '9223372036854775807', '-9223372036854775808', '0']],
  ['tinyint', ['0', '255', '7']],
  ['bit', ['0', '1']],
  ['decimal(9, 3)', ['1.005', '-1.005', '0', '999999.999', '1.004', '2']],
  ['money', ['1.5', '-922337203685477.5808', '0', '922337203685477.5807']],
  ['float', ['1e0', '-1e0', '0e0', '1.5e308', '-2.5e-300', '3.25e0']],
  ['real', ['1.5', '-1.5', '0']],
  ['date', ["'2024-01-02'", "'0001-01-01'", "'9999-12-31'", "'1999-12-31'"]],
  ['time(3)', ["'00:00'", "'23:59:59.999'", "'12:34:56.789'"]],
  ['datetime', ["'2024-01-02T03:04:05.007'", "'1753-01-01'", "'1899-12-31T23:59:59.997'", "'1900-01-01'"]],
  ['smalldatetime', ["'2024-01-02T03:04'", "'1900-01-01'", "'2079-06-06'"]],
  ['datetime2(4)', ["'2024-01-02T03:04:05.0071'", "'0001-01-01'", "'2024-01-02T03:04:05.0072'"]],
  ['datetimeoffset(2)', ["'2024-01-02T03:04:05+02:00'", "'2024-01-02T01:04:06+00:00'", "'2023-12-31T23:00:00-05:00'"]],
  ['varchar(10)', ["'abc'", "'ABD'", "'a'", "''", "'ab c'", "'zz'", "'-x'"]],
  ['nvarchar(10) COLLATE Latin1_General_CS_AS', ["N'abc'", "N'ABC'", "N'ä'", "N'z'", "N'Abc'"]],
  ['nvarchar(10) COLLATE Latin1_General_BIN2', ["N'abc'", "N'ABC'", "N'ä'", "N'ÿ'", "N'中'"]],
  ['char(4)', ["'abc'", "'b'", "'a'"]],
  ['binary(3)', ['0x010203', '0x00', '0xff0000', '0x010200']],
  ['varbinary(6)', ['0x01', '0x0001', '0xff', '0x0100ff', '0x']],
  [
    'uniqueidentifier',
    [
      "'6F9619FF-8B86-D011-B42D-00C04FC964FF'",
      "'00000000-0000-0000-0000-000000000001'",
      "'FFFFFFFF-0000-0000-0000-000000000000'",
    ],
  ],
];

describe('a range of the clustered key', () => {
  for (const [type, literals] of keys)
    for (const direction of ['ASC', 'DESC'])
      it(`of ${type} ${direction} gives the rows that a scan of the whole table gives`, async () => {
        await query('DROP TABLE IF EXISTS dbo.t');
        await query(
          `CREATE TABLE dbo.t (n int NOT NULL, k ${type} NULL); CREATE CLUSTERED INDEX ix ON dbo.t (k ${direction}, n)`,
        );
        await query(
          `INSERT t (n, k) VALUES ${literals.map((l, i) => `(${i}, ${l})`).join(', ')}, (98, NULL), (99, ${literals[0]})`,
        );
        const plain = type.replace(/ COLLATE .*/, '');
        for (const literal of literals)
          for (const value of [literal, `CAST(${literal} AS ${plain})`])
            for (const condition of [
              `k >= ${value}`,
              `k > ${value}`,
              `k < ${value}`,
              `${value} >= k`,
              `k = ${value}`,
              `k > ${value} AND k <= ${literals[1]}`,
            ]) {
              const order = `ORDER BY k ${direction}, n`;
              const ranged = await query(`SELECT n, k FROM t WHERE ${condition} ${order}`);
              // DISTINCT goes another way: every row is read and tested.
              const scanned = await query(
                `SELECT DISTINCT n, k FROM (SELECT n + 0 AS n, k FROM t WHERE n >= 0 AND (${condition})) x ${order}`,
              );
              expect(ranged, condition).toEqual(scanned);
            }
      });

  it('is found by variables, and by values of a wider type not at all wrongly', async () => {
    await query('DROP TABLE IF EXISTS dbo.t');
    await query('CREATE TABLE dbo.t (k int NOT NULL PRIMARY KEY); INSERT t VALUES (1), (2), (3)');
    expect(await query('DECLARE @v int = 2; SELECT k FROM t WHERE k >= @v')).toEqual(['2', '3']);
    expect(await query('SELECT k FROM t WHERE k >= 1.5')).toEqual(['2', '3']);
    expect(await query('SELECT k FROM t WHERE k > 2147483648')).toEqual([]);
    expect(await query("SELECT k FROM t WHERE k < '3'")).toEqual(['1', '2']);
    expect(await query('SELECT k FROM t WHERE k > NULL')).toEqual([]);
    expect(await query('SELECT k FROM t WHERE k >= 2 OR k = 1')).toEqual(['1', '2', '3']);
  });

  it('keeps its order after keys were changed, rows deleted and undone', async () => {
    await query('DROP TABLE IF EXISTS dbo.t');
    await query('CREATE TABLE dbo.t (k int NOT NULL PRIMARY KEY); INSERT t VALUES (1), (2), (3), (4)');
    await query('UPDATE t SET k = k + 10 WHERE k = 1');
    expect(await query('SELECT k FROM t ORDER BY k')).toEqual(['2', '3', '4', '11']);
    await query('TRUNCATE TABLE t; INSERT t VALUES (5), (6)');
    await query('BEGIN TRAN; DELETE t; INSERT t VALUES (1); ROLLBACK; INSERT t VALUES (3)');
    expect(await query('SELECT k FROM t ORDER BY k')).toEqual(['3', '5', '6']);
    await query('CREATE TABLE dbo.fresh (k int NOT NULL PRIMARY KEY); BEGIN TRAN; INSERT fresh VALUES (1); ROLLBACK');
    expect(await query('SELECT COUNT(*) FROM fresh')).toEqual(['0']);
    await query('INSERT fresh VALUES (2), (1)');
    expect(await query('SELECT k FROM fresh')).toEqual(['1', '2']);
  });
});
