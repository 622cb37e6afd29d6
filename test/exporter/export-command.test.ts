import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { binary, plainEnvironment, runCli } from '../support/run-cli.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { openSource } from './phones.ts';

let sandbox: Sandbox;
let folder = '';
beforeAll(async () => {
  sandbox = await openSource();
  folder = mkdtempSync(join(tmpdir(), 'xpdb-command-'));
});
afterEach(() => {
  sandbox.faults.sendDelayMs = 0;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const args = (...more: string[]) => [
  'export',
  '-S',
  `${sandbox.host},${sandbox.port}`,
  '-U',
  sandbox.user,
  '-C',
  '-d',
  'Phones',
  ...more,
];
const env = () => ({ SQLCMDPASSWORD: sandbox.password });
const run = (...more: string[]) => runCli(args(...more), { env: env() });

/** Sends SIGINT as soon as `ready` says so. */
function interrupt(more: readonly string[], ready: () => boolean): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [binary, ...args(...more)], {
    env: { ...plainEnvironment(), NO_COLOR: '1', ...env() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setInterval(() => {
    if (!ready()) return;
    clearInterval(timer);
    child.kill('SIGINT');
  }, 10);
  return new Promise(resolve => {
    child.on('close', code => {
      clearInterval(timer);
      resolve({ code, stderr });
    });
  });
}

const chunks = (path: string) =>
  existsSync(join(path, 'data'))
    ? readdirSync(join(path, 'data'), { recursive: true, encoding: 'utf8' }).filter(n => n.endsWith('.zst')).length
    : 0;

describe('xpdb export', () => {
  it('writes an archive by several jobs, which archive check finds whole', async () => {
    const path = join(folder, 'archive');
    const exported = await run(
      '--format',
      'dir',
      '--jobs',
      '2',
      '--chunk-rows',
      '300',
      '--data-format',
      'native',
      '-o',
      path,
    );
    expect(exported.stderr).toMatch(/3,000 .*\n.*archive is an archive for SQL Server 2019 of database Phones/);
    expect(exported.code).toBe(0);
    const checked = await runCli(['archive', 'check', path]);
    expect(checked.stderr).toMatch(/3 +3,000 +\d+ +.* +0$/m);
    expect(checked.code).toBe(0);
    rmSync(join(path, 'post-data.sql'));
    const again = await runCli(['archive', 'check', path]);
    expect(again.stderr).toMatch(/^error: .*post-data\.sql is missing$/m);
    expect(again.code).toBe(1);
  });

  it('stops at Ctrl-C with exit code 4, and goes on by --resume', { timeout: 240_000 }, async () => {
    const path = join(folder, 'stopped');
    const options = ['--format', 'dir', '--jobs', '2', '--chunk-rows', '40', '-o', path];
    sandbox.faults.sendDelayMs = 20;
    const stopped = await interrupt(options, () => chunks(path) >= 3);
    sandbox.faults.sendDelayMs = 0;
    expect(stopped.stderr).toMatch(/^error: stopped by Ctrl-C; run the same command again with --resume$/m);
    expect(stopped.stderr).toMatch(/database snapshot Phones_xpdb_snapshot_\w+ stays on the source for --resume/);
    expect(stopped.code).toBe(4);
    expect(existsSync(join(path, 'manifest.json'))).toBe(false);
    const refused = await run(...options);
    expect(refused.stderr).toMatch(/holds an export that was interrupted; go on with it by --resume/);
    const resumed = await run(...options, '--resume');
    expect(resumed.stderr).toContain('3,000');
    expect(resumed.code).toBe(0);
    expect((await runCli(['archive', 'check', path])).code).toBe(0);
  });

  it('leaves a script that Ctrl-C stopped under another name', { timeout: 120_000 }, async () => {
    const path = join(folder, 'stopped.sql');
    sandbox.faults.sendDelayMs = 20;
    const stopped = await interrupt(['-o', path], () => existsSync(`${path}.partial`));
    expect(stopped.stderr).toMatch(/^error: stopped by Ctrl-C/m);
    expect(stopped.code).toBe(4);
    expect(existsSync(path)).toBe(false);
  });

  it('writes the rows of a query to standard output', async () => {
    const csv = await run('--query', "SELECT 1 AS a, N'x;y' AS b", '--data-format', 'csv', '--delimiter', ';');
    expect(csv.stdout).toBe('a;b\r\n1;"x;y"\r\n');
    expect(csv.code).toBe(0);
    const failed = await run('--query', 'SELECT * FROM dbo.Nothing', '--data-format', 'csv');
    expect(failed.stderr).toMatch(/^error: Invalid object name 'dbo\.Nothing'\. \(error 208\)/m);
    expect([failed.stdout, failed.code]).toEqual(['', 1]);
  });

  it('has the options that the example for Kubernetes gives it', async () => {
    const example = readFileSync(new URL('../../docker/kubernetes-shards.yml', import.meta.url), 'utf8');
    const given = [...example.matchAll(/ (--[a-z-]+) /g)].map(m => m[1]!).filter(flag => flag !== '--for');
    expect(given.length).toBeGreaterThan(6);
    const help = await runCli(['export', '--help']);
    expect(given.filter(flag => !help.stdout.includes(flag))).toEqual([]);
    for (const verb of ['archive merge', 'archive check']) expect(example).toContain(`xpdb ${verb} `);
  });

  it.runIf(existsSync('/dev/full'))('fails when the disk is full: a script begins anew', async () => {
    const full = await run('-o', '/dev/full');
    expect(full.stderr).toMatch(
      /^error: can't write \/dev\/full: the disk is full; make room, then run the same command again$/m,
    );
    expect(full.code).toBe(1);
  });

  const csv = ['--query', 'SELECT 1 AS a', '--data-format', 'csv'];
  it.each([
    [['--format', 'dir'], /a folder must be named; use -o FOLDER/],
    [['--jobs', '2', '-o', 'x.sql'], /--jobs needs a folder; add --format dir/],
    [['--resume', '-o', 'x.sql'], /--resume needs a folder/],
    [['--format', 'dir', '--shard', '3/2', '-o', 'x'], /k\/n with 1/],
    [['--format', 'dir', '--shard', '1/2', '-o', 'x'], /shards must read one and the same database snapshot/],
    [['--format', 'dir', '--compress', 'rar', '-o', 'x'], /--compress rar is not known/],
    [['--query', 'SELECT 1'], /no table to be inserted into; add --data-format/],
    [[...csv, '--delimiter', 'ab'], /"ab" can't be the delimiter of CSV/],
    [[...csv, '--null-text', '7'], /"7" can't stand for NULL in CSV/],
    [
      [...csv, '--code-page', '1252', '--bom'],
      /code page 1252 has no byte order mark; leave --bom out, or --code-page/,
    ],
    [['--query', 'SELECT 1', '--data-format', 'csv', '--code-page', '1'], /known code pages: 437/],
    [['--table', 'Nothing', '-o', join(tmpdir(), 'xpdb-never.sql')], /no table matches Nothing/],
    [['--section', 'middle', '-o', 'x.sql'], /no section middle; sections are pre-data, data, post-data/],
  ])('takes %j for a mistake of use', async (more, message) => {
    const mistaken = await run(...more);
    expect(mistaken.stderr).toMatch(message);
    expect(mistaken.code).toBe(2);
  });
});
