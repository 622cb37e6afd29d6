/** Carries one chunk in one transaction of the target, with its entry in the import's journal: both are there or neither. */

import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { explainReadError } from '../exporter/read-error.ts';
import { createNativeLoad } from '../importer/bulk/native-load.ts';
import { insertDefaultRows } from '../importer/default-rows.ts';
import { Journal } from '../importer/journal.ts';
import { quoteQualified } from '../tsql/quote.ts';
import type { CopyTask } from './copy-task.ts';

/** Rows above it travel in parts. */
const largeRowBytes = 1 << 20;

/**
 * @param from of the source
 * @param to of the target, in the database of the task, without an open transaction
 * @returns the rows that were carried
 * @throws SqlServerError, XpdbError; nothing of the chunk stays then
 */
export async function copyChunk(
  from: Session,
  to: Session,
  task: CopyTask,
  onRows: (rows: number) => void,
): Promise<number> {
  try {
    return await carry(from, to, task, onRows);
  } catch (error) {
    // The target may sort otherwise, and then refuses what it was told to be in order.
    if (!(error instanceof SqlServerError) || error.number !== notSorted || task.order.length === 0) throw error;
    return carry(from, to, { ...task, order: [] }, onRows);
  }
}

/** "The bulk data stream was incorrectly specified as sorted". */
const notSorted = 4819;

async function carry(from: Session, to: Session, task: CopyTask, onRows: (rows: number) => void): Promise<number> {
  if (from.database !== task.from) await from.useDatabase(task.from);
  await to.beginTransaction();
  try {
    const rows = task.withValues ? await relayRows(from, to, task, onRows) : await copyEmptyRows(from, to, task);
    await to.execute(new Journal(task.to).addChunk(task.entry));
    await to.commit();
    return rows;
  } catch (error) {
    if (!to.closed && to.inTransaction) await to.rollback().catch(() => to.close());
    throw explainReadError(error, quoteQualified(task.table.schema, task.table.name));
  }
}

/** The row bytes of a SELECT become those of a bulk load. */
async function relayRows(from: Session, to: Session, task: CopyTask, onRows: (rows: number) => void): Promise<number> {
  const { table, tableLock, order } = task;
  const load = createNativeLoad(to, table, { tableLock, ...(order.length > 0 ? { order } : {}) });
  try {
    await from.streamRows(
      task.sql,
      {
        columns: columns => load.columns(columns),
        rows: (bytes, start, end, count) => {
          const wait = load.rows(bytes, start, end, count);
          onRows(load.taken);
          return wait;
        },
        takeRows: (bytes, start, end) => {
          const taken = load.takeRows(bytes, start, end);
          if (taken) onRows(load.taken);
          return taken;
        },
        largeRowStart: () => load.largeRowStart(),
        largeRowPart: bytes => load.largeRowPart(bytes),
        largeRowEnd: () => load.largeRowEnd(),
      },
      { largeRowBytes },
    );
  } catch (error) {
    await load.fail(error);
    throw error;
  }
  return load.finish();
}

/** Of such rows the SELECT gives the number. */
async function copyEmptyRows(from: Session, to: Session, task: CopyTask): Promise<number> {
  const counted = await from.query(task.sql);
  const count = Number(counted.rows[0]?.[0] ?? 0);
  await insertDefaultRows(to, task.table, count, () => undefined);
  return count;
}
