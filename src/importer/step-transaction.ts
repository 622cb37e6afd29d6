/** The transaction on the target that steps run in, and that the journal's position is written in; and the way back when it fails. */

import { defaultRetries, type RetryPolicy, retryNote, waitBeforeRetry } from '../connection/repeat-work.ts';
import { CancelledError } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { isLost, placeError } from './import-error.ts';
import { inTransaction, type Journal } from './journal.ts';
import { type OnMessage, sendStep } from './send-step.ts';
import { unrestorable } from './session-state.ts';
import type { Step } from './step.ts';
import type { Target } from './target.ts';

export interface TransactionOptions {
  readonly signal: AbortSignal;
  readonly onMessage: OnMessage;
  readonly onNote: (text: string) => void;
  /** After a new log-in: takes the lock on the target again. */
  readonly relock: () => Promise<void>;
  readonly retries?: RetryPolicy;
}

export class StepTransaction {
  readonly #target: Target;
  readonly #options: TransactionOptions;
  readonly #retries: RetryPolicy;
  #isOpen = false;

  constructor(target: Target, options: TransactionOptions) {
    this.#target = target;
    this.#options = options;
    this.#retries = options.retries ?? defaultRetries;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Runs a step in the open transaction, or opens one. @throws SqlServerError of the first statement or load that failed */
  async send(step: Step): Promise<void> {
    await this.#target.settle(step.before);
    if (!this.#isOpen) {
      await this.#execute('BEGIN TRANSACTION');
      this.#isOpen = true;
    }
    await sendStep(this.#target, step, this.#options.onMessage);
  }

  /** How many transactions the script has left open, ours among them. */
  async level(): Promise<number> {
    const { rows } = await this.#target.session.query('SELECT @@TRANCOUNT');
    return Number(rows[0]?.[0]);
  }

  /** Commits together with the journal's position behind the step. */
  async commitAt(step: Step, journal: Journal): Promise<void> {
    await this.#execute(`${journal.moveTo(step.last, unrestorable(step.after))}\nIF @@ROWCOUNT = 1 COMMIT TRANSACTION`);
    if (this.#target.session.inTransaction) {
      throw new XpdbError('the position of the import could not be written', {
        hint: 'the script may have switched execution off (SET NOEXEC, ROWCOUNT, FMTONLY)',
        position: step.first,
      });
    }
    this.#isOpen = false;
    this.#target.lost?.committed();
  }

  /** Commits together with what `sql` writes into the journal. */
  async commitWith(sql: string): Promise<void> {
    await this.#execute(`${sql}\nCOMMIT TRANSACTION`);
    this.#isOpen = false;
    this.#target.lost?.committed();
  }

  /** The script rolled back, ours with it: what it undid is as if it had run. */
  async acceptRollback(step: Step, journal: Journal): Promise<void> {
    this.#isOpen = false;
    this.#target.lost?.undone();
    await this.#execute(journal.moveTo(step.last, unrestorable(step.after)));
  }

  /** Writes into the journal, with no step. */
  async record(...sql: readonly string[]): Promise<void> {
    await this.#execute(inTransaction(...sql));
  }

  /** Rolls the steps back on the session, or opens a new one when it is lost. */
  async undo(error: unknown, steps: readonly Step[]): Promise<void> {
    this.#isOpen = false;
    this.#target.lost?.undone();
    const first = steps[0]!;
    if (isLost(error) || this.#target.session.closed) {
      await this.#reconnect(first);
      return;
    }
    await this.#execute('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
    const states = steps.flatMap(s => [s.before, s.after]);
    if (states.some(s => s !== first.before)) await this.#target.settleAnew(states, first.before);
    this.#target.invalidate();
  }

  async #reconnect(step: Step): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#target.reopen();
        await this.#options.relock();
        return;
      } catch (error) {
        this.throwIfOver(error);
        if (!this.mayRetry(attempt)) throw placeError(error, step);
        await this.waitToRetry(error, attempt, step);
      }
    }
  }

  /** Whether there is another try after this many repetitions. */
  mayRetry(attempt: number): boolean {
    return attempt < this.#retries.pausesMs.length;
  }

  async waitToRetry(error: unknown, attempt: number, step: Step): Promise<void> {
    const { line } = step.first;
    this.#options.onNote(retryNote(`line ${line}`, error as Error, attempt + 1, this.#retries));
    await waitBeforeRetry(this.#retries, attempt, this.#options.signal);
  }

  /** Ctrl-C ends everything. @throws error when it is that */
  throwIfOver(error: unknown): void {
    if (error instanceof CancelledError || this.#options.signal.aborted) throw error;
  }

  async #execute(sql: string): Promise<void> {
    await this.#target.session.execute(sql);
  }
}
