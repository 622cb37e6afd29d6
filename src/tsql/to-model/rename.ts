import type { QualifiedName } from '../../model/name.ts';
import type { Table } from '../../model/table.ts';
import { quoteName } from '../quote.ts';
import type { Draft } from './draft.ts';
import { nameOf } from './name-argument.ts';
import type { ObjectMap } from './object-map.ts';

/** sp_rename. The text of a module keeps its old name, as on the server. */
export function rename(draft: Draft, target: string, newName: string, type: string | null): void {
  const name = nameOf(target);
  switch ((type ?? 'OBJECT').toUpperCase()) {
    case 'COLUMN':
      return inTable(draft, { schema: name.database ?? 'dbo', name: name.schema ?? '' }, target, table =>
        renamedColumn(draft, table, name.name, newName),
      );
    case 'INDEX':
      return inTable(draft, { schema: name.database ?? 'dbo', name: name.schema ?? '' }, target, table => ({
        ...table,
        indexes: table.indexes.map(i => (same(draft, i.name, name.name) ? { ...i, name: newName } : i)),
        keys: table.keys.map(k => (same(draft, k.name, name.name) ? { ...k, name: newName, systemNamed: false } : k)),
      }));
    case 'USERDATATYPE': {
      const old = draft.resolve(name);
      if (!renameIn(draft, draft.aliasTypes, old, newName)) draft.missing('type', old);
      return;
    }
    case 'DATABASE':
      draft.properties.name = newName;
      return;
    case 'OBJECT':
      return renameObject(draft, draft.resolve(name), newName);
    default:
      draft.unsupported(`renamed ${(type ?? '').toLowerCase()}`, quoteName(target));
  }
}

function same(draft: Draft, a: string, b: string): boolean {
  return draft.fold(a) === draft.fold(b);
}

function inTable(draft: Draft, table: QualifiedName, target: string, change: (table: Table) => Table): void {
  if (!draft.tables.change(table, change)) draft.unsupported('renamed object that the script does not make', target);
}

function renameIn<T extends QualifiedName>(draft: Draft, map: ObjectMap<T>, old: QualifiedName, name: string): boolean {
  const object = map.get(old);
  if (!object) return false;
  map.delete(old);
  draft.add(map, { ...object, name });
  return true;
}

function renameObject(draft: Draft, old: QualifiedName, newName: string): void {
  if (renameIn(draft, draft.tables, old, newName)) {
    const moved = (name: QualifiedName) =>
      same(draft, name.schema, old.schema) && same(draft, name.name, old.name) ? { ...name, name: newName } : name;
    for (const table of [...draft.tables]) {
      const foreignKeys = table.foreignKeys.map(k => ({ ...k, referencedTable: moved(k.referencedTable) }));
      draft.tables.set({ ...table, foreignKeys });
    }
    for (const trigger of [...draft.triggers]) draft.triggers.set({ ...trigger, parent: moved(trigger.parent) });
    return;
  }
  const { views, functions, procedures, sequences, synonyms, triggers, rules, defaults } = draft;
  const maps = [views, functions, procedures, sequences, synonyms, triggers, rules, defaults];
  for (const map of maps as unknown as ObjectMap<QualifiedName>[]) if (renameIn(draft, map, old, newName)) return;
  // Constraints are objects of their table's schema.
  for (const table of draft.tables) {
    if (!same(draft, table.schema, old.schema)) continue;
    let found = false;
    const named = <T extends { name: string; systemNamed: boolean }>(c: T): T => {
      if (!same(draft, c.name, old.name)) return c;
      found = true;
      return { ...c, name: newName, systemNamed: false };
    };
    const changed: Table = {
      ...table,
      keys: table.keys.map(named),
      checks: table.checks.map(named),
      foreignKeys: table.foreignKeys.map(named),
      columns: table.columns.map(c => (c.default ? { ...c, default: named(c.default) } : c)),
    };
    if (found) {
      draft.tables.set(changed);
      return;
    }
  }
  draft.missing('object', old);
}

function renamedColumn(draft: Draft, table: Table, old: string, newName: string): Table {
  const name = (n: string) => (same(draft, n, old) ? newName : n);
  const columns = <T extends { name: string }>(list: readonly T[]) => list.map(c => ({ ...c, name: name(c.name) }));
  if (!table.columns.some(c => same(draft, c.name, old))) draft.missing('column', { schema: table.name, name: old });
  return {
    ...table,
    columns: columns(table.columns),
    keys: table.keys.map(k => ({ ...k, columns: columns(k.columns) })),
    indexes: table.indexes.map(i => ({ ...i, columns: columns(i.columns), included: i.included.map(name) })),
    foreignKeys: table.foreignKeys.map(k => ({ ...k, columns: k.columns.map(name) })),
  };
}
