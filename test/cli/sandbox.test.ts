import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import type { Session } from '../../src/connection/session.ts';
import { binary, plainEnvironment, runCli } from '../support/run-cli.ts';

interface Ready {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly version: string;
}

let folder = '';
const children: ChildProcess[] = [];

/** Starts the command and waits for its line; `stop` sends Ctrl-C and yields the exit code. */
async function start(args: readonly string[]): Promise<{ ready: Ready; stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, [binary, 'sandbox', ...args], {
    env: { ...plainEnvironment(), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<number | null>(resolve => child.on('close', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
    void ended.then(code => reject(new Error(`ended with ${code}: ${errors}`)));
  });
  return {
    ready: JSON.parse(line) as Ready,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

const sessionOf = (ready: Ready): Promise<Session> =>
  openSession({
    ...defaultConnectionOptions,
    server: ready.host,
    port: ready.port,
    auth: { kind: 'sql', user: ready.user, password: ready.password },
    trustServerCertificate: true,
    loginTimeoutSeconds: 60,
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-sandbox-'));
});
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('xpdb sandbox', () => {
  it('prints one line when it is ready, poses as what was asked, has the script loaded, and ends by Ctrl-C', async () => {
    const script = join(folder, 'shop.sql');
    writeFileSync(script, 'CREATE TABLE dbo.Items (id int NOT NULL)\r\nGO\r\nINSERT Items VALUES (1), (2)\r\nGO 3\r\n');
    const { ready, stop } = await start([
      '--server-version',
      '2012',
      '--edition',
      'express',
      '--volume',
      'D:\\Data',
      '--load',
      script,
      '--database',
      'Shop',
    ]);
    expect(Object.keys(ready)).toEqual(['host', 'port', 'user', 'password', 'version']);
    expect(ready.version).toBe('11.0.7001.0');
    const session = await sessionOf(ready);
    expect((await session.query("SELECT CAST(SERVERPROPERTY('Edition') AS varchar(50))")).rows).toEqual([
      ['Express Edition (64-bit)'],
    ]);
    expect((await session.query('SELECT COUNT(*) FROM Shop.dbo.Items')).rows).toEqual([[6]]);
    await session.execute(
      "CREATE DATABASE There ON (NAME = There, FILENAME = 'D:\\Data\\There.mdf') LOG ON (NAME = There_log, FILENAME = 'D:\\Data\\There.ldf')",
    );
    await expect(
      session.execute("CREATE DATABASE Gone ON (NAME = Gone, FILENAME = 'E:\\Gone.mdf')"),
    ).rejects.toMatchObject({ details: { number: 5133 } });
    await session.close();
    expect(await stop()).toBe(0);
  }, 120_000);

  it('keeps its databases in a file, and refuses the file as another version', async () => {
    const file = join(folder, 'kept.sandbox');
    const first = await start(['--server-version', '2016', '--file', file]);
    const session = await sessionOf(first.ready);
    await session.execute('CREATE DATABASE Kept');
    await session.useDatabase('Kept');
    await session.execute(
      "CREATE TABLE dbo.t (id int IDENTITY PRIMARY KEY, n nvarchar(20) NULL); INSERT t VALUES (N'ä'), (N'b')",
    );
    await session.close();
    expect(await first.stop()).toBe(0);

    const password = join(folder, 'password');
    writeFileSync(password, `${first.ready.password}\n`);
    const second = await start(['--server-version', '2016', '--file', file, '--password-file', password]);
    const again = await sessionOf(second.ready);
    await again.useDatabase('Kept');
    await again.execute("INSERT t VALUES (N'c')");
    expect((await again.query('SELECT id, n FROM t ORDER BY id')).rows).toEqual([
      [1, 'ä'],
      [2, 'b'],
      [3, 'c'],
    ]);
    await again.close();
    expect(await second.stop()).toBe(0);

    const other = await runCli(['sandbox', '--server-version', '2019', '--file', file]);
    expect([other.code, other.stdout]).toEqual([1, '']);
    expect(other.stderr).toMatch(/^error: the sandbox's file holds another server/);

    const holder = await start(['--server-version', '2016', '--file', file]);
    const locked = await runCli(['sandbox', '--server-version', '2016', '--file', file]);
    expect([locked.code, locked.stderr]).toEqual([
      1,
      expect.stringContaining('kept.sandbox is in use by another sandbox'),
    ]);
    const taken = await runCli(['sandbox', '--port', String(holder.ready.port)]);
    expect([taken.code, taken.stderr]).toEqual([
      1,
      expect.stringContaining('the port is taken; port 0 takes any that is free'),
    ]);
    await holder.stop();
    const text = join(folder, 'text');
    writeFileSync(text, 'this is no database, and long enough to be read as one '.repeat(50));
    const foreign = await runCli(['sandbox', '--file', text]);
    expect([foreign.code, foreign.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: can't keep a sandbox in .*text: file is not a database/),
    ]);
  }, 120_000);

  it('says where a script fails', async () => {
    const script = join(folder, 'broken.sql');
    writeFileSync(script, 'SELECT 1\nGO\n\nSELECT 1\nSELECT * FROM nosuch\n');
    const run = await runCli(['sandbox', '--load', script]);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(/^error: .*broken\.sql:5:1: Invalid object name 'nosuch'\. \(error 208\)/);
    const missing = await runCli(['sandbox', '--load', join(folder, 'nosuch.sql')]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^error: can't read .*nosuch\.sql: it does not exist$/m);
  }, 120_000);

  it('refuses a fault that it does not know', async () => {
    const run = await runCli(['sandbox', '--fault', 'fire:1']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('cut-sent:BYTES');
  }, 60_000);
});
