import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';

const volumes = ['D:\\', 'L:\\'];
const folder = mkdtempSync(join(tmpdir(), 'xpdb-parts-'));
let source: Sandbox;
let target: Sandbox;
let parts = 0;

beforeAll(async () => {
  source = await openSandbox({ version: 160, volumes });
  target = await openSandbox({ version: 160, volumes });
  await loadScript(source, readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8'));
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['--table', 'dbo.Calls'],
  ['--exclude-table', 'dbo.Lines'],
  ['--schema', 'dbo'],
  ['--exclude-schema', 'billing'],
])(
  'a part of a database is a script that runs: %s %s',
  async (...part) => {
    const path = join(folder, `part${++parts}.sql`);
    const on = (sandbox: Sandbox) => ['-S', `127.0.0.1,${sandbox.port}`, '-U', sandbox.user, '-C'];
    const env = ({ password }: Sandbox) => ({ SQLCMDPASSWORD: password });
    const exported = await runCli(['export', ...on(source), '-d', 'Telephony', ...part, '-o', path], {
      env: env(source),
    });
    expect(exported).toMatchObject({ code: 0 });
    const args = ['import', ...on(target), '-i', path, '--create', '-d', `Part${parts}`, '--data-path', 'D:\\'];
    const imported = await runCli([...args, '--log-path', 'L:\\'], { env: env(target) });
    expect(imported).toMatchObject({ code: 0 });
  },
  120_000,
);
