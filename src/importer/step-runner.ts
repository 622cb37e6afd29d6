/**
 * Runs the steps of a script on the target: several in one transaction together with the journal's position, so that a step is
 * in the target exactly when the journal says so. What fails is undone and run again step by step.
 */

import { CancelledError, isRetryable } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { isLost, placeError } from './import-error.ts';
import { batchesOf, halvesOf } from './insert-batches.ts';
import type { Journal } from './journal.ts';
import { isMissingReference, refusesTransaction } from './missing-reference.ts';
import { runOutside } from './outside-step.ts';
import { defaultRetries, type RetryPolicy, waitBeforeRetry } from './retry.ts';
import type { RowLoader } from './row-loader.ts';
import { type OnMessage, sendStep } from './send-step.ts';
import type { SessionSnapshot } from './session-state.ts';
import { type BatchStep, comparePlaces, type ScriptPlace, type Step, sizeOf } from './step.ts';
import type { StepSink } from './step-sink.ts';
import type { Target } from './target.ts';

export interface RunnerOptions {
  readonly continueOnError: boolean;
  readonly signal: AbortSignal;
  readonly onMessage: OnMessage;
  readonly onNote: (text: string) => void;
  /** After a new log-in: takes the lock on the target again. */
  readonly relock: () => Promise<void>;
  /** Rows and batches that are in the target for good. */
  readonly onCommitted: (steps: readonly Step[]) => void;
  readonly retries?: RetryPolicy;
}

/** A group is committed when its text has this many characters, or this many steps. */
const groupLength = 4 << 20;
const groupSteps = 200;
/** Beyond this a transaction of the script's own is no longer kept for another try. */
const keptLength = 64 << 20;

export class StepRunner implements StepSink {
  readonly #target: Target;
  readonly #options: RunnerOptions;
  readonly #retries: RetryPolicy;
  #journal: Journal | null = null;
  /** Steps of the open transaction. */
  #group: Step[] = [];
  #groupLength = 0;
  /** Whether `#group` holds every step of the open transaction. */
  #complete = true;
  #open = false;
  /** Inside a transaction of the script. */
  #scripted = false;
  /** Batches that wait for what they refer to. */
  readonly #deferred: { step: BatchStep; error: unknown }[] = [];
  #deferredSince = false;
  readonly #noted: ScriptPlace[] = [];
  readonly failures: XpdbError[] = [];
  /** Last place that is in the target for good. */
  committed: ScriptPlace | null = null;

  constructor(target: Target, options: RunnerOptions) {
    this.#target = target;
    this.#options = options;
    this.#retries = options.retries ?? defaultRetries;
  }

  /** From now on steps go into transactions with this journal; before, each runs for itself. */
  useJournal(journal: Journal): void {
    this.#journal = journal;
  }

  /** An earlier run ended while the step at this place ran outside of a transaction. */
  addNoted(place: ScriptPlace): void {
    this.#noted.push(place);
  }

  /** Puts a batch of an earlier run among those that wait. */
  addDeferred(step: BatchStep, error: unknown): void {
    this.#deferred.push({ step, error });
  }

