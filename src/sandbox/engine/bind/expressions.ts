/** From syntax to typed, runnable expressions. */

import { bindGlobal } from '../functions/globals.ts';
import { bindFunction } from '../functions/registry.ts';
import type { Expression, Query } from '../parser/ast.ts';
import type { Bound, Env, Eval, Plan } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { collationNamed } from '../types/collation.ts';
import { converter } from '../types/convert.ts';
import { parseDecimal } from '../types/decimal.ts';
import {
  decimalType,
  isCharacter,
  nvarcharType,
  type SqlType,
  types,
  varbinaryType,
  varcharType,
} from '../types/sql-type.ts';
import { textBytes, throughCodePage } from '../types/text-codec.ts';
import type { Value } from '../types/values.ts';
import { bindBinary, bindComplement, bindNegate } from './arithmetic.ts';
import { constantOf, derived, nullBound, withType } from './bound.ts';
import { coerce, commonType } from './comparison.ts';
import { bindCondition } from './conditions.ts';
import type { Scope } from './scope.ts';
import { resolveType } from './types.ts';

/** Errors thrown while binding carry the line of the innermost expression that has one. */
function at<T>(line: number, bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (error instanceof ServerError && error.line === null) error.line = line;
    throw error;
  }
}

export function bindExpression(e: Expression, scope: Scope): Bound {
  return at(e.line, () => {
    if (scope.grouping && !scope.grouping.inside && e.kind !== 'literal') {
      const found = scope.grouping.keys.size > 0 ? scope.grouping.keys.get(expressionKey(e, scope)) : undefined;
      if (found) return { ...found.bound, eval: slotReader(found.slot), constant: false };
    }
    return bind(e, scope);
  });
}

const slotReader =
  (slot: number): Eval =>
  env =>
    env.row[slot]!;

