import type { IndexColumn, IndexOptions, TableIndex } from '../model/table-index.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptCompression, scriptOn } from './data-space.ts';
import type { Batch } from './options.ts';

/** `[a], [b] DESC`. */
export function scriptIndexColumns(columns: readonly IndexColumn[]): string {
  return columns.map(c => quoteName(c.name) + (c.descending ? ' DESC' : '')).join(', ');
}

/** ` WITH (PAD_INDEX = ON, …)`: options that differ from their defaults only, so that no option of a newer server leaks. */
export function scriptIndexOptions(options: IndexOptions): string {
  const parts: string[] = [];
  if (options.padIndex) parts.push('PAD_INDEX = ON');
  if (options.fillFactor !== 0) parts.push(`FILLFACTOR = ${options.fillFactor}`);
  if (options.ignoreDuplicateKey) parts.push('IGNORE_DUP_KEY = ON');
  if (options.statisticsNoRecompute) parts.push('STATISTICS_NORECOMPUTE = ON');
  if (!options.allowRowLocks) parts.push('ALLOW_ROW_LOCKS = OFF');
  if (!options.allowPageLocks) parts.push('ALLOW_PAGE_LOCKS = OFF');
  parts.push(...scriptCompression(options.compression));
  return parts.length > 0 ? ` WITH (${parts.join(', ')})` : '';
}

/** CREATE INDEX of a table or view. */
export function scriptIndex(schema: string, table: string, index: TableIndex): Batch {
  const kind = `${index.unique ? 'UNIQUE ' : ''}${index.clustered ? 'CLUSTERED' : 'NONCLUSTERED'}`;
  const included = index.included.length > 0 ? ` INCLUDE (${index.included.map(quoteName).join(', ')})` : '';
  const filter = index.filter === null ? '' : ` WHERE ${index.filter}`;
  const filestream = index.filestreamDataSpace === null ? '' : ` FILESTREAM_ON ${quoteName(index.filestreamDataSpace)}`;
  return (
    `CREATE ${kind} INDEX ${quoteName(index.name)} ON ${quoteQualified(schema, table)} (${scriptIndexColumns(index.columns)})` +
    `${included}${filter}${scriptIndexOptions(index.options)}${scriptOn(index.dataSpace)}${filestream}`
  );
}

/** ALTER INDEX … DISABLE, also for a key. */
export function scriptDisableIndex(schema: string, table: string, index: string): Batch {
  return `ALTER INDEX ${quoteName(index)} ON ${quoteQualified(schema, table)} DISABLE`;
}
