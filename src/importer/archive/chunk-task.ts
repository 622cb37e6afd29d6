/** One chunk to be loaded. Plain data: it goes to another thread. */

import type { Chunk, DataFormat, ManifestTable } from '../../archive/manifest.ts';
import type { LostValues } from '../lost-characters.ts';

export interface ChunkTask {
  /** Of the archive. */
  readonly folder: string;
  readonly format: DataFormat;
  readonly table: Pick<ManifestTable, 'schema' | 'name' | 'columns' | 'identity'>;
  readonly chunk: Chunk;
  readonly database: string;
  /** Lock the table: not where other jobs load other chunks of it into a clustered key. */
  readonly tableLock: boolean;
  readonly bulk: boolean;
  /** Whether a value that would lose characters is an error. */
  readonly strict: boolean;
}

/** What became of it. */
export interface LoadedChunk {
  readonly rows: number;
  readonly lost: readonly LostValues[];
}
