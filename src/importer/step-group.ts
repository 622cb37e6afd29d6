/** Steps of the open transaction, kept so that they can run again when it fails. */

import { type Step, sizeOf } from './step.ts';

/** A group is committed when its text has this many characters, or this many steps. */
const fullLength = 4 << 20;
const fullSteps = 200;
/** Beyond this a transaction of the script's own is no longer kept for another try. */
const keptLength = 32 << 20;

export class StepGroup {
  #steps: Step[] = [];
  #length = 0;
  #isComplete = true;

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Whether `steps` are all of the open transaction; else there is the last one only. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get isFull(): boolean {
    return this.#length >= fullLength || this.#steps.length >= fullSteps || !this.#isComplete;
  }

  add(step: Step): void {
    this.#steps.push(step);
    this.#length += sizeOf(step);
    if (this.#length <= keptLength) return;
    // Only its place is needed then.
    this.#isComplete = false;
    this.#steps = [step];
  }

  /** The steps, and begins anew. */
  take(): readonly Step[] {
    const steps = this.#steps;
    this.#steps = [];
    this.#length = 0;
    this.#isComplete = true;
    return steps;
  }
}

/** Steps between which a temporary table lives stay together. */
export function unitsOf(steps: readonly Step[]): Step[][] {
  const units: Step[][] = [];
  let unit: Step[] = [];
  for (const step of steps) {
    unit.push(step);
    if (step.after.temporaryTables.size > 0) continue;
    units.push(unit);
    unit = [];
  }
  if (unit.length > 0) units.push(unit);
  return units;
}
