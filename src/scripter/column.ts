import type { Column } from '../model/column.ts';
import { quoteName } from '../tsql/quote.ts';
import { constraintPrefix } from './constraint-name.ts';
import { scriptDataType } from './data-type.ts';

/** A column as CREATE TABLE and ALTER TABLE … ADD take it. Clauses in the order of the documentation's grammar. */
export function scriptColumn(column: Column): string {
  const name = quoteName(column.name);
  if (column.computed) {
    const persisted = column.computed.persisted ? ` PERSISTED${column.nullable ? '' : ' NOT NULL'}` : '';
    return `${name} AS ${column.computed.expression}${persisted}`;
  }
  const parts = [name, scriptDataType(column.type)];
  if (column.filestream) parts.push('FILESTREAM');
  if (column.collation !== null) parts.push(`COLLATE ${column.collation}`);
  if (column.sparse) parts.push('SPARSE');
  if (column.columnSet) parts.push('COLUMN_SET FOR ALL_SPARSE_COLUMNS');
  if (column.identity) {
    parts.push(`IDENTITY(${column.identity.seed}, ${column.identity.increment})`);
    if (column.identity.notForReplication) parts.push('NOT FOR REPLICATION');
  }
  if (column.rowGuid) parts.push('ROWGUIDCOL');
  // A column set takes no NULL clause of its own.
  if (!column.columnSet) parts.push(column.nullable ? 'NULL' : 'NOT NULL');
  if (column.default) parts.push(`${constraintPrefix(column.default)}DEFAULT ${column.default.expression}`);
  return parts.join(' ');
}
