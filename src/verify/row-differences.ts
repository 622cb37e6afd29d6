/** Which rows of a table differ, by key, with both sides read at the same time and in the same order. */

import { quoteName } from '../tsql/quote.ts';
import { type ReadRow, readableText, splitLiterals } from './key-rows.ts';

export interface RowDifference {
  /** `[Id] = 7`; the row's text where the table has no key. */
  readonly key: string;
  /** Seen from the first side. */
  readonly difference: 'missing' | 'extra' | 'different';
  /** Columns whose values differ, where the rows are short enough to tell. */
  readonly columns: readonly { readonly column: string; readonly from: string; readonly to: string }[];
}

export interface RowDifferences {
  readonly rows: readonly RowDifference[];
  /** The sides give their rows in orders so different that they were not read to their end. */
  readonly unordered: boolean;
}

export type RowReader = (take: (row: ReadRow) => void | Promise<void>) => Promise<void>;

/** Rows of one side that wait for their likes on the other: beyond, the side that is ahead waits. */
const aheadLimit = 20_000;

/** So many of them, on a side that is not ahead: the other side has them in another order, or not at all. */
const waitingLimit = 10 * aheadLimit;

/**
 * Compares row by row. Both readers give their rows ordered by key as their server orders it; where the orders differ a little, as
 * collations do, rows wait for each other.
 * @param columns names in the order of the rows, the key's first
 * @param keys how many of them are the key
 * @param limit differences after which the readers are stopped
 */
export async function findRowDifferences(
  from: RowReader,
  to: RowReader,
  columns: readonly string[],
  keys: number,
  limit: number,
): Promise<RowDifferences> {
  const waiting: [Map<string, ReadRow[]>, Map<string, ReadRow[]>] = [new Map(), new Map()];
  const counts = [0, 0];
  const ended = [false, false];
  /** Read to its end: what still waits on the other side is certain. */
  const complete = [false, false];
  const found: RowDifference[] = [];
  let unordered = false;
  const wake: (() => void)[] = [];
  const wakeAll = () => {
    for (const go of wake.splice(0)) go();
  };
  const take = (side: 0 | 1) => async (row: ReadRow) => {
    const other = side === 0 ? 1 : 0;
    if (unordered) throw new EnoughFound();
    const partner = waiting[other].get(row.key);
    if (partner) {
      // Of equal keys, as a table without one has, an equal row is the partner.
      const same = partner.findIndex(r => r.hash === row.hash);
      const [match] = partner.splice(Math.max(0, same), 1);
      if (partner.length === 0) waiting[other].delete(row.key);
      counts[other]!--;
      if (match!.hash !== row.hash)
        found.push(differing(side === 0 ? row : match!, side === 0 ? match! : row, columns, keys));
    } else {
      const list = waiting[side].get(row.key);
      if (list) list.push(row);
      else waiting[side].set(row.key, [row]);
      counts[side]!++;
    }
    // Either may be what the other side waits for.
    wakeAll();
    if (found.length + (complete[other] ? counts[side]! : 0) >= limit) throw new EnoughFound();
    while (counts[side]! - counts[other]! > aheadLimit && !ended[other]) {
      await new Promise<void>(resolve => wake.push(resolve));
    }
    if (counts[side]! > waitingLimit && !complete[other]) {
      unordered = true;
      throw new EnoughFound();
    }
  };
  const run = async (reader: RowReader, side: 0 | 1) => {
    try {
      await reader(take(side));
      complete[side] = true;
    } catch (error) {
      if (!(error instanceof EnoughFound)) throw error;
    } finally {
      ended[side] = true;
      wakeAll();
    }
  };
  await Promise.all([run(from, 0), run(to, 1)]);
  const certain = [
    ...(complete[1] ? [...waiting[0].values()].flat().map(row => ({ row, difference: 'missing' as const })) : []),
    ...(complete[0] ? [...waiting[1].values()].flat().map(row => ({ row, difference: 'extra' as const })) : []),
  ];
  for (const { row, difference } of certain.slice(0, Math.max(0, limit - found.length)))
    found.push({ key: describeKey(row, columns, keys), difference, columns: [] });
  return { rows: found.slice(0, limit), unordered: unordered && found.length < limit };
}

/** Ends the reading once enough is found. */
class EnoughFound extends Error {}

function differing(from: ReadRow, to: ReadRow, columns: readonly string[], keys: number): RowDifference {
  const key = describeKey(from, columns, keys);
  if (from.text === null || to.text === null) return { key, difference: 'different', columns: [] };
  const [a, b] = [splitLiterals(from.text), splitLiterals(to.text)];
  const different = columns.flatMap((column, i) =>
    a[i] === b[i] ? [] : [{ column, from: shortened(a[i] ?? ''), to: shortened(b[i] ?? '') }],
  );
  return { key, difference: 'different', columns: different };
}

function describeKey(row: ReadRow, columns: readonly string[], keys: number): string {
  if (keys === 0) return shortened(readableText(row.key));
  const values = splitLiterals(row.key);
  return values.map((value, i) => `${quoteName(columns[i] ?? '')} = ${shortened(value)}`).join(', ');
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
