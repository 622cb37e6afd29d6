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
  /** So many of the steps, the first ones, are without content. */
  #emptied = 0;

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Whether `steps` can run again; else there are only their places and numbers. */
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
    this.#isComplete = false;
    while (this.#emptied < this.#steps.length) {
      const kept = this.#steps[this.#emptied]!;
      this.#steps[this.#emptied++] = withoutContent(kept);
    }
  }

  /** The steps, and begins anew. */
  take(): readonly Step[] {
    const steps = this.#steps;
    this.#steps = [];
    this.#length = 0;
    this.#isComplete = true;
    this.#emptied = 0;
    return steps;
  }
}

/** What is left of a step of which only the place and the numbers are needed. Its bytes are not given back: who runs it again has it still. */
function withoutContent(step: Step): Step {
  if (step.kind === 'batch') return { ...step, text: '', segments: [], inserts: [], statements: [] };
  const { release: _, ...rest } = step;
  return { ...rest, statements: () => [], filled: () => null, length: 0 };
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