function bind(e: Expression, scope: Scope): Bound {
  const { session, frame } = scope.context;
  switch (e.kind) {
    case 'literal':
      return bindLiteral(e.form, e.text, scope);
    case 'column':
      return bindColumn(e.parts, scope);
    case 'star':
      throw new ServerError(102, "Incorrect syntax near '*'.", { class: 15 });
    case 'default':
      throw new ServerError(156, "Incorrect syntax near the keyword 'DEFAULT'.", { class: 15 });
    case 'variable': {
      if (e.name.startsWith('@@')) return bindGlobal(e.name, scope);
      const variable = frame.variables.get(e.name.toLowerCase());
      if (!variable)
        throw new ServerError(137, `Must declare the scalar variable "${e.name}".`, { class: 15, state: 2 });
      return {
        type: { ...variable.type, strength: 0 },
        nullable: true,
        eval: () => variable.value,
        constant: false,
        isNull: false,
        columnFlags: null,
      };
    }
    case 'unary': {
      const operand = bindExpression(e.operand, scope);
      return e.operator === '-' ? bindNegate(operand) : e.operator === '~' ? bindComplement(operand) : operand;
    }
    case 'binary':
      return bindBinary(
        e.operator,
        bindExpression(e.left, scope),
        bindExpression(e.right, scope),
        session.concatNullYieldsNull,
      );
    case 'collate': {
      const operand = bindExpression(e.operand, scope);
      if (!isCharacter(operand.type) && !operand.isNull)
        throw new ServerError(447, `Expression type ${operand.type.name} is invalid for COLLATE clause.`);
      const name = /^database_default$/i.test(e.collation)
        ? session.settings.databaseCollation.name
        : /^catalog_default$/i.test(e.collation)
          ? session.settings.databaseCollation.name
          : knownCollation(e.collation, scope);
      const collation = collationNamed(name);
      const base = operand.isNull ? varcharType(1, collation) : operand.type;
      const type: SqlType = { ...base, collation, strength: 2, userType: 0 };
      const convert = converter(operand.isNull ? type : operand.type, type);
      const evaluate = operand.eval;
      return {
        ...withType(operand, type, env => convert(evaluate(env), env.run.settings)),
        nullable: operand.nullable,
      };
    }
    case 'convert':
      return bindConvert(e, scope);
    case 'case':
      return bindCase(e, scope);
    case 'iif': {
      if (session.version < 110)
        throw new ServerError(195, "'IIF' is not a recognized built-in function name.", { class: 15, state: 10 });
      const test = bindCondition(e.condition, scope);
      const then = bindExpression(e.then, scope);
      const otherwise = bindExpression(e.otherwise, scope);
      if (then.isNull && otherwise.isNull)
        throw new ServerError(
          8133,
          'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
        );
      const type = then.isNull ? otherwise.type : otherwise.isNull ? then.type : commonType(then.type, otherwise.type);
      const yes = coerce(then, type);
      const no = coerce(otherwise, type);
      return derived(
        type,
        then.nullable || otherwise.nullable,
        [],
        env => (test(env) === true ? yes(env) : no(env)),
        true,
      );
    }
    case 'subquery':
      return bindScalarQuery(e.query, scope);
    case 'nextValue': {
      if (session.version < 110) throw new ServerError(102, "Incorrect syntax near 'NEXT'.", { class: 15 });
      const sequence = session.catalog.resolve(e.sequence, session.context);
      if (sequence?.kind !== 'sequence')
        throw new ServerError(
          208,
          `Invalid object name '${[e.sequence.schema, e.sequence.name].filter(Boolean).join('.')}'.`,
        );
      const type = resolveType(
        {
          name: { server: null, database: null, schema: null, name: sequence.type.name },
          arguments: sequence.type.precision === undefined ? [] : [sequence.type.precision, sequence.type.scale ?? 0],
          line: e.line,
        },
        session,
        1,
      );
      const convert = converter(decimalType(38, 0), type);
      return derived(
        type,
        false,
        [],
        env => convert(session.catalog.nextSequenceValue(sequence), env.run.settings),
        true,
      );
    }
    case 'call': {
      const aggregate = scope.grouping?.aggregate(e, scope);
      if (aggregate) return aggregate;
      return bindFunction(e, scope);
    }
  }
}

function knownCollation(name: string, scope: Scope): string {
  const found = scope.context.session.metadata(
    'COLLATIONPROPERTY',
    [name, 'CodePage'],
    [
      nvarcharType(128, scope.context.session.settings.databaseCollation),
      nvarcharType(128, scope.context.session.settings.databaseCollation),
    ],
  );
  if (found === null) throw new ServerError(448, `Invalid collation '${name}'.`, { state: 2 });
  return name;
}

function bindLiteral(form: string, text: string, scope: Scope): Bound {
  const collation = scope.context.session.settings.databaseCollation;
  switch (form) {
    case 'null':
      return nullBound;
    case 'nstring':
      return constantOf(nvarcharType(text.length > 4000 ? -1 : Math.max(1, text.length), collation), text);
    case 'string': {
      const value = throughCodePage(text, collation);
      const length = textBytes(value, collation);
      return constantOf(varcharType(length > 8000 ? -1 : Math.max(1, length), collation), value);
    }
    case 'binary':
      return binaryLiteral(text);
    case 'money': {
      const parsed = parseDecimal(text);
      if (!parsed) throw new ServerError(102, `Incorrect syntax near '${text}'.`, { class: 15 });
      return constantOf(
        types.money,
        converter(decimalType(38, parsed.scale), types.money)(parsed.unscaled, scope.context.session.settings),
      );
    }
    default:
      return numberLiteral(text);
  }
}

