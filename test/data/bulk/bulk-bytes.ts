/** The bytes that a literal becomes in a bulk load of one column. */

import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { endMargin } from '../../../src/data/bulk/literal-cursor.ts';
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

/** A script's bytes as the loaders take them: zeros behind. */
export function scriptBytes(text: string, cut = Number.MAX_SAFE_INTEGER): DataView {
  const bytes = Buffer.concat([Buffer.from(text).subarray(0, cut), Buffer.alloc(endMargin)]);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * Value bytes, framed as in the ROW token; null when the loader leaves the row to the server.
 * @throws Error when the literal inside of a script becomes something else than the literal alone
 */
export function bulkValue(column: WireColumn, literal: string, options: LoadOptions = {}): string | null {
  const rows = literalRows([column], options);
  rows.startStatement();
  const alone = rows.add(`(${literal})`);
  const bytes = Buffer.concat(rows.take());
  if (alone !== bytes.length > 0) throw new Error('a refused row left something behind');
  if (alone && bytes[0] !== 0xd1) throw new Error('no ROW token');
  const value = alone ? bytes.subarray(1).toString('hex') : null;
  // Halves of pairs are in no script, and rows with comments are looked for by the reader of all of T-SQL.
  const plain = literal.isWellFormed() && !/--|\/\*|"/.test(literal);
  const scripted = plain ? scriptValue(rows, literal) : value;
  if (scripted !== value) throw new Error(`${literal} becomes ${value} alone and ${scripted} in a script`);
  return value;
}

/** The value of the second of three rows of a script. */
function scriptValue(rows: LiteralRows, literal: string): string | null {
  const row = Buffer.byteLength(`(${literal})`);
  const script = scriptBytes(`(${literal}), (${literal}),\n(${literal}) ;`);
  rows.startStatement();
  const first = rows.addRows(script, 0, script.byteLength - endMargin, 1);
  const before = Buffer.concat(rows.take()).length;
  rows.startStatement();
  if (first < 0) return null;
  if (first !== row || rows.lastRow !== 0) throw new Error(`${literal} ends at ${first}`);
  let behind = row + 2;
  while (rows.rows < 2) {
    const next = rows.addRows(script, behind, script.byteLength - endMargin, 10);
    if (next < 0) throw new Error(`${literal} is taken once only`);
    behind = next + 2;
  }
  if (behind !== script.byteLength - endMargin || rows.lastRow !== 2 * row + 4)
    throw new Error(`${literal} ends elsewhere`);
  const bytes = Buffer.concat(rows.take());
  if (bytes.length !== 2 * before) throw new Error(`${literal} does not stay the same`);
  return bytes.subarray(1, before).toString('hex');
}

/** Whether each of the literals is taken, as rows of one statement. */
export function taken(column: WireColumn, ...literals: string[]): boolean[] {
  const rows = literalRows([column]);
  rows.startStatement();
  const alone = literals.map(literal => rows.add(`(${literal})`));
  rows.startStatement();
  const scripted = literals.map(literal => {
    const script = scriptBytes(`(${literal})`);
    return rows.addRows(script, 0, script.byteLength - endMargin, 1) > 0;
  });
  if (alone.join() !== scripted.join())
    throw new Error(`${literals.join(', ')}: ${alone} alone, ${scripted} in a script`);
  return alone;
}
