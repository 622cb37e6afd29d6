/** Errors on their way between threads. */

import { XpdbError, type XpdbErrorDetails } from '../model/error.ts';

/** An error as plain data: an Error's own properties do not survive the way between threads. */
export interface PlainError {
  readonly message: string;
  /** null for a defect. */
  readonly details: XpdbErrorDetails | null;
  readonly stack: string;
}

export function toPlainError(error: unknown): PlainError {
  const known = error instanceof XpdbError;
  const { cause: _, ...details } = known ? error.details : {};
  return {
    message: error instanceof Error ? error.message : String(error),
    details: known ? details : null,
    stack: error instanceof Error ? (error.stack ?? '') : '',
  };
}

/** What passes is tried again in its own thread, so here it needs no class of its own. */
export function fromPlainError(plain: PlainError): Error {
  if (plain.details !== null) return new XpdbError(plain.message, plain.details);
  const error = new Error(plain.message);
  error.stack = plain.stack;
  return error;
}