export function binaryLiteral(text: string): Bound {
  let hex = text.slice(2).replace(/\\\r?\n/g, '');
  if (hex.length % 2) hex = `0${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  return constantOf(varbinaryType(bytes.length > 8000 ? -1 : Math.max(1, bytes.length)), bytes);
}

export function numberLiteral(text: string): Bound {
  if (/[eE]/.test(text)) {
    let n = Number(text.replace(/[eE][+-]?$/, ''));
    if (!Number.isFinite(n))
      throw new ServerError(
        168,
        `The floating point value '${text}' is out of the range of computer representation (8 bytes).`,
        { class: 15 },
      );
    if (n !== 0 && Math.abs(n) < 2.2250738585072014e-308) n = 0;
    return constantOf(types.float, n);
  }
  const dot = text.indexOf('.');
  if (dot < 0 && text.length <= 10) {
    const n = Number(text);
    if (n <= 2147483647) return constantOf(types.int, n);
  }
  const parsed = parseDecimal(text)!;
  const digits = parsed.unscaled.toString().length;
  const precision = Math.max(digits, parsed.scale, dot < 0 ? text.replace(/^0+/, '').length : 0, 1);
  if (precision > 38)
    throw new ServerError(
      1007,
      `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
      { class: 15 },
    );
  return constantOf(decimalType(precision, parsed.scale, 'numeric'), parsed.unscaled);
}

export function bindColumn(parts: readonly string[], scope: Scope): Bound {
  const crossed: Scope[] = [];
  let level = 0;
  for (let s: Scope | null = scope; s; s = s.parent, level++) {
    const found = s.find(parts);
    if (found) {
      for (const c of crossed) c.correlated = true;
      s.read(found.relation, found.column);
      let slot = found.column.slot;
      if (s.grouping && !s.grouping.inside) {
        const group = s.grouping.keys.get(columnKey(found.relation.id, slot));
        if (!group) throw notGrouped(found.relation.alias, found.column.name);
        slot = group.slot;
      }
      const depth = level;
      const evaluate: Eval =
        depth === 0
          ? env => env.row[slot]!
          : depth === 1
            ? env => env.outer!.row[slot]!
            : env => {
                let target: Env = env;
                for (let i = 0; i < depth; i++) target = target.outer!;
                return target.row[slot]!;
              };
      const { type, nullable, flags } = found.column;
      return {
        type: type.collation ? { ...type, strength: 1 } : type,
        nullable,
        eval: evaluate,
        constant: false,
        isNull: false,
        columnFlags: flags,
      };
    }
    if (parts.length > 1 && s.relationsNamed(parts.slice(0, -1)).length > 0)
      throw new ServerError(207, `Invalid column name '${parts[parts.length - 1]}'.`);
    crossed.push(s);
  }
  if (parts.length > 1)
    throw new ServerError(4104, `The multi-part identifier "${parts.join('.')}" could not be bound.`);
  throw new ServerError(207, `Invalid column name '${parts[0]}'.`);
}

