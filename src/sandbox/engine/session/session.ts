/** One log-in: what it has set, where it works, what its last statement did. */
import type { CatalogAccess, CatalogContext, RowStore, SandboxTable } from '../catalog-access.ts';
import type { AnnouncedBulk } from '../execute/bulk-statement.ts';
import type { CaughtError, SessionView } from '../query/runtime.ts';
import type { TableSource } from '../query/table-source.ts';
import { ServerError } from '../server-error.ts';
import type { RowStorage } from '../storage/row-storage.ts';
import { userTableSource, versionedSource } from '../storage/user-table-source.ts';
import { type Collation, collationNamed } from '../types/collation.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { type ExternalValue, externalValue } from './external-value.ts';
import { initialOptions, optionBits, type SetOptions } from './set-options.ts';
import type { Snapshots } from './snapshots.ts';
import { isTemporaryName, TemporaryTables } from './temporary-tables.ts';
import { Transaction } from './transaction.ts';
import type { Waiter, WriteLock } from './write-lock.ts';

/** The catalog, with who may log in. */
export interface ServerCatalog extends CatalogAccess {
  /** null = 18456. */
  signIn(name: string, password: string): { readonly login: string; readonly defaultDatabase: string } | null;
  /** null = 916: the login has no user in the database. */
  actingUser(login: string, database: string): { readonly user: string; readonly defaultSchema: string } | null;
}

export interface ServerParts {
  readonly catalog: ServerCatalog;
  readonly storage: RowStorage;
  readonly rows: RowStore;
  /** Rows of table variables: no transaction undoes them. */
  readonly variableRows: RowStorage;
  readonly lock: WriteLock;
  readonly snapshots: Snapshots;
  /** Counts changes of definitions, for what is kept of them. */
  readonly definitions: { version: number };
  /** Cuts another session's connection; done when its transaction is undone. */
  endSession(id: number): Promise<void>;
}

export interface SessionIdentity {
  readonly id: number;
  readonly login: string;
  readonly hostName: string;
  readonly applicationName: string;
  readonly library: string;
  /** The client asked for vectors in their binary form, and the server acknowledged. */
  readonly nativeVectors: boolean;
}

/** A statement prepared by sp_prepare. */
export interface PreparedStatement {
  readonly text: string;
  readonly declarations: string;
}

const notAllowed = (database: string): ServerError =>
  new ServerError(
    3952,
    `Snapshot isolation transaction failed accessing database '${database}' because snapshot isolation is not allowed in this database. Use ALTER DATABASE to allow snapshot isolation.`,
  );

export class Session implements SessionView {
  readonly id: number;
  readonly login: string;
  readonly hostName: string;
  readonly applicationName: string;
  readonly library: string;
  readonly nativeVectors: boolean;
  readonly catalog: CatalogAccess;
  readonly parts: ServerParts;
  readonly version: number;
  readonly serverCollation: Collation;
  readonly transaction: Transaction;
  readonly temporary: TemporaryTables;
  readonly prepared = new Map<number, PreparedStatement>();
  options: SetOptions = initialOptions();
  database: string;
  user = 'dbo';
  defaultSchema = 'dbo';
  rowCount = 0;
  lastError = 0;
  identity: bigint | null = null;
  scopeIdentity: bigint | null = null;
  caught: CaughtError | null = null;
  /** SET IDENTITY_INSERT … ON. */
  identityInsert: { readonly databaseId: number; readonly objectId: number; readonly name: string } | null = null;
  /** User tables that the statement being planned reads under locks. */
  readonly reads = new Set<SandboxTable>();
  /** What the sandbox said once. */
  readonly told = new Set<string>();
  lastHandle = 0;
  /** An INSERT BULK whose rows have not come yet. */
  announcedBulk: AnnouncedBulk | null = null;

  constructor(parts: ServerParts, who: SessionIdentity, database: string) {
    this.parts = parts;
    this.catalog = parts.catalog;
    this.id = who.id;
    this.login = who.login;
    this.hostName = who.hostName;
    this.applicationName = who.applicationName;
    this.library = who.library;
    this.nativeVectors = who.nativeVectors;
    this.version = parts.catalog.version;
    this.serverCollation = collationNamed(parts.catalog.serverCollation);
    this.database = database;
    this.transaction = new Transaction(parts);
    this.temporary = new TemporaryTables(parts.catalog, () => this.context);
  }

