import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, type CliRun, plainEnvironment, runCli } from '../support/run-cli.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

const patience = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'xpdb-import-command-'));
let sandbox: Sandbox;
let databases = 0;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 110, volumes: ['E:\\Data'] });
}, patience);

afterAll(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

const connect = () => ['-S', `127.0.0.1,${sandbox.port}`, '-U', sandbox.user, '-C'];
const env = () => ({ SQLCMDPASSWORD: sandbox.password });

function script(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function database(): Promise<string> {
  const name = `T${++databases}`;
  const session = await sessionOn(sandbox);
  await session.execute(`CREATE DATABASE [${name}]`);
  await session.close();
  return name;
}

const run = (path: string, ...args: string[]): Promise<CliRun> =>
  runCli(['import', ...connect(), '-i', path, ...args], { env: env() });

function oneError(result: CliRun, code: number): string {
  const errors = result.stderr.split('\n').filter(line => line.startsWith('error'));
  expect({ code: result.code, errors: errors.length, stack: result.stderr.includes('    at ') }).toEqual({
    code,
    errors: 1,
    stack: false,
  });
  return errors[0]!;
}

async function tables(name: string): Promise<unknown> {
  const session = await sessionOn(sandbox, name);
  try {
    return (await session.query('SELECT [name] FROM [sys].[tables] ORDER BY [name]')).rows.flat();
  } finally {
    await session.close();
  }
}

describe('bad input is one line, and nothing of it runs', () => {
  it(
    'for what is no script, by its kind',
    async () => {
      const name = await database();
      const cases: readonly (readonly [string, Buffer, string])[] = [
        ['full.bak', Buffer.concat([Buffer.from('TAPE'), Buffer.alloc(5000)]), 'is a backup, not a script'],
        ['packed.bak', Buffer.concat([Buffer.from('MSSQLBAK'), Buffer.alloc(5000)]), 'is a backup, not a script'],
        ['x.bacpac', Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(5000)]), 'is a zip file'],
        ['x.exe', Buffer.from([0x4d, 0x5a, 0, 1, 2, 3, 0, 0, 0, 255, 254, 0]), 'binary data'],
        ['ansi.sql', Buffer.from("PRINT N'M\xfcller'\r\nGO\r\n", 'latin1'), '--encoding'],
        [
          'cut.sql.gz',
          gzipSync(
            Buffer.from(Array.from({ length: 5000 }, (_, i) => `SELECT ${(i * 7919) % 10007}\nGO\n`).join('')),
          ).subarray(0, 200),
          'is damaged or cut',
        ],
      ];
      for (const [file, content, words] of cases) {
        expect(oneError(await run(script(file, content), '-d', name), 1)).toContain(words);
      }
      const ansi = await run(join(folder, 'ansi.sql'), '-d', await database(), '--encoding', 'windows-1252');
      expect(ansi.code).toBe(0);
    },
    patience,
  );

  it(
    'for a script of xpdb without its trailer',
    async () => {
      const name = await database();
      const header =
        '-- xpdb: {"kind":"header","format":1,"source":{"version":"2012","database":"x","collation":null},"target":"2012","options":{}}\n';
      const error = oneError(await run(script('cut.sql', `${header}CREATE TABLE t (a int)\nGO\n`), '-d', name), 1);
      expect(error).toContain('is incomplete');
      expect(await tables(name)).toEqual([]);
    },
    patience,
  );

  it(
    'for commands of sqlcmd, unless variables are asked for',
    async () => {
      const name = await database();
      const path = script('vars.sql', ':setvar T MyTable\nCREATE TABLE [$(T)] ([$(C)] int)\nGO\n');
      expect(oneError(await run(path, '-d', name), 1)).toContain(
        'vars.sql:1:1: the script has the sqlcmd command :setvar',
      );
      expect(oneError(await run(path, '-d', name, '-v', 'D=x'), 2)).toContain('variable $(C) has no value');
      expect(await tables(name)).toEqual([]);
      expect(await run(path, '-d', name, '-v', 'C=x')).toMatchObject({ code: 0 });
      expect(await tables(name)).toEqual(['MyTable']);
    },
    patience,
  );

  it(
    'for usage',
    async () => {
      const path = script('ok.sql', 'CREATE TABLE t (a int)\nGO\n');
      expect(oneError(await run(path), 2)).toContain('no database named');
      expect(oneError(await run(path, '-d', 'x', '--map-file', 'nothing'), 2)).toContain('logical=path');
      expect(oneError(await run(path, '-d', 'x', '--section', 'middle'), 2)).toContain('no section middle');
      expect(oneError(await run(path, '--list'), 2)).toContain(
        'the script has no entries to list; only scripts of xpdb',
      );
      const list = script('list.txt', 'data\trows\t[dbo].[t]\n');
      const name = await database();
      expect(oneError(await run(path, '-d', name, '--use-list', list), 2)).toContain('no entries to choose from');
      expect(await tables(name)).toEqual([]);
      expect(oneError(await run(join(folder, 'gone.sql'), '-d', 'x'), 2)).toContain('does not exist');
      expect(oneError(await run(folder, '-d', 'x'), 1)).toContain('manifest.json');
    },
    patience,
  );
});

