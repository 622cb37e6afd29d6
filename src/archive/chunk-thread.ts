import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fromPlainError } from '../connection/plain-error.ts';
import type { FromThread, ThreadData, ToThread } from './chunk-messages.ts';
import type { ChunkRunner } from './chunk-runner.ts';

/** A chunk under way. */
interface Waiting<Result> {
  onRows(rows: number): void;
  onNote(text: string): void;
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * Starts a thread that runs chunks. What it is given and gives back must be plain data.
 * @param entry file that calls serveChunks, without its ending: TypeScript in a checkout and JavaScript in the package, like the file
 *   that asks for it
 * @param base `import.meta.url` of that file
 * @param workerData what the thread needs to know. Passwords go here: the environment and command lines can be read by others.
 * @returns a runner that rejects with the thread's errors, as plain-error.ts carries them, and when the thread ends unasked
 */
export function startChunkThread<Task, Result>(
  entry: string,
  base: string,
  workerData: unknown,
): ChunkRunner<Task, Result> {
  const ending = (url: string) => (url.endsWith('.ts') ? '.ts' : '.js');
  const compiled = getCompileCacheDir();
  const data: ThreadData = {
    entry: new URL(entry + ending(base), base).href,
    // The folder that was given; Node has one inside for each of its versions.
    compiled: compiled === undefined ? null : dirname(compiled),
    data: workerData,
  };
  const { url } = import.meta;
  const worker = new Worker(new URL(`./chunk-thread-entry${ending(url)}`, url), { workerData: data });
  let waiting: Waiting<Result> | null = null;
  let ended: Error | null = null;
  const tell = (message: ToThread<Task>) => worker.postMessage(message);
  /** What waits, which then waits no more. */
  const settle = () => {
    const settled = waiting;
    waiting = null;
    return settled;
  };
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  const end = (error: Error) => {
    ended ??= error;
    // Who runs a chunk hears of it.
    ready.resolve();
    settle()?.reject(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the worker thread ended')));
  worker.on('message', (message: FromThread<Result>) => {
    switch (message.kind) {
      case 'ready':
        isReady = true;
        return ready.resolve();
      case 'rows':
        return waiting?.onRows(message.rows);
      case 'note':
        return waiting?.onNote(message.text);
      case 'done':
        return settle()?.resolve(message.result);
      case 'failed':
        return settle()?.reject(fromPlainError(message.failure));
    }
  });
  return {
    ready: ready.promise,
    run: (task, onRows, onNote) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting = { onRows, onNote, resolve, reject };
        tell({ kind: 'run', task });
      }),
    cancel: () => tell({ kind: 'cancel' }),
    async close() {
      if (ended) return;
      if (!isReady && waiting === null) return void (await worker.terminate());
      await new Promise<void>(resolve => {
        worker.once('exit', () => resolve());
        tell({ kind: 'close' });
      });
    },
  };
}
