/** Loads one chunk at a time on a connection of its own, again after errors that pass. */

import { type Archive, openArchive } from '../../archive/archive-reader.ts';
import type { ChunkRunner } from '../../archive/chunk-runner.ts';
import { startChunkThread } from '../../archive/chunk-thread.ts';
import { openSession } from '../../connection/connect.ts';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import type { Session } from '../../connection/session.ts';
import { isRetryable } from '../../connection/sql-error.ts';
import { Journal } from '../journal.ts';
import { type RetryPolicy, waitBeforeRetry } from '../retry.ts';
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
  const connect = async (database: string) => {
    if (session === null || session.closed) session = await openSession({ ...connection, database });
    return session;
  };
  return {
    async run(task, onRows, onNote) {
      archive ??= await openArchive(task.folder);
      for (let attempt = 0; ; attempt++) {
        try {
          const target = await connect(task.database);
          stop.signal.throwIfAborted();
          // The answer to a COMMIT may have been lost with the connection.
          if (attempt > 0 && (await new Journal(task.database).hasChunk(target, task.chunk.path)))
            return task.chunk.rows;
          return await loadChunk(target, archive, task, onRows);
        } catch (error) {
          if (!isRetryable(error) || attempt >= retries.pausesMs.length || stop.signal.aborted) throw error;
          onNote(
            `${task.chunk.path}: ${(error as Error).message}; try ${attempt + 2} of ${retries.pausesMs.length + 1}`,
          );
          await waitBeforeRetry(retries, attempt, stop.signal);
        }
      }
    },
    cancel() {
      stop.abort();
      session?.cancel();
    },
    async close() {
      await session?.close();
    },
  };
}
