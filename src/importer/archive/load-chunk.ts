/** Loads one chunk of an archive in one transaction, with its entry in the import's journal: both are there or neither. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { Session } from '../../connection/session.ts';
import { CancelledError, isRetryable } from '../../connection/sql-error.ts';
import { XpdbError } from '../../model/error.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import { createNativeLoad } from '../bulk/native-load.ts';
import { createRowLoaders } from '../bulk/row-loaders.ts';
import { Journal } from '../journal.ts';
import { LostCharacters } from '../lost-characters.ts';
import type { ChunkTask, LoadedChunk } from './chunk-task.ts';
import { placeNativeError } from './failing-native-row.ts';
import { loadEmptyRows } from './load-empty-rows.ts';
import { loadRowTexts } from './load-row-texts.ts';
import { loadScriptChunk } from './load-script-chunk.ts';

export type OnRows = (rows: number) => void;

/**
 * @param session in the database of the task, without an open transaction
 * @throws SqlServerError; XpdbError for a chunk that is damaged or does not fit its table. Nothing of it stays then
 */
export async function loadChunk(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  onRows: OnRows,
): Promise<LoadedChunk> {
  const { chunk, table } = task;
  const name = quoteQualified(table.schema, table.name);
  const journal = new Journal(task.database);
  const lost = new LostCharacters(task.strict);
  await session.execute('BEGIN TRANSACTION');
  try {
    const rows = await loadRows(session, archive, task, lost, onRows);
    if (rows !== chunk.rows) {
      throw new XpdbError(`${chunk.path} gave ${rows} rows of ${name}, and should have ${chunk.rows}`, {
        object: name,
        hint: 'the archive is damaged; export again or take another copy',
      });
    }
    await session.execute(`${journal.addChunk(chunk.path)}\nIF @@ROWCOUNT = 1 COMMIT TRANSACTION`);
    if (session.inTransaction) throw new XpdbError('the journal of the import could not be written', { object: name });
    lost.committed();
    return { rows, lost: lost.values };
  } catch (error) {
    if (!session.closed) await session.execute('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION').catch(() => session.close());
    await throwDamage(archive, task, error);
    throw task.format === 'native' ? await placeNativeError(session, archive, task, error) : error;
  }
}

/** What the server says of a chunk that is not as it was written is of no use. @throws XpdbError naming the file */
async function throwDamage(archive: Archive, { chunk }: ChunkTask, error: unknown): Promise<void> {
  if (!(error instanceof XpdbError) || isRetryable(error) || error instanceof CancelledError) return;
  for await (const _ of archive.readChunk(chunk));
}

async function loadRows(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  lost: LostCharacters,
  onRows: OnRows,
): Promise<number> {
  const { tableLock } = task;
  const loaders = task.bulk ? createRowLoaders(session, { tableLock }) : null;
  // A script has its INSERTs without values already.
  if (task.table.columns.length === 0 && task.format !== 'sql') return loadEmptyRows(session, archive, task, onRows);
  switch (task.format) {
    case 'native':
      return loadNative(session, archive, task, onRows);
    case 'sql':
      return loadScriptChunk(session, archive, task, loaders, lost, onRows);
    default:
      return loadRowTexts(session, archive, task, loaders, lost, onRows);
  }
}

async function loadNative(session: Session, archive: Archive, task: ChunkTask, onRows: OnRows): Promise<number> {
  const { NativeRowReader } = await import('../../data/native-row-reader.ts');
  const load = createNativeLoad(session, task.table, { tableLock: task.tableLock });
  const reader = new NativeRowReader(task.chunk.path, load);
  try {
    for await (const bytes of archive.readChunk(task.chunk)) {
      await reader.write(bytes);
      onRows(reader.rows);
    }
    reader.end(task.chunk.rowsum);
  } catch (error) {
    await load.fail(error);
    throw error;
  }
  return load.finish();
}
