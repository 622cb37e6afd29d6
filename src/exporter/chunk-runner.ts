import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import { isRetryable } from '../connection/sql-error.ts';
import { type ChunkResult, type ChunkTask, writeChunk } from './chunk-writer.ts';

/** Does one chunk at a time, on a connection of its own. */
export interface ChunkRunner {
  run(task: ChunkTask, onRows: (rows: number) => void): Promise<ChunkResult>;
  /** Stops the chunk under way: its promise rejects. */
  cancel(): void;
  close(): Promise<void>;
}

/** Runs chunks on a session that somebody else opened and closes, because its transaction is the point in time. */
export function sessionRunner(session: Session): ChunkRunner {
  return {
    run: (task, onRows) => writeChunk(session, task, onRows),
    cancel: () => session.cancel(),
    close: async () => undefined,
  };
}

/** Runs chunks in this thread. Its connection is opened for the first one, and anew after it was lost. */
export function connectionRunner(connection: ConnectionOptions): ChunkRunner {
  let session: Session | undefined;
  let cancelled = false;
  return {
    async run(task, onRows) {
      if (!session || session.closed) {
        const { openSession } = await import('../connection/connect.ts');
        session = await openSession({ ...connection, database: task.database });
        if (cancelled) await session.close();
      }
      try {
        return await writeChunk(session, task, onRows);
      } catch (error) {
        // What the server broke off may have left the connection in a state that nobody knows.
        if (isRetryable(error)) await session.close();
        throw error;
      }
    },
    cancel() {
      cancelled = true;
      session?.cancel();
    },
    async close() {
      await session?.close();
    },
  };
}
