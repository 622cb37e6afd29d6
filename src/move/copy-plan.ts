/**
 * The chunks of rows that a copy carries, kept in the import's journal so that a resumed copy carries the same ones: an entry with the
 * plan before the first chunk, and one for each chunk in the transaction of its rows.
 */

import { XpdbError } from '../model/error.ts';

export interface CopyChunk {
  /** From 1, in the order in which they are begun. */
  readonly id: number;
  /** Quoted name of the table. */
  readonly table: string;
  /** Condition of its rows; null for all. */
  readonly range: string | null;
}

const planPrefix = 'plan ';

/** Journal entry of the plan. */
export function planEntry(chunks: readonly CopyChunk[]): string {
  return planPrefix + JSON.stringify(chunks);
}

/** Journal entry of a chunk that was carried. */
export function chunkEntry(chunk: CopyChunk): string {
  return `rows ${chunk.id}`;
}

/** @returns null where the rows were not begun @throws XpdbError when the entry is no plan */
export function findPlan(entries: ReadonlySet<string>): readonly CopyChunk[] | null {
  const entry = [...entries].find(e => e.startsWith(planPrefix));
  if (entry === undefined) return null;
  try {
    return (JSON.parse(entry.slice(planPrefix.length)) as CopyChunk[]).map(({ id, table, range }) => ({
      id: Number(id),
      table: String(table),
      range: range === null ? null : String(range),
    }));
  } catch (cause) {
    throw new XpdbError('the journal of the copy is damaged: its plan can’t be read', {
      hint: 'copy into an empty database',
      cause,
    });
  }
}
