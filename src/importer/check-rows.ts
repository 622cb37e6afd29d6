/** After an import: are the rows there that the script speaks of? */

import type { TableMarker } from '../archive/marker.ts';
import type { Session } from '../connection/session.ts';
import { sumRows } from '../connection/sum-rows.ts';
import { sumWireRows } from '../connection/sum-wire-rows.ts';
import { XpdbError } from '../model/error.ts';
import { quoteName, quoteQualified, quoteString } from '../tsql/quote.ts';

export interface RowCheck {
  /** Tables whose rows and rowsum are the script's. */
  readonly equal: number;
  readonly differences: readonly XpdbError[];
  /** Tables, quoted, whose vectors are text on one side and numbers on the other, so that no more than their rows can be compared. */
  readonly counted: readonly string[];
}

/** What became of a table's rows: as in the script, as many as in the script, or else. */
type TableCheck = 'equal' | 'counted' | XpdbError;

/**
 * @param onSession runs work on the session, as often as its connection is lost
 * @param sums `text` for sums over literals, `wire` for those of native chunks
 * @param onTable called before each table is read
 */
export async function checkRows(
  onSession: <T>(work: (session: Session) => Promise<T>) => Promise<T>,
  tables: readonly TableMarker[],
  sums: 'text' | 'wire',
  onTable: (name: string, rows: number) => void,
): Promise<RowCheck> {
  const differences: XpdbError[] = [];
  const counted: string[] = [];
  for (const table of tables) {
    const name = quoteQualified(table.schema, table.name);
    onTable(name, table.rows);
    const check = await onSession(session => checkTable(session, table, name, sums));
    if (check === 'counted') counted.push(name);
    else if (check !== 'equal') differences.push(check);
  }
  return { equal: tables.length - differences.length - counted.length, differences, counted };
}

async function checkTable(
  session: Session,
  table: TableMarker,
  name: string,
  sums: 'text' | 'wire',
): Promise<TableCheck> {
  const { columns } = table;
  const list = columns.length > 0 ? columns.map(quoteName).join(', ') : 'CAST(NULL AS int) AS [none]';
  const sql = `SELECT ${list} FROM ${name}`;
  const withoutValues = columns.length === 0;
  const found = sums === 'wire' ? await sumWireRows(session, sql) : await sumRows(session, sql, { withoutValues });
  if (found.rows !== table.rows) {
    return new XpdbError(`${name} has ${found.rows} rows, the script ${table.rows}`, {
      object: name,
      hint: 'rows are missing or were there before: look at the messages above',
    });
  }
  // Of rows without values there is no more to compare: what stands for them in a chunk depends on its format.
  if (withoutValues || found.rowsum === table.rowsum) return 'equal';
  if ((table.vectors === 'text') === session.nativeVectors && (await hasVectors(session, table))) return 'counted';
  return new XpdbError(`${name} has the rows of the script, ${table.rows}, but not with the same content`, {
    object: name,
    hint: 'a trigger, a default or another column type may have changed values: xpdb verify shows them',
  });
}

/** Whether the table has vectors of single precision among the columns, which a server may send in two forms. */
async function hasVectors(session: Session, { schema, name, columns }: TableMarker): Promise<boolean> {
  const table = quoteString(quoteQualified(schema, name));
  const { rows } = await session.query(
    `SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(${table}) AND TYPE_NAME(user_type_id) = N'vector'`,
  );
  return rows.some(row => columns.includes(String(row[0])));
}
