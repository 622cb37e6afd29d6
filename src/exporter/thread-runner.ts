import { Worker } from 'node:worker_threads';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { ChunkRunner } from './chunk-runner.ts';
import type { ChunkResult } from './chunk-writer.ts';
import { type FromWorker, fromPlainError, type ToWorker } from './worker-messages.ts';

/** The worker's file stands beside this one, as TypeScript in a checkout and as JavaScript in the package. */
const entry = new URL(`./export-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Runs chunks in a thread of their own. */
export function threadRunner(connection: ConnectionOptions): ChunkRunner {
  // Through workerData, not through the environment or the command line: the options hold a password.
  const worker = new Worker(entry, { workerData: { connection } });
  let waiting:
    | { resolve(result: ChunkResult): void; reject(error: unknown): void; onRows(rows: number): void }
    | undefined;
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(error);
    waiting = undefined;
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the worker thread ended')));
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'rows') return waiting?.onRows(message.rows);
    const settled = waiting;
    waiting = undefined;
    if (message.kind === 'done') settled?.resolve(message.result);
    else settled?.reject(fromPlainError(message.failure));
  });
  const say = (message: ToWorker) => worker.postMessage(message);
  return {
    run: (task, onRows) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting = { resolve, reject, onRows };
        say({ kind: 'run', task });
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
