/** Definitions: done by the catalog. */
import type { DdlStatement } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../catalog-access.ts';
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import type { Execution } from './execution.ts';
import { failureOf } from './outcome.ts';
import { refuseDoomed, refuseReadOnly } from './target.ts';

/** Statements of their own: SQLite's transaction is theirs alone, and none of the session's may be open (226 is the catalog's). */
export function runDdl(x: Execution, statement: DdlStatement): DdlOutcome {
  const { session } = x;
  const { transaction, temporary } = session;
  if (!ofServer.has(statement.kind)) refuseReadOnly(x, databaseOf(statement) ?? session.database);
  transaction.touchDefinitions();
  const outcome = session.catalog.executeDdl(temporary.rewrite(statement), session.context);
  transaction.touchDefinitions();
  const failure = failureOf(outcome);
  if (failure && !outcome.partial) throw failure;
  if (statement.kind === 'createTable' && isTemporaryName(statement.name.name)) temporary.remember(statement.name.name);
  return outcome;
}

/** Statements that change no database from within. */
const ofServer = new Set<DdlStatement['kind']>([
  'createDatabase',
  'alterDatabase',
  'dropDatabase',
  'use',
  'createLogin',
]);

/** The database that a definition names before its own name; temporary tables are in tempdb. */
function databaseOf(statement: DdlStatement): string | null {
  switch (statement.kind) {
    case 'createTable':
    case 'alterTable':
    case 'createType':
    case 'createSynonym':
    case 'createSequence':
      return isTemporaryName(statement.name.name) ? 'tempdb' : statement.name.database;
    case 'createIndex':
    case 'alterIndex':
      return isTemporaryName(statement.on.name) ? 'tempdb' : statement.on.database;
    case 'drop':
      return statement.names.some(n => isTemporaryName(n.name)) ? 'tempdb' : (statement.names[0]?.database ?? null);
    default:
      return null;
  }
}

export async function ddl(x: Execution, s: StatementOf<'ddl'>): Promise<void> {
  refuseDoomed(x);
  const { session } = x;
  const inTheWay = session.catalog.sessionsInTheWay(s.statement, session.context);
  for (const id of inTheWay) await session.parts.endSession(id);
  const outcome = await session.transaction.statement(x.waiter, () => runDdl(x, s.statement));
  const failure = failureOf(outcome);
  if (failure) throw failure;
  if (inTheWay.length > 0) for (const m of rollingBack) x.tokens.message(m, s.line);
  tellOutcome(x, outcome, s.line);
  x.session.rowCount = 0;
  // Inside a procedure CREATE and DROP SCHEMA send no DONEINPROC (captured: ddl-completion).
  if (x.tokens.procedureDepth > 0 && isOfSchema(s.statement)) return;
  x.tokens.done(outcome.command, null);
}

const rollingBack = [0, 100].map(percent => ({
  number: 5060,
  state: percent === 0 ? 2 : 1,
  class: 0,
  line: null,
  message: `Nonqualified transactions are being rolled back. Estimated rollback completion: ${percent}%.`,
}));

const isOfSchema = (statement: DdlStatement): boolean =>
  statement.kind === 'createSchema' || (statement.kind === 'drop' && statement.what === 'schema');

export async function use(x: Execution, s: StatementOf<'use'>): Promise<void> {
  const outcome = x.session.catalog.executeDdl(
    { kind: 'use', position: { line: s.line, column: 1 }, database: s.database },
    x.session.context,
  );
  const failure = failureOf(outcome);
  if (failure) throw failure;
  const { session } = x;
  if (!session.parts.catalog.actingUser(session.login, outcome.database ?? s.database))
    throw new ServerError(
      916,
      `The server principal "${session.login}" is not able to access the database "${s.database}" under the current security context.`,
      { class: 14 },
    );
  session.rowCount = 0;
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
