/** Whether what a foreign key refers to is there. */
import { rowKey } from '../bind/comparison.ts';
import type { SandboxForeignKey, SandboxTable } from '../catalog-access.ts';
import type { Run } from '../query/runtime.ts';
import type { Value } from '../types/values.ts';
import { type Assign, assignment } from './assign.ts';
import { type Layout, type LayoutIndex, layoutOf, rowDecoder } from './layout.ts';
import type { RowStorage } from './row-storage.ts';

export class ForeignKeyCheck {
  readonly key: SandboxForeignKey;
  /** The table referred to. */
  readonly parent: SandboxTable;
  private readonly storage: RowStorage;
  private readonly run: Run;
  private readonly columns: readonly number[];
  private readonly targets: readonly number[];
  private readonly layout: Layout;
  /** A unique index over just the columns referred to. */
  private readonly index: LayoutIndex | null;
  private readonly convert: readonly Assign[];
  private readonly keyText: (row: readonly Value[]) => string;
  /** Keys found before. */
  private readonly known = new Set<string>();

  constructor(key: SandboxForeignKey, own: Layout, parent: SandboxTable, storage: RowStorage, run: Run) {
    this.key = key;
    this.parent = parent;
    this.storage = storage;
    this.run = run;
    const to = layoutOf(parent);
    this.layout = to;
    this.columns = key.columns.map(n => own.columns.findIndex(c => c.name === n));
    const targets = key.referencedColumns.map(n => to.columns.findIndex(c => c.name === n));
    this.targets = targets;
    this.index =
      [...(to.clustered?.unique ? [to.clustered] : []), ...to.unique].find(
        i =>
          i.index.filter === null &&
          i.parts.length === targets.length &&
          i.parts.every(p => targets.includes(p.column)),
      ) ?? null;
    this.convert = this.columns.map((c, i) =>
      assignment(own.columns[c]!.type, to.columns[targets[i]!]!, null, run.session.version),
    );
    this.keyText = rowKey(this.columns.map(c => own.columns[c]!.type));
  }

  /** Whether a row refers to nothing (a NULL among its columns) or to a row that is there. */
  holds(values: readonly Value[]): boolean {
    const own = this.columns.map(c => values[c]!);
    if (own.some(v => v === null)) return true;
    const text = this.keyText(own);
    if (this.known.has(text)) return true;
    const row: Value[] = [];
    this.targets.forEach((target, i) => {
      row[target] = this.convert[i]!(own[i]!, this.run.settings);
    });
    const found = this.index ? this.storage.hasKey(this.layout, this.index, row) : this.scanFor(row);
    if (found) this.known.add(text);
    return found;
  }

  private scanFor(row: readonly Value[]): boolean {
    const { layout, targets } = this;
    const key = rowKey(targets.map(c => layout.columns[c]!.type));
    const wanted = key(targets.map(c => row[c]!));
    const decode = rowDecoder(layout, targets);
    for (const stored of this.storage.scan(layout.table)) if (key(decode(stored.bytes)) === wanted) return true;
    return false;
  }
}
