import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionOptions } from '../../src/connection/connection-options.ts';
import { describeError, type XpdbError } from '../../src/model/error.ts';
import type { SideSource } from '../../src/verify/side.ts';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import type { VerifyOptions, VerifyResult } from '../../src/verify/verify-options.ts';
import { runCli } from '../support/run-cli.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';
import { everything } from '../support/verify-options.ts';

/** Every kind of thing that a change may touch. */
const shop = `
CREATE TABLE dbo.Users (Id int NOT NULL CONSTRAINT PK_Users PRIMARY KEY, Name nvarchar(40) NULL, Note nvarchar(max) NULL, Rate float NULL, Big varbinary(max) NULL, Twice AS (Id * 2))
GO
CREATE TABLE dbo.Logs (Line varchar(20) NULL)
GO
CREATE TABLE dbo.Pairs (A int NOT NULL, B nvarchar(5) NOT NULL, C int NULL, CONSTRAINT PK_Pairs PRIMARY KEY (A, B))
GO
CREATE TABLE dbo.Only (Version rowversion, One AS (1))
GO
CREATE VIEW dbo.Names AS SELECT Name FROM dbo.Users
GO
INSERT dbo.Users (Id, Name, Note, Rate, Big) VALUES (1, N'Ann', N'it''s', 0.1, 0x00FF), (2, N'日本', NULL, -1E300, NULL), (3, NULL, N'', NULL, 0x), (10, N'Zoë', N'x', 2, NULL)
INSERT dbo.Logs (Line) VALUES ('a'), ('a'), (NULL), ('b')
INSERT dbo.Pairs (A, B, C) VALUES (1, N'x', 1), (1, N'y', NULL), (2, N'x', 3)
INSERT dbo.Only DEFAULT VALUES
GO`;

let source: Sandbox;
let target: Sandbox;
let folder: string;
let databases = 0;

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Verify-1234' });
  target = await openSandbox({ version: 160, password: 'Verify-1234' });
  folder = mkdtempSync(join(tmpdir(), 'xpdb-verify-'));
  await loadScript(source, `CREATE DATABASE Shop\nGO\nUSE Shop\nGO\n${shop}`);
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function connection(sandbox: Sandbox, database: string): ConnectionOptions {
  return { ...connectionTo(sandbox, database), encrypt: 'mandatory' };
}

const live = (sandbox: Sandbox, database: string): SideSource => ({
  kind: 'server',
  connection: connection(sandbox, database),
});

/** A copy of the shop on the target, changed by some statements. */
async function changed(...statements: string[]): Promise<string> {
  const name = `Shop${++databases}`;
  await loadScript(
    target,
    `CREATE DATABASE ${name}\nGO\nUSE ${name}\nGO\n${shop}\n${statements.map(s => `${s}\nGO\n`).join('')}`,
  );
  return name;
}

const options: VerifyOptions = { ...everything, showRows: 10, jobs: 2 };

async function verify(to: string, more: Partial<VerifyOptions> = {}): Promise<VerifyResult> {
  return verifyDatabases(live(source, 'Shop'), live(target, to), { ...options, ...more });
}

const states = (result: VerifyResult) => Object.fromEntries((result.tables ?? []).map(t => [t.table, t.state]));

