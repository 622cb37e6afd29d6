/** EXEC: texts, system procedures; procedures of the user are recorded, not run. */
import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import type { ExecArgument, StatementOf } from '../parser/ast.ts';
import { Cursor } from '../parser/cursor.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { types } from '../types/sql-type.ts';
import { type Argument, asText, type CallResult } from './arguments.ts';
import type { Execution } from './execution.ts';
import { newFrame } from './frame.ts';
import { runScope } from './procedure-call.ts';
import { evaluate } from './select.ts';
import { sqlProcedures } from './sql-procedures.ts';
import { systemProcedure } from './system-procedure.ts';
import { setVariable } from './variables.ts';

export async function executeText(x: Execution, s: StatementOf<'executeText'>): Promise<void> {
  const text = s.text.map(e => asText(x, evaluate(x, e))).join('');
  await runScope(x, text, newFrame());
  x.tokens.doneProcedure();
}

function argumentOf(x: Execution, a: ExecArgument): Argument {
  const name = a.name === null ? '' : `@${a.name}`;
  if (a.value === null) return { name, type: null, value: null, output: false, receive: null };
  const { type, value, isNull } = evaluate(x, a.value);
  const variable = a.output && a.value.kind === 'variable' ? a.value.name : null;
  return {
    name,
    type: isNull ? null : type,
    value,
    output: a.output,
    receive: variable === null ? null : (t, v) => setVariable(x, variable, t)(v),
  };
}

export async function execute(x: Execution, s: StatementOf<'execute'>): Promise<void> {
  let { name } = s;
  if (s.nameVariable !== null) {
    const written = x.frame.variables.get(s.nameVariable.toLowerCase());
    if (!written)
      throw new ServerError(137, `Must declare the scalar variable "${s.nameVariable}".`, { class: 15, state: 2 });
    name = new Cursor(String(written.value ?? ''), true).objectName();
  }
  const { status } = await call(
    x,
    name,
    s.arguments.map(a => argumentOf(x, a)),
    s.line,
  );
  x.tokens.returnStatus(status);
  if (s.returnVariable !== null) setVariable(x, s.returnVariable, types.int)(status);
  x.tokens.doneProcedure();
}

/** Calls a procedure by name; its DONEPROC is the caller's. */
export async function call(
  x: Execution,
  name: ObjectName,
  args: readonly Argument[],
  line: number,
): Promise<CallResult> {
  const { session } = x;
  const lower = name.name.toLowerCase();
  const system = name.schema === null || /^(sys|dbo)$/i.test(name.schema);
  if (system) {
    const own = sqlProcedures[lower];
    if (own) return own(x, args, line);
    const outcome = await systemProcedure(x, name, args, line);
    if (outcome) return outcome;
  }
  const found = session.catalog.resolve(name, session.context);
  if (found?.kind === 'procedure')
    throw unsupported(`EXEC of ${found.schema}.${found.name} (procedures are recorded, not run)`);
  const written = [name.database, name.schema, name.name].filter(p => p !== null).join('.');
  throw new ServerError(2812, `Could not find stored procedure '${written}'.`, { state: 62 });
}
