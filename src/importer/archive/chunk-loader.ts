/** Loads one chunk at a time on a connection of its own, again after errors that pass. */

import { type Archive, openArchive } from '../../archive/archive-reader.ts';
import type { ChunkRunner } from '../../archive/chunk-runner.ts';
import { startChunkThread } from '../../archive/chunk-thread.ts';
import type { OpenRunner } from '../../archive/run-chunks.ts';
import { openSession } from '../../connection/connect.ts';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import { type RetryPolicy, repeatWork, retryNote } from '../../connection/repeat-work.ts';
import type { Session } from '../../connection/session.ts';
import { Journal } from '../journal.ts';
import type { ChunkTask, LoadedChunk } from './chunk-task.ts';
import { loadChunk } from './load-chunk.ts';

export type ChunkLoader = ChunkRunner<ChunkTask, LoadedChunk>;

/** Plain data: it goes to another thread. */
export interface ChunkLoaderData {
  readonly connection: ConnectionOptions;
  readonly retries: RetryPolicy;
}

/** Openers of a loader for each job: the first one in this thread, the others each in a thread of its own. */
export function openLoaders(jobs: number, data: ChunkLoaderData): OpenRunner<ChunkTask, LoadedChunk>[] {
  const inThread = () => startChunkThread<ChunkTask, LoadedChunk>('./load-worker', import.meta.url, data);
  return [() => connectionLoader(data), ...Array.from({ length: jobs - 1 }, () => inThread)];
}

export function connectionLoader({ connection, retries }: ChunkLoaderData): ChunkLoader {
  const stop = new AbortController();
  let session: Session | null = null;
  let archive: Archive | null = null;
  return {
    run: (task, onRows, onNote) =>
      repeatWork(
        {
          async connect() {
            if (session === null || session.closed)
              session = await openSession({ ...connection, database: task.database });
          },
          async run(again) {
            if (again && (await new Journal(task.database).hasChunk(session!, task.chunk.path)))
              return { rows: task.chunk.rows, lost: [] };
            archive ??= await openArchive(task.folder);
            return loadChunk(session!, archive, task, onRows);
          },
          onRetry: (error, tries) => onNote(retryNote(task.chunk.path, error, tries, retries)),
        },
        retries,
        stop.signal,
      ),
    cancel() {
      stop.abort();
      session?.cancel();
    },
    async close() {
      await session?.close();
    },
  };
}