describe('verifyDatabases', () => {
  it('finds two databases equal', async () => {
    const result = await verify(await changed());
    expect(result.equal).toBe(true);
    expect(result.schema?.differences).toEqual([]);
    expect(states(result)).toEqual({
      '[dbo].[Logs]': 'equal',
      '[dbo].[Only]': 'equal',
      '[dbo].[Pairs]': 'equal',
      '[dbo].[Users]': 'equal',
    });
    expect(result.tables?.find(t => t.table === '[dbo].[Users]')).toMatchObject({ fromRows: 4, toRows: 4 });
  }, 120_000);

  it.each([1, 2, 4])(
    'comes to the same with --jobs %i',
    async jobs => {
      const to = await changed("UPDATE dbo.Users SET Name = N'' WHERE Id = 3", 'DELETE dbo.Logs');
      let threads = 0;
      const count = () => threads++;
      process.on('worker', count);
      const events: [number, number | null][] = [];
      const result = await verify(to, { jobs, report: e => events.push([e.tablesDone, e.tablesTotal]) });
      process.off('worker', count);
      // As many as there was something to do for.
      expect(threads).toBeLessThan(jobs);
      expect(events.at(-1)).toEqual([4, 4]);
      const one = await verify(to, { jobs: 1 });
      expect(result).toEqual(one);
      expect(states(result)).toEqual({
        '[dbo].[Logs]': 'different',
        '[dbo].[Only]': 'equal',
        '[dbo].[Pairs]': 'equal',
        '[dbo].[Users]': 'different',
      });
    },
    120_000,
  );

  it.each([1, 2])(
    'ends with the first error of a server with --jobs %i, the same in every thread',
    async jobs => {
      const to = await changed();
      const fault = { kind: 'deadlock' as const, matching: /SELECT \[.*FROM \[dbo\]/, skip: 0, times: 100 };
      target.faults.statements.push(fault);
      const error = await verify(to, { jobs }).catch((e: unknown) => e);
      target.faults.statements.splice(target.faults.statements.indexOf(fault), 1);
      expect(describeError(error as XpdbError)).toMatch(/deadlock.*\(error 1205\)/);
      expect((await verify(to, { jobs })).equal).toBe(true);
    },
    120_000,
  );

  it.each<[string, string, string, object]>([
    [
      'a changed value',
      "UPDATE dbo.Users SET Note = N'it’s' WHERE Id = 1",
      '[dbo].[Users]',
      { key: '[Id] = 1', difference: 'different', columns: [{ column: 'Note', from: "N'it''s'", to: "N'it’s'" }] },
    ],
    [
      'an empty string for NULL',
      "UPDATE dbo.Users SET Name = N'' WHERE Id = 3",
      '[dbo].[Users]',
      { key: '[Id] = 3', columns: [{ column: 'Name', from: 'NULL', to: "N''" }] },
    ],
    [
      'a missing row',
      'DELETE dbo.Pairs WHERE A = 2',
      '[dbo].[Pairs]',
      { key: "[A] = 2, [B] = N'x'", difference: 'missing' },
    ],
    [
      'an additional row',
      "INSERT dbo.Pairs (A, B) VALUES (3, N'z')",
      '[dbo].[Pairs]',
      { key: "[A] = 3, [B] = N'z'", difference: 'extra' },
    ],
    [
      'a row twice in a table without a key',
      "INSERT dbo.Logs (Line) VALUES ('a')",
      '[dbo].[Logs]',
      { key: "N'a'", difference: 'extra' },
    ],
    [
      'a row in place of another',
      "UPDATE dbo.Logs SET Line = 'c' WHERE Line = 'b'",
      '[dbo].[Logs]',
      { difference: 'missing', key: "N'b'" },
    ],
  ])(
    'finds %s',
    async (_, statement, table, row) => {
      const result = await verify(await changed(statement));
      expect(result.equal).toBe(false);
      expect(Object.entries(states(result)).filter(([, state]) => state !== 'equal')).toEqual([[table, 'different']]);
      expect(result.tables?.find(t => t.table === table)?.rows[0]).toMatchObject(row);
    },
    120_000,
  );

  it('finds rows of tables that hold nothing that takes a value', async () => {
    const result = await verify(await changed('INSERT dbo.Only DEFAULT VALUES'));
    expect(result.tables?.find(t => t.table === '[dbo].[Only]')).toMatchObject({
      state: 'different',
      fromRows: 1,
      toRows: 2,
    });
  }, 120_000);

  it('names changed, missing and additional definitions', async () => {
    const result = await verify(
      await changed('DROP VIEW dbo.Names', 'ALTER TABLE dbo.Users ADD More int NULL', 'CREATE TABLE dbo.New (a int)'),
    );
    expect(result.schema?.differences.map(d => [d.difference, d.object, d.path])).toEqual([
      ['extra', '[dbo].[New]', null],
      ['extra', '[dbo].[Users]', 'columns.[More]'],
      ['missing', '[dbo].[Names]', null],
    ]);
    expect(states(result)['[dbo].[Users]']).toBe('equal');
  }, 120_000);

  it('compares what was asked for', async () => {
    const name = await changed('DELETE dbo.Logs', 'DROP VIEW dbo.Names');
    expect((await verify(name, { tables: ['Users', 'P*'] })).equal).toBe(true);
    expect((await verify(name, { excludeTables: ['dbo.Logs'], schema: false })).equal).toBe(true);
    expect((await verify(name, { schema: false })).equal).toBe(false);
    expect((await verify(name, { data: false })).equal).toBe(false);
    await expect(verify(name, { tables: ['Nothing'] })).rejects.toThrow(/no table matches Nothing/);
  }, 120_000);

  it('finds rows of tables and values of columns that are not there', async () => {
    const name = await changed(
      'DROP TABLE dbo.Logs',
      'ALTER TABLE dbo.Pairs DROP COLUMN C',
      'ALTER TABLE dbo.Users DROP COLUMN Twice',
      'ALTER TABLE dbo.Users ADD Twice int NULL',
    );
    const result = await verify(name, { schema: false });
    expect([result.equal, states(result)]).toEqual([
      false,
      { '[dbo].[Logs]': 'different', '[dbo].[Only]': 'equal', '[dbo].[Pairs]': 'different', '[dbo].[Users]': 'equal' },
    ]);
    expect(result.tables?.map(t => t.note?.replace(/^\S+ /, ''))).toEqual([
      'has no such table',
      undefined,
      'has no column [C]',
      undefined,
    ]);
    expect(result.tables?.[2]).toMatchObject({ fromRows: 3, toRows: 3, leftOut: ['[A]', '[B]', '[C]'] });
    expect((await verify(name, { schema: false, tables: ['Only', 'Users'] })).equal).toBe(true);
  }, 120_000);

  it('counts all rows of a sample, and compares the content of some', async () => {
    const inSample = await changed("UPDATE dbo.Users SET Name = N'?' WHERE Id = 10");
    const outside = await changed("UPDATE dbo.Users SET Name = N'?' WHERE Id = 1");
    const only = { tables: ['Users'], sample: 3 };
    expect((await verify(inSample, only)).equal).toBe(false);
    expect((await verify(outside, only)).equal).toBe(true);
    expect((await verify(await changed('DELETE dbo.Users WHERE Id = 1'), only)).equal).toBe(false);
  }, 120_000);
});

describe('xpdb verify', () => {
  const side = (sandbox: Sandbox, database: string) => `${sandbox.host},${sandbox.port}/${database}`;
  const flags = ['-U', 'sa', '-C'];
  const env = { SQLCMDPASSWORD: 'Verify-1234' };

  it('compares server and script, script and archive', async () => {
    const script = { kind: 'script', path: join(folder, 'shop.sql') } as const;
    const archive = (format: string): SideSource => ({ kind: 'archive', path: join(folder, format) });
    const from = ['-S', `${source.host},${source.port}`, '-U', 'sa', '-C', '-d', 'Shop'];
    expect(await runCli(['export', ...from, '-o', script.path], { env })).toMatchObject({ code: 0 });
    for (const format of ['sql', 'native']) {
      const args = ['export', ...from, '--format', 'dir', '--data-format', format, '-o', join(folder, format)];
      expect((await runCli(args, { env })).code, format).toBe(0);
    }
    const to = live(target, await changed());
    const run = (a: SideSource, b: SideSource, recount = false) => verifyDatabases(a, b, { ...options, recount });
    const less = live(target, await changed('ALTER TABLE dbo.Pairs DROP COLUMN C', 'DROP TABLE dbo.Logs'));
    for (const [a, b] of [
      [script, less],
      [archive('native'), less],
    ] as const) {
      const result = await verifyDatabases(a, b, { ...options, schema: false });
      expect([result.equal, states(result)], a.kind).toEqual([
        false,
        {
          '[dbo].[Logs]': 'different',
          '[dbo].[Only]': 'equal',
          '[dbo].[Pairs]': 'different',
          '[dbo].[Users]': 'equal',
        },
      ]);
    }
    for (const [a, b] of [
      [script, to],
      [to, script],
      [archive('sql'), to],
      [archive('native'), to],
      [script, archive('sql')],
    ] as const) {
      const result = await run(a, b);
      expect([result.equal, result.schema?.differences, states(result)], `${a.kind} ${b.kind}`).toEqual([
        true,
        [],
        { '[dbo].[Logs]': 'equal', '[dbo].[Only]': 'equal', '[dbo].[Pairs]': 'equal', '[dbo].[Users]': 'equal' },
      ]);
    }
    // The sums of literals and of bytes can't be compared with each other: the numbers can.
    const mixed = await run(script, archive('native'));
    expect([mixed.equal, states(mixed)['[dbo].[Users]']]).toEqual([true, 'counted']);

    // A script whose rows were changed by hand says the old sum.
    writeFileSync(script.path, readFileSync(script.path, 'utf8').replace("N'Ann'", "N'Bob'"));
    expect((await run(script, to)).equal).toBe(true);
    const recounted = await run(script, to, true);
    expect([states(recounted)['[dbo].[Users]'], states(recounted)['[dbo].[Pairs]']]).toEqual(['different', 'equal']);
    writeFileSync(script.path, readFileSync(script.path, 'utf8').split('-- xpdb: {"kind":"trailer"')[0]!);
    await expect(run(script, to)).rejects.toThrow(/is incomplete: its trailer is missing/);
  }, 300_000);

  it('counts the rows of a script of another tool', async () => {
    const path = join(folder, 'wizard.sql');
    const more = "\nINSERT dbo.Logs (Line) VALUES ('z'), ('y')\nGO 3\n";
    writeFileSync(path, Buffer.from(`\ufeff${shop}${more}`, 'utf16le'));
    const to = side(target, await changed("INSERT dbo.Logs (Line) VALUES ('z'), ('y')\nGO 3"));
    const { code, stdout } = await runCli(['verify', '--from', path, '--to', to, ...flags, '--report', 'json'], {
      env,
    });
    const result = JSON.parse(stdout) as VerifyResult;
    expect([code, result.schema?.differences]).toEqual([0, []]);
    expect(states(result)).toMatchObject({ '[dbo].[Users]': 'counted', '[dbo].[Logs]': 'counted' });
  }, 120_000);

  it('stops at Ctrl-C with exit code 4', async () => {
    const to = side(target, await changed());
    target.faults.sendDelayMs = 300;
    try {
      const args = ['verify', '--from', side(source, 'Shop'), '--to', to, ...flags, '--progress', 'json'];
      const stopped = await runCli(args, { env, interruptAt: /"phase":"verify"/ });
      expect(stopped.stderr).toMatch(/^error: stopped by Ctrl-C; run the same command again$/m);
      expect([stopped.code, stopped.stdout]).toEqual([4, '']);
    } finally {
      target.faults.sendDelayMs = 0;
    }
  }, 120_000);

  it('says in words what differs and ends with 1', async () => {
    const to = side(target, await changed("UPDATE dbo.Users SET Name = N'?' WHERE Id = 1"));
    const args = ['verify', '--from', side(source, 'Shop'), '--to', to, ...flags, '--show-rows', '1'];
    const { code, stderr } = await runCli(args, { env });
    expect(code).toBe(1);
    expect(stderr).toContain('[dbo].[Users]: the same number of rows, but not the same content');
    expect(stderr).toContain("[Id] = 1 differs: Name: N'Ann' and N'?'");
    expect(stderr).toMatch(/different$/m);
  }, 120_000);

  it.each<[string, string[], number, RegExp]>([
    ['no target', ['--from', 'a/b'], 2, /--to/],
    ['a file that is not there', ['--from', 'nothing.sql', '--to', 'a/b', '-U', 'x'], 2, /no such file/],
    ['what is no side', ['--from', 'nothing', '--to', 'a/b', '-U', 'x'], 2, /is no file, no server\/database/],
    [
      'a server that does not answer',
      ['--from', '127.0.0.1,1/a', '--to', '127.0.0.1,1/b', '-U', 'x'],
      1,
      /127\.0\.0\.1,1/,
    ],
  ])(
    'refuses %s in one line',
    async (_, args, code, message) => {
      const run = await runCli(['verify', ...args], { env });
      expect(run.code).toBe(code);
      expect(run.stderr).toMatch(message);
      expect(run.stderr).not.toMatch(/\n\s+at /);
    },
    120_000,
  );
});
