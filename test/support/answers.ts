/** Short forms of a raw session's answers, for tests that compare whole results. */

import type { WireColumn } from '../../src/data/wire-column.ts';
import { collationNamed } from '../../src/sandbox/engine/types/collation.ts';
import { displayText } from '../../src/sandbox/engine/types/convert.ts';
import { cellEnd, cellReader, framingOf } from '../../src/sandbox/engine/types/row-reader.ts';
import type { SessionSettings } from '../../src/sandbox/engine/types/session-settings.ts';
import { wireForm } from '../../src/sandbox/engine/types/wire-type.ts';
import type { Answer, RawSession } from './raw-session.ts';
import type { Token } from './token-reader.ts';

const collation = collationNamed('SQL_Latin1_General_CP1_CI_AS');
const settings: SessionSettings = {
  dateFormat: 'mdy',
  dateFirst: 7,
  databaseCollation: collation,
  compatibilityLevel: 160,
};

/** Cells of a ROW or NBCROW token as PRINT would show them; NULL is `NULL`. */
function cellsOf(token: Token, columns: readonly WireColumn[]): string[] {
  const { bytes } = token;
  const bitmapBytes = token.name === 'NBCROW' ? (columns.length + 7) >> 3 : 0;
  let at = 1 + bitmapBytes;
  return columns.map((column, i) => {
    if (bitmapBytes > 0 && bytes[1 + (i >> 3)]! & (1 << (i & 7))) return 'NULL';
    const { type, nullable } = wireForm(column, collation);
    const value = cellReader(type, nullable)(bytes, at);
    at = cellEnd(bytes, at, framingOf(type, nullable));
    return value === null ? 'NULL' : displayText(value, type, settings);
  });
}

/** Rows of all results in order, cells joined by `|`. */
export function rowsOf(answer: Answer): string[] {
  let columns: readonly WireColumn[] = [];
  const rows: string[] = [];
  for (const t of answer.tokens) {
    if (t.name === 'COLMETADATA') columns = t.columns!;
    else if (t.name === 'ROW' || t.name === 'NBCROW') rows.push(cellsOf(t, columns).join('|'));
  }
  return rows;
}

export const errorsOf = (answer: Answer): number[] => answer.tokens.filter(t => t.name === 'ERROR').map(t => t.number!);
export const infosOf = (answer: Answer): string[] => answer.tokens.filter(t => t.name === 'INFO').map(t => t.message!);

/** Rows of a batch that must not fail. */
export async function rows(session: RawSession, sql: string): Promise<string[]> {
  const answer = await session.batch(sql);
  const error = answer.tokens.find(t => t.name === 'ERROR');
  if (error) throw new Error(`${error.number} ${error.message} in ${sql}`);
  return rowsOf(answer);
}
/** Numbers of the errors of a batch. */
export const errors = async (session: RawSession, sql: string): Promise<number[]> => errorsOf(await session.batch(sql));
