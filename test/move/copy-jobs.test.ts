/** A copy by several jobs, all but one in threads of their own, with the same outcome as one. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumRows } from '../../src/connection/sum-rows.ts';
import { describeError, ExitCode, XpdbError } from '../../src/model/error.ts';
import type { CopyOptions, CopyResult } from '../../src/move/copy-options.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { copyOn, smallShop } from './copy-on.ts';

const rows = 3000;

/** Tables besides, of other kinds: a descending key, a heap, large values, none that takes a value. */
const more = `
USE Shop
GO
CREATE TABLE dbo.Down (A int NOT NULL, B varchar(20) NULL, CONSTRAINT PK_Down PRIMARY KEY CLUSTERED (A DESC))
CREATE TABLE dbo.Heap (A decimal(18,4) NULL, B datetime2(7) NULL, C varbinary(max) NULL, D sql_variant NULL)
GO
${['Down (A, B)', 'Heap (A, B, C, D)']
  .map((table, heap) =>
    [0, 1]
      .map(half => {
        const values = Array.from({ length: 400 }, (_, i) => {
          const n = half * 400 + i;
          return heap
            ? `(${n}.125, '2024-02-03T04:05:06.${1000000 + n}', 0x${'ab'.repeat(n % 50)}, ${n})`
            : `(${n}, '${n}')`;
        });
        return `INSERT dbo.${table} VALUES ${values.join(',')}`;
      })
      .join('\n'),
  )
  .join('\n')}
GO
INSERT dbo.Heap (A, C) VALUES (-1, CONVERT(varbinary(max), REPLICATE(CONVERT(varchar(max), 'x'), 3000000)))
GO`;
const total = rows + 5 + 801 + 800;

let source: Sandbox;
let target: Sandbox;
let copies = 0;
const freshName = () => `Jobs${++copies}`;

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Copy-1234' });
  target = await openSandbox({ version: 110, volumes: ['E:\\'], password: 'Copy-1234' });
  await loadScript(source, smallShop(rows) + more);
}, 180_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

const copy = (name: string, options: Partial<CopyOptions>): Promise<CopyResult> =>
  copyOn(source, target, name, { chunkRows: 250, ...options });

/** What a copy throws, as xpdb says it without what is in the target. */
async function failure(name: string, options: Partial<CopyOptions>): Promise<{ error: XpdbError; text: string }> {
  const error: unknown = await copy(name, options).then(
    () => null,
    e => e,
  );
  expect(error).toBeInstanceOf(XpdbError);
  return { error: error as XpdbError, text: describeError((error as XpdbError).details.cause as XpdbError) };
}

const tables = {
  Many: 'Id, Name, Value',
  Few: 'Id, Many, Text',
  Down: 'A, B',
  Heap: 'A, B, C, D',
};

async function sums(sandbox: Sandbox, database: string): Promise<string[]> {
  const session = await sessionOn(sandbox, database);
  try {
    const found: string[] = [];
    for (const [table, columns] of Object.entries(tables)) {
      const sum = await sumRows(session, `SELECT ${columns} FROM dbo.${table}`);
      found.push(`${table} ${sum.rows} ${sum.rowsum}`);
    }
    const empty = await session.query('SELECT COUNT(*) FROM dbo.Stamps');
    return [...found, `Stamps ${empty.rows[0]![0]}`];
  } finally {
    await session.close();
  }
}

/** Worker threads that were started meanwhile. */
async function countThreads(work: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const count = () => started++;
  process.on('worker', count);
  await work();
  process.off('worker', count);
  return started;
}

