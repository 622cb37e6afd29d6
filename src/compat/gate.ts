import type { Database } from '../model/database.ts';
import type { Finding } from './finding.ts';
import { dropOrphans } from './orphans.ts';
import type { GateResult, Target } from './rule.ts';
import { rules } from './rules.ts';

/** Fits a database to a target: what the target lacks is rewritten or taken out, and each change is a finding. */
export function gate(database: Database, target: Target): GateResult {
  const findings: Finding[] = [];
  let current = database;
  for (const rule of rules) {
    current = rule.apply(current, target, (severity, object, message, line) =>
      findings.push(
        line === undefined
          ? { rule: rule.id, severity, object, message }
          : { rule: rule.id, severity, object, message, line },
      ),
    );
  }
  return { database: dropOrphans(database, current), findings };
}
