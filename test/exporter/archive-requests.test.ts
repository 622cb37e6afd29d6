import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { checkArchive } from '../../src/archive/check-archive.ts';
import { archiveData, openImportSource } from '../../src/cli/import-source.ts';
import { exportDirectory } from '../../src/exporter/export-directory.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import { importOn } from '../importer/import-on.ts';
import { connectionTo, dropDatabase, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { directoryOptions, openSource } from './phones.ts';

/** Every so-manyth request; 1 by XPDB_TEST_EVERY is each. */
const every = Number(process.env.XPDB_TEST_EVERY ?? 3);
const { signal } = new AbortController();

let source: Sandbox;
let target: Sandbox;
let folder = '';

beforeAll(async () => {
  source = await openSource();
  target = await openSandbox({ version: 150 });
  folder = mkdtempSync(join(tmpdir(), 'xpdb-requests-'));
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exportTo(path: string, resume: boolean, pausesMs: readonly number[]): Promise<void> {
  const connection = connectionTo(source, 'Phones');
  const session = await sessionOn(source, 'Phones');
  const options = { ...directoryOptions, dataFormat: 'native' as const, chunkRows: 300, resume, retries: { pausesMs } };
  try {
    await exportDirectory(session, connection, path, options, signal);
  } finally {
    await session.close();
  }
}

async function importFrom(path: string, resume: boolean) {
  const { inputs, archive } = await openImportSource([path], undefined);
  const data = await archiveData(archive!, {
    connection: connectionTo(target, 'Phones'),
    jobs: 1,
    bulk: true,
    strict: false,
    tables: [],
    entries: null,
    signal,
    onRows: () => undefined,
    onNote: () => undefined,
  });
  const open = (database: string | null) => sessionOn(target, database ?? undefined);
  const { result } = await importOn(open, inputs, { create: true, loaders: createRowLoaders, data, resume });
  return { compared: result.compared, failures: result.failures };
}

async function chunksOf(path: string): Promise<string[]> {
  const archive = await openArchive(path);
  expect((await checkArchive(archive)).problems).toEqual([]);
  return archive.manifest.tables.flatMap(t => t.chunks.map(c => `${c.path} ${c.rows} ${c.rowsum}`));
}

/** Does work with its n-th request cut, for each n, until there are no more; `after` is not cut. */
async function atEach<T>(
  { faults }: Sandbox,
  runs: boolean,
  work: (at: number) => Promise<T>,
  after: (at: number, result: T) => Promise<void>,
): Promise<number> {
  let at = 0;
  for (let struck = true; struck; at += every) {
    faults.cutRequest = { skip: at, runs };
    const result = await work(at);
    struck = faults.cutRequest === null;
    faults.cutRequest = null;
    await after(at, result);
  }
  return at;
}

describe('an archive whose connection was lost', () => {
  it('at any request of its export is the undisturbed one', async () => {
    const whole = join(folder, 'whole');
    await exportTo(whole, false, []);
    const expected = await chunksOf(whole);
    const reached = await atEach(
      source,
      true,
      async at => {
        const path = join(folder, `cut${at}`);
        await exportTo(path, false, at % 2 === 0 ? [] : [10]).catch(() => exportTo(path, true, []));
        return path;
      },
      async (at, path) => {
        expect([at, await chunksOf(path)]).toEqual([at, expected]);
        rmSync(path, { recursive: true });
      },
    );
    expect(reached).toBeGreaterThan(30);
  }, 1_200_000);

  it.each([false, true])(
    'at any request of its import (that ran: %s) has its rows',
    async runs => {
      const path = join(folder, 'imported');
      rmSync(path, { recursive: true, force: true });
      await exportTo(path, false, []);
      const reached = await atEach(
        target,
        runs,
        () => importFrom(path, false).catch(() => importFrom(path, true)),
        async (at, result) => {
          expect([at, result]).toEqual([at, { compared: 3, failures: [] }]);
          await dropDatabase(target, 'Phones');
        },
      );
      expect(reached).toBeGreaterThan(30);
    },
    1_200_000,
  );
});
