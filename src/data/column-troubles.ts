import type { ColumnTrouble } from './large-row-writer.ts';

/** Columns with a count above zero. */
export function columnTroubles(
  columns: readonly { readonly name: string }[],
  count: (i: number) => number,
): ColumnTrouble[] {
  return columns.map(({ name }, i) => ({ column: name, values: count(i) })).filter(({ values }) => values > 0);
}
