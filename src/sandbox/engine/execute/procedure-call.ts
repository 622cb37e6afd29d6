/** Texts run by EXEC and sp_executesql: with variables of their own, and settings that end with them. */
import { resolveType } from '../bind/types.ts';
import type { Expression } from '../parser/ast.ts';
import { Cursor } from '../parser/cursor.ts';
import { parseType } from '../parser/data-type.ts';
import { parseExpression } from '../parser/expressions.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { runDdl } from './ddl.ts';
import type { Execution } from './execution.ts';
import { type BatchFrame, newFrame, releaseFrame } from './frame.ts';
import { evaluate } from './select.ts';

export interface Parameter {
  /** With @, as declared. */
  readonly name: string;
  readonly type: SqlType;
  readonly defaultValue: Expression | null;
  readonly output: boolean;
}

/** `@a int, @b nvarchar(10) = N'x' OUTPUT`. */
export function parseDeclarations(x: Execution, text: string): Parameter[] {
  const c = new Cursor(text, true);
  const parameters: Parameter[] = [];
  if (c.peek().kind === 'end') return parameters;
  do {
    const t = c.next();
    if (t.kind !== 'variable') c.fail(t);
    c.acceptWord('AS');
    const type = resolveType(parseType(c), x.session, 1);
    const defaultValue = c.accept('=') ? parseExpression(c) : null;
    const output = c.acceptWord('OUTPUT') || c.acceptWord('OUT');
    if (c.isWord('READONLY')) throw unsupported('table-valued parameters', t.line);
    parameters.push({ name: t.text, type, defaultValue, output });
  } while (c.accept(','));
  if (c.peek().kind !== 'end') c.fail();
  return parameters;
}

export interface Given {
  /** With @; '' = by position. */
  readonly name: string;
  readonly type: SqlType | null;
  readonly value: Value;
}

/** A frame with the parameters' values. @throws ServerError 8178, 8144 */
export function frameFor(x: Execution, parameters: readonly Parameter[], given: readonly Given[]): BatchFrame {
  const frame = newFrame();
  const settings = x.session.settings;
  if (given.length > parameters.length)
    throw new ServerError(8144, 'Procedure or function  has too many arguments specified.', { state: 2 });
  parameters.forEach((p, i) => {
    const named = given.find(g => g.name.toLowerCase() === p.name.toLowerCase());
    const positional = given[i]?.name === '' ? given[i] : undefined;
    const argument = named ?? positional;
    let value: Value = null;
    if (argument) {
      if (argument.type !== null && argument.value !== null)
        value = assignment(
          argument.type,
          { name: p.name, type: p.type },
          null,
          x.session.version,
        )(argument.value, settings);
    } else if (p.defaultValue) {
      const d = evaluate(x, p.defaultValue);
      value = d.value;
    } else if (!p.output)
      throw new ServerError(8178, `The parameterized query expects the parameter '${p.name}', which was not supplied.`);
    frame.variables.set(p.name.toLowerCase(), { type: p.type, value });
  });
  return frame;
}

/** Runs a text as a procedure does: in a scope of its own. Yields the number of the error that it told last, else 0. */
export async function runScope(x: Execution, text: string, frame: BatchFrame): Promise<number> {
  const { session, tokens } = x;
  if (x.nesting >= 32)
    throw new ServerError(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
    );
  const before = {
    frame: x.frame,
    database: session.database,
    options: { ...session.options },
    tables: session.temporary.mark(),
    told: x.toldError,
  };
  x.nesting++;
  tokens.procedureDepth++;
  x.toldError = 0;
  let status = 0;
  try {
    await x.runText(x, text, frame);
    status = x.toldError;
  } finally {
    tokens.procedureDepth--;
    x.nesting--;
    x.frame = before.frame;
    x.toldError = before.told;
    restoreOptions(session.options, before.options);
    if (session.database !== before.database && session.catalog.databaseId(before.database) !== null) {
      tokens.databaseChanged(before.database, session.database);
      session.enter(before.database);
    }
    releaseFrame(frame, session);
  }
  await dropTables(x, session.temporary.since(before.tables));
  return status;
}

/** Isolation, date settings and flags end with the scope that set them. */
function restoreOptions(now: Execution['session']['options'], before: Execution['session']['options']): void {
  Object.assign(now, before);
}

/** Drops temporary tables whose scope ends. */
export async function dropTables(x: Execution, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await x.session.transaction.statement(x.waiter, () =>
      runDdl(x, {
        kind: 'drop',
        position: { line: 1, column: 1 },
        what: 'table',
        names: [{ server: null, database: null, schema: null, name }],
        ifExists: true,
        on: null,
      }),
    );
  }
}
