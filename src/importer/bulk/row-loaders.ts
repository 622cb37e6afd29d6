/** INSERTs of a script as bulk loads, where that means the same. */

import type { Session } from '../../connection/session.ts';
import { SqlServerError } from '../../connection/sql-error.ts';
import { bulkColumn } from '../../data/bulk/bulk-column.ts';
import { createLiteralRows, type LiteralRows, type LiteralTarget } from '../../data/bulk/literal-rows.ts';
import { XpdbError } from '../../model/error.ts';
import type { ObjectName } from '../../tsql/ddl/statement.ts';
import { quoteName, quoteQualified, quoteString } from '../../tsql/quote.ts';
import type { InsertHeadPiece } from '../../tsql/script-piece.ts';
import type { RowLoader, RowLoaders, ScriptSettings } from '../row-loader.ts';
import { type DatabaseFacts, readDatabaseFacts } from './database-facts.ts';
import { obstacleOfName, planInsert } from './insert-plan.ts';
import { type LoadTarget, sendLoad } from './load.ts';
import { type ColumnFacts, readTableFacts, type TableFacts } from './table-facts.ts';

export interface RowLoaderOptions {
  /** Lock the table while it is loaded. Default true. */
  readonly tableLock?: boolean;
}

type Opened = Awaited<ReturnType<RowLoaders['open']>>;
/** How loaders of a head are made, or why there are none. */
type Found = { readonly make: () => RowLoader } | { readonly make: null; readonly why: string };

/**
 * Errors that refuse a load as such, not its rows, so that the same will come again: its form (captured: bulk.nullable-flag and on),
 * or a permission that INSERT does not ask for.
 */
const refusals = new Set([
  102, 206, 229, 262, 264, 271, 428, 1088, 2715, 4002, 4022, 4804, 4815, 4816, 4817, 4819, 4834,
]);

/** @param session of the target; it stays the caller's */
export function createRowLoaders(session: Session, options: RowLoaderOptions = {}): RowLoaders {
  return new Loaders(session, options);
}

class Loaders implements RowLoaders {
  readonly #session: Session;
  readonly #options: RowLoaderOptions;
  readonly #databases = new Map<string, DatabaseFacts>();
  /** By head, settings and database, until something changes. */
  readonly #found = new Map<string, Found>();
  readonly #tables = new Map<string, TableFacts | null>();
  /** Heads of which no loader can be made, whatever else the script does, and why. */
  readonly #refused = new Map<string, string>();

  constructor(session: Session, options: RowLoaderOptions) {
    this.#session = session;
    this.#options = options;
  }

  async open(head: InsertHeadPiece, settings: ScriptSettings): Promise<Opened> {
    const key = `${settings.database}\n${head.text}`;
    const refused = this.#refused.get(key);
    if (refused !== undefined) return { loader: null, why: refused };
    if (this.#session.database.toLowerCase() !== settings.database.toLowerCase()) {
      return { loader: null, why: `the session is in the database ${this.#session.database}` };
    }
    let found = this.#found.get(settingsKey(key, settings));
    if (!found) {
      found = await this.#find(head, settings, key);
      this.#found.set(settingsKey(key, settings), found);
    }
    return found.make === null ? { loader: null, why: found.why } : { loader: found.make() };
  }

  invalidate(): void {
    this.#found.clear();
    this.#tables.clear();
  }

