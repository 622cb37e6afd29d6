import { SqlServerError } from '../connection/sql-error.ts';

/** An error of the server while it read a table's rows, with the table's name. Others are passed on as they are. */
export function explainReadError(error: unknown, table: string): unknown {
  if (!(error instanceof SqlServerError) || error.details.object !== undefined) return error;
  const hint = error.details.hint;
  return new SqlServerError(error.errors, { object: table, ...(hint === undefined ? {} : { hint }), cause: error });
}