const notGrouped = (relation: string, column: string): ServerError =>
  new ServerError(
    8120,
    `Column '${relation ? `${relation}.` : ''}${column}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
  );

export const columnKey = (relation: number, slot: number): string => `#${relation}.${slot}`;

/** A text equal for equal expressions, columns resolved. */
export function expressionKey(e: unknown, scope: Scope): string {
  if (Array.isArray(e)) return `[${e.map(x => expressionKey(x, scope)).join()}]`;
  if (e === null || typeof e !== 'object') return String(e);
  const node = e as Record<string, unknown>;
  if (node.kind === 'column') {
    const found = scope.find(node.parts as string[]);
    if (found) return columnKey(found.relation.id, found.column.slot);
  }
  return `{${Object.keys(node)
    .filter(k => k !== 'line')
    .map(
      k =>
        `${k}:${k === 'name' && typeof node[k] === 'string' ? (node[k] as string).toLowerCase() : expressionKey(node[k], scope)}`,
    )
    .join()}}`;
}

function bindConvert(e: Extract<Expression, { kind: 'convert' }>, scope: Scope): Bound {
  const { session } = scope.context;
  if (e.attempt && session.version < 110)
    throw new ServerError(195, "'TRY_CONVERT' is not a recognized built-in function name.", { class: 15, state: 10 });
  const operand = bindExpression(e.expression, scope);
  let type = resolveType(e.type, session, 30);
  if (isCharacter(type)) {
    const source = operand.type.collation;
    type = {
      ...type,
      collation: source && operand.type.strength > 0 ? source : session.settings.databaseCollation,
      strength: source ? operand.type.strength : 0,
    };
  }
  const style = e.style ? bindExpression(e.style, scope) : null;
  const nullable = e.attempt || operand.nullable || !(operand.constant === false && operand.type.name === type.name);
  if (operand.isNull) return { ...withType(nullBound, type), nullable: true, constant: true };
  const styleOf = style ? coerce(style, types.int) : null;
  const fixed = style === null ? converter(operand.type, type, null) : null;
  const byStyle = new Map<number | null, ReturnType<typeof converter>>();
  const { type: from, eval: evaluate } = operand;
  return derived(type, nullable, style ? [operand, style] : [operand], env => {
    const value = evaluate(env);
    if (value === null) return null;
    try {
      let convert = fixed;
      if (!convert) {
        const number = styleOf!(env) as number | null;
        convert = byStyle.get(number) ?? null;
        if (!convert) byStyle.set(number, (convert = converter(from, type, number ?? 0)));
      }
      return convert(value, env.run.settings);
    } catch (error) {
      if (e.attempt && error instanceof ServerError && error.number !== 529) return null;
      throw error;
    }
  });
}

function bindCase(e: Extract<Expression, { kind: 'case' }>, scope: Scope): Bound {
  const tests = e.whens.map(w =>
    e.operand
      ? bindCondition(
          { kind: 'compare', line: e.line, operator: '=', left: e.operand, right: w.when as Expression },
          scope,
        )
      : bindCondition(w.when as never, scope),
  );
  const results = e.whens.map(w => bindExpression(w.then, scope));
  const otherwise = e.otherwise ? bindExpression(e.otherwise, scope) : nullBound;
  const typed = [...results, otherwise].filter(r => !r.isNull);
  if (typed.length === 0)
    throw new ServerError(
      8133,
      'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
    );
  const type = { ...typed.map(r => r.type).reduce((a, b) => commonType(a, b)), userType: 0 };
  const evals = results.map(r => coerce(r, type));
  const last = coerce(otherwise, type);
  return derived(
    type,
    [...results, otherwise].some(r => r.nullable),
    [],
    env => {
      for (let i = 0; i < tests.length; i++) if (tests[i]!(env) === true) return evals[i]!(env);
      return last(env);
    },
    true,
  );
}

export interface BoundQuery {
  readonly plan: Plan;
  /** Rows for one environment; those of an uncorrelated query are computed once a run. */
  rows(env: Env): Iterable<Value[]>;
}

export function bindSubquery(query: Query, scope: Scope, columns: number | null): BoundQuery {
  const plan = planQuery(query, scope.context, scope);
  if (columns !== null && plan.columns.length !== columns)
    throw new ServerError(
      116,
      'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
      { class: 16 },
    );
  return { plan, rows: env => plan.rows(env, env.run) };
}

function bindScalarQuery(query: Query, scope: Scope): Bound {
  const { plan, rows } = bindSubquery(query, scope, 1);
  const column = plan.columns[0]!;
  const compute = (env: Env): Value => {
    let result: Value = null;
    let seen = false;
    for (const row of rows(env)) {
      if (seen)
        throw new ServerError(
          512,
          'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
        );
      result = row[0]!;
      seen = true;
    }
    return result;
  };
  return derived(column.type, true, [], plan.correlated ? compute : oncePerRun(plan, compute), true);
}

/** Cached for the run. */
export function oncePerRun<T>(key: object, compute: (env: Env) => T): (env: Env) => T {
  return env => {
    const { cache } = env.run;
    if (cache.has(key)) return cache.get(key) as T;
    const value = compute(env);
    cache.set(key, value);
    return value;
  };
}
