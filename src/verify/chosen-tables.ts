import type { QualifiedName } from '../model/name.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Whether the options let a table in. */
export function isChosen(table: QualifiedName, options: VerifyOptions): boolean {
  return (
    (options.tables.length === 0 || options.tables.some(p => matchesPattern(table, p))) &&
    !options.excludeTables.some(p => matchesPattern(table, p))
  );
}
