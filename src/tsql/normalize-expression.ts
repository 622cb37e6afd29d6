import { XpdbError } from '../model/error.ts';
import type { Call, Cast, Expression } from './expression.ts';
import { operatorPrecedence, parseExpressionText } from './expression-parser.ts';
import { printExpression } from './expression-printer.ts';
import { tokenize } from './lexer.ts';

export interface NormalizeOptions {
  /**
   * Filters of indexes and statistics keep IN as it is, `([a] IN ((1), (2)))`: OR and BETWEEN are not allowed there.
   * Everything else (defaults, checks, computed columns) is a definition.
   */
  readonly form?: 'definition' | 'filter';
}

export interface NormalizedExpression {
  /** In parentheses, as the catalog shows it. */
  readonly text: string;
  /** What was understood; null when the text is no expression that the parser knows, and then stands as it was. */
  readonly expression: Expression | null;
}

/**
 * A default, check, computed column or filter as SQL Server's catalog shows it: `1` → `((1))`, `a > 0` → `([a]>(0))`,
 * `x IN (1, 2)` → `([x]=(2) OR [x]=(1))`. Text that the parser does not know stands in parentheses unchanged.
 * Idempotent, and what it prints means what was written.
 */
export function normalizeExpression(text: string, options: NormalizeOptions = {}): string {
  return readExpression(text, options).text;
}

/** As `normalizeExpression`, with what was understood of the text. */
export function readExpression(text: string, options: NormalizeOptions = {}): NormalizedExpression {
  try {
    const expression = rewrite(parseExpressionText(text), options.form ?? 'definition');
    return { text: `(${printExpression(expression)})`, expression };
  } catch (error) {
    if (!(error instanceof XpdbError)) throw error;
    const trimmed = text.trim();
    return { text: isParenthesised(trimmed) ? trimmed : `(${trimmed})`, expression: null };
  }
}

/** Whether the first parenthesis closes at the very end. */
function isParenthesised(text: string): boolean {
  if (!text.startsWith('(')) return false;
  try {
    let depth = 0;
    for (const token of tokenize(text)) {
      if (token.kind !== 'operator') continue;
      if (token.text === '(') depth++;
      else if (token.text === ')' && --depth === 0) return token.end === text.length;
    }
  } catch (error) {
    if (!(error instanceof XpdbError)) throw error;
  }
  return false;
}

type Form = 'definition' | 'filter';

/** The tree with what the server rewrites while it stores: BETWEEN, IN, CAST, IIF, short date parts, niladic functions. */
function rewrite(e: Expression, form: Form): Expression {
  const go = (x: Expression) => rewrite(x, form);
  switch (e.kind) {
    case 'unary':
      return negate(e.operator, go(e.operand));
    case 'arithmetic':
    case 'comparison':
    case 'and':
    case 'or':
    case 'distinctFrom':
      return { ...e, left: go(e.left), right: go(e.right) };
    case 'not':
    case 'isNull':
    case 'collate':
      return { ...e, operand: go(e.operand) };
    case 'between': {
      const [operand, low, high] = [go(e.operand), go(e.low), go(e.high)];
      const compare = (operator: '<' | '>' | '>=' | '<=', right: Expression): Expression => {
        return { kind: 'comparison', operator, quantifier: null, left: operand, right };
      };
      return e.negated
        ? { kind: 'or', left: compare('<', low), right: compare('>', high) }
        : { kind: 'and', left: compare('>=', low), right: compare('<=', high) };
    }
    case 'in':
      return membership({ ...e, operand: go(e.operand), list: e.list.map(go) }, form);
    case 'like': {
      const escapedBy = e.escape === null ? null : go(e.escape);
      const like: Expression = {
        ...e,
        negated: false,
        operand: go(e.operand),
        pattern: go(e.pattern),
        escape: escapedBy,
      };
      return e.negated ? { kind: 'not', operand: like } : like;
    }
    case 'case':
      return {
        ...e,
        operand: e.operand === null ? null : go(e.operand),
        branches: e.branches.map(b => ({ when: go(b.when), result: go(b.result) })),
        otherwise: e.otherwise === null ? null : go(e.otherwise),
      };
    case 'cast':
      return cast({ ...e, operand: go(e.operand), style: e.style === null ? null : go(e.style) });
    case 'call':
      return call({ ...e, args: e.args === null ? null : e.args.map(go) });
    case 'method':
      return { ...e, target: go(e.target), args: e.args === null ? null : e.args.map(go) };
    case 'staticMethod':
      return { ...e, args: e.args === null ? null : e.args.map(go) };
    case 'atTimeZone':
      return { ...e, operand: go(e.operand), zone: go(e.zone) };
    default:
      return e;
  }
}

