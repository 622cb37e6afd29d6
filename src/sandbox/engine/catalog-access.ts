/**
 * The seam between the batch engine and the catalog of the sandbox: types only.
 * `src/sandbox/catalog` implements CatalogAccess; `src/sandbox/engine` implements RowStore and ScalarEvaluator
 * and hands them over by `CatalogAccess.attach`.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { DataType } from '../../model/data-type.ts';
import type { DdlStatement, ObjectName } from '../../tsql/ddl/statement.ts';

export interface SandboxColumn {
  readonly name: string;
  /** sys.columns.column_id. */
  readonly columnId: number;
  /** System type (alias types resolved to their base; `sysname` stays `sysname`; CLR types: `hierarchyid`, `geometry`, `geography`). */
  readonly type: DataType;
  /** sys.columns.user_type_id: 256 for sysname, above 256 for alias types. */
  readonly userTypeId: number;
  readonly nullable: boolean;
  /** Effective collation of a character column, else null. */
  readonly collation: string | null;
  readonly identity: {
    readonly seed: bigint;
    readonly increment: bigint;
  } | null;
  /** Expression text as sys.computed_columns stores it. `type` is then what the catalog inferred (see ScalarEvaluator.expressionType). */
  readonly computed: { readonly expression: string; readonly persisted: boolean } | null;
  /** Text of the default constraint or of the bound default object, as stored: `((0))`, `(getdate())`. */
  readonly defaultExpression: string | null;
  readonly rowGuid: boolean;
}

export interface SandboxIndex {
  readonly name: string;
  readonly indexId: number;
  readonly kind: 'primaryKey' | 'unique' | 'uniqueIndex' | 'index';
  readonly clustered: boolean;
  readonly columns: readonly { readonly name: string; readonly descending: boolean }[];
  readonly filter: string | null;
  readonly ignoreDuplicateKey: boolean;
  readonly disabled: boolean;
}

export interface SandboxForeignKey {
  readonly name: string;
  /** The referencing table. */
  readonly tableId: number;
  readonly columns: readonly string[];
  readonly referencedTableId: number;
  readonly referencedColumns: readonly string[];
  readonly onDelete: 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';
  readonly onUpdate: 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';
  readonly disabled: boolean;
}

export interface SandboxCheck {
  readonly name: string;
  /** As stored: `([a]>(0))`. */
  readonly expression: string;
  readonly disabled: boolean;
}

/** A user table as the engine needs it. Immutable: a changed table is a new object (the engine keys caches on identity). */
export interface SandboxTable {
  readonly kind: 'table';
  readonly databaseId: number;
  readonly database: string;
  readonly objectId: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly SandboxColumn[];
  /** Every rowstore index and key; hypothetical, xml, spatial and columnstore ones left out. */
  readonly indexes: readonly SandboxIndex[];
  /** Foreign keys of this table, and foreign keys of others that reference it. */
  readonly foreignKeys: readonly SandboxForeignKey[];
  readonly referencedBy: readonly SandboxForeignKey[];
  readonly checks: readonly SandboxCheck[];
  /** Names of enabled DML triggers (said once in an INFO message: not fired). */
  readonly triggers: readonly string[];
}

export interface CatalogColumn {
  readonly name: string;
  /** Declared type of catalog-views.json, parsed. */
  readonly type: DataType;
  readonly nullable: boolean;
  /** Flags of COLMETADATA where the real server differs from 8 (NOT NULL) / 9 (NULL), e.g. 32/33; null = by nullability. */
  readonly wireFlags: number | null;
  /** 'catalog' = Latin1_General_CI_AS_KS_WS (0904100000-like fixed one), 'database' = the database default, null for other types. */
  readonly collation: 'catalog' | 'database' | null;
  /** Column of the SQLite table or view. */
  readonly sqliteName: string;
}

