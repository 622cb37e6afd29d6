import type { Column } from '../model/column.ts';
import type { Key } from '../model/key.ts';
import type { Table } from '../model/table.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import { scriptCheck } from './check-constraint.ts';
import { scriptColumn } from './column.ts';
import { placeOnDefault, scriptCompression, scriptOn } from './data-space.ts';
import { scriptForeignKey } from './foreign-key.ts';
import { scriptAddKey, scriptKey } from './key.ts';
import { type Batch, type ScriptOptions, withSettings } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';
import { scriptDisableIndex, scriptIndex } from './table-index.ts';

/** Keys that must exist before the rows: the clustered one, and those that a FILESTREAM column rests on (error 5505). */
function keysBeforeData(table: Table): readonly Key[] {
  const filestream = table.columns.some(c => c.filestream);
  return table.keys.filter(k => k.clustered || filestream);
}

/** CREATE TABLE with everything that stands before the data: clustered index, bindings, lock escalation, owner. */
export function scriptTable(table: Table, options: ScriptOptions): Batch[] {
  const name = quoteQualified(table.schema, table.name);
  const batches: Batch[] = [];
  const groups = paddingGroups(table.columns);
  const keys = keysBeforeData(table).map(k => (k.clustered ? k : placeOnDefault(k, table.dataSpace)));
  const [first, ...rest] = groups;
  const lines = (first?.columns ?? []).map(scriptColumn);
  // With ANSI_PADDING mixed, a key may name a column that is only added later.
  if (rest.length === 0) lines.push(...keys.map(scriptKey));
  const clustered = keys.some(k => k.clustered && rest.length === 0);
  const tail = [
    clustered ? '' : scriptOn(table.dataSpace),
    table.lobDataSpace === null ? '' : ` TEXTIMAGE_ON ${quoteName(table.lobDataSpace)}`,
    table.filestreamDataSpace === null ? '' : ` FILESTREAM_ON ${quoteName(table.filestreamDataSpace)}`,
    withList(scriptCompression(table.compression)),
  ].join('');
  const create = `CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)${tail}`;
  batches.push(
    ...withPadding(first?.padded ?? true, withSettings({ ansiNulls: table.ansiNulls, quotedIdentifier: true }, create)),
  );
  for (const group of rest) {
    const columns = group.columns.map(scriptColumn).join(',\n  ');
    batches.push(...withPadding(group.padded, [`ALTER TABLE ${name} ADD\n  ${columns}`]));
  }
  if (rest.length > 0) for (const key of keys) batches.push(scriptAddKey(table.schema, table.name, key));
  for (const index of table.indexes) if (index.clustered) batches.push(scriptIndex(table.schema, table.name, index));
  for (const column of table.columns) batches.push(...scriptBindings(table, column));
  if (table.lockEscalation !== 'TABLE')
    batches.push(`ALTER TABLE ${name} SET (LOCK_ESCALATION = ${table.lockEscalation})`);
  batches.push(...scriptOwner('OBJECT', table, options));
  return batches;
}

/** Nonclustered keys and indexes, built after the rows are in. */
export function scriptTableIndexes(table: Table): Batch[] {
  const before = new Set(keysBeforeData(table));
  return [
    ...table.keys
      .filter(k => !before.has(k))
      .map(k => scriptAddKey(table.schema, table.name, placeOnDefault(k, table.dataSpace))),
    ...table.indexes
      .filter(i => !i.clustered)
      .map(i => scriptIndex(table.schema, table.name, placeOnDefault(i, table.dataSpace))),
  ];
}

export function scriptTableChecks(table: Table): Batch[] {
  return table.checks.flatMap(c => scriptCheck(table.schema, table.name, c));
}

export function scriptTableForeignKeys(table: Table): Batch[] {
  return table.foreignKeys.flatMap(k => scriptForeignKey(table.schema, table.name, k));
}

/** Indexes and keys that are disabled: last, because a disabled clustered index closes its table. */
export function scriptTableDisabledIndexes(table: Table): Batch[] {
  const nonclusteredFirst = <T extends { clustered: boolean }>(list: readonly T[]) =>
    [...list].sort((a, b) => Number(a.clustered) - Number(b.clustered));
  return nonclusteredFirst([...table.indexes, ...table.keys])
    .filter(i => i.disabled)
    .map(i => scriptDisableIndex(table.schema, table.name, i.name));
}

function scriptBindings(table: Table, column: Column): Batch[] {
  const target = `${quoteQualified(table.schema, table.name)}.${quoteName(column.name)}`;
  const batches: Batch[] = [];
  if (column.boundDefault) {
    const name = quoteQualified(column.boundDefault.schema, column.boundDefault.name);
    batches.push(scriptCall('sp_bindefault', [textArgument('defname', name), textArgument('objname', target)]));
  }
  if (column.boundRule) {
    const name = quoteQualified(column.boundRule.schema, column.boundRule.name);
    batches.push(scriptCall('sp_bindrule', [textArgument('rulename', name), textArgument('objname', target)]));
  }
  return batches;
}

/** Runs of columns that were made under the same ANSI_PADDING; columns whose type it does not concern join any run. */
function paddingGroups(columns: readonly Column[]): { padded: boolean; columns: Column[] }[] {
  const groups: { padded: boolean | null; columns: Column[] }[] = [];
  for (const column of columns) {
    const concerned =
      column.computed === null && /^(var)?(char|binary)$/.test(column.type.name) && column.type.length !== 'max';
    const last = groups.at(-1);
    if (last && (!concerned || last.padded === null || last.padded === column.ansiPadded)) {
      last.columns.push(column);
      if (concerned) last.padded = column.ansiPadded;
    } else groups.push({ padded: concerned ? column.ansiPadded : null, columns: [column] });
  }
  return groups.map(g => ({ padded: g.padded ?? true, columns: g.columns }));
}

function withPadding(padded: boolean, batches: Batch[]): Batch[] {
  return padded ? batches : ['SET ANSI_PADDING OFF', ...batches, 'SET ANSI_PADDING ON'];
}

function withList(parts: readonly string[]): string {
  return parts.length > 0 ? ` WITH (${parts.join(', ')})` : '';
}
