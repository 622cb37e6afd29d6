/**
 * Rows as canonical text, one at a time in a buffer that is used again, summed into the rowsum on the way: what the writers of CSV and
 * JSON lines make their cells from. Hot path.
 */

import { type LiteralState, noRoom } from './literal-state.ts';
import { RowText } from './row-text.ts';
import { Rowsum } from './rowsum.ts';
import type { WireColumn } from './wire-column.ts';

/** The hash reads up to so many bytes behind a row. */
const behind = 16;

export class CanonicalRows {
  readonly text: RowText;
  readonly rowsum = new Rowsum();
  /** Holds the row's text in [0, `length`). */
  view = new DataView(new ArrayBuffer(1 << 16));
  length = 0;
  readonly #summing: boolean;
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };

  /** @throws XpdbError naming the column for a collation without a known code page */
  constructor(columns: readonly WireColumn[], summing: boolean) {
    this.text = new RowText(columns);
    this.#summing = summing;
    if (this.view.byteLength < this.text.overhead * 2) this.#grow(this.text.overhead * 4);
  }

  /** Makes the text of the row whose token byte is at `start`. @returns the position behind the row */
  read(bytes: DataView, start: number): number {
    for (;;) {
      this.#state.limit = this.view.byteLength - this.text.overhead - behind;
      const end = this.text.write(this.view, 0, bytes, start, this.#state);
      if (end !== noRoom) {
        this.length = end;
        // What an earlier row left there must not be taken for the second of two apostrophes.
        this.view.setUint8(end, 0);
        return this.text.end;
      }
      this.#grow(2 * this.view.byteLength);
    }
  }

  /** Adds the row to the sum. Some work after `read`, because reading words just stored in other widths stalls the processor. */
  sum(): void {
    if (this.#summing) this.rowsum.add(this.view, 0, this.length);
  }

  #grow(length: number): void {
    this.view = new DataView(new ArrayBuffer(length));
  }
}
