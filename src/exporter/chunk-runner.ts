/** Writes one chunk at a time on a connection of its own, again after errors that pass. */

import type { ChunkRunner } from '../archive/chunk-runner.ts';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { type RetryPolicy, repeatWork, retryNote } from '../connection/repeat-work.ts';
import type { Session } from '../connection/session.ts';
import { isRetryable } from '../connection/sql-error.ts';
import { type ChunkResult, type ChunkTask, writeChunk } from './chunk-writer.ts';

export type ChunkExporter = ChunkRunner<ChunkTask, ChunkResult>;

/** Plain data: it goes to another thread. */
export interface ChunkExporterData {
  readonly connection: ConnectionOptions;
  readonly retries: RetryPolicy;
}

/**
 * Runs chunks on a session that somebody else opened and closes, because its transaction is the point in time. It ends with its connection,
 * so nothing is tried again.
 */
export function sessionRunner(session: Session): ChunkExporter {
  return {
    run: (task, onRows) => writeChunk(session, task, onRows),
    cancel: () => session.cancel(),
    close: async () => undefined,
  };
}

/** Runs chunks in this thread. */
export function connectionRunner({ connection, retries }: ChunkExporterData): ChunkExporter {
  const stop = new AbortController();
  let session: Session | null = null;
  return {
    run: (task, onRows, onNote) =>
      repeatWork(
        {
          async connect() {
            if (session === null || session.closed)
              session = await openSession({ ...connection, database: task.database });
          },
          async run() {
            try {
              return await writeChunk(session!, task, onRows);
            } catch (error) {
              // What the server broke off may have left the connection in a state that nobody knows.
              if (isRetryable(error)) await session!.close();
              throw error;
            }
          },
          onRetry(error, tries) {
            onRows(0);
            onNote(retryNote(task.rows.name, error, tries, retries));
          },
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
