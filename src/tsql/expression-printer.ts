import type { Expression, Literal, TypeReference } from './expression.ts';
import { operatorPrecedence } from './expression-parser.ts';
import { quoteName } from './quote.ts';

/** How tightly what is printed binds; an operand that binds less than its place asks gets parentheses. */
const bind = {
  or: 1,
  and: 2,
  not: 3,
  predicate: 4,
  additive: 5,
  multiplicative: 6,
  tilde: 7,
  postfix: 8,
  primary: 9,
} as const;

/**
 * Text of an expression in the form in which SQL Server keeps definitions in its catalog: names in brackets, numbers in
 * parentheses, its own functions, CASE and LIKE in lower case, no blanks around operators, and parentheses around an
 * arithmetic operand of the same precedence: `([a]+[b])+(1)`. Forms that it rewrites (BETWEEN, IN, CAST …) are printed as
 * they are: `normalizeExpression` rewrites before it prints.
 */
export function printExpression(expression: Expression): string {
  return print(expression);
}

function level(e: Expression): number {
  switch (e.kind) {
    case 'or':
      return bind.or;
    case 'and':
      return bind.and;
    case 'not':
      return bind.not;
    case 'comparison':
    case 'between':
    case 'in':
    case 'like':
    case 'isNull':
    case 'distinctFrom':
      return bind.predicate;
    case 'arithmetic':
      return operatorPrecedence(e.operator) === 2 ? bind.multiplicative : bind.additive;
    case 'unary':
      return isNumber(e.operand) ? bind.primary : e.operator === '~' ? bind.tilde : bind.additive;
    case 'collate':
    case 'atTimeZone':
      return bind.postfix;
    default:
      return bind.primary;
  }
}

function operand(e: Expression, least: number): string {
  return level(e) < least ? `(${print(e)})` : print(e);
}

function print(e: Expression): string {
  switch (e.kind) {
    case 'literal':
      return printLiteral(e);
    case 'column':
      return names(e.parts);
    case 'star':
      return '*';
    case 'keyword':
      return e.word.toLowerCase();
    case 'variable':
      return e.name.startsWith('@@') ? e.name.toLowerCase() : e.name;
    case 'pseudoColumn':
      return e.name;
    case 'unary': {
      if (isNumber(e.operand)) return `(${e.operator}${numberText(e.operand)})`;
      return e.operator + operand(e.operand, e.operator === '~' ? bind.primary : bind.postfix);
    }
    case 'arithmetic': {
      const least = level(e) + 1;
      return operand(e.left, least) + e.operator + operand(e.right, least);
    }
    case 'comparison': {
      const right = operand(e.right, bind.additive);
      return operand(e.left, bind.additive) + e.operator + (e.quantifier === null ? right : `${e.quantifier} ${right}`);
    }
    case 'or':
      return `${operand(e.left, bind.or)} OR ${operand(e.right, bind.and)}`;
    case 'and':
      return `${operand(e.left, bind.and)} AND ${operand(e.right, bind.not)}`;
    case 'not':
      return `NOT ${operand(e.operand, bind.not)}`;
    case 'between': {
      const [low, high] = [operand(e.low, bind.additive), operand(e.high, bind.additive)];
      return `${operand(e.operand, bind.additive)}${not(e.negated)} BETWEEN ${low} AND ${high}`;
    }
    case 'in': {
      const subject = operand(e.operand, bind.additive) + not(e.negated);
      const [first] = e.list;
      if (e.list.length === 1 && first!.kind === 'subquery') return `${subject} IN ${print(first!)}`;
      return `${subject} IN (${e.list.map(print).join(', ')})`;
    }
    case 'like': {
      const text = `${operand(e.operand, bind.additive)} like ${operand(e.pattern, bind.additive)}`;
      const escaped = e.escape === null ? text : `${text} escape ${operand(e.escape, bind.additive)}`;
      return e.negated ? `NOT ${escaped}` : escaped;
    }
    case 'isNull':
      return `${operand(e.operand, bind.additive)} IS${not(e.negated)} NULL`;
    case 'distinctFrom':
      return `${operand(e.left, bind.additive)} IS${not(e.negated)} DISTINCT FROM ${operand(e.right, bind.additive)}`;
    case 'exists':
      return `exists ${print(e.subquery)}`;
    case 'subquery':
      return `(${e.text})`;
    case 'case': {
      const branches = e.branches.map(b => ` when ${print(b.when)} then ${print(b.result)}`).join('');
      const subject = e.operand === null ? '' : ` ${print(e.operand)}`;
      return `case${subject}${branches}${e.otherwise === null ? '' : ` else ${print(e.otherwise)}`} end`;
    }
    case 'cast': {
      const type = printType(e.type);
      if (e.function.endsWith('CONVERT')) {
        return `${e.function}(${type},${print(e.operand)}${e.style === null ? '' : `,${print(e.style)}`})`;
      }
      return `${e.function}(${print(e.operand)} AS ${type}${e.style === null ? '' : ` USING ${print(e.style)}`})`;
    }
    case 'call': {
      const name = e.builtIn ? e.name[0]!.toLowerCase() : names(e.name);
      const args = e.args === null ? '' : `(${e.distinct ? 'distinct ' : ''}${e.args.map(print).join(',')})`;
      return name + args + (e.suffix === null ? '' : ` ${e.suffix}`);
    }
    case 'method':
      return `${operand(e.target, bind.primary)}.${quoteName(e.name)}${e.args === null ? '' : `(${e.args.map(print).join(',')})`}`;
    case 'staticMethod':
      return `${names(e.type)}::${quoteName(e.name)}${e.args === null ? '' : `(${e.args.map(print).join(',')})`}`;
    case 'collate':
      return `${operand(e.operand, bind.postfix)} collate ${e.collation}`;
    case 'atTimeZone':
      return `${operand(e.operand, bind.postfix)} AT TIME ZONE ${operand(e.zone, bind.primary)}`;
    case 'nextValue':
      return `NEXT VALUE FOR ${names(e.sequence)}${e.over === null ? '' : ` ${e.over}`}`;
  }
}

