import type { ConstraintName } from '../model/name.ts';
import { quoteName } from '../tsql/quote.ts';

/**
 * `CONSTRAINT [name] `, or nothing for a system-named constraint, whose name the target's server will invent.
 * `referred` = a later statement must name it (to disable it): then the source's own name is kept.
 */
export function constraintPrefix(constraint: ConstraintName, referred: boolean): string {
  return constraint.systemNamed && !(referred && constraint.name !== '')
    ? ''
    : `CONSTRAINT ${quoteName(constraint.name)} `;
}
