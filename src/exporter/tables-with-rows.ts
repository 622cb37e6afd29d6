import { int, queryRecords } from '../catalog/catalog.ts';
import type { Session } from '../connection/session.ts';
import type { TableRows } from './table-rows.ts';

/** More in one query would take the server longer to compile than to run. */
const tablesPerQuery = 100;

/**
 * Which of the tables have at least one row to be exported.
 * @param session in the database that rows are read from
 * @throws SqlServerError
 */
export async function findTablesWithRows(
  session: Session,
  tables: readonly TableRows[],
): Promise<ReadonlySet<TableRows>> {
  const found = new Set<TableRows>();
  for (let from = 0; from < tables.length; from += tablesPerQuery) {
    const queries = tables.slice(from, from + tablesPerQuery).map(({ name, where }, i) => {
      // The line break ends a comment that a condition may end with.
      const condition = where === null ? '' : ` WHERE (${where}\n)`;
      return `SELECT ${from + i} AS [table] WHERE EXISTS (SELECT 1 AS [one] FROM ${name}${condition})`;
    });
    for (const record of await queryRecords(session, queries.join(' UNION ALL ')))
      found.add(tables[int(record, 'table')]!);
  }
  return found;
}
