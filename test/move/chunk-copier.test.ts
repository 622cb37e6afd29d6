import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/connection/sql-error.ts';
import { Journal } from '../../src/importer/journal.ts';
import { describeError, type XpdbError } from '../../src/model/error.ts';
import { type ChunkCopier, openCopiers } from '../../src/move/chunk-copier.ts';
import type { CopyTask } from '../../src/move/copy-task.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { connection, smallShop } from './copy-on.ts';

let source: Sandbox;
let target: Sandbox;
let databases = 0;
let database = '';

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Copy-1234' });
  target = await openSandbox({ version: 160, password: 'Copy-1234' });
  await loadScript(source, smallShop(2000));
}, 180_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

beforeEach(async () => {
  database = `Copier${++databases}`;
  await loadScript(
    target,
    `CREATE DATABASE ${database}
GO
USE ${database}
GO
CREATE TABLE dbo.Many (Id int IDENTITY(1, 3) NOT NULL PRIMARY KEY, Name nvarchar(40) NOT NULL, Value float NULL)`,
  );
  const session = await sessionOn(target, database);
  await new Journal(database).create(session, 'a copy');
  await session.close();
});

/** Rows of the table with so many of the smallest ids, or the others. */
const task = (entry: string, condition: string): CopyTask => ({
  entry,
  table: { schema: 'dbo', name: 'Many' },
  from: 'Shop',
  to: database,
  sql: `SELECT [Id], [Name], [Value] FROM [dbo].[Many] WHERE ${condition} ORDER BY [Id]`,
  withValues: true,
  tableLock: false,
  order: [{ column: 'Id', descending: false }],
});
const few = () => task('rows 1', '[Id] <= 30');
const rest = () => task('rows 2', '[Id] > 30');

/** What is in the target: rows and entries of chunks. */
async function carried(): Promise<readonly unknown[]> {
  const session = await sessionOn(target, database);
  try {
    const { rows } = await session.query('SELECT COUNT(*) FROM dbo.Many');
    const entries = await new Journal(database).entries(session);
    return [rows[0]![0], ...entries.filter(e => e.kind === 'chunk').map(e => e.text)];
  } finally {
    await session.close();
  }
}

describe.each([
  ['in the thread that opens it', 0],
  ['in a thread of its own', 1],
])('a copier of chunks %s', (_, index) => {
  async function withCopier(pausesMs: readonly number[], use: (copier: ChunkCopier) => Promise<void>): Promise<void> {
    const data = { from: connection(source, 'Shop'), to: connection(target), retries: { pausesMs } };
    const copiers = openCopiers(2, data, null).map(open => open());
    expect(copiers).toHaveLength(2);
    try {
      await use(copiers[index]!);
    } finally {
      await Promise.all(copiers.map(c => c.close()));
    }
  }

  it('carries one after the other and counts their rows as they pass', async () => {
    await withCopier([], async copier => {
      const counts: number[] = [];
      expect(await copier.run(few(), rows => counts.push(rows), expect.unreachable)).toBe(10);
      expect(await copier.run(rest(), rows => counts.push(rows), expect.unreachable)).toBe(1990);
      expect(counts[0]).toBe(10);
      expect(counts.at(-1)).toBe(1990);
    });
    expect(await carried()).toEqual([2000, 'rows 1', 'rows 2']);
  }, 120_000);

  it('fails with the server’s error, its number and the table, and leaves nothing of the chunk', async () => {
    await withCopier([1, 1], async copier => {
      target.faults.statements.push({ kind: 'fullLog', matching: /INSERT BULK/, skip: 1, times: 1 });
      await copier.run(few(), () => undefined, expect.unreachable);
      const error = await copier.run(rest(), () => undefined, expect.unreachable).catch((e: unknown) => e);
      expect(describeError(error as XpdbError)).toBe(
        `The transaction log for database '${database}' is full due to 'LOG_BACKUP'. [dbo].[Many] (error 9002); ` +
          'the transaction log is full: back it up or let it grow, then resume',
      );
    });
    expect(await carried()).toEqual([10, 'rows 1']);
  }, 120_000);

  it.each([
    ['source', () => source, 'cutAfterSent'],
    ['target', () => target, 'cutAfterReceived'],
  ] as const)(
    'begins a chunk anew, and says so, when its connection to the %s is cut',
    async (_, sandbox, way) => {
      const notes: string[] = [];
      await withCopier([1], async copier => {
        await copier.run(few(), () => undefined, expect.unreachable);
        sandbox().faults[way] = 20_000;
        expect(
          await copier.run(
            rest(),
            () => undefined,
            note => notes.push(note),
          ),
        ).toBe(1990);
      });
      expect(notes).toEqual([expect.stringMatching(/^\[dbo\]\.\[Many\]: connection to .* lost .*; try 2 of \d+$/)]);
      expect(await carried()).toEqual([2000, 'rows 1', 'rows 2']);
    },
    120_000,
  );

  it('waits for a server that comes back', async () => {
    const notes: string[] = [];
    await withCopier([1, 1], async copier => {
      await copier.run(few(), () => undefined, expect.unreachable);
      target.faults.cutAfterReceived = 20_000;
      target.faults.refuseLogin = 'The server starts.';
      const onNote = (note: string) => {
        if (notes.push(note) === 2) target.faults.refuseLogin = null;
      };
      expect(await copier.run(rest(), () => undefined, onNote)).toBe(1990);
    });
    expect(notes).toEqual([expect.stringContaining(' lost '), expect.stringContaining('The server starts.')]);
  }, 120_000);

  it('gives up after the last of its tries, as the connection was lost', async () => {
    await withCopier([1], async copier => {
      await copier.run(few(), () => undefined, expect.unreachable);
      target.faults.cutAfterReceived = 20_000;
      target.faults.refuseLogin = 'The server starts.';
      const error = await copier
        .run(
          rest(),
          () => undefined,
          () => undefined,
        )
        .catch((e: unknown) => e);
      target.faults.refuseLogin = null;
      expect(describeError(error as XpdbError)).toMatch(/^connection to .* lost .*--resume/);
      expect((error as XpdbError).exitCode).toBe(4);
    });
    expect(await carried()).toEqual([10, 'rows 1']);
  }, 120_000);

  it('stops a chunk under way on request, and begins no other', async () => {
    const hang = { kind: 'hang' as const, matching: /INSERT BULK/, skip: 0, times: 1 };
    target.faults.statements.push(hang);
    await withCopier([1], async copier => {
      const running = copier.run(few(), () => undefined, expect.unreachable).catch((e: unknown) => e);
      while (hang.times > 0) await pause(5);
      copier.cancel();
      expect(((await running) as Error).message).toBe(new CancelledError().message);
      await expect(copier.run(rest(), () => undefined, expect.unreachable)).rejects.toThrow(/aborted/);
    });
    expect(await carried()).toEqual([0]);
  }, 120_000);
});
