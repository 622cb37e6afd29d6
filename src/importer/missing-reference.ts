/** Errors that say: something that the statement refers to is not there (yet). */

import { SqlServerError } from '../connection/sql-error.ts';

/**
 * Objects, columns, types and schemas that are missing (sys.messages); a foreign key before its key; an extended property or
 * permission before its object; a view that rests on a broken one.
 */
const missing: ReadonlySet<number> = new Set([
  207, 208, 218, 1088, 1767, 1769, 1770, 1776, 1911, 2706, 2715, 2760, 2812, 4121, 4413, 4502, 4701, 4902, 4917, 4924,
  6314, 8197, 15009, 15016, 15017, 15135, 15148, 15151, 15165, 15410,
]);

/** Numbers that only follow from another error of the same batch. */
const followUps: ReadonlySet<number> = new Set([1750, 2759, 3621]);

/** @returns whether the errors of a batch are of that kind alone, so that it may pass once other objects are there */
export function isMissingReference(error: unknown): boolean {
  return (
    error instanceof SqlServerError &&
    error.errors.some(e => missing.has(e.number)) &&
    error.errors.every(e => missing.has(e.number) || followUps.has(e.number))
  );
}

/** 226 and 574 say that a statement may not run inside a transaction, 15002 that a procedure may not; the rest concern memory-optimized tables. */
const outsideOnly: ReadonlySet<number> = new Set([226, 574, 15002, 12331, 12332, 41368]);

export function refusesTransaction(error: unknown): boolean {
  return error instanceof SqlServerError && error.errors.some(e => outsideOnly.has(e.number));
}
