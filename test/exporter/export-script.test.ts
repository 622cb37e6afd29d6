import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Output, openOutputFile } from '../../src/archive/output-file.ts';
import { openSession } from '../../src/connection/connect.ts';
import { sumRows } from '../../src/connection/sum-rows.ts';
import type { ExportOptions } from '../../src/exporter/export-options.ts';
import { exportScript } from '../../src/exporter/export-script.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import {
  connectionTo,
  loadScript,
  openSandbox,
  runScript,
  type Sandbox,
  sessionOn,
  withSandbox,
} from '../support/sandbox.ts';
import { memoryOutput } from './memory-output.ts';
import { openSource } from './phones.ts';
import { exportOptions } from './shop.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSource();
});
afterAll(() => sandbox.close());

async function run(options: Partial<ExportOptions> = {}, database = 'Phones', from = sandbox) {
  const session = await sessionOn(from, database);
  const output = memoryOutput();
  try {
    const result = await exportScript(session, output, { ...exportOptions, ...options });
    return { result, script: output.text() };
  } finally {
    await session.close();
  }
}

describe('an export as a script', () => {
  it('gives the same bytes each time, and the source’s rows again where it is replayed', async () => {
    const { result, script } = await run();
    expect(result).toMatchObject({ database: 'Phones', target: '2019', tables: 3, rows: 3000 });
    expect((await run()).script).toBe(script);
    await withSandbox({ version: 150 }, async target => {
      const session = await sessionOn(target);
      await runScript(session, script);
      const source = await sessionOn(sandbox, 'Phones');
      for (const sql of [
        'SELECT id, note, cost FROM dbo.Calls',
        'SELECT code, n FROM dbo.[Odd ]] name]',
        'SELECT n FROM dbo.Heap',
      ]) {
        expect(await sumRows(session, sql)).toEqual(await sumRows(source, sql));
      }
      expect((await session.query("SELECT IDENT_CURRENT('dbo.Calls')")).rows).toEqual(
        (await source.query("SELECT IDENT_CURRENT('dbo.Calls')")).rows,
      );
      await source.close();
      await session.close();
    });
  });

  it('is as of one point in time: of a database snapshot that is gone afterwards, or of a SNAPSHOT transaction', async () => {
    const session = await sessionOn(sandbox, 'Phones');
    const { result } = await run();
    expect(result.findings.filter(f => f.rule === 'consistency')).toEqual([]);
    expect(
      (await session.query("SELECT name FROM sys.databases WHERE source_database_id = DB_ID('Phones')")).rows,
    ).toEqual([]);
    await expect(run({ consistency: 'snapshot' })).rejects.toThrow(/does not allow SNAPSHOT transactions/);
    await session.execute('ALTER DATABASE Phones SET ALLOW_SNAPSHOT_ISOLATION ON');
    expect((await run({ consistency: 'snapshot' })).result.rows).toBe(3000);
    await session.execute('ALTER DATABASE Phones SET ALLOW_SNAPSHOT_ISOLATION OFF');
    await session.close();
    expect((await run({ consistency: 'none' })).result.findings).toMatchObject([
      { rule: 'consistency', severity: 'info', object: 'DATABASE' },
    ]);
  });

  it('takes tables, conditions and sections as asked', async () => {
    const { result, script } = await run({ tables: ['Calls'], where: ['dbo.Calls:id < 80'] });
    expect(result).toMatchObject({ tables: 1, rows: 10 });
    expect(result.findings).toMatchObject([{ rule: 'rows-filtered', object: '[dbo].[Calls]' }]);
    expect(script).not.toContain('Heap');
    expect((await run({ excludeTableData: ['*'] })).result).toMatchObject({ tables: 0, rows: 0, objects: 3 });
  });

  it('stops before the next request when it is told to while none is under way', async () => {
    const session = await sessionOn(sandbox, 'Phones');
    const stop = new AbortController();
    const memory = memoryOutput();
    const output: Output = {
      ...memory,
      async write(bytes) {
        await memory.write(bytes);
        stop.abort();
        session.cancel();
      },
    };
    await expect(exportScript(session, output, { ...exportOptions, signal: stop.signal })).rejects.toThrow(/aborted/);
    expect(memory.text()).toContain('CREATE TABLE [dbo].[Calls]');
    expect(memory.text()).not.toContain('call 1');
    const snapshots = "SELECT name FROM sys.databases WHERE source_database_id = DB_ID('Phones')";
    expect((await session.query(snapshots)).rows).toEqual([]);
    await session.close();
  });

  it('ends with exit code 4 when the server dies in the middle, and keeps the partial file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpdb-script-'));
    const session = await openSession(connectionTo(sandbox, 'Phones'));
    const file = await openOutputFile(join(folder, 'out.sql'), { overwrite: false });
    const output: Output = {
      ...file,
      get bytesWritten() {
        return file.bytesWritten;
      },
      // Once the schema is written, the server has twenty thousand bytes to live.
      async write(bytes) {
        await file.write(bytes);
        sandbox.faults.cutAfterSent ??= 20_000;
      },
    };
    const error = await exportScript(session, output, { ...exportOptions, consistency: 'none' }).then(
      () => null,
      (e: unknown) => e,
    );
    sandbox.faults.cutAfterSent = null;
    await output.abandon();
    await session.close();
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).exitCode).toBe(ExitCode.interrupted);
    expect(readdirSync(folder)).toEqual(['out.sql.partial']);
    expect(readFileSync(join(folder, 'out.sql.partial'), 'utf8')).not.toContain('"kind":"trailer"');
    rmSync(folder, { recursive: true, force: true });
  });
});

