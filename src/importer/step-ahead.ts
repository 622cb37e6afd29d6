import type { Step } from './step.ts';
import type { StepSink } from './step-sink.ts';

/**
 * Lets one step run while the script is read on: the server and we need not wait for one another. Its error is thrown by the next call, so whoever
 * goes to the target another way calls `settled` before.
 */
export class StepAhead {
  readonly #sink: StepSink;
  #underWay: Promise<void> | null = null;

  constructor(sink: StepSink) {
    this.#sink = sink;
  }

  /** Begins a step when the one before it is done, and does not wait for it. */
  async start(step: Step): Promise<void> {
    await this.settled();
    const running = this.#sink.run(step);
    running.catch(() => {});
    this.#underWay = running;
  }

  async run(step: Step): Promise<void> {
    await this.settled();
    await this.#sink.run(step);
  }

  /** The step under way is done. @throws its error */
  async settled(): Promise<void> {
    const running = this.#underWay;
    this.#underWay = null;
    await running;
  }
}
