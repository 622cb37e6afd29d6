/** What the writers of all row formats have in common: they take rows as bytes of the wire and hand over bytes of a file. */

import type { ColumnTrouble } from './large-row-writer.ts';
import type { Rowsum } from './rowsum.ts';

/** Pending bytes that are enough to be taken: below the buffers of writers, so that those need not grow. */
export const enoughBytes = 3 << 17;

export interface RowWriter {
  /**
   * Rows and content hash so far: of the rows' canonical text, for the native format of their canonical wire form
   * (wire-sum.ts).
   */
  readonly rowsum: Rowsum;
  readonly rows: number;
  /** Bytes that `take` would give. */
  readonly pending: number;
  /**
   * Appends the whole rows in [start, end), back to back, each a ROW or NBCROW token.
   * @throws XpdbError naming table and column for a value that the format cannot express
   */
  write(bytes: Uint8Array, start: number, end: number): void;
  /**
   * Appends rows whose ends nobody has looked for yet, from `start` on: up to one that `end` cuts, one that needs more care, or until there is
   * enough to be taken. It finds their ends as it reads them, so they are gone through once.
   * @returns position behind them; `start` for none: then somebody has to find where the row ends, for `write`
   */
  writeFrom(bytes: Uint8Array, start: number, end: number): number;
  /** Ends what is open, so that other text, or another file, may follow. */
  finish(): void;
  /** Writes what ends the file, behind the last row: rows that were written beside the writer count as far as `rowsum` has them. */
  end(): void;
  /** Hands the bytes over. The caller owns them; giving the buffer back by `recycle` saves making a new one. */
  take(): Uint8Array;
  recycle(bytes: Uint8Array): void;
  /** Columns with values that text cannot carry exactly, for a finding. */
  denormals(): readonly ColumnTrouble[];
  /** Columns with characters that the format or its code page lacks and that were replaced. */
  replaced(): readonly ColumnTrouble[];
}