  async run(step: Step): Promise<void> {
    this.#options.signal.throwIfAborted();
    if (step.kind === 'batch' && !step.data && this.#deferred.length > 0) this.#deferredSince = true;
    if (isData(step) && this.#deferredSince && !this.#scripted) {
      // Rows may go into a table that waits.
      await this.commit();
      await this.retryDeferred();
    }
    if (this.#journal === null || (step.kind === 'batch' && step.outside !== null)) {
      await this.commit();
      await this.#outside(step);
      return;
    }
    if (step.kind === 'batch' && step.transaction && !this.#scripted) await this.commit();
    try {
      await this.#send(step);
    } catch (error) {
      await this.#recover(error, step);
      return;
    }
    this.#hold(step);
    await this.#afterStep(step);
  }

  async openLoader(head: InsertHeadPiece, settings: SessionSnapshot): Promise<RowLoader | null> {
    if (this.#journal === null) return null;
    try {
      if (this.#deferredSince && !this.#scripted) {
        await this.commit();
        await this.retryDeferred();
      }
      await this.#target.settle(settings);
      return await this.#target.openLoader(head, settings);
    } catch (error) {
      this.#throwIfOver(error);
      // What is wrong shows when the rows are sent, with their place.
      return null;
    }
  }

  /** Ends the group: its steps are in the target for good. Does nothing inside a transaction of the script. */
  async commit(): Promise<void> {
    const last = this.#group.at(-1);
    if (!this.#open || !last || this.#scripted) return;
    try {
      await this.#commitAt(last);
    } catch (error) {
      await this.#recover(error, null);
      return;
    }
    this.#settled(this.#group);
  }

  /** @throws XpdbError when the script's own transaction is still open */
  async end(): Promise<void> {
    if (this.#scripted) {
      const { first } = this.#group[0]!;
      throw new XpdbError('the transaction that the script begins here is never committed: it was rolled back', {
        position: first,
      });
    }
    await this.commit();
    await this.retryDeferred();
    for (const { step, error } of this.#deferred.splice(0)) await this.#fail(step, error, 'deferred');
  }

  /** Tries what waits, again and again as long as something passes. */
  async retryDeferred(): Promise<void> {
    this.#deferredSince = false;
    for (let progress = true; progress && this.#deferred.length > 0; ) {
      progress = false;
      for (const item of this.#deferred.splice(0)) {
        this.#options.signal.throwIfAborted();
        try {
          await this.#send(item.step);
          const journal = this.#journal!;
          await this.#execute(`${journal.remove('deferred', item.step.last)}\nCOMMIT TRANSACTION`);
          this.#open = false;
          this.#options.onCommitted([item.step]);
          progress = true;
        } catch (error) {
          this.#throwIfOver(error);
          await this.#undo(error, [item.step]);
          if (isMissingReference(error)) this.#deferred.push({ step: item.step, error });
          else await this.#fail(item.step, error, 'deferred');
        }
      }
    }
  }

  async #send(step: Step): Promise<void> {
    if (!this.#open) {
      await this.#target.settle(step.before);
      await this.#execute('BEGIN TRANSACTION');
      this.#open = true;
    } else await this.#target.settle(step.before);
    await sendStep(this.#target, step, this.#options.onMessage);
  }

  #hold(step: Step): void {
    this.#group.push(step);
    this.#groupLength += sizeOf(step);
    if (this.#groupLength <= keptLength) return;
    // Only its place is needed then.
    this.#complete = false;
    this.#group = [step];
  }

  async #afterStep(step: Step): Promise<void> {
    if (step.kind === 'batch' && step.transaction) {
      const { rows } = await this.#target.session.query('SELECT @@TRANCOUNT');
      const level = Number(rows[0]?.[0]);
      if (level === 0) {
        // The script rolled back, ours with it: what it undid is as if it had run.
        this.#open = false;
        this.#scripted = false;
        await this.#execute(this.#journal!.moveTo(step.last));
        this.#settled(this.#group);
        return;
      }
      this.#scripted = level > 1;
      if (!this.#scripted) return this.commit();
    }
    if (this.#scripted || step.after.temporaryTables.size > 0) {
      if (this.#scripted || this.#complete) return;
    }
    if (this.#groupLength >= groupLength || this.#group.length >= groupSteps || !this.#complete) await this.commit();
  }

  async #commitAt(step: Step): Promise<void> {
    const { temporaryTables } = step.after;
    const left = temporaryTables.size > 0 ? `temporary tables ${[...temporaryTables].join(', ')}` : null;
    await this.#execute(`${this.#journal!.moveTo(step.last, left)}\nIF @@ROWCOUNT = 1 COMMIT TRANSACTION`);
    if (this.#target.session.inTransaction) {
      throw new XpdbError('the position of the import could not be written', {
        hint: 'the script may have switched execution off (SET NOEXEC, ROWCOUNT, FMTONLY)',
        position: step.first,
      });
    }
    this.#open = false;
  }

  #settled(steps: readonly Step[]): void {
    this.committed = steps.at(-1)?.last ?? this.committed;
    this.#options.onCommitted(steps);
    this.#group = [];
    this.#groupLength = 0;
    this.#complete = true;
    this.#open = false;
  }

  /** A step or commit of the group failed: undo the group and run its steps one by one, the failed one last. */
  async #recover(error: unknown, failed: Step | null): Promise<void> {
    this.#throwIfOver(error);
    const steps = failed === null ? this.#group : [...this.#group, failed];
    const complete = this.#complete;
    const scripted = this.#scripted;
    this.#group = [];
    this.#groupLength = 0;
    this.#complete = true;
    this.#scripted = false;
    await this.#undo(error, steps);
    if (!complete) throw placeError(error, failed ?? steps.at(-1)!);
    const left = isLost(error) ? await this.#notDone(steps) : steps;
    if (scripted || left.some(s => s.kind === 'batch' && s.transaction)) return this.#again(left, error, failed);
    for (const unit of unitsOf(left)) {
      if (unit.length === 1) await this.#careful(unit[0]!);
      else await this.#again(unit, null, null);
    }
  }

  async #notDone(steps: readonly Step[]): Promise<readonly Step[]> {
    const position = await this.#journal!.position(this.#target.session);
    const done = steps.filter(s => comparePlaces(s.last, position) <= 0);
    if (done.length > 0) this.#settled(done);
    return steps.filter(s => comparePlaces(s.last, position) > 0);
  }

  /** Runs steps that belong together as they are: a transaction of the script, or the life of a temporary table. */
  async #again(steps: readonly Step[], error: unknown, failed: Step | null): Promise<void> {
    if (failed !== null && !isRetryable(error)) {
      if (!this.#options.continueOnError) throw placeError(error, failed);
      await this.#fail(failed, error, 'inside');
    }
    let left = steps.filter(s => s !== failed || isRetryable(error));
    for (let attempt = 0; left.length > 0; ) {
      let current = left[0]!;
      try {
        for (const step of left) {
          current = step;
          await this.#send(step);
          this.#hold(step);
        }
        await this.#afterStep(current);
        return;
      } catch (again) {
        this.#throwIfOver(again);
        this.#group = [];
        this.#groupLength = 0;
        this.#scripted = false;
        await this.#undo(again, left);
        if (isRetryable(again) && attempt < this.#retries.pausesMs.length) {
          await this.#wait(again, attempt++, current);
          if (isLost(again)) left = [...(await this.#notDone(left))];
          continue;
        }
        await this.#fail(current, again, 'inside');
        left = left.filter(s => s !== current);
      }
    }
  }

  /** One step in a transaction of its own, with every way to go on. */
  async #careful(step: Step): Promise<void> {
    for (let attempt = 0; ; ) {
      try {
        await this.#send(step);
        await this.#commitAt(step);
        this.#settled([step]);
        return;
      } catch (error) {
        this.#throwIfOver(error);
        await this.#undo(error, [step]);
        if (isLost(error) && (await this.#notDone([step])).length === 0) return;
        if (isRetryable(error) && attempt < this.#retries.pausesMs.length) {
          await this.#wait(error, attempt++, step);
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
        if (!step.data && step.rows === 0 && isMissingReference(error)) return this.#defer(step, error);
        await this.#fail(step, error, 'alone');
        return;
      }
    }
  }

  async #defer(step: BatchStep, error: unknown): Promise<void> {
    const journal = this.#journal!;
    await this.#execute(
      `BEGIN TRANSACTION\n${journal.add('deferred', step.last, (error as Error).message)}\n${journal.moveTo(step.last)}\nCOMMIT TRANSACTION`,
    );
    this.committed = step.last;
    this.#deferred.push({ step, error });
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
      how === 'alone' ? journal.moveTo(step.last) : how === 'deferred' ? journal.remove('deferred', step.last) : '';
    await this.#execute(`BEGIN TRANSACTION\n${noted}\n${more}\nCOMMIT TRANSACTION`);
    if (how === 'alone') this.committed = step.last;
  }

  async #outside(step: Step): Promise<void> {
    try {
      const noted = this.#noted.some(place => comparePlaces(place, step.last) === 0);
      await runOutside(this.#target, this.#journal, step, noted, this.#options.onMessage);
    } catch (error) {
      this.#throwIfOver(error);
      if (isLost(error)) throw placeError(error, step);
      await this.#fail(step, error, 'alone');
      return;
    }
    this.committed = step.last;
    this.#options.onCommitted([step]);
  }

  /** Rolls back on the session, or opens a new one when it is lost. */
  async #undo(error: unknown, steps: readonly Step[]): Promise<void> {
    this.#open = false;
    const first = steps[0]!;
    if (isLost(error) || this.#target.session.closed) {
      await this.#reconnect(first);
      return;
    }
    await this.#execute('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
    const states = steps.flatMap(s => [s.before, s.after]);
    if (states.some(s => s !== first.before)) await this.#target.settleAnew(states, first.before);
    this.#target.loaders.invalidate();
  }

  async #reconnect(step: Step): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#target.reopen();
        await this.#options.relock();
        return;
      } catch (error) {
        this.#throwIfOver(error);
        if (attempt >= this.#retries.pausesMs.length) throw placeError(error, step);
        await this.#wait(error, attempt, step);
      }
    }
  }

  async #wait(error: unknown, attempt: number, step: Step): Promise<void> {
    const { line } = step.first;
    this.#options.onNote(
      `line ${line}: ${(error as Error).message}; try ${attempt + 2} of ${this.#retries.pausesMs.length + 1}`,
    );
    await waitBeforeRetry(this.#retries, attempt, this.#options.signal);
  }

  async #execute(sql: string): Promise<void> {
    await this.#target.session.execute(sql);
  }

  /** Ctrl-C ends everything. */
  #throwIfOver(error: unknown): void {
    if (error instanceof CancelledError || this.#options.signal.aborted) throw error;
  }
}

function isData(step: Step): boolean {
  return step.kind === 'rows' || step.data;
}

/** Steps between which a temporary table lives stay together. */
function unitsOf(steps: readonly Step[]): Step[][] {
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
