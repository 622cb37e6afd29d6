import type { Column } from '../../model/column.ts';
import type { DataSpace } from '../../model/data-space.ts';
import type { ForeignKey } from '../../model/foreign-key.ts';
import type { Key } from '../../model/key.ts';
import type { Table } from '../../model/table.ts';
import type { TableIndex } from '../../model/table-index.ts';
import { isDefaultSpace } from '../ddl/data-space.ts';
import type {
  AlterTable,
  CheckDefinition,
  CreateTable,
  ForeignKeyDefinition,
  IndexDefinition,
  KeyDefinition,
  TableElements,
} from '../ddl/statement.ts';
import { normalizeExpression } from '../normalize-expression.ts';
import { quoteName, quoteQualified } from '../quote.ts';
import { resolveType, toColumn, toDefault } from './column.ts';
import { type Draft, isTemporary } from './draft.ts';

export function createTable(draft: Draft, statement: CreateTable): void {
  if (isTemporary(statement.name)) return;
  const name = draft.resolve(statement.name);
  const empty: Table = {
    ...name,
    owner: null,
    columns: [],
    keys: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    dataSpace: placed(draft, statement.dataSpace),
    lobDataSpace: placedName(draft, statement.lobDataSpace),
    filestreamDataSpace: statement.filestreamDataSpace,
    ansiNulls: draft.settings.ansiNulls,
    lockEscalation: 'TABLE',
    compression: statement.compression.filter(c => c.kind !== 'NONE'),
  };
  const table = withElements(draft, empty, statement, true);
  draft.add(draft.tables, table);
  noteOptions(draft, quoteQualified(name.schema, name.name), statement.otherOptions);
}

/** Options that change nothing of what the model holds. */
const harmless = new Set(['DURABILITY', 'XML_COMPRESSION']);
const optionKinds: Readonly<Record<string, string>> = {
  MEMORY_OPTIMIZED: 'memory-optimized table',
  SYSTEM_VERSIONING: 'temporal table',
  'PERIOD FOR SYSTEM_TIME': 'temporal table',
  LEDGER: 'ledger table',
  REMOTE_DATA_ARCHIVE: 'Stretch table',
  'AS FILETABLE': 'FileTable',
  'AS NODE': 'graph table',
  'AS EDGE': 'graph table',
};
const columnKinds: Readonly<Record<string, string>> = {
  MASKED: 'dynamic data mask',
  ENCRYPTED: 'Always Encrypted column',
  'GENERATED ALWAYS': 'GENERATED ALWAYS column',
};

function noteOptions(draft: Draft, object: string, options: Readonly<Record<string, string>>): void {
  const seen = new Set<string>();
  for (const [option, value] of Object.entries(options)) {
    if (harmless.has(option) || value === 'OFF') continue;
    const column = /^(.*) COLUMN ([\s\S]*)$/.exec(option);
    if (column) {
      if (column[1] !== 'HIDDEN')
        draft.unsupported(
          columnKinds[column[1]!] ?? `${column[1]!.toLowerCase()} column`,
          `${object}.${quoteName(column[2]!)}`,
        );
      continue;
    }
    const kind = optionKinds[option] ?? `table option ${option}`;
    if (!seen.has(kind)) draft.unsupported(kind, object);
    seen.add(kind);
  }
}

/** null for the default filegroup, as in the catalog. */
function placed(draft: Draft, space: DataSpace | null): DataSpace | null {
  if (space === null || space.partitionColumn !== null) return space;
  if (isDefaultSpace(space)) return null;
  const name = placedName(draft, space.name);
  return name === null ? null : { ...space, name };
}

function placedName(draft: Draft, name: string | null): string | null {
  if (name === null) return null;
  const byDefault = draft.filegroups.find(g => g.isDefault && g.kind === 'rows')?.name ?? 'PRIMARY';
  return draft.fold(name) === draft.fold(byDefault) ? null : name;
}

