import { readIdentityValues } from '../catalog/identity-values.ts';
import type { Session } from '../connection/session.ts';
import { hasIdentity, scriptReseed } from '../scripter/table-data.ts';
import type { TableRows } from './table-rows.ts';

export interface Reseed {
  /** Quoted name of the table. */
  readonly name: string;
  readonly batches: readonly string[];
}

/**
 * Statements that set identity counters to where the source's stand, for tables whose counter was ever used. The source is asked
 * after the rows were read: then the counters are not behind them, whatever was inserted meanwhile.
 * @param session in the source database, not in a snapshot of it
 * @param counts rows that were written
 */
export async function findReseeds(
  session: Session,
  tables: readonly TableRows[],
  counts: ReadonlyMap<TableRows, number>,
): Promise<Reseed[]> {
  const withIdentity = tables.filter(t => hasIdentity(t.table));
  if (withIdentity.length === 0) return [];
  const lastValues = await readIdentityValues(session);
  return withIdentity.flatMap(rows => {
    const lastValue = lastValues.get(rows.name);
    const columns = rows.table.columns.map(c =>
      c.identity && lastValue !== undefined ? { ...c, identity: { ...c.identity, lastValue } } : c,
    );
    const batches = scriptReseed({ ...rows.table, columns }, (counts.get(rows) ?? 0) > 0);
    return batches.length > 0 ? [{ name: rows.name, batches }] : [];
  });
}
