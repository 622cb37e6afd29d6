import { Worker } from 'node:worker_threads';

/** How a request ends. */
export interface Settle<Result> {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A worker thread that does one chunk at a time. */
export interface ChunkThread<ToThread, FromThread> {
  /**
   * Sends a request and hands every message to `take`, until that settles it.
   * @throws Error when the thread ends before
   */
  ask<Result>(request: ToThread, take: (message: FromThread, settle: Settle<Result>) => void): Promise<Result>;
  /** Sends what has no answer. */
  tell(message: ToThread): void;
  /** Sends what makes the thread end, and waits for that. */
  close(farewell: ToThread): Promise<void>;
}

/**
 * Starts a thread.
 * @param entry its file, without the ending: TypeScript in a checkout and JavaScript in the package, like the file that asks for it
 * @param base `import.meta.url` of that file
 * @param workerData what the thread needs to know. Passwords go here: the environment and command lines can be read by others.
 */
export function startChunkThread<ToThread, FromThread>(
  entry: string,
  base: string,
  workerData: unknown,
): ChunkThread<ToThread, FromThread> {
  const worker = new Worker(new URL(`${entry}${base.endsWith('.ts') ? '.ts' : '.js'}`, base), { workerData });
  let waiting: { take(message: FromThread): void; reject(error: Error): void } | null = null;
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(error);
    waiting = null;
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the worker thread ended')));
  worker.on('message', (message: FromThread) => waiting?.take(message));
  return {
    ask: <Result>(request: ToThread, take: (message: FromThread, settle: Settle<Result>) => void) =>
      new Promise<Result>((resolve, reject) => {
        if (ended) return reject(ended);
        const settle: Settle<Result> = {
          resolve(result) {
            waiting = null;
            resolve(result);
          },
          reject(error) {
            waiting = null;
            reject(error);
          },
        };
        waiting = { take: message => take(message, settle), reject };
        worker.postMessage(request);
      }),
    tell: message => worker.postMessage(message),
    async close(farewell) {
      if (ended) return;
      await new Promise<void>(resolve => {
        worker.once('exit', () => resolve());
        worker.postMessage(farewell);
      });
    },
  };
}
