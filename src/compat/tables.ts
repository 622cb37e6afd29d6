import type { Column } from '../model/column.ts';
import type { Database } from '../model/database.ts';
import type { Table } from '../model/table.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

/** Maps every column of tables and table types (with its quoted name and its owner's); gives the same database back when nothing changed. */
export function mapColumns(
  database: Database,
  map: (column: Column, object: string, owner: string) => Column,
): Database {
  const columnsOf = <T extends { schema: string; name: string; columns: readonly Column[] }>(owner: T): T => {
    const quoted = quoteQualified(owner.schema, owner.name);
    const columns = owner.columns.map(c => map(c, `${quoted}.${quoteName(c.name)}`, quoted));
    return columns.every((c, i) => c === owner.columns[i]) ? owner : { ...owner, columns };
  };
  return { ...database, tables: database.tables.map(columnsOf), tableTypes: database.tableTypes.map(columnsOf) };
}

export function mapTables(database: Database, map: (table: Table, object: string) => Table): Database {
  return { ...database, tables: database.tables.map(t => map(t, quoteQualified(t.schema, t.name))) };
}
