/** Definitions: done by the catalog. */
import type { DdlStatement } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../catalog-access.ts';
import type { StatementOf } from '../parser/ast.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import type { Execution } from './execution.ts';
import { failureOf } from './outcome.ts';
import { refuseDoomed } from './target.ts';

/** Statements of their own: SQLite's transaction is theirs alone, and none of the session's may be open (226 is the catalog's). */
export function runDdl(x: Execution, statement: DdlStatement): DdlOutcome {
  const { session } = x;
  const { transaction, temporary } = session;
  transaction.touchDefinitions();
  const outcome = session.catalog.executeDdl(temporary.rewrite(statement), session.context);
  transaction.touchDefinitions();
  const failure = failureOf(outcome);
  if (failure) throw failure;
  if (statement.kind === 'createTable' && isTemporaryName(statement.name.name)) temporary.remember(statement.name.name);
  return outcome;
}

export async function ddl(x: Execution, s: StatementOf<'ddl'>): Promise<void> {
  refuseDoomed(x);
  const outcome = await x.session.transaction.statement(x.waiter, () => runDdl(x, s.statement));
  tellOutcome(x, outcome, s.line);
  x.session.rowCount = 0;
  // Inside a procedure CREATE and DROP SCHEMA send no DONEINPROC (captured: ddl-completion).
  if (x.tokens.procedureDepth > 0 && isOfSchema(s.statement)) return;
  x.tokens.done(outcome.command, null);
}

const isOfSchema = (statement: DdlStatement): boolean =>
  statement.kind === 'createSchema' || (statement.kind === 'drop' && statement.what === 'schema');

export async function use(x: Execution, s: StatementOf<'use'>): Promise<void> {
  const outcome = x.session.catalog.executeDdl(
    { kind: 'use', position: { line: s.line, column: 1 }, database: s.database },
    x.session.context,
  );
  const failure = failureOf(outcome);
  if (failure) throw failure;
  x.session.rowCount = 0;
  tellOutcome(x, outcome, s.line);
  x.tokens.done(outcome.command, null);
}

/** Messages of an outcome, and the session's new database. */
export function tellOutcome(x: Execution, outcome: DdlOutcome, line: number): void {
  const { session } = x;
  if (outcome.database !== undefined && outcome.database !== session.database) {
    x.tokens.databaseChanged(outcome.database, session.database);
    session.enter(outcome.database);
  }
  for (const m of outcome.messages) x.tokens.message(m, line);
}
