/**
 * Runs the steps of a script on the target: several in one transaction together with the journal's position, so that a step is
 * in the target exactly when the journal says so. What fails is undone and run again step by step.
 */

import { isRetryable } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { DeferredBatches } from './deferred-batches.ts';
import { isLost, placeError } from './import-error.ts';
import { batchesOf, halvesOf } from './insert-batches.ts';
import type { Journal } from './journal.ts';
import { isMissingReference, refusesTransaction } from './missing-reference.ts';
import { runOutside } from './outside-step.ts';
import type { RowLoader } from './row-loader.ts';
import { type SessionSnapshot, unrestorable } from './session-state.ts';
import { type BatchStep, comparePlaces, type ScriptPlace, type Step } from './step.ts';
import { StepGroup, unitsOf } from './step-group.ts';
import type { StepSink } from './step-sink.ts';
import { StepTransaction, type TransactionOptions } from './step-transaction.ts';
import type { Target } from './target.ts';

export interface RunnerOptions extends TransactionOptions {
  readonly continueOnError: boolean;
  /** Rows and batches that are in the target for good. */
  readonly onCommitted: (steps: readonly Step[]) => void;
}

export class StepRunner implements StepSink {
  readonly #target: Target;
  readonly #options: RunnerOptions;
  readonly #transaction: StepTransaction;
  #journal: Journal | null = null;
  readonly #group = new StepGroup();
  /** Inside a transaction of the script. */
  #scripted = false;
  /** Steps are being run again, so deep. */
  #replays = 0;
  readonly #deferred = new DeferredBatches();
  readonly #noted: ScriptPlace[] = [];
  readonly failures: XpdbError[] = [];
  /** Last place that is in the target for good. */
  committed: ScriptPlace | null = null;

  constructor(target: Target, options: RunnerOptions) {
    this.#target = target;
    this.#options = options;
    this.#transaction = new StepTransaction(target, options);
  }

  /** From now on steps go into transactions with this journal; before, each runs for itself. */
  useJournal(journal: Journal): void {
    this.#journal = journal;
  }

  /** An earlier run ended while the step at this place ran outside of a transaction. */
  addNoted(place: ScriptPlace): void {
    this.#noted.push(place);
  }

  /** What waits longest for what it refers to, with the error of its last try; null for nothing. */
  get waiting(): XpdbError | null {
    const first = this.#deferred.first;
    return first === null ? null : placeError(first.error, first.step);
  }

  /** Puts a batch of an earlier run among those that wait. */
  addDeferred(step: BatchStep, error: unknown): void {
    this.#deferred.add(step, error);
  }

