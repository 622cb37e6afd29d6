import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SideSource } from '../../src/verify/side.ts';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import type { VerifyOptions } from '../../src/verify/verify-options.ts';
import { runCli } from '../support/run-cli.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';
import { everything } from '../support/verify-options.ts';

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160, password: 'Verify-1234' });
  folder = mkdtempSync(join(tmpdir(), 'xpdb-script-side-'));
}, 120_000);
afterAll(async () => {
  await sandbox?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const live = (database: string): SideSource => ({
  kind: 'server',
  connection: { ...connectionTo(sandbox, database), encrypt: 'mandatory' },
});

async function load(database: string, text: string, collation = 'Latin1_General_CI_AS'): Promise<void> {
  await loadScript(sandbox, `CREATE DATABASE ${database} COLLATE ${collation}\nGO\nUSE ${database}\nGO\n${text}\nGO`);
}

/** Exports a database. @returns the file or folder */
async function exported(database: string, ...more: string[]): Promise<string> {
  const path = join(folder, `${database}${more.length > 0 ? '' : '.sql'}`);
  const args = ['-S', `${sandbox.host},${sandbox.port}`, '-U', 'sa', '-C', '-d', database, '-o', path, ...more];
  const { code, stderr } = await runCli(['export', ...args], { env: { SQLCMDPASSWORD: 'Verify-1234' } });
  expect(code, stderr).toBe(0);
  return path;
}

async function states(from: SideSource, to: SideSource, more: Partial<VerifyOptions> = {}) {
  const { equal, tables } = await verifyDatabases(from, to, { ...everything, ...more });
  return [equal, Object.fromEntries(tables!.map(t => [t.table, t.state]))];
}

describe('tables whose names differ in case alone', () => {
  it('are told apart in scripts and archives', async () => {
    await load(
      'Cases',
      `CREATE TABLE dbo.T (a int)\nGO\nCREATE TABLE dbo.t (a int)\nGO\nINSERT dbo.T VALUES (1)\nINSERT dbo.t VALUES (2), (3)
GO
CREATE TABLE dbo.Void (a int)
GO
CREATE TABLE dbo.VOID (a int)
GO
INSERT dbo.VOID VALUES (4)`,
      'Latin1_General_BIN2',
    );
    const equal = {
      '[dbo].[T]': 'equal',
      '[dbo].[VOID]': 'equal',
      '[dbo].[Void]': 'equal',
      '[dbo].[t]': 'equal',
    };
    const archive: SideSource = { kind: 'archive', path: await exported('Cases', '--format', 'dir') };
    const script: SideSource = { kind: 'script', path: await exported('Cases') };
    expect(await states(archive, live('Cases'))).toEqual([true, equal]);
    expect(await states(live('Cases'), script)).toEqual([true, equal]);
    expect(await states(script, live('Cases'), { recount: true })).toEqual([true, equal]);
    expect(await states(script, archive)).toEqual([true, equal]);
  }, 120_000);

  it('are the same one where a script writes its name in several ways', async () => {
    await load('Ways', 'CREATE TABLE dbo.Lines (a int)\nGO\nINSERT dbo.Lines (a) VALUES (1), (2), (3)');
    const path = join(folder, 'ways.sql');
    const insert = (name: string, a: number) => `INSERT ${name} (a) VALUES (${a})\nGO\n`;
    const inserts = insert('dbo.Lines', 1) + insert('dbo.LINES', 2) + insert('DBO.lines', 3);
    writeFileSync(path, `CREATE TABLE dbo.Lines (a int)\nGO\n${inserts}`);
    const script: SideSource = { kind: 'script', path };
    const more = { schema: false };
    expect(await states(script, live('Ways'), more)).toEqual([true, { '[dbo].[Lines]': 'equal' }]);
    expect(await states(script, live('Ways'), { ...more, recount: true })).toEqual([
      true,
      { '[dbo].[Lines]': 'equal' },
    ]);
    await loadScript(sandbox, 'UPDATE dbo.Lines SET a = 4 WHERE a = 3', 'Ways');
    expect((await states(script, live('Ways'), { ...more, recount: true }))[0]).toBe(false);
  }, 120_000);
});

describe('rows of a script that are counted', () => {
  const recount = { recount: true };

  it('are one where a large row has statements of its own', async () => {
    const large = "REPLICATE(CONVERT(nvarchar(max), N'x'), 1500000)";
    await load(
      'Large',
      `CREATE TABLE dbo.Some (id int NOT NULL PRIMARY KEY, t nvarchar(max), b varbinary(max))
GO
CREATE TABLE dbo.Single (id int NOT NULL PRIMARY KEY, t nvarchar(max))
GO
INSERT dbo.Some (id, t) VALUES (1, ${large}), (2, N'b')
INSERT dbo.Some (id, t, b) VALUES (3, ${large}, CONVERT(varbinary(max), ${large})), (4, N'd', 0x)
INSERT dbo.Single VALUES (1, ${large})`,
    );
    const script: SideSource = { kind: 'script', path: await exported('Large') };
    expect(await states(script, live('Large'))).toEqual([true, { '[dbo].[Single]': 'equal', '[dbo].[Some]': 'equal' }]);
    // What a large row holds is not summed.
    const counted = [true, { '[dbo].[Single]': 'counted', '[dbo].[Some]': 'counted' }];
    expect(await states(script, live('Large'), recount)).toEqual(counted);
    await loadScript(sandbox, 'DELETE dbo.Some WHERE id = 4', 'Large');
    expect((await states(script, live('Large'), recount))[0]).toBe(false);
  }, 120_000);

  it('are not compared where a query makes them', async () => {
    const path = join(folder, 'query.sql');
    const tables = 'CREATE TABLE dbo.A (a int)\nGO\nCREATE TABLE dbo.B (a int)\nGO\n';
    const rows = 'INSERT dbo.A (a) VALUES (1), (2)\nGO\nINSERT dbo.A (a) VALUES (3)\nGO\n';
    const query = 'INSERT dbo.A (a) SELECT a + 3 FROM dbo.A\nGO\nINSERT dbo.B (a) SELECT 1 UNION SELECT 2\nGO\n';
    writeFileSync(path, tables + rows + query);
    await load('Query', tables + rows + query);
    const script: SideSource = { kind: 'script', path };
    for (const more of [{}, recount])
      expect(await states(script, live('Query'), { ...more, schema: false })).toEqual([
        true,
        { '[dbo].[A]': 'notCompared', '[dbo].[B]': 'notCompared' },
      ]);
  }, 120_000);

  it('are those of all columns but the identity where a statement names none', async () => {
    const text = (b: string) => `
CREATE TABLE dbo.Listless (id int IDENTITY NOT NULL PRIMARY KEY, a int NULL, b nvarchar(5) NULL, c AS (a + 1))
GO
INSERT dbo.Listless VALUES (1, N'x')
INSERT dbo.Listless VALUES (2, N'${b}')
GO`;
    const path = join(folder, 'listless.sql');
    writeFileSync(path, text('y'));
    await load('Listless', text('y'));
    await load('Other', text('?'));
    const script: SideSource = { kind: 'script', path };
    const compare = async (database: string, more: Partial<VerifyOptions>) =>
      (await states(script, live(database), { ...more, schema: false }))[1];
    expect(await compare('Listless', recount)).toEqual({ '[dbo].[Listless]': 'equal' });
    expect(await compare('Other', recount)).toEqual({ '[dbo].[Listless]': 'different' });
  }, 120_000);

  it('are none where somebody took them out of the script', async () => {
    await load('Taken', "CREATE TABLE dbo.T (a int, b nvarchar(5))\nGO\nINSERT dbo.T VALUES (1, N'x')");
    const path = await exported('Taken');
    const whole = readFileSync(path, 'utf8');
    const without = whole.replace(/INSERT \[dbo\]\.\[T\] \([^)]*\) VALUES\s*\(1,N'x'\)/, '');
    expect(without.length).toBeLessThan(whole.length);
    writeFileSync(path, without);
    expect(await states({ kind: 'script', path }, live('Taken'), recount)).toEqual([
      false,
      { '[dbo].[T]': 'different' },
    ]);
  }, 120_000);
});

it('sums the rows of a script without sums of its own, unasked', async () => {
  const text =
    "CREATE TABLE dbo.Genre (Id int NOT NULL PRIMARY KEY, Name nvarchar(20) NULL)\nGO\nINSERT INTO [dbo].[Genre] ([Id], [Name]) VALUES (1, N'Rock')\nINSERT INTO [dbo].[Genre] ([Id], [Name]) VALUES (2, N'Jazz')";
  await load('Genres', text);
  const path = join(folder, 'genres.sql');
  writeFileSync(path, `${text}\nGO\n`);
  const more = { databaseProperties: false };
  expect(await states({ kind: 'script', path }, live('Genres'), more)).toEqual([true, { '[dbo].[Genre]': 'equal' }]);
  await loadScript(sandbox, "USE Genres\nGO\nUPDATE dbo.Genre SET Name = N'Roll' WHERE Id = 1");
  expect(await states({ kind: 'script', path }, live('Genres'), more)).toEqual([
    false,
    { '[dbo].[Genre]': 'different' },
  ]);
});

it('reads the rows of an archive where its sums are not to be believed', async () => {
  await load('Stored', 'CREATE TABLE dbo.T (Id int NOT NULL PRIMARY KEY)\nGO\nINSERT dbo.T VALUES (1), (2), (3)');
  const path = await exported('Stored', '--format', 'dir', '--compress', 'none');
  const archive = { kind: 'archive', path } as const;
  expect(await states(archive, live('Stored'), { recount: true })).toEqual([true, { '[dbo].[T]': 'equal' }]);
  const data = join(path, 'data');
  const [chunk] = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter(n => n.endsWith('.sql'))
    .map(n => join(data, n)) as [string];
  writeFileSync(chunk, readFileSync(chunk, 'utf8').replace('(2)', '(9)'));
  expect((await states(archive, live('Stored')))[0]).toBe(true);
  await expect(states(archive, live('Stored'), { recount: true })).rejects.toThrow('another SHA-256');
});
