import type { Compression } from '../archive/compression.ts';
import type { DataFormat, ShardInfo } from '../archive/manifest.ts';
import type { RetryPolicy } from '../connection/repeat-work.ts';
import type { ScriptForm, SourceOptions } from './export-options.ts';

export interface DirectoryOptions extends SourceOptions, ScriptForm {
  readonly dataFormat: DataFormat;
  readonly compression: Compression;
  /** Connections that read rows, each in a thread of its own where there are several. */
  readonly jobs: number;
  /** Rows of a chunk, about. */
  readonly chunkRows: number;
  /** Goes on with what an earlier run of the same export left in the folder. */
  readonly resume: boolean;
  /** Replaces an archive that is there. */
  readonly overwrite: boolean;
  /** The part of the chunks that this machine makes; null = all. */
  readonly shard: Pick<ShardInfo, 'shard' | 'of'> | null;
  /** Database snapshot that somebody else made, and drops; null = xpdb makes its own where it can. */
  readonly databaseSnapshot: string | null;
  /** For errors that may pass; the usual ones where it is absent. */
  readonly retries?: RetryPolicy;
  /** Told of the database snapshot that stays on the source when the export is interrupted, for the run that goes on. */
  readonly onSnapshotKept: (name: string) => void;
  /** Told of each further try after a lost connection, a deadlock or throttling. */
  readonly onNote: (text: string) => void;
}
