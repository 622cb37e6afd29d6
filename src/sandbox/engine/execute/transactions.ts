/** BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION. */
import type { StatementOf } from '../parser/ast.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';

/** Transaction names may stand in variables. */
function nameOf(x: Execution, written: string | null): string | null {
  if (written === null || !written.startsWith('@')) return written;
  const value = x.frame.variables.get(written.toLowerCase())?.value;
  return value === undefined || value === null ? null : String(value);
}

export async function transactionStatement(x: Execution, s: StatementOf<'transaction'>): Promise<void> {
  const { session, tokens } = x;
  const { transaction } = session;
  const name = nameOf(x, s.name);
  switch (s.action) {
    case 'begin':
      transaction.begin(name);
      if (transaction.count === 1) tokens.transactionChanged('begun');
      tokens.done(command.begin, null);
      break;
    case 'commit':
      transaction.commit();
      if (transaction.count === 0) tokens.transactionChanged('committed');
      tokens.done(command.commit, null);
      break;
    case 'rollback':
      transaction.rollback(name);
      if (transaction.count === 0) tokens.transactionChanged('rolledBack');
      tokens.done(command.rollback, null);
      break;
    case 'save':
      await transaction.save(name ?? '', x.waiter);
      tokens.done(command.save, null);
      break;
  }
  session.rowCount = 0;
}

/** SET IMPLICIT_TRANSACTIONS ON: most statements open a transaction. */
export function beginImplicitly(x: Execution): void {
  const { transaction, options } = x.session;
  if (!options.implicitTransactions || transaction.count > 0) return;
  transaction.begin(null);
  x.tokens.transactionChanged('begun');
}
