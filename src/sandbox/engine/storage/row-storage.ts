/** Rows of user tables in SQLite: row bytes beside a sortable key; unique keys in tables of their own. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SandboxIndex, SandboxTable } from '../catalog-access.ts';
import type { Value } from '../types/values.ts';
import { afterPrefix, keyOf } from './key-bytes.ts';
import { type Layout, type LayoutIndex, layoutOf } from './layout.ts';
import { RowOrder } from './row-order.ts';

export interface StoredRow {
  readonly rid: number;
  readonly bytes: Buffer;
}

type Page = [number, Uint8Array, Uint8Array][];
/** Rows of the first page, and most of the others, which have fewer where rows are large. */
const firstPage = 16;
const fullPage = 1024;
const pageBytes = 1 << 20;

interface Inserts {
  readonly row: StatementSync;
  readonly keys: ReadonlyMap<LayoutIndex, StatementSync>;
}

/** Keys from `from` on and below `to`; null = no limit. */
export interface KeyRange {
  readonly from: Buffer | null;
  readonly to: Buffer | null;
}
export const everything: KeyRange = { from: null, to: null };
/** Keys that begin so. */
export const keysFrom = (prefix: Buffer): KeyRange => ({ from: prefix, to: afterPrefix(prefix) });

const ownRows = (): null => null;
const quote = (name: string): string => `"${name}"`;
export const rowTable = (t: { databaseId: number; objectId: number }): string => `xr_${t.databaseId}_${t.objectId}`;
const keyTable = (t: { databaseId: number; objectId: number }, index: SandboxIndex): string =>
  `xu_${t.databaseId}_${t.objectId}_${index.indexId}`;

const asBuffer = (b: Uint8Array): Buffer => Buffer.from(b.buffer, b.byteOffset, b.byteLength);

/** Whether a SQLite error is a broken uniqueness. */
const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && /UNIQUE constraint failed/.test(error.message);

export class RowStorage {
  readonly sqlite: DatabaseSync;
  private readonly pool = new Map<string, StatementSync[]>();
  private readonly pages = new Map<string, StatementSync[]>();
  private inserts = new WeakMap<Layout, Inserts>();
  private readonly order = new RowOrder();
  private names: Set<string> | null = null;

  constructor(sqlite: DatabaseSync) {
    this.sqlite = sqlite;
  }

  private run(sql: string, ...parameters: SQLInputValue[]): ReturnType<StatementSync['run']> {
    const list = this.pool.get(sql);
    const statement = list?.pop() ?? this.sqlite.prepare(sql);
    try {
      return statement.run(...parameters);
    } finally {
      if (list) list.push(statement);
      else this.pool.set(sql, [statement]);
    }
  }
  private get(sql: string, ...parameters: SQLInputValue[]): Record<string, unknown> | undefined {
    const list = this.pool.get(sql);
    const statement = list?.pop() ?? this.sqlite.prepare(sql);
    try {
      return statement.get(...parameters) as Record<string, unknown> | undefined;
    } finally {
      if (list) list.push(statement);
      else this.pool.set(sql, [statement]);
    }
  }
  /** Prepared statements hold their tables: DDL drops them first. */
  forgetStatements(): void {
    this.pool.clear();
    this.pages.clear();
    this.inserts = new WeakMap();
  }

  /** The statements that put a row into a table and its keys. */
  private insertsOf(layout: Layout): Inserts {
    let found = this.inserts.get(layout);
    if (!found) {
      const { table } = layout;
      this.make(layout);
      found = {
        row: this.sqlite.prepare(`INSERT INTO ${quote(rowTable(table))} (k, r) VALUES (?, ?)`),
        keys: new Map(
          layout.unique.map(u => [
            u,
            this.sqlite.prepare(`INSERT INTO ${quote(keyTable(table, u.index))} (k, rid) VALUES (?, ?)`),
          ]),
        ),
      };
      this.inserts.set(layout, found);
    }
    return found;
  }

