import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { RowLoader } from './row-loader.ts';
import type { SessionSnapshot } from './session-state.ts';
import type { Step } from './step.ts';

/** Where the steps of a script go: the target, or a printer of what would run. */
export interface StepSink {
  /** @throws XpdbError with its place in the script */
  run(step: Step): Promise<void>;
  /** A loader for rows that a step will send; null when they must go as statements. Every step before it was run. */
  openLoader(head: InsertHeadPiece, settings: SessionSnapshot): Promise<RowLoader | null>;
  /** Nothing follows. */
  end(): Promise<void>;
}
