/** Only one import runs into a database at a time: the session holds an application lock there. */

import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';

const resource = 'xpdb import';

/**
 * Takes the lock for the life of the session. A session that was lost may hold it until the server notices, so the wait is
 * longer on a new connection of the same import.
 * @throws XpdbError when another import holds it
 */
export async function lockTarget(session: Session, database: string, waitMs: number): Promise<void> {
  const { rows } = await session.query(
    `DECLARE @result int; EXEC @result = ${quoteName(database)}.[sys].[sp_getapplock] @Resource = N'${resource}', ` +
      `@LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = ${waitMs}; SELECT @result`,
  );
  if (Number(rows[0]?.[0]) >= 0) return;
  throw new XpdbError(`another import into ${quoteName(database)} is running`, {
    hint: 'wait until it has ended; two at once would mix their rows',
  });
}

/** Sent before the session goes on to other work; closing the connection frees it as well. */
export async function unlockTarget(session: Session, database: string): Promise<void> {
  try {
    await session.execute(
      `EXEC ${quoteName(database)}.[sys].[sp_releaseapplock] @Resource = N'${resource}', @LockOwner = N'Session'`,
    );
  } catch (error) {
    // The database may be gone with the lock.
    if (!(error instanceof SqlServerError)) throw error;
  }
}