/** The table with columns and constraints of CREATE TABLE or ALTER TABLE … ADD. */
function withElements(draft: Draft, table: Table, elements: TableElements, trusted: boolean): Table {
  const primary = new Set(
    elements.keys.filter(k => k.kind === 'primaryKey').flatMap(k => k.columns.map(c => draft.fold(c.name))),
  );
  const columns = [...table.columns, ...elements.columns.map(c => toColumn(draft, c, primary.has(draft.fold(c.name))))];
  for (const { column, withValues: _, ...constraint } of elements.defaults) {
    const i = columns.findIndex(c => draft.fold(c.name) === draft.fold(column));
    if (i >= 0) columns[i] = { ...columns[i]!, default: toDefault(constraint), boundDefault: null };
    else draft.missing('column', { schema: table.name, name: column });
  }
  let result: Table = { ...table, columns };
  const clusteredThere =
    [...table.keys, ...table.indexes].some(k => k.clustered) ||
    [...elements.keys, ...elements.indexes].some(k => k.clustered === true);
  for (const key of elements.keys) result = withKey(draft, result, key, clusteredThere);
  for (const index of elements.indexes) result = withIndex(draft, result, index);
  return {
    ...result,
    checks: [...result.checks, ...elements.checks.map(c => toCheck(c, trusted))],
    foreignKeys: [...result.foreignKeys, ...elements.foreignKeys.map(k => toForeignKey(draft, k, trusted))],
  };
}

function toCheck(check: CheckDefinition, trusted: boolean): Table['checks'][number] {
  const { name, systemNamed, expression, notForReplication } = check;
  // The server trusts no constraint that replication may pass by.
  return {
    name,
    systemNamed,
    expression: normalizeExpression(expression),
    notForReplication,
    disabled: false,
    trusted: trusted && !notForReplication,
  };
}

function toForeignKey(draft: Draft, key: ForeignKeyDefinition, trusted: boolean): ForeignKey {
  return {
    ...key,
    referencedTable: draft.resolve(key.referencedTable),
    disabled: false,
    trusted: trusted && !key.notForReplication,
  };
}

/** A primary key is clustered unless it says otherwise or something else of the table is (CREATE TABLE). */
function withKey(draft: Draft, table: Table, definition: KeyDefinition, clusteredThere: boolean): Table {
  const clustered = definition.clustered ?? (definition.kind === 'primaryKey' && !clusteredThere);
  const space = placed(draft, definition.dataSpace) ?? (definition.dataSpace === null ? table.dataSpace : null);
  const compression = clustered && definition.options.compression.length === 0 ? table.compression : null;
  const key: Key = {
    ...definition,
    clustered,
    dataSpace: space,
    options: withoutNone(compression ? { ...definition.options, compression } : definition.options),
    disabled: false,
  };
  const keys = [...table.keys, key];
  return clustered ? { ...table, keys, dataSpace: space, compression: [] } : { ...table, keys };
}

function toIndex(draft: Draft, definition: IndexDefinition, tableSpace: DataSpace | null): TableIndex {
  return {
    ...definition,
    clustered: definition.clustered ?? false,
    filter: definition.filter === null ? null : normalizeExpression(definition.filter, { form: 'filter' }),
    options: withoutNone(definition.options),
    // An index without a place of its own lies where its table lies.
    dataSpace: placed(draft, definition.dataSpace) ?? (definition.dataSpace === null ? tableSpace : null),
    disabled: false,
  };
}

function withoutNone(options: TableIndex['options']): TableIndex['options'] {
  return { ...options, compression: options.compression.filter(c => c.kind !== 'NONE') };
}

/** The table with one index more; the clustered one takes the rows with it. */
export function withIndex(draft: Draft, table: Table, definition: IndexDefinition): Table {
  const made = toIndex(draft, definition, table.dataSpace);
  const compression = made.clustered && made.options.compression.length === 0 ? table.compression : null;
  const index = compression ? { ...made, options: { ...made.options, compression } } : made;
  const indexes = [...table.indexes.filter(i => draft.fold(i.name) !== draft.fold(index.name)), index];
  return index.clustered ? { ...table, indexes, dataSpace: index.dataSpace, compression: [] } : { ...table, indexes };
}

export function viewIndex(draft: Draft, definition: IndexDefinition): TableIndex {
  return toIndex(draft, definition, null);
}

export function alterTable(draft: Draft, statement: AlterTable): void {
  if (isTemporary(statement.name)) return;
  const name = draft.resolve(statement.name);
  const { action } = statement;
  if (action.kind === 'triggerState') {
    setTriggerState(draft, name, action.triggers, action.enable);
    return;
  }
  const object = quoteQualified(name.schema, name.name);
  if (action.kind === 'changeTracking') {
    if (action.enable) draft.unsupported('change tracking', object);
    return;
  }
  if (!draft.tables.change(name, table => altered(draft, table, action, object))) draft.missing('table', name);
}

