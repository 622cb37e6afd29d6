import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startChunkThread } from '../archive/chunk-thread.ts';
import { compressionSuffix } from '../archive/compression.ts';
import type { DataFormat } from '../archive/manifest.ts';
import { type OpenRunner, runChunks } from '../archive/run-chunks.ts';
import { defaultRetries } from '../connection/repeat-work.ts';
import type { ArchiveJob, FinishedChunk } from './archive-job.ts';
import { chunkKey } from './archive-journal.ts';
import { chunkPath, largestFirst, type PlannedChunk } from './chunk-plan.ts';
import { type ChunkExporterData, connectionRunner, sessionRunner } from './chunk-runner.ts';
import type { ChunkResult, ChunkTask } from './chunk-writer.ts';
import { selectTableRows } from './table-rows.ts';

/** What the names of chunk files end with, before what compression adds. */
const suffixes: Readonly<Record<DataFormat, string>> = {
  sql: '.sql',
  csv: '.csv',
  jsonl: '.jsonl',
  native: '.native',
};

/**
 * Reads and writes the chunks that are this machine's and not done yet, on as many connections as there are jobs.
 * @returns all chunks of this machine, those of an earlier run included
 */
export async function writeChunks(job: ArchiveJob, plan: readonly PlannedChunk[]): Promise<readonly FinishedChunk[]> {
  const { source, options, journal, consistency, signal } = job;
  const { shard } = options;
  const own = plan.filter((_, i) => shard === null || i % shard.of === shard.shard - 1);
  const finished: FinishedChunk[] = [];
  const open: PlannedChunk[] = [];
  for (const chunk of own) {
    const result = journal.done.get(chunkKey(chunk));
    if (result && (await isStored(job.folder, result))) finished.push({ chunk, result });
    else open.push(chunk);
  }
  if (open.length === 0 || consistency === null) return finished;
  const before = finished.reduce((sum, f) => sum + f.result.rows, 0);
  const openTables = new Map<number, number>();
  for (const { table } of open) openTables.set(table, (openTables.get(table) ?? 0) + 1);
  let bytes = 0;
  await runChunks({
    chunks: largestFirst(open),
    runners: openRunners(job, open.length),
    run: async (runner, chunk, onRows) => {
      const result = await runner.run(taskOf(job, chunk), onRows, options.onNote);
      await journal.noteChunk(chunk, result);
      finished.push({ chunk, result });
      bytes += result.storedBytes;
      const left = openTables.get(chunk.table)! - 1;
      if (left === 0) openTables.delete(chunk.table);
      else openTables.set(chunk.table, left);
      return result.rows;
    },
    signal,
    onRows: (rows, chunk) =>
      options.report({
        phase: 'data',
        object: source.tables[chunk.table]!.name,
        tablesDone: source.tables.length - openTables.size,
        tablesTotal: source.tables.length,
        rows: before + rows,
        rowsTotal: null,
        bytes,
        bytesTotal: null,
      }),
  });
  if (finished.length !== own.length) throw new Error(`${finished.length} of ${own.length} chunks were written`);
  return finished;
}

/** The first job runs in this thread, which has nothing else to do meanwhile; a thread takes some 30 MB. */
function openRunners(
  { options, consistency, session, connection }: ArchiveJob,
  chunks: number,
): OpenRunner<ChunkTask, ChunkResult>[] {
  const jobs = Math.min(options.jobs, chunks);
  if (consistency?.way === 'snapshot') return [() => sessionRunner(session)];
  const data: ChunkExporterData = { connection, retries: options.retries ?? defaultRetries };
  const inThread = () => startChunkThread<ChunkTask, ChunkResult>('./export-worker', import.meta.url, data);
  return [() => connectionRunner(data), ...Array.from({ length: jobs - 1 }, () => inThread)];
}

function taskOf({ folder, source, options, consistency }: ArchiveJob, chunk: PlannedChunk): ChunkTask {
  const rows = source.tables[chunk.table]!;
  const { encoding, newline, rowsPerInsert, batchBytes } = options;
  const suffix = suffixes[options.dataFormat] + compressionSuffix[options.compression.kind];
  return {
    folder,
    path: chunkPath(chunk, rows, suffix),
    // A database snapshot has no FILESTREAM data.
    database: rows.filestream ? source.name : consistency!.database,
    sql: selectTableRows(source.database, rows, chunk.range, options.dataFormat === 'native'),
    rows,
    format: options.dataFormat,
    compression: options.compression,
    form: { encoding, bom: false, newline, rowsPerInsert, batchBytes },
  };
}

/** A journal may outlive its files. */
async function isStored(folder: string, result: ChunkResult): Promise<boolean> {
  const stats = await stat(join(folder, result.path)).catch(() => null);
  return stats?.isFile() === true && stats.size === result.storedBytes;
}
