/** Errors of an import with their place in the script. */

import { ConnectionLostError, SqlServerError } from '../connection/sql-error.ts';
import { type ScriptPosition, XpdbError } from '../model/error.ts';
import { positionOfLine, type Step } from './step.ts';

/** The server's error with file, line and object of the script. Errors of another kind stay what they are. */
export function placeError(error: unknown, step: Step): XpdbError {
  if (!(error instanceof XpdbError)) throw error;
  if (error.details.position !== undefined) return error;
  const position = placeOfError(error, step);
  const procedure = error instanceof SqlServerError && error.procedure !== '' ? `${error.procedure}: ` : '';
  return new XpdbError(`${procedure}${error.message}`, {
    ...error.details,
    position,
    ...(step.object === null || error.details.object !== undefined ? {} : { object: step.object }),
    cause: error,
  });
}

function placeOfError(error: XpdbError, step: Step): ScriptPosition {
  // Inside a procedure or trigger the line counts from its own beginning.
  if (!(error instanceof SqlServerError) || error.procedure !== '' || step.kind !== 'batch') return step.first;
  return positionOfLine(step, error.line);
}

export function isLost(error: unknown): boolean {
  return error instanceof ConnectionLostError;
}
