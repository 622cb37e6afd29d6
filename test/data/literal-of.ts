/** The literal that a value's wire bytes become in a script. */

import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { XpdbError } from '../../src/model/error.ts';

const before = 'INSERT [T] ([c]) VALUES\r\n(';
const after = ');\r\nGO\r\n';

/** @param value framed as it stands in a ROW token */
export function literalOf(column: WireColumn, value: Uint8Array): string {
  const text = scriptOf([column], [[value]]);
  if (!text.startsWith(before) || !text.endsWith(after)) throw new Error(`no INSERT of one row: ${text}`);
  return text.slice(before.length, -after.length);
}

/** Of many values without line breaks in their literals. */
export function literalsOf(column: WireColumn, values: readonly Uint8Array[]): string[] {
  const text = scriptOf(
    [column],
    values.map(value => [value]),
  );
  return text
    .split('\r\n')
    .filter(line => line.startsWith('('))
    .map(line => line.replace(/^\(|\)[,;]$/g, ''));
}

/** ROW tokens of the values, through a writer. */
export function scriptOf(columns: readonly WireColumn[], rows: readonly (readonly Uint8Array[])[]): string {
  const writer = createSqlRowWriter(columns, { table: 'T' });
  for (const row of rows) {
    const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
    writer.write(bytes, 0, bytes.length);
  }
  writer.finish();
  return Buffer.from(writer.take()).toString('utf8');
}

/** The error for the user that `action` throws. */
export function failureOf(action: () => unknown): XpdbError {
  try {
    action();
  } catch (error) {
    if (error instanceof XpdbError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
