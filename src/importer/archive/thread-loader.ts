import { Worker } from 'node:worker_threads';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import { fromPlainError } from '../../connection/plain-error.ts';
import type { RetryPolicy } from '../retry.ts';
import type { ChunkLoader } from './chunk-loader.ts';
import type { FromLoader, ToLoader } from './load-messages.ts';

/** The worker's file stands beside this one, as TypeScript in a checkout and as JavaScript in the package. */
const entry = new URL(`./load-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  resolve(rows: number): void;
  reject(error: unknown): void;
  onRows(rows: number): void;
  onRetry(text: string): void;
}

/** Loads chunks in a thread of its own. */
export function threadLoader(connection: ConnectionOptions, retries: RetryPolicy): ChunkLoader {
  // Through workerData, not through the environment or the command line: the options hold a password.
  const worker = new Worker(entry, { workerData: { connection, retries } });
  let waiting: Waiting | null = null;
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(error);
    waiting = null;
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the worker thread ended')));
  worker.on('message', (message: FromLoader) => {
    if (message.kind === 'rows') return waiting?.onRows(message.rows);
    if (message.kind === 'retry') return waiting?.onRetry(message.text);
    const settled = waiting;
    waiting = null;
    if (message.kind === 'done') settled?.resolve(message.rows);
    else settled?.reject(fromPlainError(message.failure));
  });
  const say = (message: ToLoader) => worker.postMessage(message);
  return {
    load: (task, onRows, onRetry) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting = { resolve, reject, onRows, onRetry };
        say({ kind: 'load', task });
      }),
    cancel: () => say({ kind: 'cancel' }),
    async close() {
      if (ended) return;
      await new Promise<void>(resolve => {
        worker.once('exit', () => resolve());
        say({ kind: 'close' });
      });
    },
  };
}
