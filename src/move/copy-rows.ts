/** Carries the rows of tables from one server to another, several chunks at a time. */

import { runChunks } from '../archive/run-chunks.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { defaultRetries, type RetryPolicy } from '../connection/repeat-work.ts';
import type { Session } from '../connection/session.ts';
import type { Consistency } from '../exporter/consistency.ts';
import type { Source } from '../exporter/read-source.ts';
import { XpdbError } from '../model/error.ts';
import { openCopiers } from './chunk-copier.ts';
import { type CopyChunk, chunkEntry } from './copy-plan.ts';
import { type CopyTask, copyTask } from './copy-task.ts';

export interface CopyRowsJob {
  readonly source: Source;
  readonly consistency: Consistency;
  /** The session that holds a SNAPSHOT transaction, where that is the way of consistency. */
  readonly reader: Session;
  readonly from: ConnectionOptions;
  readonly to: ConnectionOptions;
  /** On the target. */
  readonly database: string;
  readonly chunks: readonly CopyChunk[];
  /** Journal entries of an earlier run. */
  readonly done: ReadonlySet<string>;
  readonly jobs: number;
  readonly retries?: RetryPolicy;
  readonly signal: AbortSignal;
  /** @param rows of all chunks so far */
  readonly onRows: (rows: number, object: string, chunksDone: number) => void;
  /** Rows of a chunk that are in the target for good. */
  readonly onCarried: (rows: number) => void;
  readonly onNote: (text: string) => void;
}

/** @throws the first error, when all jobs have ended; CancelledError */
export async function copyRows(job: CopyRowsJob): Promise<void> {
  const { from, to, retries = defaultRetries, consistency, reader } = job;
  const open = job.chunks.filter(c => !job.done.has(chunkEntry(c)));
  const taskOf = planTasks(job);
  let chunksDone = 0;
  await runChunks({
    chunks: open,
    runners: openCopiers(
      Math.min(job.jobs, open.length),
      { from, to, retries },
      consistency.way === 'snapshot' ? reader : null,
    ),
    run: async (copier, chunk, onRows) => {
      const rows = await copier.run(taskOf(chunk), onRows, job.onNote);
      job.onCarried(rows);
      chunksDone++;
      return rows;
    },
    signal: job.signal,
    onRows: (rows, chunk) => job.onRows(rows, chunk.table, chunksDone),
  });
}

function planTasks({ source, consistency, chunks, database }: CopyRowsJob): (chunk: CopyChunk) => CopyTask {
  const tables = new Map(source.tables.map(t => [t.name, t]));
  const byTable = Map.groupBy(chunks, c => c.table);
  return chunk => {
    const rows = tables.get(chunk.table);
    if (!rows) {
      throw new XpdbError(`the copy began with the rows of ${chunk.table}, which the source no longer has`, {
        hint: 'copy into an empty database',
      });
    }
    return copyTask(rows, chunk, {
      // A database snapshot has no FILESTREAM data.
      from: rows.filestream ? source.name : consistency.database,
      to: database,
      alone: byTable.get(chunk.table)!.length === 1,
    });
  };
}
