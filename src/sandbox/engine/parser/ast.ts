/** Syntax trees of the statements that the sandbox runs. */
import type { DdlStatement, ObjectName } from '../../../tsql/ddl/statement.ts';

export interface TypeReference {
  readonly name: ObjectName;
  readonly arguments: readonly (number | 'max')[];
  readonly line: number;
}

interface At {
  readonly line: number;
}
export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}
export interface Over {
  readonly partition: readonly Expression[];
  readonly order: readonly OrderItem[];
  readonly frame: string | null;
}

export type Expression =
  | (At & {
      readonly kind: 'literal';
      readonly form: 'number' | 'money' | 'string' | 'nstring' | 'binary' | 'null';
      readonly text: string;
    })
  | (At & { readonly kind: 'column'; readonly parts: readonly string[] })
  | (At & { readonly kind: 'star'; readonly parts: readonly string[] })
  | (At & { readonly kind: 'variable'; readonly name: string })
  | (At & {
      readonly kind: 'call';
      /** Upper case without schema; else as written. */
      readonly name: string;
      readonly path: readonly string[];
      readonly arguments: readonly Expression[];
      readonly distinct: boolean;
      readonly star: boolean;
      readonly over: Over | null;
      readonly withinGroup: readonly OrderItem[] | null;
    })
  | (At & {
      readonly kind: 'convert';
      readonly expression: Expression;
      readonly type: TypeReference;
      readonly style: Expression | null;
      readonly attempt: boolean;
    })
  | (At & { readonly kind: 'unary'; readonly operator: '-' | '+' | '~'; readonly operand: Expression })
  | (At & { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression })
  | (At & { readonly kind: 'collate'; readonly operand: Expression; readonly collation: string })
  | (At & {
      readonly kind: 'case';
      readonly operand: Expression | null;
      readonly whens: readonly { readonly when: Expression | Condition; readonly then: Expression }[];
      readonly otherwise: Expression | null;
    })
  | (At & {
      readonly kind: 'iif';
      readonly condition: Condition;
      readonly then: Expression;
      readonly otherwise: Expression;
    })
  | (At & { readonly kind: 'subquery'; readonly query: Query })
  | (At & { readonly kind: 'nextValue'; readonly sequence: ObjectName })
  | (At & { readonly kind: 'default' });

export type Condition =
  | (At & { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition })
  | (At & { readonly kind: 'not'; readonly operand: Condition })
  | (At & {
      readonly kind: 'compare';
      readonly operator: '=' | '<>' | '<' | '>' | '<=' | '>=';
      readonly left: Expression;
      readonly right: Expression;
    })
  | (At & {
      readonly kind: 'quantified';
      readonly operator: '=' | '<>' | '<' | '>' | '<=' | '>=';
      readonly left: Expression;
      readonly all: boolean;
      readonly query: Query;
    })
  | (At & { readonly kind: 'isNull'; readonly operand: Expression; readonly not: boolean })
  | (At & {
      readonly kind: 'distinctFrom';
      readonly left: Expression;
      readonly right: Expression;
      readonly not: boolean;
    })
  | (At & {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly not: boolean;
    })
  | (At & {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
      readonly not: boolean;
    })
  | (At & {
      readonly kind: 'inList';
      readonly operand: Expression;
      readonly items: readonly Expression[];
      readonly not: boolean;
    })
  | (At & { readonly kind: 'inQuery'; readonly operand: Expression; readonly query: Query; readonly not: boolean })
  | (At & { readonly kind: 'exists'; readonly query: Query })
  | (At & { readonly kind: 'updated'; readonly column: string });

export interface SelectItem extends At {
  readonly expression: Expression;
  readonly alias: string | null;
  /** `@v = expr`, with the operator. */
  readonly assign: { readonly variable: string; readonly operator: string } | null;
}

/** TABLESAMPLE SYSTEM (10 PERCENT) REPEATABLE (5). */
export interface TableSample {
  readonly amount: number;
  readonly unit: 'percent' | 'rows';
  /** null = another sample each time. */
  readonly seed: number | null;
}

export type TableReference =
  | (At & {
      readonly kind: 'object';
      readonly name: ObjectName;
      readonly alias: string | null;
      readonly noLock: boolean;
      readonly sample?: TableSample;
    })
  | (At & { readonly kind: 'variableTable'; readonly name: string; readonly alias: string | null })
  | (At & {
      readonly kind: 'function';
      readonly name: ObjectName;
      readonly arguments: readonly Expression[];
      readonly alias: string | null;
      readonly columns: readonly string[] | null;
    })
  | (At & {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly columns: readonly string[] | null;
    })
  | (At & {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expression[])[];
      readonly alias: string;
      readonly columns: readonly string[] | null;
    })
  | (At & {
      readonly kind: 'join';
      readonly join: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'crossApply' | 'outerApply';
      readonly left: TableReference;
      readonly right: TableReference;
      readonly on: Condition | null;
    });

export interface Top {
  readonly count: Expression;
  readonly percent: boolean;
  readonly ties: boolean;
}

