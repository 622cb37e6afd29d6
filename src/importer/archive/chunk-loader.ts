/** Loads one chunk at a time on a connection of its own, again after errors that pass. */

import { type Archive, openArchive } from '../../archive/archive-reader.ts';
import type { ChunkRunner } from '../../archive/chunk-runner.ts';
import { startChunkThread } from '../../archive/chunk-thread.ts';
import { openSession } from '../../connection/connect.ts';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import type { Session } from '../../connection/session.ts';
import { Journal } from '../journal.ts';
import { type RetryPolicy, repeatWork } from '../retry.ts';
import type { ChunkTask } from './chunk-task.ts';
import { loadChunk } from './load-chunk.ts';

/** Yields the rows that it loaded. */
export type ChunkLoader = ChunkRunner<ChunkTask, number>;

/** Plain data: it goes to another thread. */
export interface ChunkLoaderData {
  readonly connection: ConnectionOptions;
  readonly retries: RetryPolicy;
}

/** A loader for each job: with several, each is a thread of its own. */
export function openLoaders(jobs: number, data: ChunkLoaderData): ChunkLoader[] {
  if (jobs === 1) return [connectionLoader(data)];
  return Array.from({ length: jobs }, () => startChunkThread('./load-worker', import.meta.url, data));
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
            if (again && (await new Journal(task.database).hasChunk(session!, task.chunk.path))) return task.chunk.rows;
            archive ??= await openArchive(task.folder);
            return loadChunk(session!, archive, task, onRows);
          },
          onRetry: (error, tries) =>
            onNote(`${task.chunk.path}: ${error.message}; try ${tries + 1} of ${retries.pausesMs.length + 1}`),
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
