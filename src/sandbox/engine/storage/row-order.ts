/**
 * Tables whose rows came in the order of their clustered key: they can be read in the order of their row ids, which needs no index.
 * `false` is always safe; what is not known counts as not ordered.
 */
import type { Layout } from './layout.ts';
import { rowTable } from './row-storage.ts';

interface Order {
  lastKey: Buffer | null;
  ordered: boolean;
}

export class RowOrder {
  private readonly tables = new Map<string, Order>();

  /** A table that is empty. */
  begin(table: { readonly databaseId: number; readonly objectId: number }): void {
    this.tables.set(rowTable(table), { lastKey: null, ordered: true });
  }

  /** A row was added behind all others. The greatest key ever counts, so that a rollback cannot make this wrong. */
  added(layout: Layout, key: Buffer): void {
    const order = this.tables.get(rowTable(layout.table));
    if (!order?.ordered) return;
    if (order.lastKey && Buffer.compare(key, order.lastKey) < 0) order.ordered = false;
    else order.lastKey = key;
  }
  /** Rows got other keys in their old places. */
  moved(layout: Layout): void {
    const order = this.tables.get(rowTable(layout.table));
    if (order) order.ordered = false;
  }

  /** A database was copied. */
  copy(from: number, to: number): void {
    const prefix = `xr_${from}_`;
    for (const [name, order] of [...this.tables])
      if (name.startsWith(prefix)) this.tables.set(`xr_${to}_${name.slice(prefix.length)}`, { ...order });
  }

  isOrdered(layout: Layout): boolean {
    return this.tables.get(rowTable(layout.table))?.ordered === true;
  }
}
