import { createArchiveFile } from '../archive/archive-writer.ts';
import type { Compression } from '../archive/compression.ts';
import type { DataFormat, StoredFile } from '../archive/manifest.ts';
import { OutputQueue } from '../archive/output-queue.ts';
import { createScriptWriter } from '../archive/script-writer.ts';
import type { Session } from '../connection/session.ts';
import type { ColumnTrouble } from '../data/large-row-writer.ts';
import { scriptIdentityInsert } from '../scripter/table-data.ts';
import type { ScriptForm } from './export-options.ts';
import { explainReadError } from './read-error.ts';
import { openFormat } from './row-format.ts';
import { FormatSink, largeRowBytes } from './row-sink.ts';
import type { TableRows } from './table-rows.ts';

/** One chunk to be read and written. Plain data: it goes to another thread. */
export interface ChunkTask {
  /** Of the archive. */
  readonly folder: string;
  readonly path: string;
  /** Database to read from. */
  readonly database: string;
  readonly sql: string;
  readonly rows: TableRows;
  readonly format: DataFormat;
  readonly compression: Compression;
  readonly form: ScriptForm;
}

export interface ChunkResult extends StoredFile {
  readonly rows: number;
  readonly rowsum: string;
  readonly denormals: readonly ColumnTrouble[];
  readonly replaced: readonly ColumnTrouble[];
  /** When it was read: ISO 8601, UTC. */
  readonly readAt: string;
}

/**
 * Reads the rows of a chunk and writes its file. Nothing stays of a file that could not be finished.
 * @param onRows called with the rows so far, now and then
 */
export async function writeChunk(
  session: Session,
  task: ChunkTask,
  onRows: (rows: number) => void,
): Promise<ChunkResult> {
  const { rows, form } = task;
  if (session.database !== task.database) await session.useDatabase(task.database);
  const file = await createArchiveFile(task.folder, task.path, task.compression);
  const readAt = new Date().toISOString();
  try {
    const script = createScriptWriter(file.output, form);
    const identity = (on: boolean) => (task.format === 'sql' ? scriptIdentityInsert(rows.table, on) : []);
    for (const batch of identity(true)) await script.batch(batch);
    await script.flush();
    const queue = new OutputQueue(file.output);
    const sink = new FormatSink(rows, openFormat(task.format, rows, form), queue, onRows);
    const received = await session.streamRows(task.sql, sink, { largeRowBytes });
    const summed = await sink.finish(received.rows);
    await queue.drain();
    for (const batch of identity(false)) await script.batch(batch);
    await script.flush();
    const stored = await file.finish();
    return { ...stored, ...summed, denormals: sink.denormals(), replaced: sink.replaced(), readAt };
  } catch (error) {
    await file.abandon();
    throw explainReadError(error, rows.name);
  }
}
