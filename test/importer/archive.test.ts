import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFormat, Manifest } from '../../src/archive/manifest.ts';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

const patience = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'xpdb-import-archive-'));
let source: Sandbox;
let target: Sandbox;

const connect = (sandbox: Sandbox) => ['-S', `${sandbox.host},${sandbox.port}`, '-U', sandbox.user, '-C'];
const env = (sandbox: Sandbox) => ({ SQLCMDPASSWORD: sandbox.password });

const script = `CREATE TABLE [dbo].[Users] ([Id] int IDENTITY (1, 1) CONSTRAINT [PK] PRIMARY KEY, [Name] nvarchar(60) NOT NULL, [Born] date NULL)
GO
CREATE TABLE [dbo].[Calls] ([Id] int NOT NULL CONSTRAINT [PKC] PRIMARY KEY, [UserId] int NOT NULL, [At] datetime2(3) NOT NULL,
  [Cost] decimal(9, 4) NULL, [Data] varbinary(40) NULL, [Note] varchar(100) NULL, [Any] sql_variant NULL)
GO
CREATE TABLE [dbo].[Empty] ([A] int NULL)
GO
CREATE VIEW [dbo].[Names] AS SELECT [Name] FROM [dbo].[Users]
GO
SET IDENTITY_INSERT [dbo].[Users] ON
INSERT [dbo].[Users] ([Id], [Name], [Born]) VALUES (3, N'Ärger, "quoted"', '2000-01-31'), (7, N'', NULL), (11, N'line
break and ''quote''', '1999-12-31')
SET IDENTITY_INSERT [dbo].[Users] OFF
GO
${Array.from(
  { length: 2500 },
  (_, i) =>
    `INSERT [dbo].[Calls] VALUES (${i}, ${[3, 7, 11][i % 3]}, '2024-01-02T03:04:05.${String(i % 1000).padStart(3, '0')}', ${i % 5 === 0 ? 'NULL' : `${i}.25`}, ${
      i % 7 === 0 ? 'NULL' : `0x00FF${i.toString(16).padStart(4, '0')}`
    }, ${i % 3 === 0 ? "''" : `'note ${i}'`}, ${i % 2 === 0 ? 'CAST(CAST(1.50 AS decimal(5,2)) AS sql_variant)' : "CAST(N'x' AS sql_variant)"})`,
).join('\n')}
GO
ALTER TABLE [dbo].[Calls] WITH CHECK ADD CONSTRAINT [FK] FOREIGN KEY ([UserId]) REFERENCES [dbo].[Users] ([Id])
GO
CREATE INDEX [I] ON [dbo].[Calls] ([UserId])
GO
`;

beforeAll(async () => {
  source = await openSandbox({ version: 160 });
  target = await openSandbox({ version: 160, volumes: ['E:\\Data'] });
  const session = await sessionOn(source);
  await session.execute('CREATE DATABASE [Phone]');
  await session.close();
  await loadScript(source, script, 'Phone');
}, patience);

afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exportAs(format: DataFormat, ...more: string[]): Promise<string> {
  const path = join(folder, format);
  const args = ['--format', 'dir', '--data-format', format, '--chunk-rows', '1000', '--overwrite', '-o', path, ...more];
  const run = await runCli(['export', ...connect(source), '-d', 'Phone', ...args], { env: env(source) });
  expect(run).toMatchObject({ code: 0 });
  return path;
}

const importArchive = (path: string, ...args: string[]) =>
  runCli(['import', ...connect(target), '-i', path, ...args], { env: env(target) });