  /** SQLite's changes were undone: what was made or dropped within them is not so. */
  afterRollback(): void {
    this.names = null;
    this.forgetStatements();
  }

  /** Names of the row tables that SQLite has. */
  private get existing(): Set<string> {
    this.names ??= new Set(
      (
        this.sqlite
          .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name >= 'xr_' AND name < 'xr~'")
          .all() as { name: string }[]
      ).map(r => r.name),
    );
    return this.names;
  }
  /** Whether a table ever had rows. */
  exists(table: { readonly databaseId: number; readonly objectId: number }): boolean {
    return this.existing.has(rowTable(table));
  }

  /** A new table. SQLite gets it with its first row: most definitions of a script come long before, and each would make SQLite prepare everything anew. */
  create(table: SandboxTable): void {
    this.order.begin(table);
  }
  private make(layout: Layout): void {
    const { table } = layout;
    if (this.exists(table)) return;
    const name = rowTable(table);
    this.sqlite.exec(`CREATE TABLE ${quote(name)} (rid INTEGER PRIMARY KEY, k BLOB, r BLOB NOT NULL)`);
    this.existing.add(name);
    this.keyIndex(layout);
    for (const u of layout.unique) this.createKeys(layout, u);
  }
  private keyIndex(layout: Layout): void {
    if (!layout.clustered) return;
    const name = rowTable(layout.table);
    this.sqlite.exec(
      `CREATE ${layout.clustered.unique ? 'UNIQUE ' : ''}INDEX ${quote(`${name}_k`)} ON ${quote(name)} (k)`,
    );
  }
  createKeys(layout: Layout, u: LayoutIndex): void {
    if (!this.exists(layout.table)) return;
    this.sqlite.exec(
      `CREATE TABLE IF NOT EXISTS ${quote(keyTable(layout.table, u.index))} (k BLOB PRIMARY KEY, rid INTEGER NOT NULL) WITHOUT ROWID`,
    );
  }
  dropKeys(table: SandboxTable, index: SandboxIndex): void {
    if (!this.exists(table)) return;
    this.forgetStatements();
    this.sqlite.exec(`DROP TABLE IF EXISTS ${quote(keyTable(table, index))}`);
  }

