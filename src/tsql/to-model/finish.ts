import type { Column } from '../../model/column.ts';
import type { DataSpace } from '../../model/data-space.ts';
import type { Database } from '../../model/database.ts';
import type { ForeignKey } from '../../model/foreign-key.ts';
import { compareNames, comparePermissions, compareText } from '../../model/look-up.ts';
import type { Table } from '../../model/table.ts';
import type { TableIndex } from '../../model/table-index.ts';
import type { Draft } from './draft.ts';
import { sortProperties } from './system-procedure.ts';

/** The model of what was drafted: names as they were given when the objects were made, lists in the model's order. */
export function finishDraft(draft: Draft): Database {
  const named = <T extends { readonly name: string }>(list: Iterable<T>): T[] =>
    [...list].sort((a, b) => compareText(a.name, b.name));
  return {
    properties: {
      ...draft.properties,
      filegroups: draft.filegroups,
      logFiles: draft.logFiles,
      options: draft.options,
    },
    schemas: named(draft.schemas.values()),
    users: named(draft.users.values()),
    roles: named(draft.roles.values()),
    memberships: [...draft.memberships].sort((a, b) => compareText(a.role, b.role) || compareText(a.member, b.member)),
    permissions: [...draft.permissions].sort(comparePermissions),
    aliasTypes: draft.aliasTypes.sorted(),
    tableTypes: draft.tableTypes.sorted(),
    xmlSchemaCollections: draft.xmlSchemaCollections.sorted(),
    partitionFunctions: named(draft.partitionFunctions.values()),
    partitionSchemes: named(draft.partitionSchemes.values()),
    rules: draft.rules.sorted(),
    defaults: draft.defaults.sorted(),
    sequences: draft.sequences.sorted(),
    synonyms: draft.synonyms.sorted(),
    tables: draft.tables.sorted().map(t => finishTable(draft, t)),
    views: draft.views.sorted().map(v => ({ ...v, indexes: named(v.indexes) })),
    functions: draft.functions.sorted(),
    procedures: draft.procedures.sorted(),
    triggers: draft.triggers.sorted().sort(compareNames),
    extendedProperties: sortProperties(draft.extendedProperties),
    unsupported: [...draft.unsupportedObjects].sort(
      (a, b) => compareText(a.kind, b.kind) || compareText(a.object, b.object),
    ),
  };
}

/** Names of columns, filegroups and tables in keys and indexes may be written in another case. */
function finishTable(draft: Draft, table: Table): Table {
  const column = columnNamer(draft, table.columns);
  const space = (s: DataSpace | null): DataSpace | null =>
    s === null
      ? null
      : {
          name: spaceName(draft, s.name),
          partitionColumn: s.partitionColumn === null ? null : column(s.partitionColumn),
        };
  const index = <T extends Pick<TableIndex, 'name' | 'columns' | 'dataSpace'>>(i: T): T => ({
    ...i,
    columns: i.columns.map(c => ({ ...c, name: column(c.name) })),
    dataSpace: space(i.dataSpace),
  });
  const byName = (a: { name: string }, b: { name: string }) => compareText(a.name, b.name);
  return {
    ...table,
    keys: table.keys.map(index).sort(byName),
    indexes: table.indexes.map(i => ({ ...index(i), included: i.included.map(column) })).sort(byName),
    foreignKeys: table.foreignKeys.map(k => finishForeignKey(draft, k, column)).sort(byName),
    checks: [...table.checks].sort(byName),
    dataSpace: space(table.dataSpace),
    lobDataSpace: table.lobDataSpace === null ? null : spaceName(draft, table.lobDataSpace),
    filestreamDataSpace: filestreamSpace(draft, table),
  };
}

function columnNamer(draft: Draft, columns: readonly Column[]): (name: string) => string {
  const names = new Map(columns.map(c => [draft.fold(c.name), c.name]));
  return name => names.get(draft.fold(name)) ?? name;
}

function spaceName(draft: Draft, name: string): string {
  const spaces = [...draft.filegroups, ...draft.partitionSchemes.values()];
  return spaces.find(s => draft.fold(s.name) === draft.fold(name))?.name ?? name;
}

/** FILESTREAM columns without FILESTREAM_ON lie on the default filegroup of their kind. */
function filestreamSpace(draft: Draft, table: Table): string | null {
  if (!table.columns.some(c => c.filestream)) return null;
  if (table.filestreamDataSpace !== null) return spaceName(draft, table.filestreamDataSpace);
  return draft.filegroups.find(g => g.kind === 'filestream' && g.isDefault)?.name ?? null;
}

/** A reference without columns means the primary key. */
function finishForeignKey(draft: Draft, key: ForeignKey, column: (name: string) => string): ForeignKey {
  const referenced = draft.tables.get(key.referencedTable);
  const columns = key.columns.map(column);
  if (!referenced) return { ...key, columns };
  const primary = referenced.keys.find(k => k.kind === 'primaryKey')?.columns.map(c => c.name) ?? [];
  const other = columnNamer(draft, referenced.columns);
  return {
    ...key,
    columns,
    referencedTable: { schema: referenced.schema, name: referenced.name },
    referencedColumns: (key.referencedColumns.length > 0 ? key.referencedColumns : primary).map(other),
  };
}
