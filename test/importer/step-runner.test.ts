import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScriptStream } from '../../src/archive/script-input.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import type { ImportOptions } from '../../src/importer/import-options.ts';
import type { XpdbError } from '../../src/model/error.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { importOn, stream } from './import-on.ts';

let sandbox: Sandbox;
let count = 0;
let database = '';

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
});
afterAll(() => sandbox?.close());

async function imported(script: string, more: Partial<ImportOptions> = {}) {
  database = `Run${++count}`;
  const session = await sessionOn(sandbox);
  await session.execute(`CREATE DATABASE ${database}`);
  await session.close();
  const input = openScriptStream(stream(Buffer.from(script)), 'script.sql', undefined);
  const open = (name: string | null) => sessionOn(sandbox, name ?? undefined);
  try {
    return (await importOn(open, input, { database, loaders: createRowLoaders, ...more })).result;
  } finally {
    sandbox.faults.statements.splice(0);
  }
}

async function ask(sql: string): Promise<readonly unknown[]> {
  const session = await sessionOn(sandbox, database);
  try {
    return (await session.query(sql)).rows[0]!.map(Number);
  } finally {
    await session.close();
  }
}

const deadlock = (matching: RegExp, skip = 0) =>
  void sandbox.faults.statements.push({ kind: 'deadlock', matching, skip, times: 1 });
const inserts = (rows: number, values: (i: number) => string) =>
  Array.from({ length: rows }, (_, i) => `INSERT INTO t VALUES (${values(i)})`).join('\n');
const batches = (rows: number, value: (i: number) => number) =>
  Array.from({ length: rows }, (_, i) => `INSERT INTO t SELECT ${value(i)}\nGO\n`).join('');
const sum = (rows: number) => (rows * (rows - 1)) / 2;
const wide = 'x'.repeat(900);
const table = 'CREATE TABLE t (i int, d varchar(1000))';
const contents = 'SELECT COUNT(*), SUM(CONVERT(bigint, i)) FROM t';

describe('steps that run again', () => {
  it.each([0, 1, 2, 3, 4])(
    'load their own rows, a deadlock in load %i',
    async skip => {
      // The life of a temporary table is one group, so that several loads of it run again.
      deadlock(/INSERT BULK/i, skip);
      await imported(
        `${table}\nCREATE TABLE #x (i int)\nGO\n${inserts(25_000, i => `${i}, '${wide}'`)}\nGO\nDROP TABLE #x\nGO\n`,
      );
      expect(await ask(contents)).toEqual([25_000, sum(25_000)]);
    },
    120_000,
  );

  it('are the whole transaction of the script, however many they are', async () => {
    const script = (rows: number) =>
      `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${batches(rows, i => i)}COMMIT\nGO\nINSERT t SELECT -1\nGO\n`;
    for (const rows of [100, 450]) {
      deadlock(new RegExp(`SELECT ${rows - 5}$`));
      await imported(script(rows));
      expect(await ask('SELECT COUNT(*), SUM(i) FROM t')).toEqual([rows + 1, sum(rows) - 1]);
    }
    deadlock(/INSERT BULK/i, 2);
    await imported(`${table}\nGO\nBEGIN TRAN\nGO\n${inserts(20_000, i => `${i}, '${wide}'`)}\nGO\nCOMMIT\nGO\n`);
    expect(await ask(contents)).toEqual([20_000, sum(20_000)]);
  }, 120_000);

  it('leave out what fails for good, where errors are collected', async () => {
    const twice = batches(450, i => (i === 445 ? 0 : i));
    const { failures } = await imported(
      `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${twice}COMMIT\nGO\n`,
      { continueOnError: true },
    );
    expect(failures.map(f => [f.details.number, f.details.position?.line])).toEqual([[2627, 5 + 2 * 445]]);
    expect(await ask('SELECT COUNT(*) FROM t')).toEqual([449]);
  }, 120_000);

  it('are the INSERTs of a load that fails, so that the row is named', async () => {
    const script = `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${inserts(400, i => String(i === 300 ? 7 : i))}\nGO\nCOMMIT\nGO\n`;
    const error = (await imported(script).catch((e: unknown) => e)) as XpdbError;
    expect([error.details.number, error.details.position?.line]).toEqual([2627, 305]);
    const { failures } = await imported(script, { continueOnError: true });
    expect(failures.map(f => f.details.position?.line)).toEqual([305]);
    expect(await ask('SELECT COUNT(*) FROM t')).toEqual([399]);
  }, 120_000);
});

it('counts the rows of a transaction that is too long to be kept', async () => {
  const { rows, batches } = await imported(
    `${table}\nGO\nBEGIN TRAN\nGO\n${inserts(45_000, i => `${i}, '${wide}'`)}\nGO\nCOMMIT\nGO\n`,
  );
  expect([rows, batches]).toEqual([45_000, 3]);
}, 120_000);

