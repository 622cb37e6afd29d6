import type { Finding } from '../../src/compat/finding.ts';
import { gate } from '../../src/compat/gate.ts';
import type { GateResult, Target } from '../../src/compat/rule.ts';
import { type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import type { Database } from '../../src/model/database.ts';

/** Passes a model through all rules for a target. */
export function gateFor(version: TargetVersion, database: Database, more: Partial<Target> = {}): GateResult {
  return gate(database, { version, number: versionNumber(version), edition: null, ...more });
}

/** `blocker [dbo].[V] tsql-version`: what the user sees of a finding but its sentence. */
export function brief(findings: readonly Finding[]): string[] {
  return findings.map(f => `${f.severity} ${f.object} ${f.rule}`);
}
