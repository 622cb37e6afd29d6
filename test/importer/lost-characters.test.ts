import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import { ExitCode } from '../../src/model/error.ts';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { type Imported, importOn } from './import-on.ts';

let sandbox: Sandbox;
let count = 0;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
});
afterAll(() => sandbox?.close());

/** Into a new database of code page 1252. @returns findings as lines, and the error */
async function imported(script: string, more = {}): Promise<{ found: string[]; error: unknown; name: string }> {
  const name = `Page${++count}`;
  const session = await sessionOn(sandbox);
  await session.execute(`CREATE DATABASE ${name} COLLATE SQL_Latin1_General_CP1_CI_AS`);
  await session.close();
  const found: string[] = [];
  const onFinding = (f: Imported['findings'][number]) =>
    void found.push(`${f.severity} ${f.rule} ${f.object}: ${f.message}`);
  const open = (database: string | null) => sessionOn(sandbox, database ?? undefined);
  const error = await importOn(open, script, { database: name, onFinding, ...more }).then(
    () => null,
    (e: unknown) => e,
  );
  return { found, error, name };
}

const finding = (column: string, values: string, page = 'code page 1252') =>
  `blocker characters-replaced ${column}: ${values} with characters that ${page} lacks; the server stored similar ones or ?`;

const table = `CREATE TABLE [dbo].[T] ([Id] int IDENTITY (1, 1) NOT NULL, [Plain] varchar(40) NULL, [Greek] varchar(40) COLLATE Greek_CI_AS NULL,
  [Eight] varchar(40) COLLATE Latin1_General_100_CI_AS_SC_UTF8 NULL, [Wide] nvarchar(40) NULL)
GO
`;
const insert = (...values: string[]) =>
  `INSERT [dbo].[T] ([Plain], [Greek], [Eight], [Wide]) VALUES (${values.join(', ')})\nGO\n`;

describe.each([
  ['in bulk', createRowLoaders],
  ['as statements', null],
])('characters that a column lacks, inserted %s', (_, loaders) => {
  it('are a finding for each column, with the number of values', async () => {
    const script =
      table +
      insert("N'München €'", "N'Ελληνικά'", "N'кириллица 😀'", "N'кириллица 😀'") +
      insert("N'кириллица'", "N'München'", 'NULL', 'NULL') +
      insert("CAST(N'Ω' AS nvarchar(10)) + N'😀'", "N'ok'", "N'ok'", "N'ok'") +
      // In one batch with other statements, and without a list of columns.
      "DECLARE @a int = 1\nINSERT [dbo].[T] VALUES (N'x', N'x', N'x', N'x'), (N'ж', N'(,)', N'''', N'ж')\nGO\n";
    const { found, error, name } = await imported(script, { loaders });
    expect(error).toBeNull();
    expect(found).toEqual([
      finding('[dbo].[T].[Plain]', '3 values'),
      finding('[dbo].[T].[Greek]', 'one value', 'code page 1253'),
    ]);
    const session = await sessionOn(sandbox, name);
    // It is true of the server.
    const { rows } = await session.query('SELECT [Plain], [Eight] FROM [dbo].[T] ORDER BY [Id]');
    await session.close();
    expect(rows.map(r => r[0])).toEqual(['München €', '?????????', expect.stringMatching(/^.\?\?$/), 'x', '?']);
    expect(rows[0]![1]).toBe('кириллица 😀');
  });

  it('of a string without N are those that the database lacks', async () => {
    const { found } = await imported(table + insert('NULL', "'Ελ'", 'NULL', "'ж'"), { loaders });
    expect(found).toEqual([finding('[dbo].[T].[Greek]', 'one value'), finding('[dbo].[T].[Wide]', 'one value')]);
  });

  it('stop a strict import, with the place', async () => {
    const script = table + insert("N'a'", "N'a'", "N'a'", "N'a'") + insert("N'ж'", 'NULL', 'NULL', 'NULL');
    const { found, error } = await imported(script, { loaders, strict: true });
    expect(String(error)).toContain('column [Plain] would lose characters, which code page 1252 lacks');
    expect((error as { details: unknown }).details).toMatchObject({
      object: '[dbo].[T]',
      position: { file: 'script.sql', line: 6 },
    });
    expect(found).toEqual([]);
  });

  it('are counted once where a statement runs again', async () => {
    const script = `${table}${insert("N'ж'", 'NULL', 'NULL', 'NULL')}INSERT [dbo].[T] ([Id]) VALUES (1)\nGO\n`;
    const { found } = await imported(script, { loaders, continueOnError: true });
    expect(found).toEqual([finding('[dbo].[T].[Plain]', 'one value')]);
  });
});

describe('an archive for another collation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpdb-lost-'));
  const env = () => ({ SQLCMDPASSWORD: sandbox.password });
  const on = (database: string) => [...['-S', `127.0.0.1,${sandbox.port}`, '-U', sandbox.user, '-C', '-d', database]];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['sql', 'csv', 'jsonl'])(
    'tells of the characters of its rows (%s)',
    async format => {
      const name = `From_${format}`;
      const create = (database: string, collation: string) =>
        `CREATE DATABASE ${database} COLLATE SQL_Latin1_General_CP1_CI_AS\nGO\nUSE ${database}\nGO\n` +
        `CREATE TABLE dbo.T (Id int NOT NULL PRIMARY KEY, X varchar(40) COLLATE ${collation} NULL)\nGO\n`;
      const rows = Array.from({ length: 50 }, (_, i) => `(${i}, N'${i % 10 === 0 ? 'ж' : 'x'}')`).join(', ');
      await loadScript(sandbox, `${create(name, 'Cyrillic_General_CI_AS')}INSERT dbo.T VALUES ${rows}`);
      await loadScript(sandbox, create(`To_${format}`, 'Latin1_General_CI_AS'));
      const path = join(folder, format);
      const how = ['--format', 'dir', '--data-format', format, '--chunk-rows', '20', '-o', path];
      expect(await runCli(['export', ...on(name), ...how], { env: env() })).toMatchObject({ code: 0 });
      const args = ['import', ...on(`To_${format}`), '-i', path, '--section', 'data', '--no-verify', '--jobs', '2'];
      const strict = await runCli([...args, '--strict'], { env: env() });
      expect(strict.stderr).toContain('column [X] would lose characters, which code page 1252 lacks');
      const lax = await runCli([...args, '--resume'], { env: env() });
      expect(lax.stderr).toContain('blocker [dbo].[T].[X]: 5 values with characters that code page 1252 lacks');
      expect([strict.code, lax.code]).toEqual([ExitCode.failed, ExitCode.blockers]);
    },
    120_000,
  );
});
