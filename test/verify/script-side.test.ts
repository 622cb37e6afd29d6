import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SideSource } from '../../src/verify/side.ts';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import type { VerifyOptions } from '../../src/verify/verify-options.ts';
import { runCli } from '../support/run-cli.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';

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

const options: VerifyOptions = {
  schema: true,
  data: true,
  tables: [],
  excludeTables: [],
  databaseProperties: true,
  sample: null,
  showRows: 0,
  recount: false,
  jobs: 1,
  report: () => undefined,
};

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
  const { equal, tables } = await verifyDatabases(from, to, { ...options, ...more });
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
    expect(await states(script, live('Cases'), { recount: true })).toEqual([
      true,
      { ...equal, '[dbo].[Void]': 'notCompared' },
    ]);
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
    expect(await states(script, live('Ways'), more)).toEqual([true, { '[dbo].[Lines]': 'counted' }]);
    expect(await states(script, live('Ways'), { ...more, recount: true })).toEqual([
      true,
      { '[dbo].[Lines]': 'equal' },
    ]);
    await loadScript(sandbox, 'UPDATE dbo.Lines SET a = 4 WHERE a = 3', 'Ways');
    expect((await states(script, live('Ways'), { ...more, recount: true }))[0]).toBe(false);
  }, 120_000);
});