  /** Works in a database from now on. */
  enter(database: string): void {
    this.database = database;
    const acting = this.parts.catalog.actingUser(this.login, database);
    this.user = acting?.user ?? 'guest';
    this.defaultSchema = acting?.defaultSchema ?? 'dbo';
  }

  private cachedSettings: { readonly key: string; readonly settings: SessionSettings } | null = null;
  get settings(): SessionSettings {
    const { options, database, parts } = this;
    const key = `${parts.definitions.version} ${options.dateFormat} ${options.dateFirst} ${database}`;
    if (this.cachedSettings?.key !== key) this.cachedSettings = { key, settings: this.readSettings() };
    return this.cachedSettings.settings;
  }
  private readSettings(): SessionSettings {
    return {
      dateFormat: this.options.dateFormat,
      dateFirst: this.options.dateFirst,
      databaseCollation: collationNamed(this.catalog.databaseCollation(this.database)),
      compatibilityLevel: this.catalog.compatibilityLevel(this.database),
    };
  }
  get context(): CatalogContext {
    const { options } = this;
    return {
      sessionId: this.id,
      database: this.database,
      login: this.login,
      user: this.user,
      defaultSchema: this.defaultSchema,
      quotedIdentifier: options.quotedIdentifier,
      ansiNulls: options.ansiNulls,
      ansiPadding: options.ansiPadding,
      xactAbort: options.xactAbort,
      transactionCount: this.transaction.count,
      client: { hostName: this.hostName, applicationName: this.applicationName, library: this.library },
    };
  }
  get transactionCount(): number {
    return this.transaction.count;
  }
  get transactionState(): number {
    return this.transaction.count === 0 ? 0 : this.transaction.doomed ? -1 : 1;
  }
  get optionBits(): number {
    return optionBits(this.options);
  }
  get textSize(): number {
    return this.options.textSize;
  }
  get lockTimeout(): number {
    return this.options.lockTimeout;
  }
  get ansiNullsOff(): boolean {
    return !this.options.ansiNulls;
  }
  get concatNullYieldsNull(): boolean {
    return this.options.concatNullYieldsNull;
  }

  tableSource(table: SandboxTable, noLock = false): TableSource {
    if (!noLock) this.reads.add(table);
    const place = this.placeOf(table);
    return place ? versionedSource(table, this.parts.storage, place) : userTableSource(table, this.parts.storage);
  }
  /** In a SNAPSHOT transaction: where a table's rows stand. undefined: where they always stand. */
  placeOf(table: SandboxTable): (() => string | null) | undefined {
    const { snapshot } = this.transaction;
    return snapshot ? () => snapshot.placeOf(table) : undefined;
  }
  temporaryTable(name: string): TableSource | null {
    const table = this.temporary.find(name);
    return table && userTableSource(table, this.parts.storage);
  }

  metadata(name: string, values: readonly Value[], types: readonly SqlType[]): ExternalValue | undefined {
    const { settings, context } = this;
    const external = values.map((v, i) => externalValue(v, types[i]!, settings));
    if (name === 'OBJECT_ID' && typeof external[0] === 'string') {
      const written = /(?:^|[.[])(#[^\]]+)\]?$/.exec(external[0])?.[1];
      if (written !== undefined && isTemporaryName(written)) return this.temporary.find(written)?.objectId ?? null;
    }
    return this.catalog.metadataFunction(name, external, context);
  }

  waiter(signal: AbortSignal): Waiter {
    return { timeout: this.options.lockTimeout, signal };
  }

  /** Waits until nobody else's open transaction has changed what the planned statement reads. */
  async lockReads(signal: AbortSignal): Promise<void> {
    const { isolation } = this.options;
    if (isolation === 'READ UNCOMMITTED') return;
    const { lock } = this.parts;
    if (isolation === 'SNAPSHOT' && this.transaction.count > 0 && this.reads.size > 0) {
      for (const { database } of this.reads) if (!this.catalog.allowsSnapshot(database)) throw notAllowed(database);
      if (this.transaction.snapshot) return;
      // What others have not committed cannot be seen past: the snapshot begins when it is.
      while (lock.heldByOther(this.transaction)) await lock.released(this.waiter(signal));
      this.transaction.takeSnapshot();
      this.parts.definitions.version++;
      return;
    }
    for (;;) {
      const other = lock.heldByOther(this.transaction) as Transaction | null;
      if (!other || ![...this.reads].some(t => other.hasChanged(t))) return;
      await lock.released(this.waiter(signal));
    }
  }
}
