import type { AliasType } from '../model/alias-type.ts';
import type { Column } from '../model/column.ts';
import { baseTypeOf } from '../model/look-up.ts';
import type { Table } from '../model/table.ts';
import { quoteName, quoteQualified, quoteString } from '../tsql/quote.ts';
import type { Batch } from './options.ts';

/** Columns that an INSERT may name: neither computed nor rowversion, and sparse columns instead of their set. */
export function insertableColumns(table: Table, aliasTypes: readonly AliasType[]): readonly Column[] {
  return table.columns.filter(
    c => c.computed === null && !c.columnSet && baseTypeOf(c.type, aliasTypes).name !== 'timestamp',
  );
}

/** Columns of the clustered key or index, by which rows are read and inserted. */
export function clusteredColumns(table: Table): Table['keys'][number]['columns'] {
  return table.keys.find(k => k.clustered)?.columns ?? table.indexes.find(i => i.clustered)?.columns ?? [];
}

/**
 * SELECT of all insertable columns in clustered order, so that equal tables give equal scripts.
 * @param select what stands for a column in the list, with its name
 */
export function selectRows(
  table: Table,
  aliasTypes: readonly AliasType[],
  where: string | null = null,
  select: (column: Column) => string = column => quoteName(column.name),
): string {
  const columns = insertableColumns(table, aliasTypes).map(select);
  // A table of computed and rowversion columns alone still has rows to count: a constant stands for each.
  const list = columns.length > 0 ? columns.join(', ') : 'CAST(NULL AS int) AS [none]';
  const order = clusteredColumns(table).map(c => quoteName(c.name) + (c.descending ? ' DESC' : ''));
  return (
    `SELECT ${list} FROM ${quoteQualified(table.schema, table.name)}` +
    `${where === null ? '' : ` WHERE ${where}`}${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}`
  );
}

export function hasIdentity(table: Table): boolean {
  return table.columns.some(c => c.identity !== null);
}

/** Around the rows of a table with an identity column. */
export function scriptIdentityInsert(table: Table, on: boolean): Batch[] {
  return hasIdentity(table)
    ? [`SET IDENTITY_INSERT ${quoteQualified(table.schema, table.name)} ${on ? 'ON' : 'OFF'}`]
    : [];
}

/**
 * Sets the identity counter to where the source's stands. After rows were inserted RESEED n makes n + increment the next value;
 * into a table that never had rows it makes n itself the next one (documentation of DBCC CHECKIDENT).
 * Nothing for a counter that was never used.
 */
export function scriptReseed(table: Table, rowsInserted: boolean): Batch[] {
  const identity = table.columns.find(c => c.identity)?.identity;
  if (!identity || identity.lastValue === null) return [];
  const value = rowsInserted ? BigInt(identity.lastValue) : BigInt(identity.lastValue) + BigInt(identity.increment);
  return [
    `DBCC CHECKIDENT (${quoteString(quoteQualified(table.schema, table.name))}, RESEED, ${value}) WITH NO_INFOMSGS`,
  ];
}
