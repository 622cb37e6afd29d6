import type {
  ArithmeticOperator,
  Call,
  Cast,
  ComparisonOperator,
  Expression,
  Literal,
  LiteralKind,
  Subquery,
} from './expression.ts';
import { tokenize } from './lexer.ts';
import { reservedWords } from './reserved-words.ts';
import { TokenCursor } from './token-cursor.ts';
import { parseTypeReference } from './type-reference.ts';

/** How deep parentheses, CASE and calls may lie in each other, and how many operators may follow each other (the server's error 191 stands at its own limits). */
const maxDepth = 300;
const maxChain = 1200;

/** Operators by how tightly they bind (Operator precedence, Transact-SQL reference). */
const precedence: Readonly<Record<string, number>> = {
  '*': 2,
  '/': 2,
  '%': 2,
  '+': 1,
  '-': 1,
  '&': 1,
  '|': 1,
  '^': 1,
  '||': 1,
  '<<': 1,
  '>>': 1,
};

export function operatorPrecedence(operator: ArithmeticOperator): number {
  return precedence[operator]!;
}

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};

/** Functions whose first argument is a date part, a bare word. */
const datePartFunctions = new Set([
  'DATEADD',
  'DATEDIFF',
  'DATEDIFF_BIG',
  'DATENAME',
  'DATEPART',
  'DATETRUNC',
  'DATE_BUCKET',
]);
/** Functions that are written without parentheses. */
const bareFunctions = new Set([
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_USER',
  'SESSION_USER',
  'SYSTEM_USER',
  'USER',
]);
/** Reserved words that are functions when a parenthesis follows. */
const reservedFunctions = new Set([
  'COALESCE',
  'NULLIF',
  'LEFT',
  'RIGHT',
  'CONTAINS',
  'FREETEXT',
  'UPDATE',
  'TSEQUAL',
  'IDENTITY',
]);

/**
 * The expression or condition that `text` is.
 * @throws XpdbError 102 where it is none, or where something follows it
 */
export function parseExpressionText(text: string): Expression {
  const cursor = new TokenCursor(tokenize(text), text);
  const expression = parseExpression(cursor);
  if (!cursor.atEnd) cursor.fail('the end of the expression');
  return expression;
}

/**
 * Reads an expression or condition at the cursor, as far as it goes, and moves behind it.
 * @throws XpdbError 102 where it is none; 191 where it is nested too deeply
 */
export function parseExpression(cursor: TokenCursor): Expression {
  return new ExpressionParser(cursor).condition();
}

