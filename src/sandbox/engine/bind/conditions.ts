/** Conditions in three-valued logic: true, false, null for unknown. */

import type { Condition, Expression } from '../parser/ast.ts';
import type { Bound, Env, Test } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { isBytes, isCharacter, isUnicode, nvarcharType, type SqlType, varcharType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { coerce, commonType, comparer, type HashKey, hashKeyOf } from './comparison.ts';
import { bindExpression, bindSubquery, oncePerRun } from './expressions.ts';
import { likeMatcher } from './like.ts';
import type { Scope } from './scope.ts';

type Comparison = '=' | '<>' | '<' | '>' | '<=' | '>=';

export function bindCondition(c: Condition, scope: Scope): Test {
  try {
    return bind(c, scope);
  } catch (error) {
    if (error instanceof ServerError && error.line === null) error.line = c.line;
    throw error;
  }
}

function bind(c: Condition, scope: Scope): Test {
  switch (c.kind) {
    case 'and': {
      const a = bindCondition(c.left, scope);
      const b = bindCondition(c.right, scope);
      return env => {
        const x = a(env);
        if (x === false) return false;
        const y = b(env);
        return y === false ? false : x === null || y === null ? null : true;
      };
    }
    case 'or': {
      const a = bindCondition(c.left, scope);
      const b = bindCondition(c.right, scope);
      return env => {
        const x = a(env);
        if (x === true) return true;
        const y = b(env);
        return y === true ? true : x === null || y === null ? null : false;
      };
    }
    case 'not': {
      const a = bindCondition(c.operand, scope);
      return env => {
        const x = a(env);
        return x === null ? null : !x;
      };
    }
    case 'compare': {
      const a = bindExpression(c.left, scope);
      const b = bindExpression(c.right, scope);
      return compareBound(c.operator, a, b, scope.context.session.ansiNullsOff);
    }
    case 'isNull': {
      const a = bindExpression(c.operand, scope).eval;
      return c.not ? env => a(env) !== null : env => a(env) === null;
    }
    case 'distinctFrom': {
      if (scope.context.session.version < 160)
        throw new ServerError(156, "Incorrect syntax near the keyword 'DISTINCT'.", { class: 15 });
      const a = bindExpression(c.left, scope);
      const b = bindExpression(c.right, scope);
      const type = meet(a, b, 'distinct from');
      const x = coerce(a, type);
      const y = coerce(b, type);
      const compare = comparer(type);
      return env => {
        const l = x(env);
        const r = y(env);
        const distinct = l === null || r === null ? l !== r : compare(l, r) !== 0;
        return distinct !== c.not;
      };
    }
    case 'between': {
      const operand = bindExpression(c.operand, scope);
      const low = compareBound('>=', operand, bindExpression(c.low, scope), false);
      const high = compareBound('<=', operand, bindExpression(c.high, scope), false);
      return env => {
        const x = low(env);
        const y = high(env);
        const inside = x === false || y === false ? false : x === null || y === null ? null : true;
        return inside === null ? null : inside !== c.not;
      };
    }
    case 'like':
      return bindLike(c, scope);
    case 'inList':
      return bindInList(c, scope);
    case 'inQuery':
      return bindInQuery(c.operand, c.query, c.not, scope);
    case 'quantified':
      return bindQuantified(c, scope);
    case 'exists': {
      const { plan, rows } = bindSubquery(c.query, scope, null);
      const compute = (env: Env): boolean => {
        for (const _ of rows(env)) return true;
        return false;
      };
      return plan.correlated ? compute : oncePerRun(plan, compute);
    }
    case 'updated':
      throw new ServerError(40000, 'not supported by the sandbox: UPDATE(column) outside a trigger');
  }
}

const operationNames: Readonly<Record<Comparison, string>> = {
  '=': 'equal to',
  '<>': 'not equal to',
  '<': 'less than',
  '>': 'greater than',
  '<=': 'less than or equal to',
  '>=': 'greater than or equal to',
};

function meet(a: Bound, b: Bound, operation: string): SqlType {
  if (a.isNull) return b.type;
  if (b.isNull) return a.type;
  const type = commonType(a.type, b.type, operation);
  for (const t of [a.type, b.type])
    if (
      t.name === 'text' ||
      t.name === 'ntext' ||
      t.name === 'image' ||
      t.name === 'xml' ||
      t.name === 'geometry' ||
      t.name === 'geography' ||
      t.name === 'json' ||
      t.name === 'vector'
    )
      throw new ServerError(
        402,
        `The data types ${a.type.name} and ${b.type.name} are incompatible in the ${operation} operator.`,
      );
  return type;
}

export function compareBound(operator: Comparison, a: Bound, b: Bound, nullsEqual: boolean): Test {
  const type = meet(a, b, operationNames[operator]);
  const x = coerce(a, type);
  const y = coerce(b, type);
  const compare = comparer(type);
  const test = decide(operator);
  const simple =
    typeof type.scale === 'number' &&
    !isCharacter(type) &&
    !isBytes(type) &&
    (type.name === 'int' || type.name === 'tinyint' || type.name === 'smallint' || type.name === 'bit');
  if (nullsEqual && (operator === '=' || operator === '<>') && (a.isNull || b.isNull || !isColumn(a) || !isColumn(b)))
    return env => {
      const l = x(env);
      const r = y(env);
      if (l === null || r === null) return (l === r) === (operator === '=');
      return test(compare(l, r));
    };
  if (simple && operator === '=')
    return env => {
      const l = x(env);
      if (l === null) return null;
      const r = y(env);
      return r === null ? null : l === r;
    };
  return env => {
    const l = x(env);
    if (l === null) return null;
    const r = y(env);
    return r === null ? null : test(compare(l, r));
  };
}
const isColumn = (b: Bound): boolean => b.columnFlags !== null;

function decide(operator: Comparison): (order: number) => boolean {
  switch (operator) {
    case '=':
      return n => n === 0;
    case '<>':
      return n => n !== 0;
    case '<':
      return n => n < 0;
    case '>':
      return n => n > 0;
    case '<=':
      return n => n <= 0;
    case '>=':
      return n => n >= 0;
  }
}

function bindLike(c: Extract<Condition, { kind: 'like' }>, scope: Scope): Test {
  const a = bindExpression(c.operand, scope);
  const p = bindExpression(c.pattern, scope);
  const escape = c.escape ? bindExpression(c.escape, scope) : null;
  const { databaseCollation } = scope.context.session.settings;
  const asText = (b: Bound): SqlType =>
    isCharacter(b.type)
      ? b.type.name === 'text'
        ? { ...b.type, name: 'varchar' }
        : b.type.name === 'ntext'
          ? { ...b.type, name: 'nvarchar' }
          : b.type
      : b.isNull
        ? varcharType(1, databaseCollation)
        : nvarcharType(-1, databaseCollation);
  const x = coerce(a, asText(a));
  const y = coerce(p, asText(p));
  const z = escape ? coerce(escape, asText(escape)) : null;
  const joined =
    isCharacter(a.type) && isCharacter(p.type)
      ? commonType(asText(a), asText(p), 'like').collation!
      : (a.type.collation ?? p.type.collation ?? databaseCollation);
  const unicode = isUnicode(asText(a)) || isUnicode(asText(p));
  let lastPattern: string | undefined;
  let lastEscape: string | null = null;
  let matches: (text: string) => boolean = () => false;
  return env => {
    const text = x(env) as string | null;
    const pattern = y(env) as string | null;
    if (text === null || pattern === null) return null;
    const e = z ? (z(env) as string | null) : null;
    if (z && e === null) return null;
    if (e !== null && e.length !== 1)
      throw new ServerError(506, `The invalid escape character "${e}" was specified in a LIKE predicate.`);
    if (pattern !== lastPattern || e !== lastEscape) {
      matches = likeMatcher(pattern, e, joined, unicode);
      lastPattern = pattern;
      lastEscape = e;
    }
    return matches(text) !== c.not;
  };
}

function bindInList(c: Extract<Condition, { kind: 'inList' }>, scope: Scope): Test {
  const operand = bindExpression(c.operand, scope);
  const items = c.items.map(i => bindExpression(i, scope));
  if (items.every(i => i.constant && !i.isNull)) {
    const type = items
      .map(i => i.type)
      .reduce((t, i) => commonType(t, i), operand.isNull ? items[0]!.type : operand.type);
    const x = coerce(operand, type);
    const key = hashKeyOf(type);
    const evals = items.map(i => coerce(i, type));
    const token = {};
    const set = oncePerRun(token, env => {
      const values = evals.map(e => e(env));
      return {
        keys: new Set<HashKey>(values.filter(v => v !== null).map(v => key(v as Exclude<Value, null>))),
        hasNull: values.includes(null),
      };
    });
    return env => {
      const v = x(env);
      if (v === null) return null;
      const { keys, hasNull } = set(env);
      if (keys.has(key(v))) return !c.not;
      return hasNull ? null : c.not;
    };
  }
  const tests = items.map(i => compareBound('=', operand, i, false));
  return env => {
    let unknown = false;
    for (const t of tests) {
      const r = t(env);
      if (r === true) return !c.not;
      if (r === null) unknown = true;
    }
    return unknown ? null : c.not;
  };
}

function bindInQuery(
  operandExpression: Expression,
  query: never | Parameters<typeof bindSubquery>[0],
  not: boolean,
  scope: Scope,
): Test {
  const operand = bindExpression(operandExpression, scope);
  const { plan, rows } = bindSubquery(query, scope, 1);
  const column: Bound = {
    type: plan.columns[0]!.type,
    nullable: true,
    eval: () => null,
    constant: false,
    isNull: false,
    columnFlags: null,
  };
  const type = meet(operand, column, 'equal to');
  const x = coerce(operand, type);
  let current: Value = null;
  const y = coerce({ ...column, eval: () => current }, type);
  const key = hashKeyOf(type);
  const collect = (env: Env): { keys: Set<HashKey>; hasNull: boolean; empty: boolean } => {
    const keys = new Set<HashKey>();
    let hasNull = false;
    let empty = true;
    for (const row of rows(env)) {
      empty = false;
      current = row[0]!;
      const v = y(env);
      if (v === null) hasNull = true;
      else keys.add(key(v));
    }
    return { keys, hasNull, empty };
  };
  if (!plan.correlated) {
    const cached = oncePerRun(plan, collect);
    return env => {
      const { keys, hasNull, empty } = cached(env);
      if (empty) return not;
      const v = x(env);
      if (v === null) return null;
      if (keys.has(key(v))) return !not;
      return hasNull ? null : not;
    };
  }
  return env => {
    const v = x(env);
    const { keys, hasNull, empty } = collect(env);
    if (empty) return not;
    if (v === null) return null;
    if (keys.has(key(v))) return !not;
    return hasNull ? null : not;
  };
}

function bindQuantified(c: Extract<Condition, { kind: 'quantified' }>, scope: Scope): Test {
  const operand = bindExpression(c.left, scope);
  const { plan, rows } = bindSubquery(c.query, scope, 1);
  let current: Value = null;
  const column: Bound = {
    type: plan.columns[0]!.type,
    nullable: true,
    eval: () => current,
    constant: false,
    isNull: false,
    columnFlags: null,
  };
  const test = compareBound(c.operator, operand, column, false);
  return env => {
    let unknown = false;
    for (const row of rows(env)) {
      current = row[0]!;
      const r = test(env);
      if (r === null) unknown = true;
      else if (c.all ? !r : r) return !c.all;
    }
    return unknown ? null : c.all;
  };
}