/**
 * A catalog view, compatibility view, DMV, INFORMATION_SCHEMA view or msdb table. Its rows are read from SQLite by
 * `SELECT <columns> FROM <from> [WHERE <integer column> = ?]`.
 * SQLite values: integers (bit too) as INTEGER; float as REAL; text as TEXT; binary as BLOB; numeric/decimal/money as TEXT of digits with
 * the declared scale; date types as TEXT (`2026-01-31 12:34:56.123`, date/time alone likewise; datetimeoffset `… +00:00`);
 * uniqueidentifier as TEXT in upper case; sql_variant as INTEGER, REAL, TEXT (nvarchar), BLOB, or as BLOB-free JSON TEXT
 * `{"$type":"decimal(38,0)","value":"12"}`.
 */
export interface CatalogView {
  readonly kind: 'catalogView';
  /** `sys.tables`. */
  readonly schema: string;
  readonly name: string;
  /** Only the columns that the posed version has, in ordinal order. */
  readonly columns: readonly CatalogColumn[];
  /** SQLite FROM item, ready quoted; rows limited to the database where the view is per database (parameters in `fromParameters`). */
  readonly from: string;
  readonly fromParameters: readonly (string | number)[];
  /** Called before each read for views that mirror live state (sys.dm_exec_sessions, row counts); may be null. */
  readonly refresh: (() => void) | null;
}

export interface SandboxModule {
  readonly kind: 'view' | 'procedure' | 'scalarFunction' | 'inlineFunction' | 'tableFunction' | 'trigger';
  readonly databaseId: number;
  readonly database: string;
  readonly objectId: number;
  readonly schema: string;
  readonly name: string;
  /** Verbatim CREATE text. */
  readonly definition: string;
  /** Column names given in CREATE VIEW v (a, b), or of sys.columns; empty when unknown. */
  readonly columnNames: readonly string[];
}
export interface SandboxSynonym {
  readonly kind: 'synonym';
  readonly objectId: number;
  readonly target: ObjectName;
}
export interface SandboxSequence {
  readonly kind: 'sequence';
  readonly databaseId: number;
  readonly objectId: number;
  readonly schema: string;
  readonly name: string;
  readonly type: DataType;
}
export interface SandboxTableType {
  readonly kind: 'tableType';
  readonly objectId: number;
  readonly table: SandboxTable;
}

export interface SandboxPartitionFunction {
  readonly name: string;
  /** Of its parameter. */
  readonly type: DataType;
  /** Of a character parameter, else null. */
  readonly collation: string | null;
  /** RANGE RIGHT: a boundary belongs to the partition on its right. */
  readonly boundaryOnRight: boolean;
  /** In their order, as text in the forms of CatalogView; binary in hexadecimal. */
  readonly boundaries: readonly (string | null)[];
}

export type ResolvedObject =
  | SandboxTable
  | CatalogView
  | SandboxModule
  | SandboxSynonym
  | SandboxSequence
  /** Anything else that has a name in sys.objects (rule, default, constraint, service queue …). */
  | { readonly kind: 'other'; readonly objectId: number; readonly type: string };

/** Who runs a statement, where. */
export interface CatalogContext {
  readonly sessionId: number;
  readonly database: string;
  readonly login: string;
  readonly user: string;
  readonly defaultSchema: string;
  readonly quotedIdentifier: boolean;
  readonly ansiNulls: boolean;
  readonly ansiPadding: boolean;
  readonly xactAbort: boolean;
  readonly transactionCount: number;
  /** What the client said of itself at log-in, for sys.dm_exec_sessions. */
  readonly client?: { readonly hostName: string; readonly applicationName: string; readonly library: string };
}

/** A message of the server: class 0…10 goes out as INFO, above as ERROR. */
export interface ServerMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
  /** Line in the batch; null = the statement's. */
  readonly line: number | null;
  /** Name of the procedure that said it (system procedures), else absent. */
  readonly procedure?: string;
}

/** A result set of a system procedure. Values in the engine's SQLite forms (see CatalogView). */
export interface ProcedureResult {
  readonly columns: readonly {
    readonly name: string;
    readonly type: DataType;
    readonly nullable: boolean;
    /** A column of a table rather than an expression (flags 8 and 9 instead of 32 and 33). */
    readonly stored?: boolean;
  }[];
  /** false: the rows come without a row count (NOCOUNT in the procedure). */
  readonly counted?: boolean;
  readonly rows: readonly (readonly (string | number | bigint | Uint8Array | null)[])[];
}

