/** Transactions of one session on the SQLite connection that all share. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CatalogAccess, SandboxTable } from '../catalog-access.ts';
import { ServerError } from '../server-error.ts';
import type { RowStorage } from '../storage/row-storage.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';
import type { Waiter, WriteLock } from './write-lock.ts';

export interface TransactionParts {
  readonly catalog: CatalogAccess;
  readonly storage: RowStorage;
  readonly lock: WriteLock;
  readonly definitions: { version: number };
  readonly snapshots: Snapshots;
}

const tableKey = (t: { databaseId: number; objectId: number }): string => `${t.databaseId}.${t.objectId}`;

export class Transaction {
  /** @@TRANCOUNT. */
  count = 0;
  /** XACT_STATE() = -1: it can only be rolled back. */
  doomed = false;
  private readonly parts: TransactionParts;
  private readonly sqlite: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  /** SQLite's transaction has begun. */
  private begun = false;
  private name: string | null = null;
  private readonly savepoints: { readonly name: string; readonly id: number; readonly made: number }[] = [];
  private lastId = 0;
  private readonly changed = new Set<string>();
  private definitionsChanged = false;

  constructor(parts: TransactionParts) {
    this.parts = parts;
    this.sqlite = parts.catalog.sqlite;
  }

  private exec(sql: string): void {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.sqlite.prepare(sql)));
    statement.run();
  }

  /** Before rows of a table change: others wait to read them, or (SNAPSHOT) read them as they were. */
  touch(table: SandboxTable): void {
    const { snapshots } = this.parts;
    if (this.snapshot?.placeOf(table))
      throw new ServerError(
        3960,
        `Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to access table '${table.schema}.${table.name}' directly or indirectly in database '${table.database}' to update, delete, or insert the row that has been modified or deleted by another transaction. Retry the transaction or change the isolation level for the update/delete statement.`,
        { state: 2 },
      );
    snapshots.beforeChange(table, this);
    this.changed.add(tableKey(table));
  }

  /** What a SNAPSHOT transaction sees; null in others. */
  snapshot: Snapshot | null = null;
  /** Fixes what is seen from now on. */
  takeSnapshot(): void {
    this.snapshot ??= this.parts.snapshots.begin(this);
  }
  touchDefinitions(): void {
    this.definitionsChanged = true;
    this.parts.definitions.version++;
  }
  hasChanged(table: SandboxTable): boolean {
    return this.changed.has(tableKey(table));
  }

  /** Takes the lock and begins SQLite's transaction, where that has not happened yet. */
  async openForWriting(waiter: Waiter): Promise<void> {
    if (this.begun) return;
    await this.parts.lock.acquire(this, waiter);
    try {
      this.exec('BEGIN');
      this.begun = true;
    } catch (error) {
      this.parts.lock.release(this);
      throw error;
    }
  }

  /**
   * Runs a statement that changes something: whole or not at all. Outside a transaction it commits at its end.
   * @throws what `work` throws, its changes undone
   */
  async statement<T>(waiter: Waiter, work: () => T | Promise<T>): Promise<T> {
    await this.openForWriting(waiter);
    const id = ++this.lastId;
    const explicit = this.count > 0;
    if (explicit) this.sqlite.exec(`SAVEPOINT s${id}`);
    const definitionsBefore = this.definitionsChanged;
    const made = this.parts.snapshots.mark();
    this.definitionsChanged = false;
    try {
      const result = await work();
      if (explicit) this.sqlite.exec(`RELEASE s${id}`);
      this.definitionsChanged ||= definitionsBefore;
      // The statement itself may have opened a transaction (SET IMPLICIT_TRANSACTIONS).
      if (this.count === 0) this.end('COMMIT');
      return result;
    } catch (error) {
      if (this.begun) {
        if (explicit) {
          this.sqlite.exec(`ROLLBACK TO s${id}`);
          this.sqlite.exec(`RELEASE s${id}`);
          this.parts.snapshots.undoneTo(made);
          this.undone();
          this.definitionsChanged = definitionsBefore;
        } else this.end('ROLLBACK');
      }
      throw error;
    }
  }

  private undone(): void {
    this.parts.storage.afterRollback();
    // Always: what others read meanwhile wrote row counts and identities into the catalog, and that is undone, too.
    this.parts.catalog.afterRollback();
    if (this.definitionsChanged) this.parts.definitions.version++;
  }

  private end(how: 'COMMIT' | 'ROLLBACK'): void {
    if (this.begun) {
      if (how === 'COMMIT') this.parts.catalog.beforeCommit();
      this.exec(how);
      this.begun = false;
      this.parts.snapshots.ended(how === 'COMMIT');
      if (how === 'ROLLBACK') this.undone();
    }
    if (this.snapshot && this.count === 0) {
      this.parts.snapshots.end(this.snapshot);
      this.snapshot = null;
    }
    this.definitionsChanged = false;
    this.changed.clear();
    this.savepoints.length = 0;
    this.name = null;
    this.doomed = false;
    this.parts.lock.release(this);
  }

  begin(name: string | null): void {
    this.count++;
    if (this.count === 1) this.name = name;
  }

  commit(): void {
    if (this.count === 0)
      throw new ServerError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (this.doomed)
      throw new ServerError(
        3930,
        'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
      );
    this.count--;
    if (this.count === 0) this.end('COMMIT');
  }

  /** Of the whole, or (a name of SAVE TRANSACTION) back to that point. */
  rollback(name: string | null): void {
    if (this.count === 0)
      throw new ServerError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (name !== null && name !== this.name) {
      for (let i = this.savepoints.length - 1; i >= 0; i--) {
        const point = this.savepoints[i]!;
        if (point.name !== name) continue;
        if (this.doomed)
          throw new ServerError(
            3931,
            'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
          );
        this.sqlite.exec(`ROLLBACK TO p${point.id}`);
        this.parts.snapshots.undoneTo(point.made);
        this.savepoints.length = i + 1;
        this.undone();
        return;
      }
      throw new ServerError(6401, `Cannot roll back ${name}. No transaction or savepoint of that name was found.`);
    }
    this.count = 0;
    this.end('ROLLBACK');
  }

  async save(name: string, waiter: Waiter): Promise<void> {
    if (this.count === 0)
      throw new ServerError(628, 'Cannot issue SAVE TRANSACTION when there is no active transaction.', { state: 0 });
    await this.openForWriting(waiter);
    const id = ++this.lastId;
    this.sqlite.exec(`SAVEPOINT p${id}`);
    this.savepoints.push({ name, id, made: this.parts.snapshots.mark() });
  }

  /** The session ends or its batch was aborted: nothing stays open. */
  abandon(): void {
    this.count = 0;
    this.end('ROLLBACK');
  }
}
