/** Rows of a script on their way to the target, as steps: as text, or by the loader that took them. */

import type { LoadRun, TakenRows } from './load-run.ts';
import type { OpenBatch } from './open-batch.ts';
import type { RowRun } from './row-run.ts';
import { loadStep, statementsStep } from './rows-step.ts';
import type { SessionState } from './session-state.ts';
import type { InsertStatement } from './step.ts';
import { StepAhead } from './step-ahead.ts';
import type { StepSink } from './step-sink.ts';

export class RowSender {
  /** A load may be under way while the next one is filled. */
  readonly #ahead: StepAhead;
  readonly #state: SessionState;
  readonly #batch: OpenBatch;
  /** Index of the script that has the rows. */
  file = 0;
  /** Rows so far. */
  rows = 0;

  constructor(sink: StepSink, state: SessionState, batch: OpenBatch) {
    this.#ahead = new StepAhead(sink);
    this.#state = state;
    this.#batch = batch;
  }

  /** Rows of batches that ended must not run into the one that is open, which may fail or be repeated. */
  async ended(run: RowRun): Promise<void> {
    const statements = run.takeEnded();
    if (statements.length === 0) return;
    this.#batch.addInserts(statements, this.file);
    await this.#batch.send();
  }

  /** What the run holds, as a load where there is enough of it. */
  async run(run: RowRun): Promise<void> {
    const { ended } = run;
    const statements = run.take();
    if (this.#batch.keepsWhole) {
      this.#batch.addInserts(statements, this.file);
      this.#batch.checkLength(run.head.position);
      return;
    }
    await this.ofBatch(statements, ended);
  }

  /** @param ended so many of the statements are of batches that ended */
  async ofBatch(statements: readonly InsertStatement[], ended: number): Promise<void> {
    if (!this.#batch.empty || statements.length > ended) await this.#batch.cut();
    await this.statements(statements);
  }

  async statements(statements: readonly InsertStatement[]): Promise<void> {
    if (statements.length > 0) await this.#ahead.run(statementsStep(statements, this.file, this.#state.now));
  }

  /** The last statement goes in one batch with what looks at its outcome. */
  async butLast(statements: readonly InsertStatement[]): Promise<void> {
    await this.statements(statements.slice(0, -1));
    this.#batch.addInserts(statements.slice(-1), this.file);
  }

  /** Rows that a loader took. */
  async taken(load: LoadRun, taken: TakenRows): Promise<void> {
    if (taken.rows === 0) return this.settled();
    this.#count(load, taken);
    await this.#ahead.run(loadStep(load, taken, this.file, this.#state.now));
  }

  /** The same of a full load, while the rows behind it are read. */
  start(load: LoadRun): Promise<void> {
    const taken = load.taken();
    this.#count(load, taken);
    return this.#ahead.start(loadStep(load, taken, this.file, this.#state.now));
  }

  /** What a loader took becomes statements again. @param read of what was taken, before the load lets go of its bytes */
  async untake<T>(load: LoadRun, taken: TakenRows, read: () => T): Promise<T> {
    await this.settled();
    const statements = read();
    load.loader.discard();
    load.release();
    this.#count(load, taken);
    return statements;
  }

  /** The load under way is done, or its error thrown: before anything else goes to the target, and where reading the script fails. */
  settled(): Promise<void> {
    return this.#ahead.settled();
  }

  /** Those of its prefix were counted as text. */
  #count(load: LoadRun, taken: TakenRows): void {
    this.rows += taken.rows - load.prefixRows;
  }
}
