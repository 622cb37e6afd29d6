/** The bytes that a literal becomes in a bulk load of one column. */

import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { createLiteralRows, type LiteralRows } from '../../../src/data/bulk/literal-rows.ts';
import { collationFromName } from '../../../src/data/collation.ts';
import type { WireColumn } from '../../../src/data/wire-column.ts';

export interface LoadOptions {
  /** Name of the database's collation; Latin1_General_CI_AS by default. */
  readonly database?: string | null;
  readonly yearFirst?: boolean;
  readonly trimmed?: boolean;
  readonly typeName?: string;
}

export function literalRows(columns: readonly WireColumn[], options: LoadOptions = {}): LiteralRows {
  const { database = 'Latin1_General_CI_AS', yearFirst = true, trimmed, typeName } = options;
  return createLiteralRows({
    columns: columns.map(column => ({
      ...bulkColumn(column),
      ...(trimmed === undefined ? {} : { trimmed }),
      ...(typeName === undefined ? {} : { typeName }),
    })),
    databaseCollation: database === null ? null : collationFromName(database),
    yearFirst,
  });
}

/** Value bytes, framed as in the ROW token; null when the loader leaves the row to the server. */
export function bulkValue(column: WireColumn, literal: string, options: LoadOptions = {}): string | null {
  const rows = literalRows([column], options);
  rows.startStatement();
  if (!rows.add(`(${literal})`)) {
    if (rows.rows !== 0 || rows.bytes !== 0) throw new Error('a refused row left something behind');
    return null;
  }
  const bytes = Buffer.concat(rows.take());
  if (bytes[0] !== 0xd1) throw new Error('no ROW token');
  return bytes.subarray(1).toString('hex');
}

/** Whether each of the literals is taken, as rows of one statement. */
export function taken(column: WireColumn, ...literals: string[]): boolean[] {
  const rows = literalRows([column]);
  rows.startStatement();
  return literals.map(literal => rows.add(`(${literal})`));
}
