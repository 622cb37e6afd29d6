import type { ConstraintName } from '../model/name.ts';
import { quoteName } from '../tsql/quote.ts';

/** `CONSTRAINT [name] `, or nothing for a system-named constraint, whose name the target's server will invent. */
export function constraintPrefix(constraint: ConstraintName): string {
  return constraint.systemNamed ? '' : `CONSTRAINT ${quoteName(constraint.name)} `;
}