class ExpressionParser {
  readonly #cursor: TokenCursor;
  #depth = 0;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  /** OR binds least. */
  condition(): Expression {
    if (++this.#depth > maxDepth) this.#tooDeep();
    let left = this.#and();
    for (let n = 0; this.#cursor.takeWord('OR'); n++) {
      if (n > maxChain) this.#tooDeep();
      left = { kind: 'or', left, right: this.#and() };
    }
    this.#depth--;
    return left;
  }

  #tooDeep(): never {
    return this.#cursor.fail('an expression that is nested less deeply');
  }

  #and(): Expression {
    let left = this.#not();
    for (let n = 0; this.#cursor.takeWord('AND'); n++) {
      if (n > maxChain) this.#tooDeep();
      left = { kind: 'and', left, right: this.#not() };
    }
    return left;
  }

  #not(): Expression {
    if (!this.#cursor.takeWord('NOT')) return this.#predicate();
    if (++this.#depth > maxDepth) this.#tooDeep();
    const operand = this.#not();
    this.#depth--;
    return { kind: 'not', operand };
  }

  /** Comparison, BETWEEN, IN, LIKE, IS NULL around arithmetic. */
  #predicate(): Expression {
    const cursor = this.#cursor;
    const left = this.#arithmetic(1);
    const { token } = cursor;
    if (token.kind === 'operator') {
      // `> =` with a blank between is `>=` to the server.
      let text = token.text;
      let length = 1;
      const next = cursor.peek();
      if ((text === '<' || text === '>' || text === '!') && next.kind === 'operator' && /^[=<>]$/.test(next.text)) {
        const joined = text + next.text;
        if (comparisons[joined] && joined !== '><') {
          text = joined;
          length = 2;
        }
      }
      const operator = comparisons[text];
      if (!operator) return left;
      cursor.index += length;
      const quantifier = cursor.isOneOf('ALL', 'ANY', 'SOME') ? (cursor.next().value === 'ALL' ? 'ALL' : 'ANY') : null;
      return { kind: 'comparison', operator, quantifier, left, right: this.#arithmetic(1) };
    }
    if (cursor.takeWord('IS')) {
      const negated = cursor.takeWord('NOT');
      if (cursor.takeWord('NULL')) return { kind: 'isNull', negated, operand: left };
      cursor.expectWord('DISTINCT', 'FROM');
      return { kind: 'distinctFrom', negated, left, right: this.#arithmetic(1) };
    }
    const negated = cursor.isWord('NOT') && ['BETWEEN', 'IN', 'LIKE'].includes(cursor.peek().value);
    if (negated) cursor.next();
    if (cursor.takeWord('BETWEEN')) {
      const low = this.#arithmetic(1);
      cursor.expectWord('AND');
      return { kind: 'between', negated, operand: left, low, high: this.#arithmetic(1) };
    }
    if (cursor.takeWord('IN')) {
      if (cursor.is('(') && isQuery(cursor)) return { kind: 'in', negated, operand: left, list: [this.#subquery()] };
      return { kind: 'in', negated, operand: left, list: cursor.list(() => this.condition()) };
    }
    if (cursor.takeWord('LIKE')) {
      const pattern = this.#arithmetic(1);
      let escapedBy: Expression | null = null;
      if (cursor.takeWord('ESCAPE')) escapedBy = this.#arithmetic(1);
      else if (cursor.is('{') && cursor.peek().value === 'ESCAPE') {
        cursor.index += 2;
        escapedBy = this.#arithmetic(1);
        cursor.expect('}');
      }
      return { kind: 'like', negated, operand: left, pattern, escape: escapedBy };
    }
    return left;
  }

  #arithmetic(level: number): Expression {
    const cursor = this.#cursor;
    if (level > 2) return this.#unary();
    let left = this.#arithmetic(level + 1);
    for (let n = 0; cursor.token.kind === 'operator' && precedence[cursor.token.text] === level; n++) {
      if (n > maxChain) this.#tooDeep();
      const operator = cursor.next().text as ArithmeticOperator;
      left = { kind: 'arithmetic', operator, left, right: this.#arithmetic(level + 1) };
    }
    return left;
  }

  /**
   * `-` and `+` before an operand bind like those between two, less than `*` and `/`: `a/-b*c` is `a/(-(b*c))`
   * (Operator precedence, Transact-SQL reference). Only `~` binds tightest.
   */
  #unary(tight = false): Expression {
    const cursor = this.#cursor;
    if (!cursor.is('-') && !cursor.is('+') && !cursor.is('~')) return this.#postfix(this.#primary());
    if (++this.#depth > maxDepth) this.#tooDeep();
    const operator = cursor.next().text as '-' | '+' | '~';
    const operand = tight || operator === '~' ? this.#unary(true) : this.#arithmetic(2);
    this.#depth--;
    return { kind: 'unary', operator, operand };
  }

  /** COLLATE, AT TIME ZONE and methods bind tightest. */
  #postfix(of: Expression): Expression {
    const cursor = this.#cursor;
    let expression = of;
    for (let n = 0; ; n++) {
      if (n > maxDepth) this.#tooDeep();
      if (cursor.takeWord('COLLATE')) expression = { kind: 'collate', operand: expression, collation: cursor.name() };
      else if (cursor.takeWord('AT', 'TIME', 'ZONE')) {
        expression = { kind: 'atTimeZone', operand: expression, zone: this.#postfixFree() };
      } else if (cursor.is('.') && expression.kind !== 'column') {
        cursor.next();
        const name = cursor.name();
        expression = { kind: 'method', target: expression, name, args: cursor.is('(') ? this.#args() : null };
      } else return expression;
    }
  }

  /** The zone of AT TIME ZONE: a second AT TIME ZONE is not its own. */
  #postfixFree(): Expression {
    const primary = this.#primary();
    return this.#cursor.takeWord('COLLATE')
      ? { kind: 'collate', operand: primary, collation: this.#cursor.name() }
      : primary;
  }

  #primary(): Expression {
    const cursor = this.#cursor;
    const { token } = cursor;
    switch (token.kind) {
      case 'number':
        cursor.next();
        return literal(
          /[eE]/.test(token.text) ? 'float' : token.text.includes('.') ? 'decimal' : 'integer',
          token.text,
        );
      case 'string':
      case 'nstring':
      case 'binary':
      case 'money':
        cursor.next();
        return literal(token.kind, token.value);
      case 'variable':
        cursor.next();
        return { kind: 'variable', name: token.text };
      case 'operator':
        if (token.text === '(') {
          if (isQuery(cursor)) return this.#subquery();
          cursor.next();
          const inner = this.condition();
          cursor.expect(')');
          return inner;
        }
        // {fn NOW()}, {d '2020-01-01'} of ODBC.
        if (token.text === '{') return this.#odbc();
        break;
      case 'word':
        return this.#word();
      case 'bracketed':
      case 'quoted':
        return this.#name();
    }
    return cursor.fail('an expression');
  }

  #word(): Expression {
    const cursor = this.#cursor;
    const word = cursor.token.value;
    const called = isOperator(cursor, 1, '(');
    switch (word) {
      case 'NULL':
        cursor.next();
        return literal('null', '');
      case 'DEFAULT':
        cursor.next();
        return literal('default', '');
      case 'CASE':
        return this.#case();
      case 'EXISTS':
        cursor.next();
        return { kind: 'exists', subquery: this.#subquery() };
      case 'CAST':
      case 'TRY_CAST':
      case 'PARSE':
      case 'TRY_PARSE':
        if (called) return this.#cast(word);
        break;
      case 'CONVERT':
      case 'TRY_CONVERT':
        if (called) return this.#convert(word);
        break;
      case 'NEXT':
        if (cursor.takeWord('NEXT', 'VALUE', 'FOR')) {
          const sequence = this.#parts();
          return { kind: 'nextValue', sequence, over: cursor.isWord('OVER') ? this.#over() : null };
        }
        break;
    }
    if (word.startsWith('$')) {
      cursor.next();
      return { kind: 'pseudoColumn', name: word.toLowerCase() };
    }
    if (bareFunctions.has(word) && !called) {
      cursor.next();
      return { kind: 'call', name: [word], builtIn: true, distinct: false, args: null, suffix: null };
    }
    if (
      reservedWords.has(word) &&
      !(called && reservedFunctions.has(word)) &&
      !/^(IDENTITYCOL|ROWGUIDCOL)$/.test(word)
    ) {
      cursor.fail('an expression');
    }
    return this.#name();
  }

  #parts(): string[] {
    const cursor = this.#cursor;
    const parts = [cursor.name()];
    while (cursor.take('.')) parts.push(cursor.is('.') ? '' : cursor.name());
    return parts;
  }

  /** A column, or a call of a function, a method or a static method. */
  #name(): Expression {
    const cursor = this.#cursor;
    const bare = cursor.token.kind === 'word';
    const parts: string[] = [cursor.name()];
    while (cursor.is('.')) {
      cursor.next();
      // t.* of COUNT and its like
      if (cursor.is('*')) cursor.fail('a name');
      parts.push(cursor.is('.') ? '' : cursor.name());
    }
    if (cursor.take('::')) {
      const name = cursor.name();
      return { kind: 'staticMethod', type: parts, name, args: cursor.is('(') ? this.#args() : null };
    }
    if (!cursor.is('(')) return { kind: 'column', parts };
    // `col.value(…)` and `dbo.f(…)` look the same: both print the same, too.
    const builtIn = bare && parts.length === 1;
    const name = builtIn ? [parts[0]!.toUpperCase()] : parts;
    cursor.next();
    const distinct = builtIn && cursor.takeWord('DISTINCT');
    if (builtIn && !distinct) cursor.takeWord('ALL');
    const args: Expression[] = [];
    if (!cursor.is(')')) {
      do args.push(this.#argument(name, args.length));
      while (cursor.take(','));
    }
    cursor.expect(')');
    return { kind: 'call', name, builtIn, distinct, args, suffix: this.#suffix() } satisfies Call;
  }

  #argument(name: readonly string[], position: number): Expression {
    const cursor = this.#cursor;
    if (cursor.is('*') && (isOperator(cursor, 1, ')') || isOperator(cursor, 1, ','))) {
      cursor.next();
      return { kind: 'star' };
    }
    if (position === 0 && name.length === 1 && datePartFunctions.has(name[0]!) && cursor.token.kind === 'word') {
      return { kind: 'keyword', word: cursor.next().value };
    }
    return this.condition();
  }

  #args(): Expression[] {
    const cursor = this.#cursor;
    cursor.expect('(');
    const args: Expression[] = [];
    if (!cursor.is(')')) {
      do args.push(this.condition());
      while (cursor.take(','));
    }
    cursor.expect(')');
    return args;
  }

  /** What may follow an aggregate or window function, verbatim. */
  #suffix(): string | null {
    const cursor = this.#cursor;
    const from = cursor.index;
    if (cursor.isWord('WITHIN', 'GROUP')) {
      cursor.index += 2;
      cursor.skipParentheses();
    }
    if (cursor.isWord('IGNORE', 'NULLS') || cursor.isWord('RESPECT', 'NULLS')) cursor.index += 2;
    if (cursor.isWord('OVER')) this.#over();
    return cursor.index > from ? cursor.slice(from, cursor.index) : null;
  }

  #over(): string {
    const cursor = this.#cursor;
    const from = cursor.index;
    cursor.expectWord('OVER');
    if (cursor.is('(')) cursor.skipParentheses();
    else cursor.name();
    return cursor.slice(from, cursor.index);
  }

  #cast(name: Cast['function']): Cast {
    const cursor = this.#cursor;
    cursor.next();
    cursor.expect('(');
    const operand = this.condition();
    cursor.expectWord('AS');
    const type = parseTypeReference(cursor);
    const style = cursor.takeWord('USING') ? this.condition() : null;
    cursor.expect(')');
    return { kind: 'cast', function: name, type, operand, style };
  }

  #convert(name: Cast['function']): Cast {
    const cursor = this.#cursor;
    cursor.next();
    cursor.expect('(');
    const type = parseTypeReference(cursor);
    cursor.expect(',');
    const operand = this.condition();
    const style = cursor.take(',') ? this.condition() : null;
    cursor.expect(')');
    return { kind: 'cast', function: name, type, operand, style };
  }

  #case(): Expression {
    const cursor = this.#cursor;
    cursor.expectWord('CASE');
    const operand = cursor.isWord('WHEN') ? null : this.condition();
    const branches: { when: Expression; result: Expression }[] = [];
    while (cursor.takeWord('WHEN')) {
      const when = this.condition();
      cursor.expectWord('THEN');
      branches.push({ when, result: this.condition() });
    }
    if (branches.length === 0) cursor.fail('WHEN');
    const otherwise = cursor.takeWord('ELSE') ? this.condition() : null;
    cursor.expectWord('END');
    return { kind: 'case', operand, branches, otherwise };
  }

  #subquery(): Subquery {
    const text = this.#cursor.parenthesised();
    return { kind: 'subquery', text: text.slice(1, -1).trim() };
  }

