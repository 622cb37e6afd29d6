/** What the server and the session's current database are, as far as a bulk load must know. */

import type { Session } from '../../connection/session.ts';
import { collationFromName } from '../../data/collation.ts';
import type { WireCollation } from '../../data/wire-column.ts';

export interface DatabaseFacts {
  /** Of the database; null where the server does not tell. */
  readonly collation: WireCollation | null;
  readonly isBabelfish: boolean;
}

/** @throws SqlServerError; XpdbError for a collation that xpdb does not know */
export async function readDatabaseFacts(session: Session): Promise<DatabaseFacts> {
  const { rows } = await session.query(
    `SELECT CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')), CONVERT(int, SERVERPROPERTY('Babelfish'))`,
  );
  const [collation, babelfish] = rows[0] ?? [];
  return {
    collation: typeof collation === 'string' ? collationFromName(collation) : null,
    isBabelfish: babelfish === 1,
  };
}
