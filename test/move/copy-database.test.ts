import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeError, ExitCode, XpdbError } from '../../src/model/error.ts';
import type { CopyOptions, CopyResult } from '../../src/move/copy-options.ts';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { connection, copyOn, smallShop } from './copy-on.ts';

const rows = 4000;

let source: Sandbox;
let target: Sandbox;
let copies = 0;

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Copy-1234' });
  target = await openSandbox({ version: 110, volumes: ['E:\\'], password: 'Copy-1234' });
  await loadScript(source, smallShop(rows));
}, 180_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

const freshName = () => `Copy${++copies}`;

const copy = (name: string, more: Partial<CopyOptions> = {}): Promise<CopyResult> => copyOn(source, target, name, more);

async function onTarget<T>(database: string, query: string): Promise<T> {
  const session = await sessionOn(target, database);
  try {
    return (await session.query(query)).rows[0]![0] as T;
  } finally {
    await session.close();
  }
}

async function journals(database: string): Promise<unknown> {
  return onTarget(database, "SELECT COUNT(*) FROM sys.tables WHERE name LIKE 'xpdb%'");
}

describe('copyDatabase', () => {
  it('copies everything, equal to the source, and leaves no journal', async () => {
    const name = freshName();
    const result = await copy(name);
    expect(result).toMatchObject({ database: name, target: '2012', tables: 3, rows: rows + 5 });
    expect(result.verified?.equal).toBe(true);
    expect(result.verified?.tables?.map(t => t.state)).toEqual(['equal', 'equal', 'equal']);
    expect(await journals(name)).toBe(0);
    expect(await onTarget(name, "SELECT CONVERT(int, IDENT_CURRENT('dbo.Many'))")).toBe(20000);
    expect(await onTarget(name, 'SELECT COUNT(*) FROM sys.foreign_keys WHERE is_not_trusted = 0')).toBe(1);
  }, 180_000);

  it('carries a table in several transactions at the same time', async () => {
    const result = await copy(freshName(), { chunkRows: 300, jobs: 3 });
    expect([result.rows, result.verified?.equal]).toEqual([rows + 5, true]);
  }, 180_000);

  it('copies into a database that is there, as far as it was asked to', async () => {
    const name = freshName();
    await loadScript(target, `CREATE DATABASE ${name}`);
    const options = { create: false, tables: ['Many'], where: ['dbo.Many:Id > 100'] };
    const result = await copy(name, options);
    expect(result.rows).toBe(rows - 34);
    expect(await onTarget(name, 'SELECT MIN(Id) FROM dbo.Many')).toBe(103);
    await expect(copy(name, options)).rejects.toThrow(/already has \[dbo\]\.\[Many\].*; nothing was changed/);
  }, 180_000);

  it('copies definitions alone', async () => {
    const name = freshName();
    const result = await copy(name, { schemaOnly: true });
    expect([result.rows, result.verified?.equal, result.verified?.tables]).toEqual([0, true, null]);
    expect(await onTarget(name, 'SELECT COUNT(*) FROM dbo.Many')).toBe(0);
  }, 180_000);

  it('copies the tables of a schema, and misses no others', async () => {
    const tables = ['dbo', 'old'].map(s => `CREATE TABLE ${s}.T (a int NOT NULL)\nGO\nINSERT ${s}.T VALUES (1)\nGO\n`);
    await loadScript(source, `CREATE DATABASE Two\nGO\nUSE Two\nGO\nCREATE SCHEMA old\nGO\n${tables.join('')}`);
    const { verified } = await copy(freshName(), { from: connection(source, 'Two'), excludeSchemas: ['old'] });
    expect([verified?.equal, verified?.tables?.map(t => t.table)]).toEqual([true, ['[dbo].[T]']]);
  }, 180_000);

  it('goes on where it stopped, wherever the connection was cut', async () => {
    const notes: string[] = [];
    for (const bytes of [20_000, 60_000, 100_000, 140_000]) {
      const name = freshName();
      target.faults.cutAfterReceived = bytes;
      const stopped = await copy(name, { chunkRows: 200 }).then(
        () => null,
        e => e,
      );
      target.faults.cutAfterReceived = null;
      // A cut in the first steps leaves nothing to resume.
      if (stopped !== null) expect(stopped, String(bytes)).toBeInstanceOf(XpdbError);
      const onNote = (text: string) => notes.push(text);
      const result = await copy(name, { resume: true, chunkRows: 1000, onNote }).catch(error => {
        if (stopped === null) return null;
        throw error;
      });
      if (result === null) continue;
      expect(result.verified?.equal, String(bytes)).toBe(true);
      expect(await journals(name)).toBe(0);
    }
    expect(
      notes.filter(n => n.startsWith('goes on with the rows')),
      'cuts among the rows',
    ).not.toEqual([]);
  }, 300_000);

  it('tries again what a deadlock broke off', async () => {
    const notes: string[] = [];
    target.faults.statements.push({ kind: 'deadlock', matching: /INSERT BULK \[dbo\]\.\[Many\]/, skip: 1, times: 1 });
    const result = await copy(freshName(), {
      chunkRows: 500,
      retries: { pausesMs: [1, 1] },
      onNote: text => notes.push(text),
    });
    expect(result.verified?.equal).toBe(true);
    expect(notes.join('\n')).toMatch(/\[dbo\]\.\[Many\]: .*deadlock.*; try 2 of/);
  }, 180_000);

  it('is equal where only a login is missing, as its finding says', async () => {
    await loadScript(
      source,
      "CREATE LOGIN app WITH PASSWORD = 'App-12345'\nGO\nUSE Shop\nGO\nCREATE USER app FOR LOGIN app\nGO\nGRANT SELECT ON dbo.Many TO app",
    );
    const found: string[] = [];
    const result = await copy(freshName(), { onFinding: f => void found.push(`${f.rule} ${f.object}`) });
    await loadScript(source, 'USE Shop\nGO\nDROP USER app\nGO\nDROP LOGIN app');
    expect(found).toContain('missing-login [app]');
    expect(result.verified?.schema?.differences.map(d => [d.object, d.path, d.explained?.rule])).toEqual([
      ['[app]', 'kind', 'missing-login'],
    ]);
    expect(result.verified?.equal).toBe(true);
  }, 60_000);

  it('ends with its SNAPSHOT transaction, which a deadlock takes away', async () => {
    await loadScript(source, 'ALTER DATABASE Shop SET ALLOW_SNAPSHOT_ISOLATION ON');
    source.faults.statements.push({ kind: 'deadlock', matching: /FROM \[dbo\]\.\[Many\]/, skip: 0, times: 1 });
    const options = { consistency: 'snapshot' as const, jobs: 1, retries: { pausesMs: [1, 1] } };
    const error = await copy(freshName(), options).catch((e: unknown) => e);
    source.faults.statements.splice(0);
    expect((error as XpdbError).details.number).toBe(1205);
  }, 60_000);

  it('stops while it compares, and says what is left to do', async () => {
    const stop = new AbortController();
    let compared = 0;
    const error = await copyOn(source, target, 'Uncompared', {
      signal: stop.signal,
      jobs: 1,
      report: event => {
        if (event.phase !== 'verify') return;
        compared = event.tablesDone;
        stop.abort();
      },
    }).catch(e => e);
    expect(describeError(error)).toMatch(/stopped by Ctrl-C.*xpdb verify/s);
    expect([error.exitCode, compared]).toEqual([ExitCode.interrupted, 0]);
  });

  it('stops on request with exit code 4, and goes on later', async () => {
    const name = freshName();
    const stop = new AbortController();
    const error = await copy(name, {
      chunkRows: 100,
      jobs: 1,
      signal: stop.signal,
      report: event => {
        if (event.phase === 'data' && event.rows > 500) stop.abort();
      },
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).exitCode).toBe(ExitCode.interrupted);
    expect(Number(await onTarget(name, 'SELECT COUNT(*) FROM dbo.Many'))).toBeLessThan(rows);
    const found: string[] = [];
    const result = await copy(name, { resume: true, onFinding: f => void found.push(f.rule) });
    expect(result.verified?.equal).toBe(true);
    expect(result.rows).toBeLessThan(rows + 5);
    // Its rows are of two points in time.
    expect(found).toContain('consistency');
  }, 180_000);

  it('compares once more when it is resumed behind its end', async () => {
    const name = freshName();
    await copy(name);
    const again = await copy(name, { resume: true });
    expect([again.rows, again.verified?.equal]).toEqual([0, true]);
  }, 180_000);

  it('refuses a target version that its server is too old for', async () => {
    await expect(copy(freshName(), { target: '2016' })).rejects.toMatchObject({
      message: expect.stringMatching(/--target 2016 is newer than the server/),
      exitCode: ExitCode.usage,
    });
  });
});

describe('xpdb copy', () => {
  it('copies and says what it did', async () => {
    const args = ['copy', '--from', `${source.host},${source.port}/Shop`, '--to', `${target.host},${target.port}`];
    const run = await runCli([...args, '-U', 'sa', '-C', '--create', '--data-path', 'E:\\D'], {
      env: { SQLCMDPASSWORD: 'Copy-1234' },
    });
    expect([run.code, run.stdout]).toEqual([0, '']);
    expect(run.stderr).toMatch(/\[dbo\]\.\[Many\] +4,000 +4,000 +equal/);
    expect(run.stderr).toContain('database Shop is a copy for SQL Server 2012');
  }, 120_000);
});
