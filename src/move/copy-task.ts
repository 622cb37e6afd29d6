import type { TableRows } from '../exporter/table-rows.ts';
import type { QualifiedName } from '../model/name.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { clusteredColumns } from '../scripter/table-data.ts';
import { quoteName } from '../tsql/quote.ts';
import { type CopyChunk, chunkEntry } from './copy-plan.ts';

/** One chunk to be carried. Plain data: it goes to another thread. */
export interface CopyTask {
  /** The chunk's entry in the import's journal. */
  readonly entry: string;
  readonly table: QualifiedName;
  /** Database to read from: the source, or a snapshot of it. */
  readonly from: string;
  /** Database of the target. */
  readonly to: string;
  /** SELECT of the rows; of their number only, where none of the table's columns takes a value. */
  readonly sql: string;
  readonly withValues: boolean;
  /** Lock the table: not where other jobs load other chunks of it into a clustered key. */
  readonly tableLock: boolean;
  /** Columns of the clustered key in whose order the rows come; none where a column of it takes no value, or may sort otherwise on the target. */
  readonly order: readonly { readonly column: string; readonly descending: boolean }[];
}

/** @param alone it is the only chunk of its table */
export function copyTask(
  rows: TableRows,
  chunk: CopyChunk,
  { from, to, alone }: { readonly from: string; readonly to: string; readonly alone: boolean },
): CopyTask {
  const { schema, name } = rows.table;
  const key = clusteredColumns(rows.table);
  const whole = key.every(c => rows.columns.includes(c.name) && sortsAlike(rows, c.name));
  const withValues = rows.columns.length > 0;
  return {
    entry: chunkEntry(chunk),
    table: { schema, name },
    from,
    to,
    sql: withValues ? selectForTarget(rows, chunk.range) : `SELECT COUNT_BIG(*) ${fromWhere(rows, chunk.range)}`,
    withValues,
    tableLock: alone,
    order: whole ? key.map(c => ({ column: c.name, descending: c.descending })) : [],
  };
}

/** Whether a column's values stand in the same order on both sides: another type or collation may bring another order. */
function sortsAlike({ source, table }: TableRows, name: string): boolean {
  const [from, to] = [source, table].map(t => t.columns.find(c => c.name === name));
  if (from === undefined || to === undefined) return false;
  return scriptDataType(from.type) === scriptDataType(to.type) && from.collation === to.collation;
}

/** SELECT of a table's rows in the types of the target, in clustered order. */
function selectForTarget(rows: TableRows, range: string | null): string {
  const list = rows.columns.map(name => {
    const own = rows.source.columns.find(c => c.name === name);
    const wanted = rows.table.columns.find(c => c.name === name);
    const [from, to] = [own && scriptDataType(own.type), wanted && scriptDataType(wanted.type)];
    // A type that the target lacks comes in the one that stands for it there.
    return from === to || to === undefined
      ? quoteName(name)
      : `CAST(${quoteName(name)} AS ${to}) AS ${quoteName(name)}`;
  });
  const order = clusteredColumns(rows.table).map(c => quoteName(c.name) + (c.descending ? ' DESC' : ''));
  return (
    `SELECT ${list.join(', ')} ${fromWhere(rows, range)}` + `${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}`
  );
}

function fromWhere(rows: TableRows, range: string | null): string {
  // The line break ends a comment that a condition may end with.
  const conditions = [rows.where, range].filter(c => c !== null).map(c => `(${c}\n)`);
  return `FROM ${rows.name}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`;
}
