/** Built-in scalar functions by name, with the version that brought each (error 195 before). */
import { coerce } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { Expression } from '../parser/ast.ts';
import type { Bound, Env, SessionView } from '../query/runtime.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { isCharacter, nvarcharType, type SqlType, types } from '../types/sql-type.ts';
import { byteFunctions } from './bytes.ts';
import { characterFunctions } from './characters.ts';
import { dateFunctions } from './dates.ts';
import { knownFunctions } from './known-functions.ts';
import { mathFunctions } from './math.ts';
import { metadataFunctions } from './metadata.ts';
import { nullFunctions } from './nulls.ts';
import { bindPartitionCall, isPartitionCall } from './partition.ts';
import { stringFunctions } from './strings.ts';
import { systemFunctions } from './system.ts';
import { trimFunctions } from './trim.ts';

export interface FunctionCall {
  readonly name: string;
  readonly args: readonly Bound[];
  readonly session: SessionView;
  readonly line: number;
  /** Text of an argument that must be a word: `day` of DATEADD. */
  readonly word: (index: number) => string;
  /** An argument as nvarchar text, int … */
  readonly text: (index: number) => (env: Env) => string | null;
  readonly int: (index: number) => (env: Env) => number | null;
  readonly as: (index: number, type: SqlType) => (env: Env) => never;
}
export interface FunctionSpec {
  readonly min: number;
  readonly max: number;
  readonly since?: number;
  readonly bind: (call: FunctionCall) => Bound;
}

const registry = new Map<string, FunctionSpec>(
  Object.entries({
    ...stringFunctions,
    ...trimFunctions,
    ...characterFunctions,
    ...byteFunctions,
    ...dateFunctions,
    ...mathFunctions,
    ...nullFunctions,
    ...metadataFunctions,
    ...systemFunctions,
  }),
);

export function bindFunction(e: Extract<Expression, { kind: 'call' }>, scope: Scope): Bound {
  const { session } = scope.context;
  const upper = e.name.toUpperCase();
  if (isPartitionCall(e)) return bindPartitionCall(e, scope);
  const qualified = e.path.length > 0;
  if (qualified && !(e.path.length === 1 && e.path[0]!.toUpperCase() === 'SYS')) {
    const path = [...e.path, e.name].join('.');
    // A method of an xml, hierarchyid or spatial column, or a scalar function of the user.
    const found = session.catalog.resolve(
      {
        server: null,
        database: e.path.length > 1 ? e.path[e.path.length - 2]! : null,
        schema: e.path[e.path.length - 1]!,
        name: e.name,
      },
      session.context,
    );
    if (found?.kind === 'scalarFunction')
      throw unsupported(`the function ${path} (functions are recorded, not run)`, e.line);
    if (scope.find(e.path)) throw unsupported(`method ${path}()`, e.line);
    throw new ServerError(
      4121,
      `Cannot find either column "${e.path[0]}" or the user-defined function or aggregate "${path}", or the name is ambiguous.`,
      { line: e.line },
    );
  }
  if (e.over) {
    if (!scope.windows)
      throw new ServerError(4108, 'Windowed functions can only appear in the SELECT or ORDER BY clauses.', {
        class: 15,
        line: e.line,
      });
    return (scope.windows as unknown as (call: typeof e) => Bound)(e);
  }
  const spec = registry.get(upper);
  if (!spec && (knownFunctions[upper] ?? Number.POSITIVE_INFINITY) <= session.version)
    throw unsupported(`the function ${upper}`, e.line);
  if (!spec || (spec.since !== undefined && session.version < spec.since))
    throw new ServerError(
      195,
      `'${e.name === upper ? writtenName(e) : e.name}' is not a recognized built-in function name.`,
      { class: 15, state: 10, line: e.line },
    );
  if (e.arguments.length < spec.min || e.arguments.length > spec.max) throw wrongCount(writtenName(e), spec, e.line);
  const isWord = (i: number): boolean => i === 0 && dateWords.has(upper);
  const args = e.arguments.map((a, i) =>
    isWord(i) ? bindExpression({ ...a, line: e.line } as Expression, scope) : bindExpression(a, scope),
  );
  const textOf = nvarcharType(-1, session.settings.databaseCollation);
  const call: FunctionCall = {
    name: upper,
    args,
    session,
    line: e.line,
    word: i => {
      const a = e.arguments[i]!;
      return a.kind === 'literal' ? a.text.toLowerCase() : '';
    },
    text: i => (isCharacter(args[i]!.type) ? args[i]!.eval : coerce(args[i]!, textOf)) as (env: Env) => string | null,
    int: i => coerce(args[i]!, types.int) as (env: Env) => number | null,
    as: (i, type) => coerce(args[i]!, type) as (env: Env) => never,
  };
  return spec.bind(call);
}
const dateWords = new Set(['DATEADD', 'DATEDIFF', 'DATEDIFF_BIG', 'DATENAME', 'DATEPART', 'DATETRUNC', 'DATE_BUCKET']);
const writtenName = (e: Extract<Expression, { kind: 'call' }>): string => e.name.toLowerCase();

function wrongCount(name: string, spec: FunctionSpec, line: number): ServerError {
  if (spec.min === spec.max)
    return new ServerError(174, `The ${name} function requires ${spec.min} argument(s).`, { class: 15, line });
  return new ServerError(189, `The ${name} function requires ${spec.min} to ${spec.max} arguments.`, {
    class: 15,
    line,
  });
}
