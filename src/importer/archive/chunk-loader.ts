/** Loads one chunk at a time on a connection of its own, again after errors that pass. */

import { type Archive, openArchive } from '../../archive/archive-reader.ts';
import type { Session } from '../../connection/session.ts';
import { isRetryable } from '../../connection/sql-error.ts';
import { Journal } from '../journal.ts';
import { type RetryPolicy, waitBeforeRetry } from '../retry.ts';
import type { ChunkTask } from './chunk-task.ts';
import { loadChunk, type OnRows } from './load-chunk.ts';

export interface ChunkLoader {
  load(task: ChunkTask, onRows: OnRows, onRetry: (text: string) => void): Promise<number>;
  /** Stops the chunk under way: its promise rejects. */
  cancel(): void;
  close(): Promise<void>;
}

/** @param open opens a session in the target database */
export function connectionLoader(open: (database: string) => Promise<Session>, retries: RetryPolicy): ChunkLoader {
  const stop = new AbortController();
  let session: Session | null = null;
  let archive: Archive | null = null;
  const connect = async (database: string) => {
    if (session === null || session.closed) session = await open(database);
    return session;
  };
  return {
    async load(task, onRows, onRetry) {
      archive ??= await openArchive(task.folder);
      for (let attempt = 0; ; attempt++) {
        stop.signal.throwIfAborted();
        try {
          const target = await connect(task.database);
          // The answer to a COMMIT may have been lost with the connection.
          if (attempt > 0 && (await new Journal(task.database).hasChunk(target, task.chunk.path)))
            return task.chunk.rows;
          return await loadChunk(target, archive, task, onRows);
        } catch (error) {
          if (!isRetryable(error) || attempt >= retries.pausesMs.length || stop.signal.aborted) throw error;
          onRetry(
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