const not = (negated: boolean) => (negated ? ' NOT' : '');

/** `[db]..[t]`: a part that was left out stays out. */
const names = (parts: readonly string[]) => parts.map(p => (p === '' ? '' : quoteName(p))).join('.');

/** `[decimal](10,2)`, `[dbo].[Phone]`. */
function printType(type: TypeReference): string {
  return names(type.parts) + (type.args.length === 0 ? '' : `(${type.args.join(',')})`);
}

/** Whether it is a literal that the server prints in parentheses. */
function isNumber(e: Expression): e is Literal {
  return (
    e.kind === 'literal' &&
    (e.literal === 'integer' || e.literal === 'decimal' || e.literal === 'float' || e.literal === 'money')
  );
}

function printLiteral(e: Literal): string {
  switch (e.literal) {
    case 'string':
      return `'${e.value.replaceAll("'", "''")}'`;
    case 'nstring':
      return `N'${e.value.replaceAll("'", "''")}'`;
    case 'binary':
      return e.value;
    case 'null':
      return 'NULL';
    case 'default':
      return 'DEFAULT';
    default:
      return `(${numberText(e)})`;
  }
}

function numberText(e: Literal): string {
  const { value } = e;
  switch (e.literal) {
    case 'integer':
      return value.replace(/^0+(?=\d)/, '');
    case 'decimal':
      return value.startsWith('.') ? `0${value}` : value.replace(/^0+(?=\d)/, '');
    case 'float':
      return floatText(value);
    default:
      return value;
  }
}

/** `1E0` is kept as `1.000000000000000e+000`: 16 digits, or 17 where 16 are another number, and three of exponent. */
function floatText(text: string): string {
  const number = Number(/[eE][+-]?$/.test(text) ? `${text}0` : text);
  if (!Number.isFinite(number)) return text;
  const short = number.toExponential(15);
  const digits = Number(short) === number ? short : number.toExponential(16);
  return digits.replace(/e([+-])(\d+)$/, (_, sign: string, exponent: string) => `e${sign}${exponent.padStart(3, '0')}`);
}
