import { RemoteError } from '../connection/plain-error.ts';
import { isRetryable } from '../connection/sql-error.ts';

/** Seconds before each further try. */
export const retryDelays: readonly number[] = [1, 2, 5, 10, 30];

export interface RetryOptions {
  readonly delays?: readonly number[];
  /** Told of each further try before its delay. */
  readonly onRetry: (error: Error, delaySeconds: number) => void;
  readonly signal: AbortSignal;
}

/** Whether the same chunk may succeed when it is read again. */
function mayRetry(error: unknown): error is Error {
  return error instanceof RemoteError ? error.retryable : isRetryable(error);
}

/** Repeats work after errors that pass: lost connection, deadlock, throttling. @throws the last error */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const delays = options.delays ?? retryDelays;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const delay = delays[attempt];
      if (delay === undefined || options.signal.aborted || !mayRetry(error)) throw error;
      options.onRetry(error, delay);
      await sleep(delay * 1000, options.signal);
      if (options.signal.aborted) throw error;
    }
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
