import type { Database } from '../model/database.ts';
import type { Finding, Severity } from './finding.ts';
import type { Edition, TargetVersion, VersionNumber } from './version.ts';

/** What the gate knows of the target. */
export interface Target {
  readonly version: TargetVersion;
  readonly number: VersionNumber;
  /** null = not said: features that only some editions have are then left in, since most targets have them. */
  readonly edition: Edition | null;
  /** Absent = not said: what only Windows has (FILESTREAM) is then left in. */
  readonly platform?: 'windows' | 'linux';
}

export type Report = (severity: Severity, object: string, message: string, line?: number) => void;

/**
 * A rule looks for one thing that an older (or smaller) target cannot have, reports it and takes or rewrites it in the model.
 * Sources of the gates: Microsoft's documentation of the statements, checked with the parser of each version.
 */
export interface Rule {
  /** Kebab-case; findings carry it. */
  readonly id: string;
  readonly description: string;
  readonly apply: (database: Database, target: Target, report: Report) => Database;
}

export interface GateResult {
  readonly database: Database;
  readonly findings: readonly Finding[];
}
