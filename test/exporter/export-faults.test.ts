import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { checkArchive } from '../../src/archive/check-archive.ts';
import { isRetryable } from '../../src/connection/sql-error.ts';
import type { DirectoryOptions } from '../../src/exporter/directory-options.ts';
import { exportDirectory } from '../../src/exporter/export-directory.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { connectionTo, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { directoryOptions, openSource } from './phones.ts';

let sandbox: Sandbox;
let folder = '';
/** SHA-256 of every chunk of the undisturbed export. */
let expected: string[] = [];
const options: DirectoryOptions = { ...directoryOptions, chunkRows: 150 };

const seed = Number(process.env.XPDB_TEST_SEED ?? Date.now() % 1_000_000_007);
let state = seed;
/** A whole number below `limit`, the same ones for the same seed. */
const random = (limit: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};

async function run(to: string, more: Partial<DirectoryOptions> = {}): Promise<void> {
  const session = await sessionOn(sandbox, 'Phones');
  try {
    await exportDirectory(
      session,
      connectionTo(sandbox, 'Phones'),
      to,
      { ...options, ...more },
      new AbortController().signal,
    );
  } finally {
    await session.close();
  }
}

async function chunksOf(path: string): Promise<string[]> {
  const archive = await openArchive(path);
  expect((await checkArchive(archive)).problems).toEqual([]);
  expect(readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(n => /partial|journal/.test(n))).toEqual([]);
  return archive.manifest.tables.flatMap(t => t.chunks.map(c => `${c.path} ${c.sha256} ${c.rowsum}`));
}

beforeAll(async () => {
  console.log(`faults by XPDB_TEST_SEED=${seed}`);
  sandbox = await openSource();
  folder = mkdtempSync(join(tmpdir(), 'xpdb-faults-'));
  await run(join(folder, 'whole'));
  expected = await chunksOf(join(folder, 'whole'));
}, 120_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an export into a folder', () => {
  it('is the same after connections were cut at 100 places', { timeout: 900_000 }, async () => {
    let retries = 0;
    let resumes = 0;
    for (let cut = 0; cut < 100; cut++) {
      const path = join(folder, 'cut');
      rmSync(path, { recursive: true, force: true });
      const place = random(160_000);
      sandbox.faults.cutAfterSent = place;
      for (let attempt = 0; ; attempt++) {
        try {
          // Now and then with a database snapshot, which takes longest.
          const consistency = cut % 4 === 0 ? null : 'none';
          await run(path, { jobs: 1 + (cut % 2), consistency, resume: true, onNote: () => retries++ });
          break;
        } catch (error) {
          // Only what a lost connection brings about, and never for good.
          expect([place, error instanceof XpdbError, attempt < 3]).toEqual([place, true, true]);
          resumes++;
        } finally {
          sandbox.faults.cutAfterSent = null;
        }
      }
      expect([place, await chunksOf(path)]).toEqual([place, expected]);
    }
    // Otherwise the cuts did not hit.
    expect(retries).toBeGreaterThan(10);
    expect(resumes).toBeGreaterThan(5);
  });

  it('is the same after its process was killed 30 times', { timeout: 900_000 }, async () => {
    const script = fileURLToPath(new URL('./export-child.ts', import.meta.url));
    let kills = 0;
    for (let round = 0; kills < 30; round++) {
      const path = join(folder, `killed${round}`);
      for (;;) {
        const child = spawn(
          process.execPath,
          [
            script,
            JSON.stringify({ connection: connectionTo(sandbox, 'Phones'), folder: path, jobs: 1 + (round % 2) }),
          ],
          { stdio: ['ignore', 'ignore', 'inherit'] },
        );
        const ended = new Promise<number | null>(resolve => child.on('exit', code => resolve(code)));
        // From the first sign of life in the folder on, at a random moment.
        while (child.exitCode === null && !existsSync(path)) await new Promise(resolve => setTimeout(resolve, 5));
        const timer = setTimeout(() => child.kill('SIGKILL'), random(250));
        const code = await ended;
        clearTimeout(timer);
        if (code === 0) break;
        expect(child.signalCode).toBe('SIGKILL');
        kills++;
        // Once is enough for some; others are finished after a few.
        if (kills % 6 === 5) {
          await run(path, { resume: true });
          break;
        }
      }
      expect(await chunksOf(path)).toEqual(expected);
    }
  });

  it('tries again after a deadlock and says so; gives up after a while', async () => {
    const told: string[] = [];
    const path = join(folder, 'deadlock');
    const { statements } = sandbox.faults;
    statements.push({ kind: 'deadlock', matching: /FROM \[dbo\]\.\[Calls\] WHERE/i, skip: 3, times: 2 });
    await run(path, { onNote: text => told.push(text) });
    expect(told).toEqual(
      [2, 3].map(n => expect.stringMatching(`^\\[dbo\\]\\.\\[Calls\\]: .*deadlock.*; try ${n} of 4$`)),
    );
    expect(await chunksOf(path)).toEqual(expected);

    statements.splice(0);
    statements.push({ kind: 'deadlock', matching: /FROM \[dbo\]\.\[Calls\] WHERE/i, skip: 3, times: 99 });
    const error = await run(join(folder, 'deadlocks')).then(
      () => null,
      (e: unknown) => e,
    );
    statements.splice(0);
    expect(isRetryable(error)).toBe(true);
    expect((error as XpdbError).details).toMatchObject({ number: 1205, object: '[dbo].[Calls]' });
  });

  it('waits for a server that refuses connections for a while', async () => {
    const path = join(folder, 'back');
    const told: string[] = [];
    let cut = false;
    await run(path, {
      consistency: 'none',
      retries: { pausesMs: [10, 10, 10, 10] },
      report: progress => {
        if (cut || progress.phase !== 'data' || progress.rows === 0) return;
        cut = true;
        sandbox.faults.cutAfterSent = 1;
        sandbox.faults.refuseLogin = 'closed';
      },
      onNote: text => {
        told.push(text);
        if (told.length === 3) sandbox.faults.refuseLogin = null;
      },
    });
    expect(told[0]).toMatch(/: connection to \S+ lost while/);
    expect(told.slice(1)).toEqual(Array(2).fill(expect.stringContaining('closed')));
    expect((await chunksOf(path)).map(c => c.split(' ')[1])).toEqual(expected.map(c => c.split(' ')[1]));
  });

  it('ends with exit code 4 when the server is gone for good', async () => {
    const path = join(folder, 'gone');
    const error = await run(path, {
      onNote: () => {
        sandbox.faults.refuseLogin = 'closed';
      },
      report: () => {
        sandbox.faults.cutAfterSent = 1;
      },
    }).then(
      () => null,
      (e: unknown) => e,
    );
    sandbox.faults.refuseLogin = null;
    sandbox.faults.cutAfterSent = null;
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).exitCode).toBe(ExitCode.interrupted);
    await run(path, { resume: true });
    expect(await chunksOf(path)).toEqual(expected);
  });
});