/** ENABLE and DISABLE TRIGGER of a table or view. */
export function setTriggerState(
  draft: Draft,
  parent: { readonly schema: string; readonly name: string },
  triggers: 'ALL' | readonly string[],
  enable: boolean,
): void {
  const chosen =
    triggers === 'ALL'
      ? [...draft.triggers].filter(
          t =>
            draft.fold(t.parent.name) === draft.fold(parent.name) && draft.fold(t.schema) === draft.fold(parent.schema),
        )
      : triggers.map(name => ({ schema: parent.schema, name }));
  for (const trigger of chosen) {
    if (!draft.triggers.change(trigger, t => ({ ...t, disabled: !enable }))) draft.missing('trigger', trigger);
  }
}

type Action = Exclude<AlterTable['action'], { kind: 'triggerState' | 'changeTracking' }>;

function altered(draft: Draft, table: Table, action: Action, object: string): Table {
  const same = (a: string, b: string) => draft.fold(a) === draft.fold(b);
  const changeColumn = (name: string, change: (column: Column) => Column): Table => {
    if (!table.columns.some(c => same(c.name, name))) draft.missing('column', { schema: table.name, name });
    return { ...table, columns: table.columns.map(c => (same(c.name, name) ? change(c) : c)) };
  };
  switch (action.kind) {
    case 'add':
      return withElements(draft, table, action, action.check !== 'NOCHECK');
    case 'alterColumn':
      return changeColumn(action.column.name, column => {
        const type = resolveType(draft, action.column.type);
        return {
          ...column,
          type,
          nullable: action.column.nullable ?? draft.settings.nullByDefault,
          collation: action.column.collation,
          sparse: action.column.sparse || column.sparse,
        };
      });
    case 'alterColumnFlag':
      return changeColumn(action.column, column => withFlag(draft, column, action, object));
    case 'drop': {
      const dropped = (name: string) => action.constraints.some(c => same(c, name));
      return {
        ...table,
        columns: table.columns
          .filter(c => !action.columns.some(name => same(name, c.name)))
          .map(c => (c.default && dropped(c.default.name) ? { ...c, default: null } : c)),
        keys: table.keys.filter(k => !dropped(k.name)),
        checks: table.checks.filter(c => !dropped(c.name)),
        foreignKeys: table.foreignKeys.filter(k => !dropped(k.name)),
      };
    }
    case 'constraintState': {
      const set = <T extends { name: string; disabled: boolean; trusted: boolean; notForReplication: boolean }>(
        c: T,
      ): T => {
        const { constraints } = action;
        if (constraints !== 'ALL' && !constraints.some(name => same(name, c.name))) return c;
        if (!action.enable) return { ...c, disabled: true, trusted: false };
        const checked = action.check === 'CHECK' && !c.notForReplication;
        return { ...c, disabled: false, trusted: checked || c.trusted };
      };
      return { ...table, checks: table.checks.map(set), foreignKeys: table.foreignKeys.map(set) };
    }
    case 'set': {
      let result = table;
      for (const [option, value] of Object.entries(action.options)) {
        if (option === 'LOCK_ESCALATION') result = { ...result, lockEscalation: value as Table['lockEscalation'] };
        else if (option === 'FILESTREAM_ON') result = { ...result, filestreamDataSpace: value };
        else noteOptions(draft, object, { [option]: value });
      }
      return result;
    }
    case 'rebuild': {
      const compression = action.compression.filter(c => c.kind !== 'NONE');
      const clustered = <T extends Key | TableIndex>(i: T): T =>
        i.clustered ? { ...i, options: { ...i.options, compression } } : i;
      if (action.compression.length === 0) return table;
      if (![...table.keys, ...table.indexes].some(i => i.clustered)) return { ...table, compression };
      return { ...table, keys: table.keys.map(clustered), indexes: table.indexes.map(clustered) };
    }
  }
}

function withFlag(
  draft: Draft,
  column: Column,
  action: { readonly add: boolean; readonly flag: string },
  object: string,
): Column {
  switch (action.flag) {
    case 'ROWGUIDCOL':
      return { ...column, rowGuid: action.add };
    case 'SPARSE':
      return { ...column, sparse: action.add };
    case 'PERSISTED':
      return column.computed ? { ...column, computed: { ...column.computed, persisted: action.add } } : column;
    case 'NOT FOR REPLICATION':
      return column.identity ? { ...column, identity: { ...column.identity, notForReplication: action.add } } : column;
    default:
      if (action.add)
        draft.unsupported(
          columnKinds[action.flag] ?? `column option ${action.flag}`,
          `${object}.${quoteName(column.name)}`,
        );
      return column;
  }
}
