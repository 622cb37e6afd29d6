/** Errors of conversions, whatever they lead to. */
import { ServerError } from '../server-error.ts';
import type { SqlType } from './sql-type.ts';

export const overflow = (to: string, from = 'expression', state = 2): ServerError =>
  new ServerError(8115, `Arithmetic overflow error converting ${from} to data type ${to}.`, { state });

/** Name of a source type in messages: without length. */
export const word = (t: SqlType): string => (t.name === 'decimal' ? 'numeric' : t.name);

export const explicitOnly = (from: SqlType, to: SqlType, never = false): ServerError =>
  never
    ? new ServerError(529, `Explicit conversion from data type ${from.name} to ${to.name} is not allowed.`, {
        state: 2,
      })
    : new ServerError(
        257,
        `Implicit conversion from data type ${from.name} to ${to.name} is not allowed. Use the CONVERT function to run this query.`,
        { state: 3 },
      );

/** Text and bytes: style 0 takes them over, 1 and 2 are hexadecimal with and without 0x. */
export function checkBinaryStyle(style: number | null, from: SqlType, to: SqlType): void {
  if (style !== null && (style < 0 || style > 2))
    throw new ServerError(9809, `The style ${style} is not supported for conversions from ${from.name} to ${to.name}.`);
}
