/** Rows none of whose columns takes a value (rowversion, computed columns): only their number can be carried. */

import type { Session } from '../connection/session.ts';
import type { QualifiedName } from '../model/name.ts';
import { quoteQualified } from '../tsql/quote.ts';

/** INSERT statements of one batch. */
const batchRows = 1000;

/** @param onRows told of the rows so far @throws SqlServerError */
export async function insertDefaultRows(
  session: Session,
  { schema, name }: QualifiedName,
  rows: number,
  onRows: (rows: number) => void,
): Promise<void> {
  const insert = `INSERT ${quoteQualified(schema, name)} DEFAULT VALUES;\n`;
  for (let done = 0; done < rows; ) {
    const count = Math.min(batchRows, rows - done);
    await session.execute(insert.repeat(count));
    done += count;
    onRows(done);
  }
}
