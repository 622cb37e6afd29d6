/**
 * Steps that can't run in a transaction: noted in the journal before, ticked off after. When the process or the connection
 * ended between, the note is there, and a look at the target says whether the statement ran.
 */

import { ConnectionLostError } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { inTransaction, type Journal } from './journal.ts';
import { type OnMessage, sendStep } from './send-step.ts';
import { unrestorable } from './session-state.ts';
import type { Step } from './step.ts';
import { lookUpOutcome, type Outcome } from './step-outcome.ts';
import type { Target } from './target.ts';

/** A step on its way. */
export interface OutsideRun {
  /** It may have run: a note of it is in the journal, or it was sent. */
  begun: boolean;
}

/**
 * @param journal null before the database and its journal exist
 * @param run kept over the tries of a step
 * @throws XpdbError when such a step's outcome can't be told
 */
export async function runOutside(
  target: Target,
  journal: Journal | null,
  step: Step,
  run: OutsideRun,
  onMessage: OnMessage,
): Promise<void> {
  await target.settle(step.before);
  if (run.begun && (await outcomeOf(target, step)) === 'done') target.assume(step.after);
  else await begin(target, journal, step, run, onMessage);
  if (journal === null) return;
  await target.session.execute(
    inTransaction(journal.remove('note', step.last), journal.moveTo(step.last, unrestorable(step.after))),
  );
}

async function begin(
  target: Target,
  journal: Journal | null,
  step: Step,
  run: OutsideRun,
  onMessage: OnMessage,
): Promise<void> {
  // A note of an earlier try may have been lost with its connection.
  const note = journal && inTransaction(journal.remove('note', step.last), journal.add('note', step.last, null));
  run.begun = true;
  if (note !== null) await target.session.execute(note);
  try {
    await sendStep(target, step, onMessage);
  } catch (error) {
    if (error instanceof ConnectionLostError || target.session.closed) throw error;
    // A refusal is certain: nothing is left to look up.
    if (journal) await target.session.execute(journal.remove('note', step.last));
    run.begun = false;
    throw error;
  }
}

async function outcomeOf(target: Target, step: Step): Promise<Outcome> {
  // Of rows that were on their way outside of a transaction nothing tells how many came.
  const outcome = step.kind === 'batch' ? await lookUpOutcome(target.session, step.text) : 'unknown';
  if (outcome !== 'unknown') return outcome;
  throw new XpdbError(
    'the connection or the process ended while this statement ran, and nothing on the server tells whether it did',
    {
      position: step.first,
      hint: 'look at the target; when the statement ran, take it out of the script and put blank lines in its place, then --resume',
    },
  );
}
