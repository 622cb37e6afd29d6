/** Options of a database that need it without other sessions, and what becomes of those (ALTER DATABASE … WITH). */
import type { AlterDatabase, DdlStatement } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext } from '../../engine/catalog-access.ts';
import type { CatalogState } from '../state.ts';
import { fail, message } from './failure.ts';

const exclusive = ['READ_COMMITTED_SNAPSHOT', 'SINGLE_USER', 'READ_ONLY', 'READ_WRITE', 'OFFLINE'];

const needsExclusive = (statement: AlterDatabase): boolean =>
  statement.action.kind === 'set' &&
  Object.keys(statement.action.options).some(o => exclusive.includes(o.toUpperCase()));

/** Sessions that WITH ROLLBACK IMMEDIATE or AFTER ends; none for other statements. */
export function sessionsInTheWay(
  state: CatalogState,
  statement: DdlStatement,
  context: CatalogContext,
): readonly number[] {
  if (statement.kind !== 'alterDatabase' || statement.action.kind !== 'set' || !needsExclusive(statement)) return [];
  if (!/^ROLLBACK\b/i.test(statement.action.termination ?? '')) return [];
  return state.sessions.othersIn(statement.name ?? context.database, context.sessionId);
}

/**
 * Refuses while others are in the database: 5070 WITH NO_WAIT. Without a termination clause a server waits until they
 * leave, which may be never; the sandbox says so instead.
 */
export function refuseOthers(state: CatalogState, statement: AlterDatabase, context: CatalogContext): void {
  if (statement.action.kind !== 'set' || !needsExclusive(statement)) return;
  const name = statement.name ?? context.database;
  const others = state.sessions.othersIn(name, context.sessionId);
  if (others.length === 0) return;
  if (/^NO_WAIT$/i.test(statement.action.termination ?? '')) {
    throw fail(5070, `Database state cannot be changed while other users are using the database '${name}'`, {
      state: 2,
      more: [message(5069, 'ALTER DATABASE statement failed.')],
    });
  }
  throw fail(
    40000,
    `not supported by the sandbox: waiting until the other sessions (${others.join(', ')}) leave database '${name}'; end them, or add WITH ROLLBACK IMMEDIATE`,
  );
}
