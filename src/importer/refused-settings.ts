/** SET options of a script that an import can't run with. */

import { XpdbError } from '../model/error.ts';
import type { StatementFacts } from './statement-facts.ts';
import { wordOf } from './token-edit.ts';

/** With the first every statement begins a transaction, and the second switches the first on: the import's own transactions would never end. */
const options = new Set(['IMPLICIT_TRANSACTIONS', 'ANSI_DEFAULTS']);

/** @throws XpdbError at the statement's place */
export function refuseSettings({ tokens, module }: StatementFacts, position: XpdbError['details']['position']): void {
  if (module) return;
  for (let i = 0; i < tokens.length; i++) {
    const option = wordOf(tokens[i]);
    if (!options.has(option) || wordOf(tokens[i - 1]) !== 'SET' || wordOf(tokens[i + 1]) !== 'ON') continue;
    throw new XpdbError(
      `SET ${option} ON: an import runs in transactions of its own, so that it can go on after an error`,
      {
        ...(position === undefined ? {} : { position }),
        hint: 'take it out of the script, and write BEGIN TRANSACTION where a transaction of its own begins',
      },
    );
  }
}
