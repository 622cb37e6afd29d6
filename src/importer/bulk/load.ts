/** Sends a bulk load: statement, metadata, rows, in a transaction. */

import { bulkDone } from '../../connection/bulk-writer.ts';
import type { Session } from '../../connection/session.ts';
import type { BulkColumn } from '../../data/bulk/bulk-column.ts';
import { type BulkLoadOptions, bulkMetadata, insertBulkStatement } from '../../data/bulk/bulk-message.ts';
import { quoteQualified } from '../../tsql/quote.ts';

export interface LoadTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly BulkColumn[];
  readonly options: Omit<BulkLoadOptions, 'table'>;
  /** Babelfish: a session is of no use after a load that failed. */
  readonly closeAfterFailure: boolean;
}

/**
 * Sends the rows as one load: in the open transaction, or else in one of its own. A load is all or nothing.
 * @returns rows that the server counted
 * @throws SqlServerError; whatever `pieces` throws; the transaction is rolled back if it was the load's own
 */
export async function sendLoad(
  session: Session,
  target: LoadTarget,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> {
  const statement = insertBulkStatement(target.columns, {
    ...target.options,
    table: quoteQualified(target.schema, target.table),
  });
  const own = !session.inTransaction;
  if (own) await session.beginTransaction();
  try {
    let rows = await session.bulkLoad(statement, message(target, pieces));
    // Under SET NOCOUNT ON the answer has no count.
    if (rows === 0) rows = await rowCount(session);
    if (own) await session.commit();
    return rows;
  } catch (error) {
    if (own && !session.closed && session.inTransaction) await session.rollback().catch(() => {});
    if (target.closeAfterFailure) await session.close();
    throw error;
  }
}

async function* message(
  target: LoadTarget,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield bulkMetadata(target.columns, target.table);
  yield* pieces;
  yield bulkDone;
}

async function rowCount(session: Session): Promise<number> {
  const { rows } = await session.query('SELECT CONVERT(bigint, @@ROWCOUNT)');
  return Number(rows[0]?.[0] ?? 0);
}