  #odbc(): Expression {
    const cursor = this.#cursor;
    cursor.expect('{');
    const word = cursor.name().toUpperCase();
    if (word === 'FN') {
      const inner = this.condition();
      cursor.expect('}');
      return inner;
    }
    if (!['D', 'T', 'TS', 'GUID'].includes(word)) cursor.fail('FN, D, T, TS or GUID');
    const value = cursor.string();
    cursor.expect('}');
    // {d '…'} is a datetime to the server, {guid '…'} a uniqueidentifier.
    return {
      kind: 'cast',
      function: 'CONVERT',
      type: { parts: [word === 'GUID' ? 'uniqueidentifier' : 'datetime'], args: [], system: true },
      operand: literal('string', value),
      style: null,
    };
  }
}

function literal(kind: LiteralKind, value: string): Literal {
  return { kind: 'literal', literal: kind, value };
}

function isOperator(cursor: TokenCursor, ahead: number, text: string): boolean {
  const token = cursor.peek(ahead);
  return token.kind === 'operator' && token.text === text;
}

/** Whether the parentheses here hold a query, however many of them. */
function isQuery(cursor: TokenCursor): boolean {
  let ahead = 0;
  while (isOperator(cursor, ahead, '(')) ahead++;
  const { kind, value } = cursor.peek(ahead);
  return ahead > 0 && kind === 'word' && (value === 'SELECT' || value === 'WITH');
}