export interface SelectCore extends At {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Top | null;
  readonly items: readonly SelectItem[];
  readonly into: ObjectName | null;
  readonly from: readonly TableReference[];
  readonly where: Condition | null;
  readonly groupBy: readonly Expression[];
  readonly having: Condition | null;
  /** The items assign to variables: each row's are evaluated after those of the row before were assigned. */
  readonly lazy?: boolean;
}
export type QueryBody =
  | SelectCore
  | (At & {
      readonly kind: 'set';
      readonly operator: 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';
      readonly left: QueryBody;
      readonly right: QueryBody;
    })
  | (At & { readonly kind: 'nested'; readonly query: Query });

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
}
export interface Query extends At {
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | null;
  readonly fetch: Expression | null;
}

export type DmlTarget =
  | { readonly kind: 'object'; readonly name: ObjectName }
  | { readonly kind: 'variableTable'; readonly name: string };
export interface Output {
  readonly items: readonly SelectItem[];
  readonly into: { readonly target: DmlTarget; readonly columns: readonly string[] | null } | null;
}
export interface ExecArgument {
  readonly name: string | null;
  /** null = DEFAULT. */
  readonly value: Expression | null;
  readonly output: boolean;
}

export interface Statements {
  select: { readonly query: Query };
  insert: {
    readonly with: readonly CommonTable[];
    readonly target: DmlTarget;
    readonly columns: readonly string[] | null;
    readonly output: Output | null;
    readonly top: Top | null;
    readonly source:
      | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
      | { readonly kind: 'query'; readonly query: Query }
      | { readonly kind: 'defaults' }
      | { readonly kind: 'execute'; readonly statement: Statement };
  };
  update: {
    readonly with: readonly CommonTable[];
    readonly top: Top | null;
    readonly target: DmlTarget;
    readonly set: readonly (
      | {
          readonly kind: 'column';
          readonly column: string;
          readonly operator: string;
          readonly value: Expression;
          readonly variable: string | null;
        }
      | { readonly kind: 'variable'; readonly variable: string; readonly operator: string; readonly value: Expression }
      | {
          readonly kind: 'write';
          readonly column: string;
          readonly value: Expression;
          readonly offset: Expression;
          readonly length: Expression;
        }
    )[];
    readonly output: Output | null;
    readonly from: readonly TableReference[];
    readonly where: Condition | null;
  };
  delete: {
    readonly with: readonly CommonTable[];
    readonly top: Top | null;
    readonly target: DmlTarget;
    readonly output: Output | null;
    readonly from: readonly TableReference[];
    readonly where: Condition | null;
  };
  truncate: { readonly name: ObjectName };
  declare: {
    readonly variables: readonly {
      readonly name: string;
      readonly type: TypeReference;
      readonly value: Expression | null;
    }[];
  };
  declareTable: { readonly name: string; readonly create: DdlStatement };
  setVariable: { readonly name: string; readonly operator: string; readonly value: Expression };
  setOption: { readonly options: readonly string[]; readonly value: string; readonly expression: Expression | null };
  setIdentityInsert: { readonly name: ObjectName; readonly on: boolean };
  if: { readonly condition: Condition; readonly then: Statement; readonly otherwise: Statement | null };
  while: { readonly condition: Condition; readonly body: Statement };
  block: { readonly statements: readonly Statement[] };
  tryCatch: { readonly body: readonly Statement[]; readonly handler: readonly Statement[]; readonly catchLine: number };
  break: object;
  continue: object;
  return: { readonly value: Expression | null };
  print: { readonly value: Expression };
  raiserror: {
    readonly message: Expression;
    readonly severity: Expression;
    readonly state: Expression;
    readonly arguments: readonly Expression[];
    readonly options: readonly string[];
  };
  throw: { readonly number: Expression | null; readonly message: Expression | null; readonly state: Expression | null };
  waitfor: { readonly mode: 'DELAY' | 'TIME'; readonly value: Expression };
  executeText: { readonly text: readonly Expression[] };
  execute: {
    readonly returnVariable: string | null;
    readonly name: ObjectName;
    readonly nameVariable: string | null;
    readonly arguments: readonly ExecArgument[];
  };
  transaction: { readonly action: 'begin' | 'commit' | 'rollback' | 'save'; readonly name: string | null };
  use: { readonly database: string };
  ddl: { readonly statement: DdlStatement };
  dbcc: { readonly command: string; readonly arguments: readonly Expression[]; readonly options: readonly string[] };
  checkpoint: object;
  /** Statements that change neither data nor schema: UPDATE STATISTICS, SETUSER … */
  nothing: { readonly what: string };
  insertBulk: {
    readonly name: ObjectName;
    readonly columns: readonly {
      readonly name: string;
      readonly type: TypeReference;
      readonly collation: string | null;
    }[];
    readonly options: readonly string[];
  };
}

export type Statement = {
  [K in keyof Statements]: { readonly kind: K; readonly line: number } & Statements[K];
}[keyof Statements];
export type StatementOf<K extends keyof Statements> = { readonly kind: K; readonly line: number } & Statements[K];
