import type { Finding } from '../compat/finding.ts';
import type { Edition, TargetVersion } from '../compat/version.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { ContentOptions } from '../exporter/export-options.ts';
import type { ImportOptions } from '../importer/import-options.ts';
import type { VerifyResult } from '../verify/verify-options.ts';

/** What a copy leaves to the import that runs within it. */
type TargetOptions = Pick<
  ImportOptions,
  | 'create'
  | 'dataPath'
  | 'logPath'
  | 'filestreamPath'
  | 'mapFiles'
  | 'onExisting'
  | 'resume'
  | 'retries'
  | 'report'
  | 'onNote'
  | 'onWarning'
  | 'onFinding'
  | 'signal'
>;

export interface CopyOptions extends ContentOptions, TargetOptions {
  readonly from: ConnectionOptions;
  readonly to: ConnectionOptions;
  /** null = the target server's own version. */
  readonly target: TargetVersion | null;
  readonly edition: Edition | null;
  readonly schemaOnly: boolean;
  /** null = the best that the source allows. */
  readonly consistency: ConsistencyWay | null;
  /** Connections to each server that carry rows. */
  readonly jobs: number;
  /** Rows of a table that are carried in one transaction. */
  readonly chunkRows: number;
  /** Whether both databases are compared at the end. */
  readonly verify: boolean;
}

export interface CopyResult {
  /** On the target. */
  readonly database: string;
  readonly target: TargetVersion;
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly tables: number;
  /** Carried by this run. */
  readonly rows: number;
  /** null when it was not asked for. */
  readonly verified: VerifyResult | null;
}
