/** Repeats what a deadlock, throttling or a lost connection broke off, with growing pauses and an end. */

import { setTimeout as pause } from 'node:timers/promises';

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
