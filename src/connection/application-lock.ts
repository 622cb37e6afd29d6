/** Locks on names of our own in the current database, held by the session: they are free as soon as it ends, however it ends. */

import { quoteString } from '../tsql/quote.ts';
import type { Session } from './session.ts';

/**
 * @param resource at most 255 characters
 * @param waitMs how long to wait for another session that has it
 * @returns false when another session still has it
 */
export async function takeApplicationLock(session: Session, resource: string, waitMs: number): Promise<boolean> {
  const { rows } = await session.query(
    `DECLARE @result int; EXEC @result = [sys].[sp_getapplock] @Resource = ${quoteString(resource)}, ` +
      `@LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = ${waitMs}; SELECT @result AS [result]`,
  );
  return Number(rows[0]?.[0]) >= 0;
}

/** @throws SqlServerError when the session does not have it */
export async function releaseApplicationLock(session: Session, resource: string): Promise<void> {
  await session.execute(`EXEC [sys].[sp_releaseapplock] @Resource = ${quoteString(resource)}, @LockOwner = N'Session'`);
}
