/** Prints what would run, as a script: batches with their GO lines, rows as a count. */

import { type SessionSnapshot, settingsBetween } from './session-state.ts';
import type { Step } from './step.ts';
import type { StepSink } from './step-sink.ts';

/** Runs of more rows are not printed one by one. */
const printedRows = 5;

export class DryRun implements StepSink {
  readonly #print: (text: string) => void;
  #settings: SessionSnapshot | null = null;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  async run(step: Step): Promise<void> {
    const settings = this.#settings === null ? [] : settingsBetween(this.#settings, step.before);
    if (settings.length > 0) this.#batch(settings.join('\n'), 1);
    this.#settings = step.after;
    if (step.kind === 'rows') this.#rows(step.rows, step.object ?? '');
    else if (step.data && step.rows > printedRows) this.#rows(step.rows, step.object ?? '');
    else this.#batch(step.text, step.count);
  }

  async openLoader(): Promise<null> {
    return null;
  }

  async end(): Promise<void> {}

  #batch(text: string, count: number): void {
    this.#print(`${text}\nGO${count === 1 ? '' : ` ${count}`}\n`);
  }

  #rows(rows: number, object: string): void {
    this.#print(`-- ${rows} rows into ${object}\nGO\n`);
  }
}
