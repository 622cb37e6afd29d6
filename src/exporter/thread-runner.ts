import { startChunkThread } from '../archive/chunk-thread.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { fromPlainError } from '../connection/plain-error.ts';
import type { ChunkRunner } from './chunk-runner.ts';
import type { ChunkResult } from './chunk-writer.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** Runs chunks in a thread of their own. */
export function threadRunner(connection: ConnectionOptions): ChunkRunner {
  const thread = startChunkThread<ToWorker, FromWorker>('./export-worker', import.meta.url, { connection });
  return {
    run: (task, onRows) =>
      thread.ask<ChunkResult>({ kind: 'run', task }, (message, settle) => {
        switch (message.kind) {
          case 'rows':
            return onRows(message.rows);
          case 'done':
            return settle.resolve(message.result);
          case 'failed':
            return settle.reject(fromPlainError(message.failure));
        }
      }),
    cancel: () => thread.tell({ kind: 'cancel' }),
    close: () => thread.close({ kind: 'close' }),
  };
}
