import type { Finding } from '../compat/finding.ts';
import type { Edition, TargetVersion } from '../compat/version.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { OnExisting } from '../importer/import-options.ts';
import type { RetryPolicy } from '../importer/retry.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { VerifyResult } from '../verify/verify-options.ts';

export interface CopyOptions {
  readonly from: ConnectionOptions;
  readonly to: ConnectionOptions;
  /** null = the target server's own version. */
  readonly target: TargetVersion | null;
  readonly edition: Edition | null;
  /** Whether the database is created; else it must be there. */
  readonly create: boolean;
  readonly dataPath: string | null;
  readonly logPath: string | null;
  readonly filestreamPath: string | null;
  readonly mapFiles: ReadonlyMap<string, string>;
  readonly onExisting: OnExisting;
  readonly schemaOnly: boolean;
  readonly tables: readonly string[];
  readonly excludeTables: readonly string[];
  readonly schemas: readonly string[];
  readonly excludeSchemas: readonly string[];
  readonly excludeTableData: readonly string[];
  readonly where: readonly string[];
  readonly owners: boolean;
  readonly privileges: boolean;
  /** null = the best that the source allows. */
  readonly consistency: ConsistencyWay | null;
  /** Connections to each server that carry rows. */
  readonly jobs: number;
  /** Rows of a table that are carried in one transaction. */
  readonly chunkRows: number;
  readonly resume: boolean;
  readonly verify: boolean;
  /** Pauses between tries; left out: those of an import. */
  readonly retries?: RetryPolicy;
  readonly report: ReportProgress;
  readonly onNote: (text: string) => void;
  readonly onFinding: (finding: Finding) => void;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
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