/** A sign goes to the number that it stands before; a plus means nothing. */
function negate(operator: '-' | '+' | '~', operand: Expression): Expression {
  if (operator === '+') return operand;
  if (operator === '-' && operand.kind === 'arithmetic' && operatorPrecedence(operand.operator) === 2) {
    // -1*a is read as -(1*a); both sides are the same number, and the server shows ((-1)*[a]).
    const left = negate('-', operand.left);
    if (left.kind === 'arithmetic' || (left.kind === 'unary' && left.operand.kind === 'literal')) {
      return { ...operand, left };
    }
  }
  return { kind: 'unary', operator, operand };
}

/** Longer lists stay as they are written: as a chain of OR they would nest deeper than the parser goes. */
const maxMembers = 1000;

/** The server compares with the last value first. */
function membership(e: Extract<Expression, { kind: 'in' }>, form: Form): Expression {
  if (e.list.some(x => x.kind === 'subquery')) return e;
  if (form === 'filter') return e;
  if (e.list.length > maxMembers) throw new XpdbError(`IN has more than ${maxMembers} values`);
  const compare = (right: Expression): Expression => {
    return { kind: 'comparison', operator: e.negated ? '<>' : '=', quantifier: null, left: e.operand, right };
  };
  const [first, ...rest] = e.list.toReversed().map(compare);
  return rest.reduce<Expression>((left, right) => ({ kind: e.negated ? 'and' : 'or', left, right }), first!);
}

function cast(e: Cast): Expression {
  return e.function === 'CAST' ? { ...e, function: 'CONVERT' } : e;
}

/** Short names of date parts (DATEPART, Transact-SQL reference). */
const dateParts: Readonly<Record<string, string>> = {
  YY: 'YEAR',
  YYYY: 'YEAR',
  QQ: 'QUARTER',
  Q: 'QUARTER',
  MM: 'MONTH',
  M: 'MONTH',
  DY: 'DAYOFYEAR',
  Y: 'DAYOFYEAR',
  DD: 'DAY',
  D: 'DAY',
  WK: 'WEEK',
  WW: 'WEEK',
  DW: 'WEEKDAY',
  W: 'WEEKDAY',
  HH: 'HOUR',
  MI: 'MINUTE',
  N: 'MINUTE',
  SS: 'SECOND',
  S: 'SECOND',
  MS: 'MILLISECOND',
  MCS: 'MICROSECOND',
  NS: 'NANOSECOND',
  TZ: 'TZOFFSET',
  ISOWK: 'ISO_WEEK',
  ISOWW: 'ISO_WEEK',
};

/** Functions without parentheses, and the ones that the server keeps instead. */
const niladic: Readonly<Record<string, string>> = {
  CURRENT_TIMESTAMP: 'GETDATE',
  CURRENT_USER: 'USER_NAME',
  USER: 'USER_NAME',
  SYSTEM_USER: 'SUSER_SNAME',
};

function call(e: Call): Expression {
  if (!e.builtIn) return e;
  const name = e.name[0]!;
  if (e.args === null) return niladic[name] ? { ...e, name: [niladic[name]], args: [] } : e;
  const [first] = e.args;
  if (first?.kind === 'keyword' && dateParts[first.word]) {
    return { ...e, args: [{ kind: 'keyword', word: dateParts[first.word]! }, ...e.args.slice(1)] };
  }
  if ((name === 'YEAR' || name === 'MONTH' || name === 'DAY') && e.args.length === 1) {
    return { ...e, name: ['DATEPART'], args: [{ kind: 'keyword', word: name }, first!] };
  }
  if (name === 'IIF' && e.args.length === 3) {
    return { kind: 'case', operand: null, branches: [{ when: first!, result: e.args[1]! }], otherwise: e.args[2]! };
  }
  return e;
}
