/** Procedures that run texts: sp_executesql, sp_prepare and their kin. */
import { planQuery } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { sentForm } from '../types/sent-form.ts';
import { type SqlType, types } from '../types/sql-type.ts';
import { wireColumn } from '../types/wire-form.ts';
import { type Argument, asText, type CallResult, typed } from './arguments.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { newFrame } from './frame.ts';
import { frameFor, parseDeclarations, runScope } from './procedure-call.ts';

export type Procedure = (x: Execution, args: readonly Argument[], line: number) => Promise<CallResult>;

/** Argument by name or place, as text. */
function textArgument(x: Execution, args: readonly Argument[], name: string, place: number): string | null {
  const a = args.find(g => g.name.toLowerCase() === name) ?? (args[place]?.name === '' ? args[place] : undefined);
  return a && a.type !== null && a.value !== null ? asText(x, { type: a.type, value: a.value }) : null;
}

async function executeSql(x: Execution, args: readonly Argument[]): Promise<CallResult> {
  const text = textArgument(x, args, '@stmt', 0) ?? textArgument(x, args, '@statement', 0);
  if (text === null)
    throw new ServerError(
      201,
      "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied.",
      { state: 10 },
    );
  const first = args[0]!;
  const declared = args.findIndex((g, i) => /^@param(s|eters)?$/i.test(g.name) || (i === 1 && g.name === ''));
  const rest = args.filter((g, i) => g !== first && i !== declared);
  return runDeclared(x, text, declared < 0 ? '' : asText(x, typed(args[declared]!)), rest);
}
async function runDeclared(
  x: Execution,
  text: string,
  declarations: string,
  args: readonly Argument[],
): Promise<CallResult> {
  const parameters = parseDeclarations(x, declarations);
  const frame = frameFor(x, parameters, args);
  const status = await runScope(x, text, frame);
  args.forEach((a, i) => {
    if (!a.receive) return;
    const p = a.name === '' ? parameters[i] : parameters.find(k => k.name.toLowerCase() === a.name.toLowerCase());
    const variable = p && frame.variables.get(p.name.toLowerCase());
    if (variable) a.receive(variable.type, variable.value);
  });
  return { status };
}

/** Output argument: the handle. */
function prepare(x: Execution, args: readonly Argument[], line: number): number {
  const { session } = x;
  const declarations = args[1] ? asText(x, typed(args[1])) : '';
  const text = args[2] ? asText(x, typed(args[2])) : '';
  if (!args[0] || text === '')
    throw new ServerError(8179, 'Could not find prepared statement with handle 0.', { line });
  const handle = ++session.lastHandle;
  session.prepared.set(handle, { text, declarations });
  args[0].receive?.(types.int, handle);
  return handle;
}

function preparedBy(x: Execution, args: readonly Argument[]) {
  const handle = Number(args[0]?.value ?? 0);
  const found = x.session.prepared.get(handle);
  if (!found) throw new ServerError(8179, `Could not find prepared statement with handle ${handle}.`, { state: 4 });
  return { handle, ...found };
}

/** By name. */
export const sqlProcedures: Readonly<Record<string, Procedure>> = {
  sp_executesql: executeSql,
  async sp_prepare(x, args, line) {
    const handle = prepare(x, args, line);
    describePrepared(x, handle);
    return { status: 0 };
  },
  async sp_execute(x, args) {
    const { text, declarations } = preparedBy(x, args);
    return runDeclared(x, text, declarations, args.slice(1));
  },
  async sp_prepexec(x, args, line) {
    const handle = prepare(x, args, line);
    const { text, declarations } = x.session.prepared.get(handle)!;
    return runDeclared(x, text, declarations, args.slice(3));
  },
  async sp_unprepare(x, args) {
    x.session.prepared.delete(preparedBy(x, args).handle);
    return { status: 0 };
  },
};

/** The columns of a prepared SELECT, without rows. */
function describePrepared(x: Execution, handle: number): void {
  const { text, declarations } = x.session.prepared.get(handle)!;
  const frame = newFrame();
  for (const p of parseDeclarations(x, declarations))
    frame.variables.set(p.name.toLowerCase(), { type: p.type, value: null });
  const statements = x.parse(text);
  const [only] = statements;
  if (statements.length !== 1 || only?.kind !== 'select') return;
  const plan = planQuery(only.query, { ...x.bind(), frame }, null);
  const sent = (type: SqlType): SqlType => sentForm(type, x.session.nativeVectors).type;
  x.tokens.columns(plan.columns.map(c => wireColumn(c.name, sent(c.type), c.nullable, c.flags)));
  x.tokens.procedureDepth++;
  x.tokens.done(command.select, x.counted(0));
  x.tokens.procedureDepth--;
}
