import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumRows } from '../../src/connection/sum-rows.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import { XpdbError } from '../../src/model/error.ts';
import { binary, plainEnvironment, runCli } from '../support/run-cli.ts';
import { dropDatabase, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts';
import { importOn } from './import-on.ts';

const seed = Number(process.env.XPDB_TEST_SEED ?? Date.now() % 1_000_000);
console.log(`cuts and kills at random places: XPDB_TEST_SEED=${seed}`);
const patience = 600_000;

/** Numbers in [0, 1) from the seed. */
function random(): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const inserts = (table: string, from: number, count: number) =>
  Array.from(
    { length: count },
    (_, i) => `INSERT [dbo].[${table}] ([Id], [X]) VALUES (${from + i}, N'${table} ${from + i}')`,
  ).join('\n');

/** Everything that changes how steps are grouped: rows in bulk and as text, IDENTITY_INSERT, transactions, temporary tables, views. */
const script = `CREATE DATABASE [Cut]
GO
ALTER DATABASE [Cut] SET RECOVERY SIMPLE
GO
USE [Cut]
GO
CREATE TABLE [dbo].[A] ([Id] int IDENTITY (1, 1) NOT NULL, [X] nvarchar(40) NOT NULL)
GO
CREATE TABLE [dbo].[B] ([Id] int NOT NULL, [X] nvarchar(40) NOT NULL)
GO
CREATE VIEW [dbo].[Early] AS SELECT [Id] FROM [dbo].[Late]
GO
SET IDENTITY_INSERT [dbo].[A] ON
GO
${inserts('A', 1, 300)}
GO
${inserts('A', 301, 100)}
GO
SET IDENTITY_INSERT [dbo].[A] OFF
GO
BEGIN TRANSACTION
GO
${inserts('B', 1, 20)}
GO
UPDATE [dbo].[B] SET [X] = [X] + N'!' WHERE [Id] < 5
GO
COMMIT TRANSACTION
GO
CREATE TABLE [#t] ([Id] int NOT NULL)
GO
INSERT [#t] VALUES (1000)
GO
INSERT [dbo].[B] ([Id], [X]) SELECT [Id], N'temporary' FROM [#t]
GO
DROP TABLE [#t]
GO
CREATE VIEW [dbo].[Late] AS SELECT [Id] FROM [dbo].[A]
GO
ALTER TABLE [dbo].[A] ADD CONSTRAINT [PK] PRIMARY KEY ([Id])
GO
`;

let sandbox: Sandbox;
let proxy: CuttingProxy;
const folder = mkdtempSync(join(tmpdir(), 'xpdb-import-faults-'));
const file = join(folder, 'script.sql');

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  proxy = await cuttingProxy(sandbox.port);
  writeFileSync(file, script);
}, patience);

afterAll(async () => {
  await proxy?.close();
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the database is: objects and the sums of its tables. */
async function contents(): Promise<unknown> {
  const session = await sessionOn(sandbox, 'Cut');
  try {
    const objects = await session.query(
      'SELECT [name], [type] FROM [sys].[objects] WHERE [is_ms_shipped] = 0 ORDER BY [name]',
    );
    const a = await sumRows(session, 'SELECT [Id], [X] FROM [dbo].[A]');
    const b = await sumRows(session, 'SELECT [Id], [X] FROM [dbo].[B]');
    return [objects.rows, a.rows, a.rowsum, b.rows, b.rowsum];
  } finally {
    await session.close();
  }
}

const drop = () => dropDatabase(sandbox, 'Cut');

const viaProxy = (database: string | null) => sessionOn({ ...sandbox, port: proxy.port }, database ?? undefined);

describe('an import', () => {
  it(
    'that is cut at 100 random bytes comes to the same end by itself or with --resume',
    async () => {
      const before = proxy.passed;
      await importOn(viaProxy, script, { create: true, loaders: createRowLoaders });
      const total = proxy.passed - before;
      const undisturbed = await contents();
      const next = random();
      let resumed = 0;
      for (let i = 0; i < 100; i++) {
        await drop();
        const at = 1 + Math.floor(next() * (total - 1));
        proxy.cutAt = proxy.passed + at;
        const options = {
          create: true,
          loaders: createRowLoaders,
          retries: { pausesMs: i % 2 === 0 ? [1, 50, 500] : [] },
        };
        try {
          await importOn(viaProxy, script, options);
        } catch (error) {
          if (!(error instanceof XpdbError)) throw error;
          proxy.cutAt = null;
          resumed++;
          await importOn(viaProxy, script, { ...options, resume: true });
        }
        expect({ seed, at, contents: await contents() }).toEqual({ seed, at, contents: undisturbed });
      }
      // Otherwise the cuts did not hit; what is tried again by itself needs no --resume.
      expect(resumed).toBeGreaterThan(5);
    },
    patience,
  );

  it(
    'that is killed at 30 random moments comes to the same end with --resume',
    async () => {
      await drop();
      const args = ['import', '-S', `127.0.0.1,${sandbox.port}`, '-U', sandbox.user, '-C', '-i', file, '--create'];
      const env = { SQLCMDPASSWORD: sandbox.password };
      const begun = performance.now();
      expect(await runCli(args, { env })).toMatchObject({ code: 0 });
      const duration = performance.now() - begun;
      const undisturbed = await contents();
      const next = random();
      for (let i = 0; i < 30; i++) {
        await drop();
        const after = Math.floor(next() * duration * 1.1);
        const child = spawn(process.execPath, [binary, ...args], {
          env: { ...plainEnvironment(), ...env },
          stdio: 'ignore',
        });
        const ended = new Promise<number | null>(resolve => child.on('close', resolve));
        const timer = setTimeout(() => child.kill('SIGKILL'), after);
        const code = await ended;
        clearTimeout(timer);
        if (code !== 0) {
          const run = await runCli([...args, '--resume'], { env });
          expect({ seed, after, stderr: run.stderr, code: run.code }).toMatchObject({ code: 0 });
        }
        expect({ seed, after, contents: await contents() }).toEqual({ seed, after, contents: undisturbed });
      }
    },
    patience,
  );
});
