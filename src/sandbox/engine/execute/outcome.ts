/** Outcomes of DDL and system procedures as errors. */
import type { DdlOutcome } from '../catalog-access.ts';
import { ServerError } from '../server-error.ts';

/** A statement of the catalog failed; `outcome` has what it said and which command its DONE shows. */
export class DdlFailure extends ServerError {
  readonly outcome: DdlOutcome;
  /** The system procedure that said it. */
  readonly procedure: string | null;
  constructor(outcome: DdlOutcome) {
    const first = outcome.messages.findIndex(m => m.class > 10);
    const m = outcome.messages[first]!;
    super(m.number, m.message, {
      state: m.state,
      class: m.class,
      line: m.line,
      more: outcome.messages.slice(first + 1),
    });
    this.outcome = outcome;
    this.procedure = m.procedure ?? null;
  }
}

export function failureOf(outcome: DdlOutcome): DdlFailure | null {
  return outcome.messages.some(m => m.class > 10) ? new DdlFailure(outcome) : null;
}
