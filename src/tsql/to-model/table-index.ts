import type { ForeignKey } from '../../model/foreign-key.ts';
import type { Key } from '../../model/key.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { IndexOptions, TableIndex } from '../../model/table-index.ts';
import type { AlterIndex, CreateIndex } from '../ddl/statement.ts';
import { type Draft, isTemporary } from './draft.ts';
import { viewIndex, withIndex } from './table.ts';

/** CREATE INDEX on a table or view. */
export function createIndex(draft: Draft, statement: CreateIndex): void {
  if (isTemporary(statement.on)) return;
  const on = draft.resolve(statement.on);
  if (draft.tables.change(on, table => withIndex(draft, table, statement.index))) return;
  const made = viewIndex(draft, statement.index);
  const known = draft.views.change(on, view => ({
    ...view,
    indexes: [...view.indexes.filter(i => draft.fold(i.name) !== draft.fold(made.name)), made],
  }));
  if (!known) draft.missing('table', on);
}

/** ALTER INDEX, of keys too. */
export function alterIndex(draft: Draft, statement: AlterIndex): void {
  const on = draft.resolve(statement.on);
  const { action, options } = statement;
  if (action === 'REORGANIZE' || isTemporary(statement.on)) return;
  let found = false;
  const change = <T extends Key | TableIndex>(index: T): T => {
    if (statement.index !== null && draft.fold(index.name) !== draft.fold(statement.index)) return index;
    found = true;
    if (action === 'DISABLE') return { ...index, disabled: true };
    const changed = { ...index, options: merged(index.options, options) };
    return action === 'REBUILD' ? { ...changed, disabled: false } : changed;
  };
  const inTable = draft.tables.change(on, table => ({
    ...table,
    keys: table.keys.map(change),
    indexes: table.indexes.map(change),
  }));
  if (!inTable) draft.views.change(on, view => ({ ...view, indexes: view.indexes.map(change) }));
  if (!found) draft.missing('index', { schema: on.name, name: statement.index ?? 'ALL' });
  else if (action === 'DISABLE') disableReferences(draft, on, statement.index);
}

function merged(old: IndexOptions, options: Partial<IndexOptions>): IndexOptions {
  const compression = options.compression?.filter(c => c.kind !== 'NONE') ?? old.compression;
  return { ...old, ...options, compression };
}

/**
 * A foreign key is disabled with the key that it refers to ("Disable Indexes and Constraints"). Of several unique indexes on the same
 * columns it is taken to rest on one that is enabled.
 */
function disableReferences(draft: Draft, on: QualifiedName, index: string | null): void {
  const table = draft.tables.get(on);
  const columnsOf = (columns: readonly string[]) => columns.map(draft.fold).sort().join('\u0000');
  const unique = [...(table?.keys ?? []), ...(table?.indexes ?? []).filter(i => i.unique)];
  const sets = (list: typeof unique) => new Set(list.map(k => columnsOf(k.columns.map(c => c.name))));
  const disabled = sets(unique.filter(k => index === null || draft.fold(k.name) === draft.fold(index)));
  for (const columns of sets(unique.filter(k => !k.disabled))) disabled.delete(columns);
  if (disabled.size === 0) return;
  const refers = (key: ForeignKey) =>
    draft.fold(key.referencedTable.schema) === draft.fold(on.schema) &&
    draft.fold(key.referencedTable.name) === draft.fold(on.name) &&
    disabled.has(columnsOf(key.referencedColumns));
  for (const other of [...draft.tables]) {
    if (!other.foreignKeys.some(refers)) continue;
    const foreignKeys = other.foreignKeys.map(k => (refers(k) ? { ...k, disabled: true, trusted: false } : k));
    draft.tables.set({ ...other, foreignKeys });
  }
}

export function dropIndex(draft: Draft, on: QualifiedName, name: string): void {
  const others = <T extends { name: string }>(list: readonly T[]) =>
    list.filter(i => draft.fold(i.name) !== draft.fold(name));
  const known = draft.tables.change(on, table => ({ ...table, indexes: others(table.indexes) }));
  if (!known) draft.views.change(on, view => ({ ...view, indexes: others(view.indexes) }));
}