export interface DdlOutcome {
  /** In order. Any of class above 10 means that the statement failed; its changes are undone by the engine (savepoint). */
  readonly messages: readonly ServerMessage[];
  /** The statement failed, but what it did before stays (DROP of several objects). */
  readonly partial?: true;
  /** CurCmd of the DONE token: 198 CREATE TABLE, 199 DROP TABLE … */
  readonly command: number;
  /** USE and ALTER DATABASE … MODIFY NAME of the current one: the session's new database. */
  readonly database?: string;
  /** System procedures: result sets and return status. */
  readonly results?: readonly ProcedureResult[];
  readonly returnStatus?: number;
  /** System procedures: row counts of the statements in it before the results, each a DONEINPROC. */
  readonly steps?: readonly (number | null)[];
  /** Output parameters of a system procedure: by the name the caller gave (without @), else by position from 1 (`'4'`). */
  readonly outputs?: Readonly<Record<string, string | number | null>>;
}

/** An argument of a system procedure, already evaluated. Text for character types, else number, bigint, bytes or null. */
export interface ProcedureArgument {
  /** Without @; null = by position. */
  readonly name: string | null;
  readonly value: string | number | bigint | Uint8Array | null;
  readonly output: boolean;
  /** Declared type of the value, for parameters of type sql_variant; left out: nvarchar for text, else by the value's form. */
  readonly type?: DataType;
}

/** Raw store of the rows of user tables; the catalog calls it from executeDdl. All of it runs inside the engine's savepoint. */
export interface RowStore {
  createTable(table: SandboxTable): void;
  dropTable(databaseId: number, objectId: number): void;
  /** Drop everything of a database. */
  dropDatabase(databaseId: number): void;
  /** Give a database that has no rows yet those of another one. */
  copyDatabase(from: number, to: number): void;
  truncate(table: SandboxTable): void;
  rowCount(databaseId: number, objectId: number): number;
  /** Rows by number of the partition that the function puts their value of a column into; partitions without rows are left out. */
  rowsByPartition(table: SandboxTable, column: string, of: SandboxPartitionFunction): ReadonlyMap<number, number>;
  /**
   * Columns, types, nullability, collation or clustered key changed: rows are laid out anew.
   * Columns are matched by columnId; a new column takes `fill(column)`: its default for NOT NULL or WITH VALUES, else NULL.
   * Throws ServerError: 515 (NULL in a column that becomes NOT NULL), 8152/2628, 245 … (conversions), 4901 is the catalog's.
   */
  rebuild(before: SandboxTable, after: SandboxTable, withValues: readonly string[]): void;
  /** (Re)build a key or unique index over existing rows; throws ServerError 1505 with the duplicate key value. */
  buildIndex(table: SandboxTable, index: SandboxIndex): void;
  dropIndex(table: SandboxTable, index: SandboxIndex): void;
  /** First row that violates: WITH CHECK of a foreign key (throws 547) or check constraint (throws 547; 'unsupported' = can't be evaluated). */
  verifyForeignKey(table: SandboxTable, key: SandboxForeignKey): void;
  verifyCheck(table: SandboxTable, check: SandboxCheck): 'verified' | 'unsupported';
  /** Greatest (least for negative increments) identity value present, for DBCC CHECKIDENT; null for an empty table. */
  identityExtreme(table: SandboxTable): bigint | null;
}

export interface ScalarEvaluator {
  /** Type, nullability and collation of a computed column's or default's expression against a table's columns; null when it can't tell. */
  expressionType(
    expression: string,
    table: SandboxTable | null,
    context: CatalogContext,
  ): { readonly type: DataType; readonly nullable: boolean; readonly collation: string | null } | null;
  /**
   * A constant expression as a value of a type, in the forms of CatalogView, and bytes that order as the server orders such values.
   * @throws ServerError
   */
  constant(
    expression: string,
    type: DataType,
    collation: string | null,
    context: CatalogContext,
  ): { readonly value: string | number | bigint | Uint8Array | null; readonly order: Uint8Array };
  /** Columns of a view's or inline function's SELECT; null when it can't tell (unknown objects: deferred). */
  describeQuery(
    selectText: string,
    context: CatalogContext,
  ): readonly { name: string; type: DataType; nullable: boolean; collation: string | null }[] | null;
}

