import type { Finding } from '../compat/finding.ts';
import type { TargetVersion } from '../compat/version.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { RowDifference } from './row-differences.ts';
import type { SchemaDifference } from './schema-differences.ts';

export interface VerifyOptions {
  readonly schema: boolean;
  readonly data: boolean;
  /** Patterns; none = all tables. */
  readonly tables: readonly string[];
  readonly excludeTables: readonly string[];
  /** true: the second side was given only some of the tables, and those that it lacks are not compared. Default false. */
  readonly someTables?: boolean;
  /** false: not the settings of the database itself and its filegroups. */
  readonly databaseProperties: boolean;
  /** Contents of about one of so many rows; null = of all. Rows are counted all the same. */
  readonly sample: number | null;
  /** Rows that differ to be named for each table; 0 = none. */
  readonly showRows: number;
  /** Count and sum a script's rows, and read an archive's, instead of believing what they say of them. */
  readonly recount: boolean;
  /** Tables that are compared at the same time. */
  readonly jobs: number;
  /** Version that the second side was made for, where that is older than its server. */
  readonly target?: TargetVersion;
  /** What is known already to be other on the second side. */
  readonly foretold?: readonly Finding[];
  readonly report: ReportProgress;
  /** Ends the comparison of rows with a CancelledError. */
  readonly signal?: AbortSignal;
}

/** A difference of the definitions; `explained` names the finding that foretold it. */
export interface ExplainedDifference extends SchemaDifference {
  readonly explained: Finding | null;
}

export type TableState =
  /** Rows and content are the same. */
  | 'equal'
  /** The numbers of rows are the same; contents could not be compared. */
  | 'counted'
  | 'different'
  /** Different, as a finding foretold. */
  | 'explained'
  /** One side has no rows of it to compare. */
  | 'notCompared';

export interface TableComparison {
  /** Quoted. */
  readonly table: string;
  readonly state: TableState;
  readonly fromRows: number | null;
  readonly toRows: number | null;
  readonly fromRowsum: string | null;
  readonly toRowsum: string | null;
  /** Columns whose values were not compared, quoted. */
  readonly leftOut: readonly string[];
  /** Why it is not simply equal or different. */
  readonly note: string | null;
  /** Some of the rows that differ, when they were asked for. */
  readonly rows: readonly RowDifference[];
}

export interface VerifyResult {
  readonly from: string;
  readonly to: string;
  /** Nothing differs but what a finding foretold. */
  readonly equal: boolean;
  /** null when it was not asked for. */
  readonly schema: { readonly objects: number; readonly differences: readonly ExplainedDifference[] } | null;
  readonly tables: readonly TableComparison[] | null;
  /** What the second side can't hold of the first, and what an export noted. */
  readonly findings: readonly Finding[];
}
