import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  await loadScript(
    sandbox,
    'CREATE DATABASE Shop\nGO\nUSE Shop\nGO\nCREATE TABLE T (a int)\nGO\nINSERT INTO T VALUES (1)\nGO\n',
  );
  folder = mkdtempSync(join(tmpdir(), 'xpdb-cli-'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const on = (...more: string[]) => ['-S', `${sandbox.host},${sandbox.port}`, '-U', sandbox.user, '-C', ...more];
const password = () => ({ env: { SQLCMDPASSWORD: sandbox.password } });

/** One line for the user, no stack trace, nothing on standard output. */
function expectError(run: CliRun, code: number, text: RegExp): void {
  const errors = run.stderr.split('\n').filter(line => line.startsWith('error'));
  expect(errors.join('\n')).toMatch(text);
  expect(errors).toHaveLength(1);
  expect(run.stderr).not.toMatch(/^ {4}at /m);
  expect(run.stdout).toBe('');
  expect(run.code).toBe(code);
}

describe('bad command lines exit with 2', () => {
  it.each<[readonly string[], RegExp]>([
    [['export', '--no-such-option'], /unknown option '--no-such-option'/],
    [['exprot'], /unknown command 'exprot'/],
    [['export', '-d', 'x'], /no server named; use -S/],
    [['export', '-S', 'h', '-d', 'x'], /no way to log in named; use -U/],
    [['export', '-S', 'h', '-U', 'sa', '-d', 'x'], /no password for login sa; set SQLCMDPASSWORD/],
    [['export', '-S', 'h', '--target', '2013'], /known versions: 2008, 2008R2/],
    [['export', '--schema-only', '--data-only'], /cannot be used with/],
    [['export', '-S', 'np:h', '-U', 'sa', '-P', 'x', '-d', 'd'], /np:|named pipe/i],
    [['import', '-S', 'h', '-U', 'sa', '-P', 'x', '-i', 'x.sql'], /no database named; use -d/],
    [['import', '-S', 'h', '-d', 'x', '--map-file', 'nothing', '-i', 'x'], /--map-file takes logical=path/],
    [['sandbox', '--server-version', '2005'], /known versions/],
    [['sandbox', '--port', '70000'], /whole number from 0 to 65535/],
  ])('%j', async (args, text) => {
    const run = await runCli(args);
    expect(run.stderr).toMatch(text);
    expect(run.stderr).not.toMatch(/^ {4}at /m);
    expect(run.code).toBe(2);
  });
});

describe('what goes wrong at the server exits with 1', () => {
  it('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise(resolve => server.close(resolve));
    const run = await runCli(
      ['export', '-S', `127.0.0.1,${port}`, '-U', 'sa', '-d', 'Shop', '-o', '-', '--schema-only'],
      password(),
    );
    expectError(run, 1, /127\.0\.0\.1/);
  });

  it('a wrong password, which is never shown', async () => {
    const secret = "S3cret'with]quotes";
    for (const args of [
      ['export', ...on('-d', 'Shop', '-P', secret), '--schema-only'],
      [
        'export',
        '--connection-string',
        `Server=${sandbox.host},${sandbox.port};User ID=sa;Password="${secret}";Database=Shop;TrustServerCertificate=true`,
        '--schema-only',
      ],
    ]) {
      const run = await runCli(args);
      expectError(run, 1, /18456/);
      expect(run.stderr).not.toContain('S3cret');
    }
  });

  it('a certificate that nobody signed names the flag', async () => {
    const run = await runCli(['export', ...on('-d', 'Shop').filter(a => a !== '-C'), '--schema-only'], password());
    expectError(run, 1, /-C/);
  });

  it('an unknown database', async () => {
    const run = await runCli(['export', ...on('-d', 'Shpo'), '--schema-only'], password());
    expectError(run, 1, /Shpo/);
  });
});

describe('files', () => {
  it('an output that exists is left as it is', async () => {
    const file = join(folder, 'there.sql');
    writeFileSync(file, 'mine');
    const run = await runCli(['export', ...on('-d', 'Shop', '-o', file)], password());
    expect(run.stderr).toMatch(/^error: .*there\.sql.*--overwrite/m);
    expect(run.code).not.toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('an output whose folder is not there', async () => {
    const run = await runCli(['export', ...on('-d', 'Shop', '-o', join(folder, 'no', 'x.sql'))], password());
    expectError(run, 1, /folder does not exist/);
  });

  it('a folder whose name a file has', async () => {
    const file = join(folder, 'file.sql');
    writeFileSync(file, 'mine');
    for (const args of [
      ['export', ...on('-d', 'Shop', '--format', 'dir', '-o', file)],
      ['demo', '--output', file],
    ]) {
      expectError(await runCli(args, password()), 1, /^error: can't write .*file\.sql: a file has that name$/);
      expect(readFileSync(file, 'utf8')).toBe('mine');
    }
    const below = await runCli(['export', ...on('-d', 'Shop', '-o', join(file, 'x.sql'))], password());
    expectError(below, 1, /a folder on the way there is a file/);
  });

  it('a script that is not there', async () => {
    const run = await runCli(['import', ...on('-d', 'Shop', '-i', join(folder, 'none.sql'))], password());
    expectError(run, 2, /none\.sql/);
  });

  it('a backup is no script', async () => {
    const file = join(folder, 'x.bak');
    writeFileSync(file, Buffer.concat([Buffer.from('TAPE'), Buffer.alloc(4096)]));
    const run = await runCli(['import', ...on('-d', 'Shop', '-i', file)], password());
    expectError(run, 1, /x\.bak/);
  });

  it('an open quote is told with its line', async () => {
    const file = join(folder, 'open.sql');
    writeFileSync(file, "CREATE TABLE U (a int)\nGO\nINSERT INTO U VALUES ('never closed)\nGO\n");
    const run = await runCli(['import', ...on('-d', 'Shop', '-i', file)], password());
    expect(run.stderr).toMatch(/^error: .*open\.sql:3:/m);
    expect(run.code).toBe(1);
  });
});

describe('streams', () => {
  it('a schema goes to standard output, everything else to standard error', async () => {
    const run = await runCli(['export', ...on('-d', 'Shop'), '--schema-only'], password());
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('CREATE TABLE [dbo].[T]');
    expect(run.stdout.startsWith('-- xpdb: ')).toBe(true);
    expect(run.stderr).toMatch(/objects +tables/);
  });

  it('a script comes in by standard input', async () => {
    const run = await runCli(['import', ...on('-d', 'Shop')], {
      ...password(),
      stdin: 'CREATE TABLE FromInput (a int)\nGO\nINSERT INTO FromInput VALUES (1), (2)\nGO\n',
    });
    expect(run.stderr).toMatch(/database Shop has everything of the script/);
    expect(run.code).toBe(0);
  });

  it('a blocker is exit code 3, and 0 when it is accepted', async () => {
    await loadScript(sandbox, "CREATE PROCEDURE P AS SELECT STRING_AGG('a', 'b') AS c\nGO\n", 'Shop');
    const args = ['export', ...on('-d', 'Shop'), '--schema-only', '--target', '2012'];
    const open = await runCli(args, password());
    expect(open.code).toBe(3);
    expect(open.stderr).toMatch(
      /^warning: blocker \[dbo\]\.\[P\] line 1: STRING_AGG\(\) came with 2017.*\(tsql-version\)$/m,
    );
    expect(open.stdout).not.toContain('STRING_AGG');
    expect((await runCli([...args, '--accept', 'tsql-version:dbo.P'], password())).code).toBe(0);
    expect((await runCli([...args, '--accept', 'tsql-version:dbo.Q'], password())).code).toBe(3);
  });
});
