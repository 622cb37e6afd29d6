import type { Finding } from '../compat/finding.ts';
import type { ConstraintName } from '../model/name.ts';
import type { Table } from '../model/table.ts';
import type { Trigger } from '../model/trigger.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { Batch } from './options.ts';

export interface LoadSwitches {
  readonly before: readonly Batch[];
  readonly after: readonly Batch[];
  readonly findings: readonly Finding[];
}

interface Switchable extends ConstraintName {
  readonly disabled: boolean;
  readonly trusted: boolean;
}

/**
 * For rows that go into tables which exist already: what is enabled among triggers and foreign keys, and checks that old rows may
 * violate, is off while the rows come, and as it was afterwards. Trusted constraints are checked then, so that they stay trusted.
 */
export function scriptLoadSwitches(tables: readonly Table[], triggers: readonly Trigger[]): LoadSwitches {
  const before: Batch[] = [];
  const after: Batch[] = [];
  const findings: Finding[] = [];
  for (const table of tables) {
    const on = quoteQualified(table.schema, table.name);
    for (const t of triggers) {
      if (t.disabled || t.parent.schema !== table.schema || t.parent.name !== table.name) continue;
      before.push(`DISABLE TRIGGER ${quoteName(t.name)} ON ${on}`);
      after.push(`ENABLE TRIGGER ${quoteName(t.name)} ON ${on}`);
    }
    const constraints: Switchable[] = [...table.foreignKeys, ...table.checks];
    const switched = [
      ...table.foreignKeys.filter(k => !k.disabled),
      ...table.checks.filter(c => !c.disabled && !c.trusted),
    ];
    if (switched.some(c => c.systemNamed) && constraints.every(c => !c.disabled && c.trusted)) {
      // The target invented names of its own: only ALL reaches them.
      before.push(`ALTER TABLE ${on} NOCHECK CONSTRAINT ALL`);
      after.push(`ALTER TABLE ${on} WITH CHECK CHECK CONSTRAINT ALL`);
      continue;
    }
    for (const constraint of switched) {
      if (constraint.systemNamed) {
        findings.push({
          rule: 'constraint-stays-on',
          severity: 'info',
          object: `${on}.${quoteName(constraint.name)}`,
          message:
            'its name was made by the server and is another one on the target, so it is not switched off while rows come',
        });
        continue;
      }
      before.push(`ALTER TABLE ${on} NOCHECK CONSTRAINT ${quoteName(constraint.name)}`);
      const check = constraint.trusted ? 'CHECK' : 'NOCHECK';
      after.push(`ALTER TABLE ${on} WITH ${check} CHECK CONSTRAINT ${quoteName(constraint.name)}`);
    }
  }
  return { before, after, findings };
}
