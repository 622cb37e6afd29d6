/** Exit codes of the command line, as the README lists them. */
export const ExitCode = { done: 0, failed: 1, usage: 2, blockers: 3, interrupted: 4 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Where in a script something stands. Lines and columns count from 1. */
export interface ScriptPosition {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

export interface XpdbErrorDetails {
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
  /** Object of the database that it concerns, quoted as in T-SQL. */
  readonly object?: string;
  readonly position?: ScriptPosition;
  /** Error number of the server. */
  readonly number?: number;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/**
 * An error that is the user's to read: printed as one line (with its place and hint), never with a stack trace.
 * Everything else that is thrown is a defect of xpdb.
 */
export class XpdbError extends Error {
  readonly details: XpdbErrorDetails;

  constructor(message: string, details: XpdbErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'XpdbError';
    this.details = details;
  }

  get exitCode(): ExitCode {
    return this.details.exitCode ?? ExitCode.failed;
  }
}

/** One line: `file:12:5: message [dbo].[T] (error 208); hint`. */
export function describeError(error: XpdbError): string {
  const { position, object, number, hint } = error.details;
  const place = position ? `${position.file ?? 'script'}:${position.line}:${position.column}: ` : '';
  const subject = object && !error.message.includes(object) ? ` ${object}` : '';
  const code = number === undefined ? '' : ` (error ${number})`;
  return `${place}${error.message}${subject}${code}${hint ? `; ${hint}` : ''}`.replace(/\s*\r?\n\s*/g, ' ');
}
