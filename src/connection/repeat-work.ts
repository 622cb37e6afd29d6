/** Repeats what a deadlock, throttling or a lost connection broke off, with growing pauses and an end. */

import { setTimeout as pause } from 'node:timers/promises';
import { isRetryable } from './sql-error.ts';

export interface RetryPolicy {
  /** Pauses before the tries after the first one, in milliseconds; their number is the number of repetitions. */
  readonly pausesMs: readonly number[];
}

/** Half a minute in all: a server that restarts is back by then, or somebody must look. */
export const defaultRetries: RetryPolicy = { pausesMs: [250, 1000, 3000, 8000, 16_000] };

/** @throws what the signal says when it is aborted meanwhile */
export async function waitBeforeRetry(policy: RetryPolicy, attempt: number, signal: AbortSignal): Promise<void> {
  await pause(policy.pausesMs[attempt] ?? 0, undefined, { signal });
}

/** What the user is told before another try. @param tries that were made */
export function retryNote(what: string, error: Error, tries: number, { pausesMs }: RetryPolicy): string {
  return `${what}: ${error.message}; try ${tries + 1} of ${pausesMs.length + 1}`;
}

/** Work in a transaction of its own, on connections that may be lost. */
export interface RepeatableWork<T> {
  /** Opens the connections that are not open. */
  connect(): Promise<void>;
  /** @param again it was begun before: the answer to its COMMIT may have been lost with the connection */
  run(again: boolean): Promise<T>;
  /** Told before each pause; what it throws ends the work. @param tries that were made */
  onRetry(error: Error, tries: number): void;
}

/**
 * Does work again after errors that pass. Connections that can't be opened are among them: another one to that server was, and one that
 * comes back refuses them for a while.
 * @throws the last error of the work; of connecting, where it never ran
 */
export async function repeatWork<T>(work: RepeatableWork<T>, policy: RetryPolicy, signal: AbortSignal): Promise<T> {
  /** Of the work, the last time that it was connected. */
  let broken: { readonly error: unknown } | null = null;
  for (let tries = 1; ; tries++) {
    let connected = false;
    try {
      await work.connect();
      connected = true;
      signal.throwIfAborted();
      return await work.run(broken !== null);
    } catch (error) {
      if (connected) broken = { error };
      if ((connected && !isRetryable(error)) || signal.aborted || tries > policy.pausesMs.length)
        throw broken?.error ?? error;
      work.onRetry(error as Error, tries);
      await waitBeforeRetry(policy, tries - 1, signal);
    }
  }
}
