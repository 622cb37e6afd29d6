import { XpdbError } from '../model/error.ts';

/** A codec knows its column; the error for the user names the table, too. @param table quoted */
export function inTable(error: XpdbError, table: string): XpdbError {
  return new XpdbError(error.message, { ...error.details, object: error.details.object ?? table });
}
