/** Errors and messages of the server (MS-TDS 2.2.7.10 ERROR, 2.2.7.13 INFO) as xpdb passes them on. */

import { ExitCode, XpdbError, type XpdbErrorDetails } from '../model/error.ts';
import { hintForNumber } from './error-hints.ts';

/** An ERROR (class above 10) or INFO message of the server. */
export interface ServerMessage {
  readonly number: number;
  readonly state: number;
  /** Severity: 0–10 information, 11–16 the user's to correct, 17–19 resources, 20–25 the connection ends. */
  readonly class: number;
  /** Line in the batch, from 1; 0 when the server gives none. */
  readonly line: number;
  /** Procedure or trigger in which it arose, '' otherwise. */
  readonly procedure: string;
  readonly server: string;
  readonly message: string;
}

/** Messages that only say that an earlier one ended the statement (failures.md: the first error counts, not these). */
const followUps: ReadonlySet<number> = new Set([3621, 3930, 3609, 3013]);

/** The error that explains the others: the first that is not a mere follow-up. */
export function decisiveMessage(messages: readonly ServerMessage[]): ServerMessage {
  return messages.find(m => !followUps.has(m.number)) ?? messages[0]!;
}

/** A batch, query or load that the server refused. Carries every error of it, in order. */
export class SqlServerError extends XpdbError {
  readonly errors: readonly ServerMessage[];
  readonly state: number;
  readonly class: number;
  readonly line: number;
  readonly procedure: string;
  readonly server: string;

  /** @param errors at least one message of class above 10 */
  constructor(errors: readonly ServerMessage[], details: Omit<XpdbErrorDetails, 'number'> = {}) {
    const first = decisiveMessage(errors);
    super(first.message, { hint: hintForNumber(first.number), ...details, number: first.number });
    this.name = 'SqlServerError';
    this.errors = errors;
    this.state = first.state;
    this.class = first.class;
    this.line = first.line;
    this.procedure = first.procedure;
    this.server = first.server;
  }

  get number(): number {
    return this.details.number!;
  }

  /** Whether the same work may succeed when repeated from the start of its transaction. */
  get retryable(): boolean {
    return this.errors.some(e => isRetryableNumber(e.number));
  }
}

/** The connection ended while work was pending or between two steps. Exit code 4: what was done can be resumed. */
export class ConnectionLostError extends XpdbError {
  /** What the server said before it hung up, if anything. */
  readonly errors: readonly ServerMessage[];

  constructor(server: string, during: string, errors: readonly ServerMessage[] = [], cause?: unknown) {
    const said = errors.length > 0 ? ` after: ${decisiveMessage(errors).message}` : '';
    super(`connection to ${server} lost ${during}${said}`, {
      hint: 'check the server and its error log, then run again with --resume where the command offers it',
      ...(errors.length > 0 ? { number: decisiveMessage(errors).number } : {}),
      exitCode: ExitCode.interrupted,
      cause,
    });
    this.name = 'ConnectionLostError';
    this.errors = errors;
  }
}

/** The work was cancelled by `Session.cancel` and the server confirmed it. */
export class CancelledError extends XpdbError {
  constructor() {
    super('cancelled', { exitCode: ExitCode.interrupted });
    this.name = 'CancelledError';
  }
}

/**
 * Numbers after which repeating makes sense: deadlock victim 1205, lock time-out 1222, snapshot update conflict 3960,
 * memory 701 and 8645, the transient ones of Azure SQL (Microsoft Learn, "Troubleshoot transient connection errors").
 */
const retryableNumbers: ReadonlySet<number> = new Set([
  1205, 1222, 3960, 701, 8645, 8651, 4221, 10928, 10929, 10936, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920,
  41301, 41302, 41305, 41325, 41839,
]);

export function isRetryableNumber(number: number): boolean {
  return retryableNumbers.has(number);
}

/** Whether an error is worth another try: a retryable server error or a lost connection. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ConnectionLostError || (error instanceof SqlServerError && error.retryable);
}