describe('a copy by several jobs', () => {
  it.each([1, 2, 4])(
    'is equal to its source with --jobs %i',
    async jobs => {
      const name = freshName();
      const events: number[] = [];
      let result: CopyResult | undefined;
      const threads = await countThreads(async () => {
        result = await copy(name, {
          jobs,
          report: event => {
            if (event.phase === 'data') events.push(event.rows);
          },
        });
      });
      expect([result?.rows, result?.verified?.equal]).toEqual([total, true]);
      expect(await sums(target, name)).toEqual(await sums(source, 'Shop'));
      expect(events.at(-1)).toBe(total);
      // For the rows, and for their comparison, where they were not done with before.
      expect(threads).toBeLessThanOrEqual(2 * (jobs - 1));
    },
    180_000,
  );

  it('reads in the one session that holds the transaction where that is the point in time', async () => {
    await loadScript(source, 'ALTER DATABASE Shop SET ALLOW_SNAPSHOT_ISOLATION ON');
    const threads = await countThreads(async () => {
      const result = await copy(freshName(), { jobs: 1, consistency: 'snapshot' });
      expect([result.rows, result.verified?.equal]).toEqual([total, true]);
    });
    expect(threads).toBe(0);
  }, 180_000);

  it('ends with the error of one job, the same as in one thread, and goes on later', async () => {
    const texts: string[] = [];
    for (const jobs of [1, 2]) {
      const name = freshName();
      const notes: string[] = [];
      target.faults.statements.push({ kind: 'fullLog', matching: /INSERT BULK \[dbo\]\.\[Many\]/, skip: 2, times: 1 });
      const { error, text } = await failure(name, { jobs, onNote: note => notes.push(note) });
      expect(error.details).toMatchObject({ number: 9002, object: '[dbo].[Many]' });
      expect(notes.filter(n => n.includes('[Many]'))).toEqual([]);
      texts.push(text.replace(name, 'Copy'));
      const result = await copy(name, { jobs, resume: true });
      expect(result.verified?.equal).toBe(true);
      expect(result.rows).toBeGreaterThan(0);
      expect(result.rows).toBeLessThan(total);
    }
    expect(texts[1]).toBe(texts[0]);
  }, 180_000);

  it('names the table whatever its size', async () => {
    target.faults.statements.push({ kind: 'fullLog', matching: /INSERT BULK \[dbo\]\.\[Few\]/, skip: 0, times: 1 });
    const { error } = await failure(freshName(), { jobs: 2 });
    expect(error.details).toMatchObject({ number: 9002, object: '[dbo].[Few]' });
  }, 180_000);

  /** Options that cut a connection among the rows. */
  function cutting(sandbox: () => Sandbox, way: 'cutAfterReceived' | 'cutAfterSent'): Partial<CopyOptions> {
    let cut = false;
    return {
      report: event => {
        if (cut || event.phase !== 'data') return;
        cut = true;
        sandbox().faults[way] = 5000;
      },
    };
  }

  it.each([
    ['source', () => source, 'cutAfterSent'],
    ['target', () => target, 'cutAfterReceived'],
  ] as const)(
    'tries again in a thread whose connection to the %s was cut, and says so',
    async (_, sandbox, way) => {
      const notes: string[] = [];
      const result = await copy(freshName(), {
        ...cutting(sandbox, way),
        jobs: 2,
        retries: { pausesMs: [1, 1] },
        onNote: note => notes.push(note),
      });
      expect([result.rows, result.verified?.equal]).toEqual([total, true]);
      expect(notes).toEqual([expect.stringMatching(/^\[dbo\]\.\[\w+\]: connection to .* lost .*; try 2 of \d+$/)]);
    },
    180_000,
  );

  it('ends with exit code 4 when a connection is lost for good', async () => {
    const name = freshName();
    const { error, text } = await failure(name, { ...cutting(() => target, 'cutAfterReceived'), jobs: 2 });
    expect(text).toMatch(/^connection to .* lost/);
    expect(error.exitCode).toBe(ExitCode.interrupted);
    expect((await copy(name, { jobs: 2, resume: true })).verified?.equal).toBe(true);
  }, 180_000);

  it.each([1, 2])(
    'stops on request with --jobs %i, and goes on later',
    async jobs => {
      const name = freshName();
      const stop = new AbortController();
      const { error, text } = await failure(name, {
        jobs,
        signal: stop.signal,
        report: event => {
          if (event.phase === 'data' && event.tablesDone > 2) stop.abort();
        },
      });
      expect([text, error.exitCode]).toEqual(['stopped by Ctrl-C', ExitCode.interrupted]);
      const result = await copy(name, { jobs, resume: true });
      expect(result.verified?.equal).toBe(true);
      expect(result.rows).toBeGreaterThan(0);
      expect(result.rows).toBeLessThan(total);
    },
    180_000,
  );
});
