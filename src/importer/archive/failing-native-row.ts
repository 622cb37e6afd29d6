/** Tells which row of a native chunk the server does not take. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { Session } from '../../connection/session.ts';
import { SqlServerError } from '../../connection/sql-error.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import { findFailingRow } from '../bulk/failing-row.ts';
import type { ChunkTask } from './chunk-task.ts';

/**
 * @param error with which the load of the chunk failed
 * @param session without an open transaction
 * @returns the same error with the row's number, as far as a search finds it; else the error itself
 */
export async function placeNativeError(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof SqlServerError) || error.retryable || session.closed || session.inTransaction) return error;
  const { NativeRowReader } = await import('../../data/native-row-reader.ts');
  const { chunk, table } = task;
  // The search must not hide what it searches for.
  const found = await findFailingRow(session, table, chunk.rows, async sink => {
    const reader = new NativeRowReader(chunk.path, sink);
    for await (const bytes of archive.readChunk(chunk)) await reader.write(bytes);
  }).catch(() => null);
  if (found === null) return error;
  return new SqlServerError(found.error.errors, {
    object: quoteQualified(table.schema, table.name),
    hint: `it is row ${found.row} of ${chunk.path}`,
  });
}
