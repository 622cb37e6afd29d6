/** SET options of a script that an import can't run with. */

import { type ScriptPosition, XpdbError } from '../model/error.ts';
import type { StatementFacts } from './statement-facts.ts';

/** With the first every statement begins a transaction, and the second switches the first on: the import's own transactions would never end. */
const refused = new Set(['IMPLICIT_TRANSACTIONS', 'ANSI_DEFAULTS']);

/** @throws XpdbError at the statement's place */
export function refuseSettings({ statements, maySet }: StatementFacts, position: ScriptPosition): void {
  for (const statement of [...statements, ...maySet]) {
    if (statement.kind !== 'setOption' || !refused.has(statement.option) || statement.value.toUpperCase() !== 'ON')
      continue;
    throw new XpdbError(
      `SET ${statement.option} ON: an import runs in transactions of its own, so that it can go on after an error`,
      {
        position,
        hint: 'take it out of the script, and write BEGIN TRANSACTION where a transaction of its own begins',
      },
    );
  }
}
