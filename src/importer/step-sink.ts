import type { Step } from './step.ts';

/** Where the steps of a script go: the target, or a printer of what would run. */
export interface StepSink {
  /** @throws XpdbError with its place in the script */
  run(step: Step): Promise<void>;
  /** Nothing follows. */
  end(): Promise<void>;
}
