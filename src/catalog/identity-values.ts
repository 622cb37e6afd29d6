import type { Session } from '../connection/session.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { digits, queryRecords, text } from './catalog.ts';

/**
 * Last identity values that were given out, by quoted name of the table; null where none ever was. Asked after the rows were read,
 * they are never behind them, whatever was inserted meanwhile.
 */
export async function readIdentityValues(session: Session): Promise<ReadonlyMap<string, string | null>> {
  const rows = await queryRecords(
    session,
    'SELECT OBJECT_SCHEMA_NAME([object_id]) AS [schema], OBJECT_NAME([object_id]) AS [table], [last_value] ' +
      "FROM sys.identity_columns WHERE OBJECTPROPERTY([object_id], 'IsUserTable') = 1",
  );
  return new Map(rows.map(r => [quoteQualified(text(r, 'schema'), text(r, 'table')), digits(r, 'last_value')]));
}
