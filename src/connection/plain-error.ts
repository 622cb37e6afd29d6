/** Errors on their way between threads. */

import { XpdbError, type XpdbErrorDetails } from '../model/error.ts';
import { isRetryable } from './sql-error.ts';

/** An error as plain data: an Error's own properties do not survive the way between threads. */
export interface PlainError {
  readonly message: string;
  /** null for a defect. */
  readonly details: XpdbErrorDetails | null;
  readonly retryable: boolean;
  readonly stack: string;
}

export function toPlainError(error: unknown): PlainError {
  const known = error instanceof XpdbError;
  const { cause: _, ...details } = known ? error.details : {};
  return {
    message: error instanceof Error ? error.message : String(error),
    details: known ? details : null,
    retryable: isRetryable(error),
    stack: error instanceof Error ? (error.stack ?? '') : '',
  };
}

/** An error of another thread. */
export class RemoteError extends XpdbError {
  readonly retryable: boolean;

  constructor(plain: PlainError) {
    super(plain.message, plain.details ?? {});
    this.retryable = plain.retryable;
  }
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.details !== null) return new RemoteError(plain);
  const error = new Error(plain.message);
  error.stack = plain.stack;
  return error;
}