describe('a batch that refers to what is missing', () => {
  it.each([
    'TRUNCATE TABLE stage',
    'DELETE FROM stage',
    'UPDATE stage SET i = 99',
    'INSERT stage SELECT 5',
    'EXEC dbo.fill',
    "EXEC ('DELETE FROM stage')",
    'IF 1 = 1 BEGIN DELETE stage END',
  ])('is not run later when it changes rows: %s', async statement => {
    const script = `PRINT 'x'\nGO\n${statement}\nGO\nCREATE TABLE stage (i int)\nINSERT INTO stage VALUES (1)\nGO\nCREATE PROC dbo.fill AS DELETE stage\nGO\n`;
    const error = (await imported(script).catch((e: unknown) => e)) as XpdbError;
    expect([208, 2812, 4701, 1088]).toContain(error.details.number);
    expect(error.details.position?.line).toBe(3);
  });

  it('runs later when it only defines something', async () => {
    const later = [
      "EXEC sys.sp_addextendedproperty N'a', 1, N'SCHEMA', N'dbo', N'TABLE', N't'",
      'GRANT INSERT, UPDATE ON t TO public',
      'CREATE INDEX i ON t (i)',
      "IF NOT EXISTS (SELECT * FROM sys.views WHERE name = N'v') EXEC dbo.sp_executesql @statement = N'CREATE VIEW v AS SELECT i FROM t'",
      'CREATE TABLE u (i int REFERENCES t ON DELETE CASCADE)',
      'CREATE TRIGGER g ON t AFTER INSERT AS DELETE t',
    ];
    await imported(`${later.join('\nGO\n')}\nGO\nCREATE TABLE t (i int PRIMARY KEY)\nGO\n`);
    expect(await ask("SELECT COUNT(*) FROM sys.objects WHERE name IN ('v', 'u', 'g')")).toEqual([3]);
  });

  it('is named when another one fails because of it', async () => {
    const script = 'CREATE TABLE dbo.t (i int, a nosuch.mytype)\nGO\nINSERT dbo.t (i) VALUES (1)\nGO\n';
    const error = (await imported(script).catch((e: unknown) => e)) as XpdbError;
    expect(error.details.position?.line).toBe(3);
    expect(error.details.hint).toMatch(/script\.sql:1:1 was put off before: .*nosuch/);
  });
});

it.each(['IMPLICIT_TRANSACTIONS', 'ANSI_DEFAULTS'])('refuses a script that sets %s', async option => {
  const script = `CREATE TABLE t (i int)\nGO\nSET NOCOUNT ON; SET ${option} ON\nGO\nINSERT t VALUES (1)\nGO\nROLLBACK\nGO\n`;
  const error = (await imported(script).catch((e: unknown) => e)) as XpdbError;
  expect([error.message, error.details.position?.line]).toEqual([
    expect.stringMatching(`^SET ${option} ON: an import runs in transactions of its own`),
    3,
  ]);
});

it('refuses it in a list of options, too, and behind a condition', async () => {
  for (const text of ['SET ANSI_NULLS, IMPLICIT_TRANSACTIONS ON', 'IF 1 = 1 SET IMPLICIT_TRANSACTIONS ON']) {
    const error = (await imported(`${text}\nGO\n`).catch((e: unknown) => e)) as XpdbError;
    expect(error.message).toMatch(/^SET IMPLICIT_TRANSACTIONS ON: /);
  }
});

it('compares rows by its own settings', async () => {
  const columns = '"columns":["i"]';
  const script = `-- xpdb: {"kind":"header","format":1,"source":{"version":"16.0.1","database":"S","collation":"Latin1_General_CI_AS"},"target":"2022","options":{}}
CREATE TABLE t (i int)
GO
-- xpdb: {"kind":"table","schema":"dbo","name":"t",${columns},"rows":3,"rowsum":"0"}
INSERT t VALUES (1), (2), (3)
GO
SET ROWCOUNT 1
GO
-- xpdb: {"kind":"trailer","tables":1,"rows":3}
`;
  const { failures } = await imported(script);
  // Its sum is not that of the script; its number is.
  expect(failures.map(f => f.message)).toEqual([expect.stringContaining('has the rows of the script, 3, but')]);
});

it('changes the rows of the database that it goes to, whatever name its script has', async () => {
  const session = await sessionOn(sandbox);
  await session.execute('CREATE DATABASE [Old]');
  await session.useDatabase('Old');
  await session.execute('CREATE TABLE t (i int) INSERT t VALUES (1)');
  const script = `USE [Old]
GO
CREATE TABLE t (i int)
GO
INSERT INTO [Old].dbo.t (i) VALUES (2)
GO
INSERT INTO [Old].dbo.t (i) SELECT 3
GO
UPDATE [old].[dbo].[t] SET i = i + 10 WHERE i = 2
GO
DELETE FROM Old..t WHERE i = 3
GO
`;
  await imported(script);
  expect(await ask('SELECT COUNT(*), SUM(i) FROM t')).toEqual([1, 12]);
  expect((await session.query('SELECT COUNT(*), SUM(i) FROM Old.dbo.t')).rows).toEqual([[1, 1]]);
  await session.close();
});
