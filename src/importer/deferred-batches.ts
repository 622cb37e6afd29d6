/** Batches that wait for what they refer to, and are tried again until nothing more passes. */

import { isMissingReference } from './missing-reference.ts';
import type { BatchStep } from './step.ts';

export interface DeferredBatch {
  readonly step: BatchStep;
  /** Of the last try. */
  readonly error: unknown;
}

export class DeferredBatches {
  readonly #waiting: DeferredBatch[] = [];
  /** Statements ran since the last try. */
  #isDue = false;

  /** What waits may pass by now: worth a try before rows come, which may go into a table that waits. */
  get isDue(): boolean {
    return this.#isDue;
  }

  add(step: BatchStep, error: unknown): void {
    this.#waiting.push({ step, error });
  }

  /** Another batch runs that may make what is missing. */
  noteChange(): void {
    if (this.#waiting.length > 0) this.#isDue = true;
  }

  /**
   * Tries what waits, again and again as long as something passes.
   * @param attempt runs one for good, or undoes it. @returns its error, null for none
   * @param onFailed a batch failed for another reason and does not wait any more
   */
  async retry(
    attempt: (step: BatchStep) => Promise<unknown>,
    onFailed: (batch: DeferredBatch) => Promise<void>,
  ): Promise<void> {
    this.#isDue = false;
    for (let progress = true; progress && this.#waiting.length > 0; ) {
      progress = false;
      for (const { step } of this.#waiting.splice(0)) {
        const error = await attempt(step);
        if (error === null) progress = true;
        else if (isMissingReference(error)) this.add(step, error);
        else await onFailed({ step, error });
      }
    }
  }

  /** The one that waits longest. */
  get first(): DeferredBatch | null {
    return this.#waiting[0] ?? null;
  }

  /** What still waits, and forgets it. */
  takeAll(): readonly DeferredBatch[] {
    return this.#waiting.splice(0);
  }
}
