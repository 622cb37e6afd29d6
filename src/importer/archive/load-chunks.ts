/** Loads the chunks of an archive, several at a time, largest first. */

import type { Manifest } from '../../archive/manifest.ts';
import { type OpenRunner, runChunks } from '../../archive/run-chunks.ts';
import { matchesPattern } from '../../model/name-pattern.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import type { LostValues } from '../lost-characters.ts';
import type { ChunkTask, LoadedChunk } from './chunk-task.ts';

export interface LoadChunksOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly database: string;
  readonly bulk: boolean;
  readonly strict: boolean;
  /** Patterns of tables; empty for all. */
  readonly tables: readonly string[];
  /** Tables by quoted name in the order of a list; null for all. */
  readonly listed: readonly string[] | null;
  /** Tables that are left out because the target had them, by quoted name. */
  readonly isLeftOut: (table: { readonly schema: string; readonly name: string }) => boolean;
  /** Paths of chunks that an earlier run loaded. */
  readonly done: ReadonlySet<string>;
  readonly loaders: readonly OpenRunner<ChunkTask, LoadedChunk>[];
  readonly signal: AbortSignal;
  /** Told of each chunk that is in the target for good. */
  readonly onLoaded: (rows: number, lost: readonly LostValues[]) => void;
  /** Rows in the target, of chunks under way included. */
  readonly onRows: (rows: number, object: string) => void;
  readonly onNote: (text: string) => void;
}

/** Chunks to load, in the order in which they are begun. */
export function planChunks(options: LoadChunksOptions): ChunkTask[] {
  const { manifest, listed } = options;
  const rank = new Map(listed?.map((name, i) => [name, i]));
  const nameOf = (t: { schema: string; name: string }) => quoteQualified(t.schema, t.name);
  const tables = manifest.tables.filter(
    t =>
      (options.tables.length === 0 || options.tables.some(p => matchesPattern(t, p))) &&
      (listed === null || rank.has(nameOf(t))) &&
      !options.isLeftOut(t),
  );
  const tasks = tables.flatMap(table =>
    table.chunks
      .filter(chunk => chunk.rows > 0 && !options.done.has(chunk.path))
      .map((chunk): ChunkTask => {
        const { schema, name, columns, identity } = table;
        return {
          folder: options.folder,
          format: manifest.data.format,
          table: { schema, name, columns, identity },
          chunk,
          database: options.database,
          tableLock: options.loaders.length === 1 || table.chunks.length === 1,
          bulk: options.bulk,
          strict: options.strict,
        };
      }),
  );
  const order = (task: ChunkTask) => rank.get(nameOf(task.table)) ?? 0;
  return tasks.sort((a, b) => order(a) - order(b) || b.chunk.bytes - a.chunk.bytes);
}

/** @throws the first error; CancelledError when it was stopped */
export async function loadChunks(options: LoadChunksOptions): Promise<void> {
  await runChunks({
    chunks: planChunks(options),
    runners: options.loaders,
    run: async (loader, task, onRows) => {
      const { rows, lost } = await loader.run(task, onRows, options.onNote);
      options.onLoaded(rows, lost);
      return rows;
    },
    signal: options.signal,
    onRows: (rows, { table }) => options.onRows(rows, quoteQualified(table.schema, table.name)),
  });
}
