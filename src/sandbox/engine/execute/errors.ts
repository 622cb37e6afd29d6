/** What an error does: to its statement, its batch, its transaction. */
import { ServerError } from '../server-error.ts';
import { BatchAborted, type Execution } from './execution.ts';
import { DdlFailure } from './outcome.ts';

/** An error on its way to the CATCH around it; the statement's DONE is sent. */
export class Raised extends Error {
  readonly error: ServerError;
  readonly procedure: string | null;
  constructor(error: ServerError, procedure: string | null = null) {
    super(error.message);
    this.name = 'Raised';
    this.error = error;
    this.procedure = procedure;
  }
}

/** Raised by RAISERROR: it ends neither batch nor transaction. */
export class RaisedByUser extends ServerError {}
/** Raised by THROW: it ends the batch. */
export class ThrownByUser extends ServerError {}

/** Found when a statement is compiled: the rest of its batch does not run. Class 15 is syntax, the others are these. */
const compileErrors = new Set([
  206, 207, 208, 209, 213, 257, 259, 260, 264, 271, 272, 273, 402, 447, 448, 457, 468, 1011, 2715, 4104, 4121, 4413,
  8101, 8102, 8117, 8120, 8121, 8155, 8156, 8158, 8159, 10709, 205, 243, 8116, 8133,
]);
export const isCompileError = (error: ServerError): boolean => error.class === 15 || compileErrors.has(error.number);

/** Run-time errors that end the batch and roll the transaction back: conversions of text, deadlock. */
const batchErrors = new Set([241, 242, 245, 295, 1205, 8114, 8169, 9803]);

export type Reach = 'statement' | 'scope' | 'batch';

/** Of definitions: they end the batch and leave the transaction (captured: "unique index over existing duplicates"). */
const definitionErrors = new Set([1505]);

/** How far an error outside TRY reaches. */
export function reachOf(error: ServerError, xactAbort: boolean): Reach {
  if (error instanceof RaisedByUser) return 'statement';
  if (error instanceof ThrownByUser) return 'batch';
  if (batchErrors.has(error.number) || definitionErrors.has(error.number)) return 'batch';
  if (isCompileError(error)) return 'scope';
  return xactAbort ? 'batch' : 'statement';
}

/** Whether the transaction is lost with it. */
const losesTransaction = (error: ServerError, xactAbort: boolean): boolean =>
  batchErrors.has(error.number) || (xactAbort && !(error instanceof RaisedByUser));

/** Tells the client of an error, and does what it does. Yields whether that ended the call of a procedure. @throws BatchAborted */
export function tellError(x: Execution, error: ServerError, doneCommand: number, line: number): boolean {
  const { session, tokens } = x;
  const reach = reachOf(error, session.options.xactAbort);
  const procedure = error instanceof DdlFailure ? error.procedure : null;
  tokens.message(
    {
      number: error.number,
      state: error.state,
      class: error.class,
      message: error.message,
      line: error.line,
      ...(procedure === null ? {} : { procedure }),
    },
    line,
  );
  // Messages before a failure of the catalog's were kept in their order behind it.
  for (const m of error.more) if (!(m.number === 3621 && reach === 'batch')) tokens.message(m, line);
  session.lastError = error.number;
  session.rowCount = 0;
  x.toldError = error.number;
  const { transaction } = session;
  if (transaction.count > 0 && losesTransaction(error, session.options.xactAbort)) {
    transaction.rollback(null);
    tokens.transactionChanged('rolledBack');
  }
  // A system procedure that began has a status and a DONEPROC of its own (captured: "rename missing object").
  const status = error instanceof DdlFailure ? error.outcome.returnStatus : undefined;
  if (status === undefined) tokens.done(error instanceof DdlFailure ? error.outcome.command : doneCommand, null, true);
  else {
    tokens.procedureDepth++;
    tokens.done(doneCommand, null, true);
    tokens.procedureDepth--;
    tokens.returnStatus(status);
    tokens.doneProcedure(true);
  }
  if (reach === 'batch') throw new BatchAborted();
  if (reach === 'scope') throw new ScopeAborted();
  return status !== undefined;
}

/** The batch or procedure text ends; what called it goes on. */
export class ScopeAborted extends BatchAborted {}

/** Inside TRY: the transaction may only be rolled back from now on. */
export function doom(x: Execution, error: ServerError): void {
  const { transaction } = x.session;
  if (transaction.count > 0 && losesTransaction(error, x.session.options.xactAbort)) transaction.doomed = true;
}