describe('the command', () => {
  it(
    'prints what would run and changes nothing',
    async () => {
      const path = script(
        'dry.sql',
        "CREATE DATABASE [Old] ON (NAME = N'Old', FILENAME = N'C:\\x\\old.mdf')\nGO\nUSE [Old]\nGO\nCREATE TABLE t (a int)\nGO\nINSERT t VALUES (1)\nGO\n",
      );
      const result = await run(path, '--create', '-d', 'Dry', '--data-path', 'E:\\Data', '--dry-run');
      expect(result.code).toBe(0);
      expect(result.stdout).toContain(
        "CREATE DATABASE [Dry] ON (NAME = N'Dry', FILENAME = N'E:\\Data\\Dry.mdf')\nGO\n",
      );
      expect(result.stdout).toContain('USE [Dry]');
      expect(result.stdout).toContain('CREATE TABLE t (a int)\nGO\n');
      const session = await sessionOn(sandbox);
      const { rows } = await session.query("SELECT [name] FROM [sys].[databases] WHERE [name] = N'Dry'");
      await session.close();
      expect(rows).toEqual([]);
    },
    patience,
  );

  it(
    'tells file, line, object and number of an error, what the target has, and drops on request what it made',
    async () => {
      const path = script(
        'fails.sql',
        'CREATE DATABASE [Fails]\nGO\nUSE [Fails]\nGO\nCREATE TABLE [dbo].[t] (a int)\nGO\n\nALTER TABLE [dbo].[t]\n  ADD CONSTRAINT c CHECK (nothing > 0)\nGO\n',
      );
      const failed = await run(path, '--create', '--data-path', 'E:\\Data');
      const error = oneError(failed, 1);
      expect(error).toMatch(
        /fails\.sql:\d+:\d+: .*\[dbo\]\.\[t\].*\(error 207\).*\[Fails\] holds \d+ batches.*--resume/,
      );
      expect(failed.stderr).toContain('DROP DATABASE [Fails]');
      oneError(await run(path, '--create', '--data-path', 'E:\\Data'), 1);
      const again = await run(
        path,
        '--create',
        '--data-path',
        'E:\\Data',
        '--on-existing',
        'drop',
        '--drop-on-failure',
      );
      expect(again.stderr).toContain('database Fails is dropped');
      expect(again.stderr).not.toContain('--resume');
      const session = await sessionOn(sandbox);
      expect((await session.query("SELECT [name] FROM [sys].[databases] WHERE [name] = N'Fails'")).rows).toEqual([]);
      await session.close();
    },
    patience,
  );

  it(
    'says how many tables got rows, and what had no effect',
    async () => {
      const path = script(
        'three.sql',
        'CREATE TABLE a (a int)\nCREATE TABLE b (a int)\nCREATE TABLE c (a int)\nGO\nINSERT a VALUES (1), (2)\nINSERT dbo.B VALUES (1)\nGO\nINSERT [b] VALUES (2)\nGO\n',
      );
      for (const flags of [[], ['--no-bulk']]) {
        const result = await run(path, '-d', await database(), '--map-file', 'x=E:\\y', ...flags);
        const lines = result.stderr.split('\n');
        const names = lines.findIndex(l => l.startsWith('batches'));
        expect(lines[names]).toMatch(/^batches +tables +rows +compared +bytes +seconds +findings +errors$/);
        expect(lines[names + 1]).toMatch(/^\d +2 +4 +0 +\d+ bytes +/);
        expect(lines).toContain('warning: --map-file x has no effect: without --create no file is made');
        expect(result.code).toBe(0);
      }
    },
    patience,
  );

  it(
    'stops on Ctrl-C with exit code 4, says what is there, and goes on with --resume',
    async () => {
      const name = await database();
      const batches = Array.from(
        { length: 300 },
        (_, i) => `CREATE TABLE [t${i}] ([a] int)\nGO\nINSERT [t${i}] VALUES (${i})\nGO\n`,
      );
      const path = script('long.sql', batches.join(''));
      sandbox.faults.sendDelayMs = 10;
      let stderr = '';
      const child = spawn(process.execPath, [binary, 'import', ...connect(), '-i', path, '-d', name], {
        env: { ...plainEnvironment(), ...env(), NO_COLOR: '1' },
      });
      child.stderr.on('data', text => {
        stderr += String(text);
      });
      const ended = new Promise<number | null>(resolve => child.on('close', resolve));
      const session = await sessionOn(sandbox, name);
      // When the journal has a position, a part of the script is there for good.
      for (;;) {
        const { rows } = await session.query("SELECT [name] FROM [sys].[tables] WHERE [name] = N'xpdb_import_journal'");
        if (rows.length === 0) continue;
        const sql = "SELECT [line] FROM [dbo].[xpdb_import_journal] WHERE [kind] = 'position'";
        const position = await session.query(sql).catch(() => ({ rows: [] }));
        if (Number(position.rows[0]?.[0] ?? 0) > 0) break;
      }
      child.kill('SIGINT');
      expect(await ended).toBe(4);
      sandbox.faults.sendDelayMs = 0;
      await session.close();
      expect(stderr).toContain('stopped by Ctrl-C');
      expect(stderr).toContain(`[${name}] holds`);
      expect(await run(path, '-d', name, '--resume')).toMatchObject({ code: 0 });
      expect(((await tables(name)) as string[]).length).toBe(300);
    },
    patience,
  );

  it(
    'takes several scripts in order, one of them from a pipe',
    async () => {
      const name = await database();
      const first = script('first.sql', 'CREATE TABLE t (a int)\nGO\n');
      const result = await runCli(['import', ...connect(), '-d', name, '-i', `${first},-`], {
        env: env(),
        stdin: 'INSERT t VALUES (1)\nGO\n',
      });
      expect(result).toMatchObject({ code: 0 });
      expect(await tables(name)).toEqual(['t']);
    },
    patience,
  );
});
