/** Carries one chunk at a time on a connection to each server, again after errors that pass. */

import type { ChunkRunner } from '../archive/chunk-runner.ts';
import { startChunkThread } from '../archive/chunk-thread.ts';
import type { OpenRunner } from '../archive/run-chunks.ts';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { type RetryPolicy, repeatWork, retryNote } from '../connection/repeat-work.ts';
import type { Session } from '../connection/session.ts';
import { Journal } from '../importer/journal.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { copyChunk } from './copy-chunk.ts';
import type { CopyTask } from './copy-task.ts';

/** Yields the rows that it carried. */
export type ChunkCopier = ChunkRunner<CopyTask, number>;

/** Plain data: it goes to another thread. */
export interface ChunkCopierData {
  readonly from: ConnectionOptions;
  readonly to: ConnectionOptions;
  readonly retries: RetryPolicy;
}

/**
 * Openers of a copier for each job: the first one in this thread, which has nothing else to do meanwhile, the others each in a thread of its own,
 * which takes some 50 MB.
 * @param reader session that reads instead, because its transaction is the point in time: then there is one copier only
 */
export function openCopiers(
  jobs: number,
  data: ChunkCopierData,
  reader: Session | null,
): OpenRunner<CopyTask, number>[] {
  const inThread = () => startChunkThread<CopyTask, number>('./copy-worker', import.meta.url, data);
  const threads = reader === null ? jobs - 1 : 0;
  return [() => connectionCopier(data, reader), ...Array.from({ length: threads }, () => inThread)];
}

/** @param reader as for openCopiers; it stays open */
export function connectionCopier({ from, to, retries }: ChunkCopierData, reader: Session | null): ChunkCopier {
  const stop = new AbortController();
  let source = reader;
  let target: Session | null = null;
  return {
    run: (task, onRows, onNote) => {
      const table = quoteQualified(task.table.schema, task.table.name);
      return repeatWork(
        {
          async connect() {
            if (source === null || (source.closed && reader === null)) source = await openSession(from);
            if (target === null || target.closed) target = await openSession({ ...to, database: task.to });
          },
          async run(again) {
            if (again && (await new Journal(task.to).hasChunk(target!, task.entry))) return 0;
            return copyChunk(source!, target!, task, onRows);
          },
          onRetry(error, tries) {
            // Its transaction was the point in time; a deadlock ends it and leaves the connection.
            if (reader !== null && (reader.closed || !reader.inTransaction)) throw error;
            onNote(retryNote(table, error, tries, retries));
          },
        },
        retries,
        stop.signal,
      );
    },
    cancel() {
      stop.abort();
      source?.cancel();
      target?.cancel();
    },
    async close() {
      if (reader === null) await source?.close();
      await target?.close();
    },
  };
}
