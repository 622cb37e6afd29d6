/** Errors that a test asks statements for. */
import type { StatementFault } from '../../tds/faults.ts';
import { ServerError } from '../server-error.ts';

export type StatementFaults = readonly StatementFault[];

/** The fault that strikes a statement now, if any: it counts as happened. */
export function strikingFault(faults: StatementFaults, text: string, changesData: boolean): StatementFault | null {
  for (const fault of faults) {
    if (fault.times <= 0 || !(fault.matching ? fault.matching.test(text) : changesData)) continue;
    if (fault.skip > 0) {
      fault.skip--;
      continue;
    }
    fault.times--;
    return fault;
  }
  return null;
}

export function faultError(kind: 'deadlock' | 'fullLog', sessionId: number, database: string): ServerError {
  return kind === 'deadlock'
    ? new ServerError(
        1205,
        `Transaction (Process ID ${sessionId}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
        { class: 13, state: 51 },
      )
    : new ServerError(9002, `The transaction log for database '${database}' is full due to 'LOG_BACKUP'.`, {
        class: 17,
        state: 2,
      });
}