it('reads FILESTREAM columns outside of a database snapshot, which has none, and says so', () =>
  withSandbox({ version: 120, volumes: ['C:\\'] }, async source => {
    await loadScript(
      source,
      `CREATE DATABASE Blobs ON PRIMARY (NAME = Blobs, FILENAME = N'C:\\Blobs.mdf'), FILEGROUP Streams CONTAINS FILESTREAM (NAME = Streams, FILENAME = N'C:\\Streams')
GO
USE Blobs
GO
CREATE TABLE dbo.Mails (id uniqueidentifier ROWGUIDCOL NOT NULL CONSTRAINT UQ_Mails UNIQUE, body varbinary(max) FILESTREAM NULL)
CREATE TABLE dbo.Plain (a int NULL)
INSERT dbo.Mails VALUES ('11111111-2222-3333-4444-555555555555', 0xABCD)
INSERT dbo.Plain VALUES (1)
GO
`,
    );
    const { result, script } = await run({ target: '2008' }, 'Blobs', source);
    expect(result.rows).toBe(2);
    expect(script).toContain("(N'11111111-2222-3333-4444-555555555555',0xABCD)");
    expect(result.findings.filter(f => /consistency|outside/.test(f.rule))).toMatchObject([
      { rule: 'filestream-outside-snapshot', object: '[dbo].[Mails]' },
    ]);
  }));

describe('values of several megabytes', () => {
  it('pass through a script that any runner replays', { timeout: 300_000 }, async () => {
    const big = await openSandbox({ version: 150 });
    try {
      await loadScript(big, 'CREATE DATABASE Files');
      await loadScript(
        big,
        `CREATE TABLE dbo.Files (id int NOT NULL PRIMARY KEY, data varbinary(max) NULL, note nvarchar(max) NULL, plain varchar(max) NULL, doc xml NULL)
GO
INSERT dbo.Files VALUES (1, 0x01, N'small', 'small', N'<a/>')
INSERT dbo.Files VALUES (2, CONVERT(varbinary(max), REPLICATE(CONVERT(varchar(max), 'binary \\'), 400000)), N'beside', NULL, NULL)
INSERT dbo.Files VALUES (3, NULL, REPLICATE(CONVERT(nvarchar(max), N'it''s Ärger' + NCHAR(10) + N'GO' + NCHAR(10)), 150000), REPLICATE(CONVERT(varchar(max), 'plain $(x) '), 300000), N'<b>x</b>')
INSERT dbo.Files VALUES (4, 0x04, N'last', NULL, NULL)
GO
`,
        'Files',
      );
      const { result, script } = await run({ target: '2008' }, 'Files', big);
      expect(result.rows).toBe(4);
      expect(script).toContain('.WRITE(0x');
      const longest = Math.max(...script.split('\nGO\n').map(batch => batch.length));
      expect(longest).toBeLessThan(4 << 20);
      if (oracleAvailable) expect(await parseWith(100, script)).toEqual([]);
      await withSandbox({ version: 100 }, async target => {
        const session = await sessionOn(target);
        await runScript(session, script);
        const source = await sessionOn(big, 'Files');
        const sql = 'SELECT id, data, note, plain, doc FROM dbo.Files';
        const [there, here] = [await sumRows(session, sql), await sumRows(source, sql)];
        expect([there.rows, there.rowsum]).toEqual([here.rows, here.rowsum]);
        expect(script).toContain(`"rows":4,"rowsum":"${here.rowsum}"`);
        await source.close();
        await session.close();
      });
    } finally {
      await big.close();
    }
  });
});