  drop(databaseId: number, objectId: number): void {
    if (!this.exists({ databaseId, objectId })) return;
    this.forgetStatements();
    this.dropLike(`xr_${databaseId}_${objectId}`, `xu_${databaseId}_${objectId}_`);
  }
  dropDatabase(databaseId: number): void {
    this.forgetStatements();
    const found = this.sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as {
      name: string;
    }[];
    for (const { name } of found)
      if (name.startsWith(`xr_${databaseId}_`) || name.startsWith(`xu_${databaseId}_`))
        this.sqlite.exec(`DROP TABLE ${quote(name)}`);
    this.names = null;
  }
  /** Tables, their indexes and their rows. */
  copyDatabase(from: number, to: number): void {
    this.forgetStatements();
    const renamed = (text: string): string => text.replace(new RegExp(`\\b(x[ru])_${from}_`, 'g'), `$1_${to}_`);
    const found = this.sqlite
      .prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC",
      )
      .all() as { type: string; name: string; sql: string }[];
    for (const { type, name, sql } of found) {
      if (renamed(sql) === sql) continue;
      this.sqlite.exec(renamed(sql));
      if (type === 'table') this.sqlite.exec(`INSERT INTO ${quote(renamed(name))} SELECT * FROM ${quote(name)}`);
    }
    this.names = null;
    this.order.copy(from, to);
  }
  private dropLike(rows: string, keys: string): void {
    const found = this.sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name >= ? AND name < ?")
      .all(keys, `${keys}~`) as { name: string }[];
    for (const { name } of found) this.sqlite.exec(`DROP TABLE ${quote(name)}`);
    this.sqlite.exec(`DROP TABLE IF EXISTS ${quote(rows)}`);
    this.existing.delete(rows);
  }

  /**
   * The rows of a table written anew under the layout of `after` (unique keys are made apart).
   * `duplicate` makes the error of a clustered key that occurs twice.
   */
  replace(
    before: SandboxTable,
    after: SandboxTable,
    convert: (rows: Iterable<StoredRow>) => Iterable<StoredRow & { readonly values: readonly Value[] }>,
    duplicate: (values: readonly Value[]) => Error,
  ): void {
    if (!this.exists(before)) return;
    const layout = layoutOf(after);
    const name = rowTable(after);
    const fresh = `${name}_new`;
    this.sqlite.exec(`CREATE TABLE ${quote(fresh)} (rid INTEGER PRIMARY KEY, k BLOB, r BLOB NOT NULL)`);
    if (layout.clustered?.unique) this.sqlite.exec(`CREATE UNIQUE INDEX ${quote(`${fresh}_k`)} ON ${quote(fresh)} (k)`);
    const insert = this.sqlite.prepare(`INSERT INTO ${quote(fresh)} (rid, k, r) VALUES (?, ?, ?)`);
    let rows = 0;
    for (const { rid, values, bytes } of convert(this.scan(before))) {
      rows++;
      try {
        insert.run(rid, layout.clustered ? keyOf(values, layout.clustered.parts) : null, bytes);
      } catch (error) {
        throw isDuplicate(error) ? duplicate(values) : error;
      }
    }
    this.forgetStatements();
    this.dropLike(name, `xu_${after.databaseId}_${after.objectId}_`);
    this.sqlite.exec(`DROP INDEX IF EXISTS ${quote(`${fresh}_k`)}`);
    this.sqlite.exec(`ALTER TABLE ${quote(fresh)} RENAME TO ${quote(name)}`);
    this.existing.add(name);
    this.keyIndex(layout);
    if (rows === 0) this.order.begin(after);
    else this.order.moved(layout);
  }

  truncate(table: SandboxTable): void {
    if (!this.exists(table)) return;
    const layout = layoutOf(table);
    this.sqlite.exec(`DELETE FROM ${quote(rowTable(table))}`);
    for (const u of layout.unique) this.sqlite.exec(`DELETE FROM ${quote(keyTable(table, u.index))}`);
  }

  count(databaseId: number, objectId: number): number {
    if (!this.exists({ databaseId, objectId })) return 0;
    const row = this.get(`SELECT count(*) AS n FROM ${quote(rowTable({ databaseId, objectId }))}`);
    return Number(row?.n ?? 0);
  }

  /** The row's new id; or the index whose key is there already. */
  insert(
    layout: Layout,
    values: readonly Value[],
    bytes: Buffer,
    filters: readonly (boolean | null)[],
  ): { readonly rid: number } | { readonly duplicate: LayoutIndex } {
    let rid: number;
    const key = layout.clustered ? keyOf(values, layout.clustered.parts) : null;
    try {
      rid = Number(this.insertsOf(layout).row.run(key, bytes).lastInsertRowid);
    } catch (error) {
      if (isDuplicate(error)) return { duplicate: layout.clustered! };
      throw error;
    }
    for (let i = 0; i < layout.unique.length; i++) {
      const u = layout.unique[i]!;
      if (filters[i] === false || filters[i] === null) continue;
      if (!this.insertKey(layout, u, values, rid)) {
        this.remove(layout, rid, values, layout.unique.slice(0, i));
        return { duplicate: u };
      }
    }
    if (key) this.order.added(layout, key);
    return { rid };
  }
  /** An UPDATE changes the clustered key. */
  keysMove(layout: Layout): void {
    this.order.moved(layout);
  }
  insertKey(layout: Layout, u: LayoutIndex, values: readonly Value[], rid: number): boolean {
    try {
      this.insertsOf(layout).keys.get(u)!.run(keyOf(values, u.parts), rid);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  remove(layout: Layout, rid: number, values: readonly Value[], unique: readonly LayoutIndex[] = layout.unique): void {
    for (const u of unique)
      this.run(
        `DELETE FROM ${quote(keyTable(layout.table, u.index))} WHERE k = ? AND rid = ?`,
        keyOf(values, u.parts),
        rid,
      );
    this.run(`DELETE FROM ${quote(rowTable(layout.table))} WHERE rid = ?`, rid);
  }

  /** Put a row back under its id (second half of an UPDATE). */
  restore(
    layout: Layout,
    rid: number,
    values: readonly Value[],
    bytes: Buffer,
    filters: readonly (boolean | null)[],
  ): LayoutIndex | null {
    try {
      const key = layout.clustered ? keyOf(values, layout.clustered.parts) : null;
      this.run(`INSERT INTO ${quote(rowTable(layout.table))} (rid, k, r) VALUES (?, ?, ?)`, rid, key, bytes);
    } catch (error) {
      if (isDuplicate(error)) return layout.clustered;
      throw error;
    }
    for (let i = 0; i < layout.unique.length; i++)
      if (filters[i] !== false && filters[i] !== null && !this.insertKey(layout, layout.unique[i]!, values, rid))
        return layout.unique[i]!;
    return null;
  }

  /** Whether a row has these values in an index's columns (in the order of `parts`). */
  hasKey(layout: Layout, index: LayoutIndex, values: readonly Value[]): boolean {
    if (!this.exists(layout.table)) return false;
    const key = keyOf(values, index.parts);
    if (index === layout.clustered)
      return this.get(`SELECT 1 AS x FROM ${quote(rowTable(layout.table))} WHERE k = ?`, key) !== undefined;
    return this.get(`SELECT 1 AS x FROM ${quote(keyTable(layout.table, index.index))} WHERE k = ?`, key) !== undefined;
  }

  /**
   * Rows in clustered order, else as inserted. `range`: only keys in it. They are read in pages: no cursor stays open
   * while a page is worked on, so that its reader may wait and others may change or drop the table.
   * `place`: the SQLite table that has the rows, asked for each page; null = the table's own.
   */
  *scan(table: SandboxTable, range: KeyRange = everything, place: () => string | null = ownRows): Iterable<StoredRow> {
    if (!this.exists(table)) return;
    const layout = layoutOf(table);
    const keyed =
      layout.clustered !== null && (range.from !== null || range.to !== null || !this.order.isOrdered(layout));
    const own = rowTable(table);
    const order = `ORDER BY ${keyed ? 'k, rid' : 'rid'} LIMIT ?`;
    const below = range.to ? 'AND k < ?' : '';
    const end = range.to ? [range.to] : [];
    let where = range.from ? `WHERE k >= ? ${below}` : range.to ? 'WHERE k < ?' : '';
    let start: SQLInputValue[] = range.from ? [range.from] : [];
    for (let limit = firstPage; ; ) {
      const sql = `SELECT rid, r${keyed ? ', k' : ''} FROM ${quote(place() ?? own)} ${where} ${order}`;
      const rows = this.page(sql, [...start, ...end, limit]);
      let bytes = 0;
      for (const row of rows) {
        bytes += row[1].byteLength;
        yield { rid: row[0], bytes: asBuffer(row[1]) };
      }
      if (rows.length < limit) return;
      const last = rows[rows.length - 1]!;
      start = keyed ? [last[2], last[0]] : [last[0]];
      where = keyed ? `WHERE (k, rid) > (?, ?) ${below}` : 'WHERE rid > ?';
      // As many as their size allows.
      limit = Math.max(1, Math.min(fullPage, Math.floor((pageBytes * rows.length) / (bytes + 1))));
    }
  }
  private page(sql: string, parameters: readonly SQLInputValue[]): Page {
    const list = this.pages.get(sql);
    let statement = list?.pop();
    if (!statement) {
      statement = this.sqlite.prepare(sql);
      statement.setReturnArrays(true);
    }
    const rows = statement.all(...parameters) as unknown as Page;
    if (list) list.push(statement);
    else this.pages.set(sql, [statement]);
    return rows;
  }
}