export interface IdentityState {
  /** null = no value given out yet. */
  readonly lastValue: bigint | null;
}

export interface CatalogAccess {
  readonly sqlite: DatabaseSync;
  /** 100 … 170. */
  readonly version: number;
  readonly serverCollation: string;
  /** The engine hands over its parts; called once before any other call. */
  attach(rows: RowStore, evaluator: ScalarEvaluator): void;

  databaseId(name: string): number | null;
  databaseName(id: number): string | null;
  databaseCollation(name: string): string;
  compatibilityLevel(name: string): number;

  /**
   * Resolve a name: schema null = context's default schema, then dbo, then sys for system views. Throws nothing; null = no such object (208).
   * Case rules follow the database's collation. Server names are refused by the engine.
   */
  resolve(name: ObjectName, context: CatalogContext): ResolvedObject | null;
  tableById(databaseId: number, objectId: number): SandboxTable | null;
  /** A partition function of a database by name; null = there is none. */
  partitionFunction(name: string, database: string): SandboxPartitionFunction | null;
  /** A user-defined table type by name. */
  tableType(name: ObjectName, context: CatalogContext): SandboxTableType | null;
  /** An alias type by name → its base type and nullability; null = unknown type (2715). */
  aliasType(
    name: ObjectName,
    context: CatalogContext,
  ): { readonly type: DataType; readonly nullable: boolean; readonly userTypeId: number } | null;

  /** ALLOW_SNAPSHOT_ISOLATION. */
  allowsSnapshot(database: string): boolean;
  /** A read-only database, snapshots among them: changes are 3906. */
  isReadOnly(database: string): boolean;
  /** Whether the session may enter a database. @throws ServerError 924: it is another session's alone (SINGLE_USER) */
  checkAccess(database: string, context: CatalogContext): void;
  /** Sessions that ALTER DATABASE … WITH ROLLBACK IMMEDIATE ends before it does its work. */
  sessionsInTheWay(statement: DdlStatement, context: CatalogContext): readonly number[];
  /** Runs one DDL statement inside the engine's savepoint; errors come as messages of the outcome, never as exceptions (defects excepted). */
  executeDdl(statement: DdlStatement, context: CatalogContext): DdlOutcome;
  /** EXEC of a system procedure; null = not a system procedure of that version (2812 is the engine's). */
  executeSystemProcedure(
    name: ObjectName,
    arguments_: readonly ProcedureArgument[],
    context: CatalogContext,
  ): DdlOutcome | null;

  /** Metadata functions that need the catalog: OBJECT_ID, OBJECTPROPERTY, SERVERPROPERTY … Name in upper case. undefined = not known to the catalog. */
  metadataFunction(
    name: string,
    arguments_: readonly (string | number | bigint | Uint8Array | null)[],
    context: CatalogContext,
  ): string | number | bigint | Uint8Array | null | undefined;

  identityState(table: SandboxTable): IdentityState;
  /** Not undone by a rollback of the engine's savepoint (as on the server): the engine sets it again after a rollback. */
  setIdentityState(table: SandboxTable, lastValue: bigint | null): void;
  /** NEXT VALUE FOR; throws ServerError 11728 when exhausted. */
  nextSequenceValue(sequence: SandboxSequence): bigint;
  /** The next rowversion of a database, as @@DBTS counts it. */
  nextRowVersion(databaseId: number): bigint;
  lastRowVersion(databaseId: number): bigint;

  /** A bulk load without CHECK_CONSTRAINTS: foreign keys and checks become not trusted. */
  setConstraintsUntrusted(table: SandboxTable): void;
  /** Writes to SQLite what lives beside it (identities, rowversions): before a commit and before closing. */
  beforeCommit(): void;
  /** SQLite changes were rolled back: forget cached objects. */
  afterRollback(): void;
  /** A session began, ended (`alive` false), changed its database, or began or ended a transaction: for sys.dm_exec_sessions and application locks. */
  sessionChanged(context: CatalogContext, alive: boolean): void;
}
