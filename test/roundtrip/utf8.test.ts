import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'xpdb-utf8-'));
const utf8 = 'COLLATE Latin1_General_100_CI_AS_SC_UTF8 NULL';
let source: Sandbox;
let target: Sandbox;

beforeAll(async () => {
  source = await openSandbox({ version: 160 });
  target = await openSandbox({ version: 140 });
  await loadScript(
    source,
    `CREATE DATABASE Source\nGO\nUSE Source\nGO
CREATE TABLE dbo.T (id int NOT NULL PRIMARY KEY, c char(10) ${utf8}, v varchar(20) ${utf8}, m varchar(max) ${utf8})
GO
INSERT dbo.T VALUES (1, N'äö', N'жук 😀', N'€'), (2, NULL, N'', NULL), (3, N'abc', N'x', REPLICATE(CAST(N'ж' AS nvarchar(max)), 9000))`,
  );
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(['script', 'sql', 'csv', 'jsonl', 'native'])(
  'columns of UTF-8 become nchar and nvarchar where the target has none (%s)',
  async format => {
    const path = join(folder, format);
    const on = (sandbox: Sandbox) => ['-S', `127.0.0.1,${sandbox.port}`, '-U', sandbox.user, '-C'];
    const env = ({ password }: Sandbox) => ({ SQLCMDPASSWORD: password });
    const form = format === 'script' ? [] : ['--format', 'dir', '--data-format', format];
    const args = [...on(source), '-d', 'Source', '--target', '2017', ...form, '-o', path];
    expect(await runCli(['export', ...args], { env: env(source) })).toMatchObject({ code: 0 });
    const name = `To_${format}`;
    const imported = ['import', ...on(target), '-i', path, '--create', '-d', name];
    expect(await runCli(imported, { env: env(target) })).toMatchObject({ code: 0 });
    const session = await sessionOn(target, name);
    const { rows } = await session.query('SELECT [c], [v], [m] FROM [dbo].[T] ORDER BY [id]');
    await session.close();
    expect(rows).toEqual([
      ['äö        ', 'жук 😀', '€'],
      [null, '', null],
      ['abc       ', 'x', 'ж'.repeat(9000)],
    ]);
  },
  60_000,
);
