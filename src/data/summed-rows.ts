/** Rows into the rowsum of their canonical text, and nothing else: what verify and import compare. The kernel takes what it can (kernel/). Hot path. */

import { kernelColumns } from './kernel/kernel-plan.ts';
import { KernelRows, type KernelUse } from './kernel/kernel-rows.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { RowText } from './row-text.ts';
import { Rowsum } from './rowsum.ts';
import type { WireColumn } from './wire-column.ts';

/** Room for the text of this many bytes of rows before they are hashed. */
const bufferBytes = 1 << 18;
/** Positions of rows in the buffer that are not hashed yet, start and end of each. */
const waiting = 64;

export class SummedRows {
  /** Complete after each `add`. */
  readonly rowsum: Rowsum;
  readonly #text: RowText;
  readonly #kernel: KernelRows | null;
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  #out = new DataView(new ArrayBuffer(0));
  /** Rows are hashed a few at a time: reading words that were just stored in other widths stalls the processor. */
  readonly #rows = new Int32Array(waiting);
  #count = 0;
  #pos = 0;

  /**
   * @param rowsum to which the rows are added
   * @throws XpdbError naming the column for a collation without a known code page
   */
  constructor(columns: readonly WireColumn[], rowsum = new Rowsum(), use?: KernelUse) {
    this.rowsum = rowsum;
    this.#text = new RowText(columns);
    const known = kernelColumns(columns, this.#text.codecs);
    const plan = { columns: known ?? [], summing: true, texts: [], numbers: [] };
    this.#kernel = known === null ? null : new KernelRows(plan, 'sumRows', use);
  }

  /**
   * Adds the whole rows in [start, end), back to back, each a ROW or NBCROW token.
   * @throws XpdbError naming the column for a value without a literal
   */
  add(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kernel = this.#kernel?.begin(end - start) ? this.#kernel : null;
    for (let at = start; at < end; ) {
      at = kernel?.take(bytes, at, end, this.rowsum) ? kernel.end : this.#row(view, at);
    }
    this.#flush();
  }

  /**
   * Adds rows whose ends nobody has looked for yet, from `start` on: up to one that `end` cuts or that needs more care.
   * @returns position behind them; `start` for none
   */
  addFrom(bytes: Uint8Array, start: number, end: number): number {
    return this.#kernel?.takeFrom(bytes, start, end, this.rowsum) ?? start;
  }

  #row(bytes: DataView, at: number): number {
    for (;;) {
      // Behind the limit there is room for the fixed parts of literals, and 16 bytes that the hash may read.
      this.#state.limit = this.#out.byteLength - this.#text.overhead - 16;
      const end =
        this.#pos > this.#state.limit ? noRoom : this.#text.write(this.#out, this.#pos, bytes, at, this.#state);
      if (end !== noRoom) {
        this.#rows[this.#count++] = this.#pos;
        this.#rows[this.#count++] = end;
        this.#pos = end;
        if (this.#count === waiting) this.#flush();
        return this.#text.end;
      }
      if (this.#pos > 0) this.#flush();
      else this.#out = new DataView(new ArrayBuffer(Math.max(bufferBytes, this.#out.byteLength * 2)));
    }
  }

  #flush(): void {
    for (let i = 0; i < this.#count; i += 2) this.rowsum.add(this.#out, this.#rows[i]!, this.#rows[i + 1]!);
    this.#count = 0;
    this.#pos = 0;
  }
}
