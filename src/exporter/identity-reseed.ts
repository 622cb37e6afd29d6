import { scriptReseed } from '../scripter/table-data.ts';
import type { TableRows } from './table-rows.ts';

export interface Reseed {
  /** Quoted name of the table. */
  readonly name: string;
  readonly batches: readonly string[];
}

/**
 * Statements that set identity counters to where the source's stand, for tables whose counter was ever used.
 * @param counts rows that were written
 * @param lastValues by quoted name; a table that is missing there keeps what its model says
 */
export function scriptReseeds(
  tables: readonly TableRows[],
  counts: ReadonlyMap<TableRows, number>,
  lastValues: ReadonlyMap<string, string | null>,
): Reseed[] {
  return tables.flatMap(rows => {
    const lastValue = lastValues.get(rows.name);
    const columns = rows.table.columns.map(c =>
      c.identity && lastValue !== undefined ? { ...c, identity: { ...c.identity, lastValue } } : c,
    );
    const batches = scriptReseed({ ...rows.table, columns }, (counts.get(rows) ?? 0) > 0);
    return batches.length > 0 ? [{ name: rows.name, batches }] : [];
  });
}
