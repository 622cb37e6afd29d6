/** EXEC of a system procedure. */
import type { SystemProcedure } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, DdlOutcome, ProcedureArgument, ServerMessage } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import { command } from '../ddl/failure.ts';
import { type CatalogState, scopeOf } from '../state.ts';
import { literalArgument } from './literal-argument.ts';
import { type Procedure, type ProcedureCall, ProcedureError } from './procedure.ts';
import { procedures } from './procedures.ts';
import { unsupportedProcedures } from './unsupported-procedures.ts';

/** Literal arguments as the DDL parser read them. */
export function procedureArguments(statement: SystemProcedure): readonly ProcedureArgument[] {
  return statement.args.map(literalArgument);
}

interface Bound {
  readonly byName: ReadonlyMap<string, ProcedureArgument>;
  /** How the caller named each argument: its name, or its position from 1. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Arguments to parameters. Errors 8144 (too many), 8145 (no such parameter), 8143 (given twice), 201 (one is missing). */
function bind(name: string, procedure: Procedure, arguments_: readonly ProcedureArgument[]): Bound {
  const parameters = [...procedure.required, ...(procedure.optional ?? [])];
  const byName = new Map<string, ProcedureArgument>();
  const keys = new Map<string, string>();
  arguments_.forEach((argument, i) => {
    const parameter = argument.name === null ? parameters[i] : argument.name.toLowerCase();
    if (parameter === undefined)
      throw new ServerError(8144, `Procedure or function ${name} has too many arguments specified.`, {
        state: 2,
        line: 0,
      });
    if (!parameters.includes(parameter))
      throw new ServerError(8145, `@${argument.name} is not a parameter for procedure ${name}.`, { line: 0 });
    if (byName.has(parameter))
      throw new ServerError(8143, `Parameter '@${parameter}' was supplied multiple times.`, { line: 0 });
    byName.set(parameter, argument);
    keys.set(parameter, argument.name ?? String(i + 1));
  });
  const missing = procedure.required.find(parameter => !byName.has(parameter));
  if (missing !== undefined) {
    throw new ServerError(
      201,
      `Procedure or function '${name}' expects parameter '@${missing}', which was not supplied.`,
      { state: 4, line: 0 },
    );
  }
  return { byName, keys };
}

function callOf(
  state: CatalogState,
  name: string,
  { byName, keys }: Bound,
  context: CatalogContext,
  outputs: Record<string, string | number | null>,
): ProcedureCall {
  const value = (parameter: string): ProcedureArgument['value'] => byName.get(parameter)?.value ?? null;
  return {
    state,
    context,
    scope: scopeOf(state, context),
    procedure: name,
    given: parameter => byName.has(parameter),
    argument: parameter => byName.get(parameter) ?? null,
    value,
    text(parameter) {
      const given = value(parameter);
      return given === null
        ? null
        : given instanceof Uint8Array
          ? Buffer.from(given).toString('utf16le')
          : String(given);
    },
    int(parameter) {
      const given = value(parameter);
      const number = given === null || given instanceof Uint8Array || given === '' ? Number.NaN : Number(given);
      return Number.isFinite(number) ? Math.trunc(number) : null;
    },
    output(parameter, result) {
      const key = keys.get(parameter);
      if (key !== undefined && byName.get(parameter)?.output) outputs[key] = result;
    },
  };
}

/** null = the posed version has no such procedure (2812). Errors become messages, with return status 1. */
export function executeProcedure(
  state: CatalogState,
  written: string,
  arguments_: readonly ProcedureArgument[],
  context: CatalogContext,
): DdlOutcome | null {
  const name = written.toLowerCase();
  const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined;
  const { version } = state.options;
  if (!procedure) {
    return unsupportedProcedures.has(name)
      ? failed(name, new ServerError(40000, `not supported by the sandbox: ${name}`), 1)
      : null;
  }
  if (version < (procedure.since ?? 0) || version > (procedure.until ?? version)) return null;
  const outputs: Record<string, string | number | null> = {};
  let bound: Bound;
  try {
    bound = bind(name, procedure, arguments_);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return failed(name, error, null);
  }
  try {
    const outcome = procedure.run(callOf(state, name, bound, context, outputs));
    return {
      command: command.execute,
      messages: (outcome.messages ?? []).map(message => ({ procedure: name, ...message })),
      returnStatus: outcome.returnStatus ?? 0,
      ...(outcome.results ? { results: outcome.results } : {}),
      ...(outcome.steps ? { steps: outcome.steps } : {}),
      ...(outcome.database === undefined ? {} : { database: outcome.database }),
      ...(Object.keys(outputs).length === 0 ? {} : { outputs }),
    };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return failed(name, error, error instanceof ProcedureError ? error.status : 1);
  }
}

/** `status` null: the procedure did not begin. */
function failed(name: string, error: ServerError, status: number | null): DdlOutcome {
  const first: ServerMessage = {
    number: error.number,
    state: error.state,
    class: error.class,
    message: error.message,
    line: error.line,
    procedure: name,
  };
  return {
    command: command.execute,
    messages: [first, ...error.more],
    ...(status === null ? {} : { returnStatus: status }),
  };
}
