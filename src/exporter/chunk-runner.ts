import type { ChunkRunner } from '../archive/chunk-runner.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import { ConnectionLostError, isRetryable } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { type ChunkResult, type ChunkTask, writeChunk } from './chunk-writer.ts';

/** Writes chunks; a try that may be repeated is for the caller to repeat. */
export type ChunkExporter = ChunkRunner<ChunkTask, ChunkResult>;

/** Runs chunks on a session that somebody else opened and closes, because its transaction is the point in time. */
export function sessionRunner(session: Session): ChunkExporter {
  return {
    run: (task, onRows) => writeChunk(session, task, onRows),
    cancel: () => session.cancel(),
    close: async () => undefined,
  };
}

/** Runs chunks in this thread. Its connection is opened for the first one, and anew after it was lost. */
export function connectionRunner(connection: ConnectionOptions): ChunkExporter {
  let session: Session | undefined;
  let cancelled = false;
  const open = async (database: string, again: boolean): Promise<Session> => {
    const { openSession } = await import('../connection/connect.ts');
    try {
      return await openSession({ ...connection, database });
    } catch (error) {
      // A server that comes back refuses connections for a while: that passes, too.
      if (!again || !(error instanceof XpdbError)) throw error;
      throw new ConnectionLostError(connection.server, `and not opened again: ${error.message}`, [], error);
    }
  };
  return {
    async run(task, onRows) {
      if (!session || session.closed) {
        session = await open(task.database, session !== undefined);
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