  async #find(head: InsertHeadPiece, settings: ScriptSettings, key: string): Promise<Found> {
    const why = obstacleOfName(head, settings);
    if (why !== null) return { make: null, why };
    const session = this.#session;
    const transaction = session.inTransaction;
    try {
      return await this.#look(head, settings, key);
    } catch (error) {
      if (!(error instanceof XpdbError)) throw error;
      // What can't be looked at, or has a collation that is not known, is inserted as the script says.
      this.#refused.set(key, error.message);
      if (session.closed || session.inTransaction !== transaction) throw error;
      return { make: null, why: error.message };
    }
  }

  async #look(head: InsertHeadPiece, settings: ScriptSettings, key: string): Promise<Found> {
    const facts = await this.#table(head.table, settings.database);
    if (facts === null) return { make: null, why: 'the name is that of no table of the database' };
    const identityInsert = await this.#identityInsert(facts, settings);
    const plan = planInsert(head, facts, settings, identityInsert);
    if (plan.columns === null) return { make: null, why: plan.why };
    const database = await this.#database(settings.database);
    const columns = await this.#columns(facts, plan.columns, database);
    const target: LoadTarget = {
      schema: facts.schema,
      table: facts.name,
      columns,
      options: {
        checkConstraints: true,
        tableLock: !facts.isMemoryOptimized && (this.#options.tableLock ?? true),
      },
      closeAfterFailure: database.isBabelfish,
    };
    const literals = { columns, databaseCollation: database.collation, yearFirst: isYearFirst(settings) };
    // What no loader can be made of shows here.
    createLiteralRows(literals);
    const refuse = (error: SqlServerError) => {
      if (!refusals.has(error.number)) return;
      this.#refused.set(key, `the server refused the load with error ${error.number}`);
      this.#found.clear();
    };
    return { make: () => new Loader(this.#session, target, () => createLiteralRows(literals), refuse) };
  }

  async #table(name: ObjectName, database: string): Promise<TableFacts | null> {
    const key = `${database}\n${quoteQualified(name.schema, name.name)}`;
    let facts = this.#tables.get(key);
    if (facts === undefined) {
      facts = await readTableFacts(this.#session, name);
      this.#tables.set(key, facts);
    }
    return facts;
  }

  /** Whether SET IDENTITY_INSERT is on for this table: names may be written in many ways, the server knows them. */
  async #identityInsert(facts: TableFacts, { identityInsert, database }: ScriptSettings): Promise<boolean> {
    if (identityInsert === null) return false;
    if (identityInsert.database !== null && identityInsert.database.toLowerCase() !== database.toLowerCase())
      return false;
    const name = quoteString(quoteQualified(identityInsert.schema, identityInsert.name));
    const { rows } = await this.#session.query(`SELECT OBJECT_ID(${name})`);
    return rows[0]?.[0] === facts.id;
  }

  async #database(name: string): Promise<DatabaseFacts> {
    let facts = this.#databases.get(name);
    if (facts === undefined) {
      facts = await readDatabaseFacts(this.#session);
      this.#databases.set(name, facts);
    }
    return facts;
  }

  async #columns(
    facts: TableFacts,
    columns: readonly ColumnFacts[],
    { isBabelfish }: DatabaseFacts,
  ): Promise<readonly LiteralTarget[]> {
    const list = columns.map(column => quoteName(column.name)).join(', ');
    const table = quoteQualified(facts.schema, facts.name);
    const described = (await this.#session.query(`SELECT TOP (0) ${list} FROM ${table}`)).columns;
    return columns.map((column, i) => {
      const typeName = textualType(column);
      return {
        ...bulkColumn(described[i]!, { collation: column.collation, wideDecimals: isBabelfish }),
        ...(column.isPadded ? {} : { trimmed: true }),
        ...(typeName === null ? {} : { typeName }),
      };
    });
  }
}

/** A type that the server describes as text to clients that did not ask for it, as a script casts to it. */
function textualType({ typeName, maxLength }: ColumnFacts): string | null {
  if (typeName === 'json') return 'json';
  // Eight bytes, and four for each number.
  return typeName === 'vector' ? `vector(${(maxLength - 8) / 4})` : null;
}

/** Settings that decide whether and how rows are loaded. */
function settingsKey(key: string, { identityInsert, options }: ScriptSettings): string {
  return JSON.stringify([key, identityInsert, [...options]]);
}

/** Whether `2024-03-04` is a year, a month and a day for datetime. A language may bring another order of its own. */
function isYearFirst({ options }: ScriptSettings): boolean {
  const language = options.get('LANGUAGE')?.toLowerCase() ?? 'us_english';
  const format = options.get('DATEFORMAT')?.toLowerCase() ?? 'mdy';
  return /^\W*(?:us_)?english\W*$/.test(language) && (format === 'mdy' || format === 'ymd');
}

class Loader implements RowLoader {
  readonly #session: Session;
  readonly #target: LoadTarget;
  readonly #makeRows: () => LiteralRows;
  readonly #rows: LiteralRows;
  readonly #refuse: (error: SqlServerError) => void;
  readonly opened: Loader;
  #twin: Loader | null;

  constructor(
    session: Session,
    target: LoadTarget,
    makeRows: () => LiteralRows,
    refuse: (error: SqlServerError) => void,
    twin: Loader | null = null,
  ) {
    this.#session = session;
    this.#target = target;
    this.#makeRows = makeRows;
    this.#rows = makeRows();
    this.#refuse = refuse;
    this.opened = twin ?? this;
    this.#twin = twin;
  }

  twin(): RowLoader {
    this.#twin ??= new Loader(this.#session, this.#target, this.#makeRows, this.#refuse, this);
    return this.#twin;
  }

  get rows(): number {
    return this.#rows.rows;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  startStatement(): void {
    this.#rows.startStatement();
  }

  add(row: string): boolean {
    return this.#rows.add(row);
  }

  addRows(script: DataView, start: number, end: number, most: number): number {
    return this.#rows.addRows(script, start, end, most);
  }

  get lastRow(): number {
    return this.#rows.lastRow;
  }

  dropStatement(): void {
    this.#rows.dropStatement();
  }

  discard(): void {
    this.#rows.discard();
  }

  async send(): Promise<number> {
    const pieces = this.#rows.take();
    if (pieces.length === 0) return 0;
    try {
      return await sendLoad(this.#session, this.#target, pieces);
    } catch (error) {
      if (error instanceof SqlServerError) this.#refuse(error);
      throw error;
    } finally {
      this.#rows.recycle(pieces);
    }
  }
}