async function ask(sql: string, database: string): Promise<readonly (readonly unknown[])[]> {
  const session = await sessionOn(target, database);
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

describe('an archive', () => {
  for (const format of ['sql', 'csv', 'jsonl', 'native'] as const) {
    it(
      `of ${format} is imported whole, its rows proven and its keys trusted`,
      async () => {
        const path = await exportAs(format);
        const run = await importArchive(
          path,
          '--create',
          '-d',
          `P_${format}`,
          '--data-path',
          'E:\\Data',
          '--jobs',
          '2',
        );
        expect(run).toMatchObject({ code: 0 });
        expect(run.stderr).toContain(`database P_${format} has everything`);
        expect(await ask('SELECT COUNT(*), SUM([Id]) FROM [Calls]', `P_${format}`)).toEqual([[2500, 3123750]]);
        expect(await ask('SELECT [Id], [Name] FROM [Users] ORDER BY [Id]', `P_${format}`)).toEqual([
          [3, 'Ärger, "quoted"'],
          [7, ''],
          [11, "line\nbreak and 'quote'"],
        ]);
        expect(await ask('SELECT [is_not_trusted], [is_disabled] FROM [sys].[foreign_keys]', `P_${format}`)).toEqual([
          [false, false],
        ]);
        expect(await ask("SELECT COUNT(*) FROM [sys].[tables] WHERE [name] LIKE 'xpdb%'", `P_${format}`)).toEqual([
          [0],
        ]);
      },
      patience,
    );
  }

  it(
    'lists what it holds, and imports what a list names',
    async () => {
      const path = await exportAs('native');
      const list = await runCli(['import', '-i', path, '--list']);
      expect(list.code).toBe(0);
      expect(list.stdout).toContain('data\trows\t[dbo].[Calls]\t2500 rows');
      const kept = list.stdout.split('\n').filter(line => !/Calls|Names/.test(line));
      const file = join(folder, 'list.txt');
      writeFileSync(file, kept.join('\n'));
      const run = await importArchive(path, '--create', '-d', 'P_list', '--use-list', file);
      expect(run).toMatchObject({ code: 0 });
      expect(run.stderr).toMatch(/^batches +tables +rows +compared +seconds +findings +errors\n\d+ +2 +3 +2 /m);
      expect(
        await ask("SELECT [name] FROM [sys].[objects] WHERE [type] IN ('U', 'V') ORDER BY [name]", 'P_list'),
      ).toEqual([['Empty'], ['Users']]);
    },
    patience,
  );

  it(
    'is imported by table and section',
    async () => {
      const path = await exportAs('sql');
      expect(await importArchive(path, '--create', '-d', 'P_part', '--section', 'pre-data')).toMatchObject({ code: 0 });
      expect(await ask('SELECT COUNT(*) FROM [Users]', 'P_part')).toEqual([[0]]);
      const rows = await importArchive(path, '-d', 'P_part', '--section', 'data', '--table', 'dbo.Us*');
      expect(rows).toMatchObject({ code: 0 });
      expect(await ask('SELECT (SELECT COUNT(*) FROM [Users]), (SELECT COUNT(*) FROM [Calls])', 'P_part')).toEqual([
        [3, 0],
      ]);
    },
    patience,
  );

  it(
    'with a damaged chunk stops, goes on with --resume once the chunk is whole, and loads no row twice',
    async () => {
      const path = await exportAs('native');
      const { tables } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
      const chunk = join(path, tables.find(t => t.name === 'Calls')!.chunks[1]!.path);
      const whole = readFileSync(chunk);
      const broken = Buffer.from(whole);
      broken[broken.length >> 1]! ^= 0xff;
      writeFileSync(chunk, broken);
      const failed = await importArchive(path, '--create', '-d', 'P_broken');
      expect(failed.code).toBe(1);
      expect(failed.stderr).toContain('data/00001-dbo.Calls/000002.native.zst');
      writeFileSync(chunk, whole);
      expect(await importArchive(path, '--create', '-d', 'P_broken')).toMatchObject({ code: 1 });
      expect(await importArchive(path, '--create', '-d', 'P_broken', '--resume')).toMatchObject({ code: 0 });
      expect(await ask('SELECT COUNT(*), COUNT(DISTINCT [Id]) FROM [Calls]', 'P_broken')).toEqual([[2500, 2500]]);
      truncateSync(chunk, whole.length - 1);
      const cut = await importArchive(path, '--create', '-d', 'P_cut');
      expect(cut.code).toBe(1);
      expect(cut.stderr).toContain('bytes, not');
    },
    patience,
  );

  it(
    'with a changed byte is told as damaged, not as what the server makes of it',
    async () => {
      const path = await exportAs('sql', '--compress', 'none');
      const { tables } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
      const chunk = join(path, tables.find(t => t.name === 'Calls')!.chunks[0]!.path);
      const text = readFileSync(chunk, 'latin1');
      writeFileSync(chunk, text.replace(/2024-01-02/, '2024-91-02'), 'latin1');
      const run = await importArchive(path, '--create', '-d', 'P_changed');
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`${chunk} has another SHA-256 than the manifest says`);
    },
    patience,
  );

  it(
    'whose table lacks a column names it',
    async () => {
      const path = await exportAs('native');
      expect(await importArchive(path, '--create', '-d', 'P_less', '--section', 'pre-data')).toMatchObject({ code: 0 });
      const session = await sessionOn(target, 'P_less');
      await session.execute('ALTER TABLE [Calls] DROP COLUMN [Note]');
      await session.close();
      const run = await importArchive(path, '-d', 'P_less', '--section', 'data');
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('[dbo].[Calls] has no column [Note]');
    },
    patience,
  );
});
