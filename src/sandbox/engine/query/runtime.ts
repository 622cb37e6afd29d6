/** What runs a query: environments of rows, and what of the session a statement sees. */
import type { CatalogAccess, CatalogContext, SandboxTable } from '../catalog-access.ts';
import type { Collation } from '../types/collation.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import type { TableSource } from './table-source.ts';

export interface Variable {
  readonly type: SqlType;
  value: Value;
}

/** Variables of one batch, or of one sp_executesql. Names in lower case with @. */
export interface Frame {
  readonly variables: Map<string, Variable>;
  readonly tables: Map<string, TableSource>;
}

/** What ERROR_NUMBER() and its like tell inside CATCH. */
export interface CaughtError {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  readonly line: number;
  readonly message: string;
  readonly procedure: string | null;
}

/** The parts of a session that expressions read. */
export interface SessionView {
  readonly id: number;
  readonly settings: SessionSettings;
  readonly catalog: CatalogAccess;
  readonly context: CatalogContext;
  readonly version: number;
  readonly serverCollation: Collation;
  readonly rowCount: number;
  readonly lastError: number;
  readonly transactionCount: number;
  readonly transactionState: number;
  readonly identity: bigint | null;
  readonly scopeIdentity: bigint | null;
  readonly optionBits: number;
  readonly textSize: number;
  readonly lockTimeout: number;
  readonly caught: CaughtError | null;
  readonly hostName: string;
  readonly applicationName: string;
  readonly ansiNullsOff: boolean;
  readonly concatNullYieldsNull: boolean;
  /** Rows of a user table. `noLock`: also those of transactions that are not committed. */
  tableSource(table: SandboxTable, noLock?: boolean): TableSource;
  /** #temp tables of the session, by lower-case name. */
  temporaryTable(name: string): TableSource | null;
  /** What the catalog's function answers, in the forms of SQLite (see CatalogView). undefined: it has no such function. */
  metadata(
    name: string,
    arguments_: readonly Value[],
    types: readonly SqlType[],
  ): string | number | bigint | Uint8Array | null | undefined;
}

/** One execution of one statement. */
export interface Run {
  readonly session: SessionView;
  readonly settings: SessionSettings;
  readonly frame: Frame;
  /** Milliseconds since 1970, UTC, fixed for the statement. */
  readonly now: number;
  /** Materialised relations and results of uncorrelated subqueries, by plan node. */
  readonly cache: Map<object, unknown>;
  /** Throws when the client sent attention. */
  check(): void;
}

export interface Env {
  row: Value[];
  readonly outer: Env | null;
  readonly run: Run;
}

export type Eval = (env: Env) => Value;
export type Test = (env: Env) => boolean | null;

/** A bound expression. */
export interface Bound {
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly eval: Eval;
  /** Literal or folded: the same value in every row. */
  readonly constant: boolean;
  /** An untyped NULL. */
  readonly isNull: boolean;
  /** Flags of COLMETADATA of a stored column, else null (expression). */
  readonly columnFlags: number | null;
  /** Aggregates carry flag 1 alone. */
  readonly aggregate?: boolean;
}

export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** As COLMETADATA shows them. */
  readonly flags: number;
}

/** A planned query. */
export interface Plan {
  readonly columns: readonly OutputColumn[];
  /** Whether it reads columns of an enclosing query. */
  readonly correlated: boolean;
  rows(outer: Env | null, run: Run): Iterable<Value[]>;
  /** Whether rows come in an asked order (ORDER token): the column numbers, from 1. */
  readonly orderColumns: readonly number[] | null;
}
