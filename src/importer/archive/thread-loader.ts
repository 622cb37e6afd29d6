import { startChunkThread } from '../../archive/chunk-thread.ts';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import { fromPlainError } from '../../connection/plain-error.ts';
import type { RetryPolicy } from '../retry.ts';
import type { ChunkLoader } from './chunk-loader.ts';
import type { FromLoader, ToLoader } from './load-messages.ts';

/** Loads chunks in a thread of its own. */
export function threadLoader(connection: ConnectionOptions, retries: RetryPolicy): ChunkLoader {
  const thread = startChunkThread<ToLoader, FromLoader>('./load-worker', import.meta.url, { connection, retries });
  return {
    load: (task, onRows, onRetry) =>
      thread.ask<number>({ kind: 'load', task }, (message, settle) => {
        switch (message.kind) {
          case 'rows':
            return onRows(message.rows);
          case 'retry':
            return onRetry(message.text);
          case 'done':
            return settle.resolve(message.rows);
          case 'failed':
            return settle.reject(fromPlainError(message.failure));
        }
      }),
    cancel: () => thread.tell({ kind: 'cancel' }),
    close: () => thread.close({ kind: 'close' }),
  };
}
