/** What a system procedure is: its parameters, the versions that have it, and what it does. */
import type { CatalogContext, ProcedureArgument, ProcedureResult, ServerMessage } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import type { CatalogState, Scope } from '../state.ts';

export type ArgumentValue = ProcedureArgument['value'];

/** One execution: the arguments by the names of the parameters. */
export interface ProcedureCall {
  readonly state: CatalogState;
  readonly context: CatalogContext;
  readonly scope: Scope;
  readonly procedure: string;
  /** Whether an argument was given, NULL included. */
  given(name: string): boolean;
  argument(name: string): ProcedureArgument | null;
  value(name: string): ArgumentValue;
  /** As nvarchar; null for NULL and for one left out. */
  text(name: string): string | null;
  int(name: string): number | null;
  /** Value of an OUTPUT parameter. */
  output(name: string, value: string | number | null): void;
}

/** Left out: no messages, no results, status 0. */
export interface ProcedureOutcome {
  readonly messages?: readonly ServerMessage[];
  readonly results?: readonly ProcedureResult[];
  /** Row counts of the procedure's statements before its results. */
  readonly steps?: readonly (number | null)[];
  readonly returnStatus?: number;
  /** The session's new database. */
  readonly database?: string;
}

export interface Procedure {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** First version with it. */
  readonly since?: number;
  /** Last version with it: 2812 after. */
  readonly until?: number;
  readonly run: (call: ProcedureCall) => ProcedureOutcome;
}
export type Procedures = Readonly<Record<string, Procedure>>;

/** An error that ends a procedure with a return status. */
export class ProcedureError extends ServerError {
  readonly status: number;
  constructor(number: number, text: string, details: { class?: number; state?: number; line: number }, status: number) {
    super(number, text, details);
    this.status = status;
  }
}

/** An error as a procedure raises it; `line` is that of the procedure's text, where it is known. */
export function procedureError(
  number: number,
  text: string,
  { line = 1, status = 1, ...details }: { class?: number; state?: number; line?: number; status?: number } = {},
): ProcedureError {
  return new ProcedureError(number, text, { ...details, line }, status);
}

/** An informational message of a procedure. */
export const note = (number: number, text: string, line = 1): ServerMessage => ({
  number,
  state: 1,
  class: 0,
  message: text,
  line,
});

export const nothing: ProcedureOutcome = {};

/** 15600: a parameter with a value that the procedure does not know. */
export const invalidParameter = (call: ProcedureCall): ServerError =>
  procedureError(15600, `An invalid parameter or option was specified for procedure 'sys.${call.procedure}'.`, {
    class: 15,
  });

/** 'on', 'true', 'yes', '1' → true; null for anything else that is not their opposite. */
export function switchOf(value: ArgumentValue): boolean | null {
  const word = String(value ?? '')
    .trim()
    .toLowerCase();
  if (['on', 'true', 'yes', '1'].includes(word)) return true;
  return ['off', 'false', 'no', '0'].includes(word) ? false : null;
}
