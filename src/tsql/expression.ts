/**
 * Scalar expressions and conditions of T-SQL as the parser yields them. Parentheses are not kept: the tree says what binds,
 * and the printer puts them where they are needed. Subqueries and OVER clauses stay verbatim text.
 */
export type Expression =
  | Literal
  | { readonly kind: 'column'; readonly parts: readonly string[] }
  | { readonly kind: 'star' }
  /** A bare word as argument: the date part of DATEADD, the type of a conversion function. */
  | { readonly kind: 'keyword'; readonly word: string }
  /** `@v`, `@@ROWCOUNT`. */
  | { readonly kind: 'variable'; readonly name: string }
  /** `$rowguid`, `$identity`, `$action`, `$partition`, in lower case. */
  | { readonly kind: 'pseudoColumn'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      /** `= ANY (SELECT …)`; SOME is ANY. */
      readonly quantifier: 'ALL' | 'ANY' | null;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  /** One subquery, or values. */
  | {
      readonly kind: 'in';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly list: readonly Expression[];
    }
  | {
      readonly kind: 'like';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
    }
  | { readonly kind: 'isNull'; readonly negated: boolean; readonly operand: Expression }
  | { readonly kind: 'distinctFrom'; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'exists'; readonly subquery: Subquery }
  | Subquery
  | {
      readonly kind: 'case';
      /** Of a simple CASE. */
      readonly operand: Expression | null;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | Cast
  | Call
  /** `x.value('…', 'int')`; a property (`x.Lat`) is read as a column of more parts. */
  | {
      readonly kind: 'method';
      readonly target: Expression;
      readonly name: string;
      readonly args: readonly Expression[] | null;
    }
  /** `geography::Point(1, 2, 4326)`, `hierarchyid::GetRoot()`. */
  | {
      readonly kind: 'staticMethod';
      readonly type: readonly string[];
      readonly name: string;
      readonly args: readonly Expression[] | null;
    }
  | { readonly kind: 'collate'; readonly operand: Expression; readonly collation: string }
  | { readonly kind: 'atTimeZone'; readonly operand: Expression; readonly zone: Expression }
  | { readonly kind: 'nextValue'; readonly sequence: readonly string[]; readonly over: string | null };

export type LiteralKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'money'
  | 'string'
  | 'nstring'
  | 'binary'
  | 'null'
  | 'default';

export interface Literal {
  readonly kind: 'literal';
  readonly literal: LiteralKind;
  /** Number as written, binary as `0x…`, content of a string, '' for NULL and DEFAULT. */
  readonly value: string;
}

/** Text between the parentheses. */
export interface Subquery {
  readonly kind: 'subquery';
  readonly text: string;
}

export interface TypeReference {
  /** As written, one to three parts; synonyms of the standard (`integer`, `char varying`) are the server's own names. */
  readonly parts: readonly string[];
  /** Length, precision and scale, `max`, or a schema collection of xml. */
  readonly args: readonly string[];
  /** Whether the name is one of the server's own types. */
  readonly system: boolean;
}

export interface Cast {
  readonly kind: 'cast';
  /** PARSE and its like have a culture in place of a style. */
  readonly function: 'CAST' | 'CONVERT' | 'TRY_CAST' | 'TRY_CONVERT' | 'PARSE' | 'TRY_PARSE';
  readonly type: TypeReference;
  readonly operand: Expression;
  readonly style: Expression | null;
}

export interface Call {
  readonly kind: 'call';
  /** One part, in upper case, for functions of the server; more for those of users. */
  readonly name: readonly string[];
  /** Whether the name is one word without quotes, so that only a function of the server can be meant. */
  readonly builtIn: boolean;
  readonly distinct: boolean;
  /** null for CURRENT_TIMESTAMP and its like, which take no parentheses. */
  readonly args: readonly Expression[] | null;
  /** WITHIN GROUP (…), OVER (…), IGNORE NULLS, verbatim. */
  readonly suffix: string | null;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '||' | '<<' | '>>';
export type ComparisonOperator = '=' | '<>' | '<' | '>' | '<=' | '>=';
