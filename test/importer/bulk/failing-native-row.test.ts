import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Archive } from '../../../src/archive/archive-reader.ts';
import type { Session } from '../../../src/connection/session.ts';
import { createNativeRowWriter } from '../../../src/data/native-row-writer.ts';
import type { RowWriter } from '../../../src/data/row-writer.ts';
import type { ChunkTask } from '../../../src/importer/archive/chunk-task.ts';
import { loadChunk } from '../../../src/importer/archive/load-chunk.ts';
import { describeError, XpdbError } from '../../../src/model/error.ts';
import { openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';
import { inNewDatabase } from './replay-rows.ts';

let sandbox: Sandbox;
let session: Session;
beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  session = await sessionOn(sandbox);
});
afterAll(async () => {
  await session.close();
  await sandbox.close();
});

it('names the row of a native chunk that the target does not take, and leaves nothing of the chunk', async () => {
  const values = Array.from({ length: 20 }, (_, i) => `(${i === 13 ? -1 : i})`).join(', ');
  await inNewDatabase(session, 'source', `CREATE TABLE dbo.t (a int NOT NULL);\nINSERT dbo.t VALUES ${values};`);
  let writer: RowWriter | null = null;
  await session.streamRows('SELECT a FROM dbo.t', {
    columns: columns => void (writer = createNativeRowWriter(columns, { schema: 'dbo', table: 't' })),
    rows: (bytes, start, end) => writer!.write(bytes, start, end),
  });
  writer!.end();
  const file = Buffer.from(writer!.take());

  await inNewDatabase(session, 'target', 'CREATE TABLE dbo.t (a int NOT NULL CHECK (a >= 0));');
  const chunk = {
    path: 'data/dbo.t/1.rows',
    bytes: 0,
    storedBytes: 0,
    sha256: '',
    rows: 20,
    rowsum: Buffer.from(file.subarray(-16)).toString('hex'),
    range: null,
    readAt: null,
  };
  const archive = {
    folder: '',
    readChunk: async function* () {
      yield file;
    },
  } as unknown as Archive;
  const task: ChunkTask = {
    folder: '',
    format: 'native',
    table: { schema: 'dbo', name: 't', columns: ['a'], identity: false },
    chunk,
    database: 'target',
    tableLock: true,
    bulk: true,
    strict: false,
  };
  const error = await loadChunk(session, archive, task, () => {}).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(XpdbError);
  expect(describeError(error as XpdbError)).toMatch(/CHECK.*; it is row 14 of data\/dbo\.t\/1\.rows/);
  expect((await session.query('SELECT COUNT(*) FROM dbo.t')).rows).toEqual([[0]]);
});
