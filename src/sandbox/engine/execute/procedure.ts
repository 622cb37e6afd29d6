/** EXEC: texts, system procedures; procedures of the user are recorded, not run. */
import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, ProcedureArgument, ProcedureResult } from '../catalog-access.ts';
import type { ExecArgument, StatementOf } from '../parser/ast.ts';
import { Cursor } from '../parser/cursor.ts';
import { fromSqlite } from '../query/catalog-source.ts';
import { planQuery } from '../query/select.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { externalValue } from '../session/external-value.ts';
import { converter } from '../types/convert.ts';
import { dataType, nvarcharType, type SqlType, sqlType, types } from '../types/sql-type.ts';
import { type Value, Variant } from '../types/values.ts';
import { wireColumn } from '../types/wire-form.ts';
import { command } from './commands.ts';
import { tellOutcome } from './ddl.ts';
import type { Execution } from './execution.ts';
import { newFrame } from './frame.ts';
import { failureOf } from './outcome.ts';
import { frameFor, type Given, parseDeclarations, runScope } from './procedure-call.ts';
import { ResultSender } from './result-sender.ts';
import { evaluate } from './select.ts';
import { refuseDoomed } from './target.ts';
import { setVariable } from './variables.ts';

/** An evaluated argument. */
export interface Argument extends Given {
  readonly output: boolean;
  /** Takes the output value. */
  readonly receive: ((type: SqlType, value: Value) => void) | null;
}

/** What a procedure hands back. */
export interface CallResult {
  readonly status: number;
}

export async function executeText(x: Execution, s: StatementOf<'executeText'>): Promise<void> {
  const text = s.text.map(e => asText(x, evaluate(x, e))).join('');
  await runScope(x, text, newFrame());
  x.tokens.doneProcedure();
}

const asText = (x: Execution, found: { type: SqlType; value: Value }): string =>
  found.value === null
    ? ''
    : (converter(found.type, nvarcharType(-1, x.session.settings.databaseCollation))(
        found.value,
        x.session.settings,
      ) as string);

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
    const own = procedures[lower];
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

async function systemProcedure(
  x: Execution,
  name: ObjectName,
  args: readonly Argument[],
  line: number,
): Promise<CallResult | null> {
  const { session } = x;
  const given = args.map((a): ProcedureArgument => {
    // A variable of type sql_variant hands over what is in it.
    const { type, value } = a.value instanceof Variant ? a.value : a;
    return {
      name: a.name === '' ? null : a.name.slice(1),
      value: type === null ? null : externalValue(value, type, session.settings),
      output: a.output,
      ...(type === null ? {} : { type: dataType(type) }),
    };
  });
  refuseDoomed(x);
  let outcome: DdlOutcome | null = null;
  await session.transaction.statement(x.waiter, () => {
    session.transaction.touchDefinitions();
    outcome = session.catalog.executeSystemProcedure(name, given, session.context);
    session.transaction.touchDefinitions();
    const failure = outcome && failureOf(outcome);
    if (failure) throw failure;
  });
  const made = outcome as DdlOutcome | null;
  if (!made) return null;
  for (const count of made.steps ?? []) tellStep(x, count);
  for (const result of made.results ?? []) await sendResult(x, result);
  tellOutcome(x, made, line);
  for (const [key, value] of Object.entries(made.outputs ?? {})) {
    const target = args.find(a => a.output && a.name.slice(1).toLowerCase() === key.toLowerCase());
    const type = typeof value === 'number' ? types.int : nvarcharType(4000, session.settings.databaseCollation);
    target?.receive?.(type, value);
  }
  return { status: made.returnStatus ?? 0 };
}

async function sendResult(x: Execution, result: ProcedureResult): Promise<void> {
  const { session } = x;
  const columns = result.columns.map(c => ({
    name: c.name,
    type: sqlType(c.type, session.settings.databaseCollation, 1),
    nullable: c.nullable,
    flags: (c.stored ? 8 : 0x20) | (c.nullable ? 1 : 0),
  }));
  const decode = columns.map(c => fromSqlite(c.type, session));
  const sender = new ResultSender(x, columns);
  for (const row of result.rows) {
    sender.row(row.map((v, i) => decode[i]!(v)));
    if (sender.full) await sender.flush();
  }
  await sender.flush();
  session.rowCount = sender.count;
  tellStep(x, result.counted === false ? null : x.counted(sender.count));
}

/** DONEINPROC of a statement inside a system procedure. */
function tellStep(x: Execution, count: number | bigint | null): void {
  x.tokens.procedureDepth++;
  x.tokens.done(command.select, count);
  x.tokens.procedureDepth--;
}

type Procedure = (x: Execution, args: readonly Argument[], line: number) => Promise<CallResult>;

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
const typed = (a: Argument): { type: SqlType; value: Value } => ({ type: a.type ?? types.int, value: a.value });

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

const procedures: Readonly<Record<string, Procedure>> = {
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
  x.tokens.columns(plan.columns.map(c => wireColumn(c.name, c.type, c.nullable, c.flags)));
  x.tokens.procedureDepth++;
  x.tokens.done(command.select, x.counted(0));
  x.tokens.procedureDepth--;
}