  async run(step: Step): Promise<void> {
    this.#options.signal.throwIfAborted();
    if (isData(step)) await this.#tryDeferred();
    else this.#deferred.noteChange();
    if (this.#journal === null || (step.kind === 'batch' && step.outside !== null)) {
      await this.commit();
      await this.#outside(step);
      return;
    }
    if (step.kind === 'batch' && step.transaction && !this.#scripted) await this.commit();
    try {
      await this.#transaction.send(step);
    } catch (error) {
      await this.#recover(error, step);
      return;
    }
    this.#group.add(step);
    await this.#afterStep(step);
  }

  async openLoader(head: InsertHeadPiece, settings: SessionSnapshot): Promise<RowLoader | null> {
    if (this.#journal === null) return null;
    try {
      await this.#tryDeferred();
      await this.#target.settle(settings);
      return await this.#target.openLoader(head, settings);
    } catch (error) {
      this.#transaction.throwIfOver(error);
      // What is wrong shows when the rows are sent, with their place.
      return null;
    }
  }

  /** Ends the group: its steps are in the target for good. Does nothing inside a transaction of the script. */
  async commit(): Promise<void> {
    const last = this.#group.steps.at(-1);
    if (!this.#transaction.isOpen || !last || this.#scripted) return;
    try {
      await this.#transaction.commitAt(last, this.#journal!);
    } catch (error) {
      // What was replayed for an error of its commit would be replayed for ever.
      if (this.#replays > 0 && !isRetryable(error)) throw placeError(error, last);
      await this.#recover(error, null);
      return;
    }
    this.#settled(this.#group.take());
  }

  /** @throws XpdbError when the script's own transaction is still open */
  async end(): Promise<void> {
    if (this.#scripted) {
      const { first } = this.#group.steps[0]!;
      throw new XpdbError('the transaction that the script begins here is never committed: it was rolled back', {
        position: first,
      });
    }
    await this.commit();
    await this.retryDeferred();
    for (const { step, error } of this.#deferred.takeAll()) await this.#fail(step, error, 'deferred');
  }

  /** Tries what waits for what it refers to, again and again as long as something passes. */
  async retryDeferred(): Promise<void> {
    const journal = this.#journal!;
    await this.#deferred.retry(
      async step => {
        this.#options.signal.throwIfAborted();
        try {
          await this.#transaction.send(step);
          await this.#transaction.commitWith(journal.remove('deferred', step.last));
          this.#options.onCommitted([step]);
          return null;
        } catch (error) {
          this.#transaction.throwIfOver(error);
          await this.#transaction.undo(error, [step]);
          return error;
        }
      },
      ({ step, error }) => this.#fail(step, error, 'deferred'),
    );
  }

  /** Before rows, which may go into a table that waits. */
  async #tryDeferred(): Promise<void> {
    if (!this.#deferred.isDue || this.#scripted) return;
    await this.commit();
    await this.retryDeferred();
  }

  async #afterStep(step: Step): Promise<void> {
    if (step.kind === 'batch' && step.transaction) {
      const level = await this.#transaction.level();
      this.#scripted = level > 1;
      if (level === 0) {
        await this.#transaction.acceptRollback(step, this.#journal!);
        this.#settled(this.#group.take());
        return;
      }
      if (!this.#scripted) return this.commit();
    }
    if (this.#scripted) return;
    // The life of a temporary table is one group, as long as it can be kept.
    if (step.after.temporaryTables.size > 0 && this.#group.isComplete) return;
    if (this.#group.isFull) await this.commit();
  }

  #settled(steps: readonly Step[]): void {
    this.committed = steps.at(-1)?.last ?? this.committed;
    this.#options.onCommitted(steps);
  }

  /** A step or commit of the group failed: undo the group and run its steps one by one, the failed one last. */
  async #recover(error: unknown, failed: Step | null): Promise<void> {
    this.#transaction.throwIfOver(error);
    const complete = this.#group.isComplete;
    const scripted = this.#scripted;
    const group = this.#group.take();
    this.#scripted = false;
    const steps = failed === null ? group : [...group, failed];
    await this.#transaction.undo(error, steps);
    if (!complete) throw placeError(error, failed ?? steps.at(-1)!);
    const left = isLost(error) ? await this.#notDone(steps) : steps;
    if (scripted || left.some(s => s.kind === 'batch' && s.transaction)) return this.#again(left, error, failed);
    for (const unit of unitsOf(left)) {
      // This unit may fail, and must not take the one before with it.
      await this.commit();
      if (unit.length === 1) await this.#careful(unit[0]!);
      else await this.#again(unit, null, null);
    }
  }

  async #notDone(steps: readonly Step[]): Promise<readonly Step[]> {
    const position = await this.#journal!.position(this.#target.session);
    const done = steps.filter(s => comparePlaces(s.last, position) <= 0);
    if (done.length > 0) {
      this.#target.lost?.foundCommitted();
      this.#settled(done);
    }
    return steps.filter(s => comparePlaces(s.last, position) > 0);
  }

  /** Runs steps that belong together as they are: a transaction of the script, or the life of a temporary table. */
  async #again(steps: readonly Step[], error: unknown, failed: Step | null): Promise<void> {
    let left = failed === null || isRetryable(error) ? steps : await this.#without(steps, failed, error);
    this.#replays++;
    try {
      for (let at = 0, attempt = 0; at < left.length; ) {
        const step = left[at]!;
        try {
          await this.#transaction.send(step);
        } catch (again) {
          this.#transaction.throwIfOver(again);
          this.#group.take();
          this.#scripted = false;
          await this.#transaction.undo(again, left);
          if (isLost(again)) left = await this.#notDone(left);
          if (isRetryable(again) && this.#transaction.mayRetry(attempt)) {
            await this.#transaction.waitToRetry(again, attempt++, step);
          } else left = await this.#without(left, step, again);
          at = 0;
          continue;
        }
        this.#group.add(step);
        at++;
        await this.#afterStep(step);
        if (this.#group.steps.length > 0) continue;
        // What went before is in the target.
        left = left.slice(at);
        at = 0;
      }
    } finally {
      this.#replays--;
    }
  }

  /** The steps, with the parts of one that failed in its place; without it, where it has none. @throws its error, unless errors are collected */
  async #without(steps: readonly Step[], failed: Step, error: unknown): Promise<readonly Step[]> {
    const parts = failed.kind === 'rows' ? batchesOf(failed) : this.#options.continueOnError ? halvesOf(failed) : null;
    if (parts === null) await this.#fail(failed, error, 'inside');
    return steps.flatMap(s => (s === failed ? (parts ?? []) : [s]));
  }

  /** One step in a transaction of its own, with every way to go on. */
  async #careful(step: Step): Promise<void> {
    for (let attempt = 0; ; ) {
      try {
        await this.#transaction.send(step);
        await this.#transaction.commitAt(step, this.#journal!);
        this.#settled([...this.#group.take(), step]);
        return;
      } catch (error) {
        this.#transaction.throwIfOver(error);
        await this.#transaction.undo(error, [step]);
        if (isLost(error) && (await this.#notDone([step])).length === 0) return;
        if (isRetryable(error) && this.#transaction.mayRetry(attempt)) {
          await this.#transaction.waitToRetry(error, attempt++, step);
          continue;
        }
        if (refusesTransaction(error)) return this.#outside(step);
        if (step.kind === 'rows') {
          this.#options.onNote(`a bulk load failed and runs as INSERT statements: ${(error as Error).message}`);
          for (const batch of batchesOf(step, this.#options.continueOnError ? 1 : undefined))
            await this.#careful(batch);
          return;
        }
        const halves = this.#options.continueOnError ? halvesOf(step) : null;
        if (halves !== null) {
          for (const half of halves) await this.#careful(half);
          return;
        }
        if (step.defines && isMissingReference(error)) return this.#defer(step, error);
        await this.#fail(step, error, 'alone');
        return;
      }
    }
  }

  async #defer(step: BatchStep, error: unknown): Promise<void> {
    const journal = this.#journal!;
    const waits = journal.add('deferred', step.last, (error as Error).message);
    await this.#transaction.record(waits, journal.moveTo(step.last, unrestorable(step.after)));
    this.committed = step.last;
    this.#deferred.add(step, error);
  }

  /** @throws the error with its place, unless errors are collected */
  async #fail(step: Step, error: unknown, how: 'alone' | 'inside' | 'deferred'): Promise<void> {
    const placed = placeError(error, step);
    if (!this.#options.continueOnError) throw placed;
    this.failures.push(placed);
    const journal = this.#journal;
    if (journal === null) return;
    const noted = journal.add('failed', step.last, placed.message);
    // Inside of a unit the position moves with the unit.
    const more =
      how === 'alone'
        ? journal.moveTo(step.last, unrestorable(step.after))
        : how === 'deferred'
          ? journal.remove('deferred', step.last)
          : '';
    await this.#transaction.record(noted, more);
    if (how === 'alone') this.committed = step.last;
  }

  async #outside(step: Step): Promise<void> {
    const run = { begun: this.#noted.some(place => comparePlaces(place, step.last) === 0) };
    for (let attempt = 0; ; attempt++) {
      try {
        await runOutside(this.#target, this.#journal, step, run, this.#options.onMessage);
        this.#target.lost?.committed();
        break;
      } catch (error) {
        this.#transaction.throwIfOver(error);
        if (isRetryable(error) && this.#transaction.mayRetry(attempt)) {
          await this.#transaction.waitToRetry(error, attempt, step);
          await this.#transaction.undo(error, [step]);
          continue;
        }
        if (isLost(error)) throw placeError(error, step);
        await this.#fail(step, error, 'alone');
        return;
      }
    }
    this.committed = step.last;
    this.#options.onCommitted([step]);
  }
}

function isData(step: Step): boolean {
  return step.kind === 'rows' || step.data;
}
