/**
 * SNAPSHOT transactions: what they read is as of their first statement. A table is copied for them before somebody else changes
 * it; until then they read the table itself.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { SandboxTable } from '../catalog-access.ts';
import { ServerError } from '../server-error.ts';
import { layoutOf } from '../storage/layout.ts';
import { type RowStorage, rowTable } from '../storage/row-storage.ts';

const keyOf = (t: { databaseId: number; objectId: number }): string => `${t.databaseId}.${t.objectId}`;

interface Copy {
  /** The SQLite table. */
  readonly name: string;
  readonly definition: SandboxTable;
}

export class Snapshot {
  readonly id: number;
  /** Whose transaction it is: its own changes are no others'. */
  readonly owner: object;
  readonly copies = new Map<string, Copy>();

  constructor(id: number, owner: object) {
    this.id = id;
    this.owner = owner;
  }

  /**
   * Where the rows of a table stand: its copy, or null for the table itself. @throws ServerError 3961 when it was defined anew
   */
  placeOf(table: SandboxTable): string | null {
    const copy = this.copies.get(keyOf(table));
    if (!copy) return null;
    if (copy.definition.columns.length !== table.columns.length)
      throw new ServerError(
        3961,
        `Snapshot isolation transaction failed in database '${table.database}' because the object accessed by the statement has been modified by a DDL statement in another concurrent transaction since the start of this transaction.  It is disallowed because the metadata is not versioned. A concurrent update to metadata can lead to inconsistency if mixed with snapshot isolation.`,
      );
    return copy.name;
  }
}

export class Snapshots {
  private readonly sqlite: DatabaseSync;
  private readonly storage: RowStorage;
  private readonly active = new Set<Snapshot>();
  private lastId = 0;
  /** Copies of snapshots that ended. */
  private readonly left: string[] = [];
  /** Copies made within SQLite's open transaction: a rollback takes them away again, and the change that they were made for. */
  private readonly uncommitted: { readonly snapshot: Snapshot; readonly key: string }[] = [];

  constructor(storage: RowStorage) {
    this.storage = storage;
    this.sqlite = storage.sqlite;
  }

  begin(owner: object): Snapshot {
    const snapshot = new Snapshot(++this.lastId, owner);
    this.active.add(snapshot);
    return snapshot;
  }

  /** SQLite's transaction may be another session's now: the copies go when one ends. */
  end(snapshot: Snapshot): void {
    this.active.delete(snapshot);
    this.left.push(...[...snapshot.copies.values()].map(c => c.name));
  }

  /** Before rows of a table change in the transaction of `owner`. */
  beforeChange(table: SandboxTable, owner: object | null): void {
    const key = keyOf(table);
    for (const snapshot of this.active) {
      if (snapshot.owner === owner || snapshot.copies.has(key)) continue;
      const name = `xs_${snapshot.id}_${table.databaseId}_${table.objectId}`;
      this.sqlite.exec(`CREATE TABLE "${name}" (rid INTEGER PRIMARY KEY, k BLOB, r BLOB NOT NULL)`);
      if (this.storage.exists(table))
        this.sqlite.exec(`INSERT INTO "${name}" SELECT rid, k, r FROM "${rowTable(table)}"`);
      if (layoutOf(table).clustered) this.sqlite.exec(`CREATE INDEX "${name}_k" ON "${name}" (k)`);
      snapshot.copies.set(key, { name, definition: table });
      this.uncommitted.push({ snapshot, key });
    }
  }

  /** How many copies the open transaction has made. */
  mark(): number {
    return this.uncommitted.length;
  }
  /** The transaction was undone back to a mark, copies included. */
  undoneTo(mark: number): void {
    for (const { snapshot, key } of this.uncommitted.splice(mark)) snapshot.copies.delete(key);
  }
  /** SQLite's transaction ended. */
  ended(committed: boolean): void {
    if (committed) this.uncommitted.length = 0;
    else this.undoneTo(0);
    for (const name of this.left.splice(0)) this.sqlite.exec(`DROP TABLE IF EXISTS "${name}"`);
  }
}
