/** Joins rows that the packets cut, and hands large ones on in parts. */

import { copyBytes } from '../data/copy-bytes.ts';
import type { RowSink } from './session.ts';

type Wait = void | Promise<void>;

export class RowAssembler {
  readonly #sink: RowSink;
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #large = false;

  /** @param largeRowBytes rows above it go to `largeRowPart`, where the sink has that */
  constructor(sink: RowSink, largeRowBytes: number) {
    this.#sink = sink;
    this.#limit = largeRowBytes;
  }

  /** Takes the next part of a row; `last` says that the row ends with it. */
  part(bytes: Uint8Array, last: boolean): Wait {
    if (!this.#large) {
      // Its memory is used again for what comes next.
      this.#parts.push(last ? bytes : copyBytes(bytes));
      this.#bytes += bytes.length;
      const { largeRowStart, largeRowPart, largeRowEnd } = this.#sink;
      if (this.#bytes <= this.#limit || !largeRowStart || !largeRowPart || !largeRowEnd) {
        return last ? this.#whole() : undefined;
      }
      this.#large = !last;
      return this.#startLarge(last);
    }
    const wait = this.#sink.largeRowPart!(bytes);
    if (!last) return wait;
    this.#large = false;
    return wait ? wait.then(() => this.#sink.largeRowEnd!()) : this.#sink.largeRowEnd!();
  }

  #whole(): Wait {
    const row = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return this.#sink.rows(row, 0, row.length, 1);
  }

  async #startLarge(last: boolean): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    await this.#sink.largeRowStart!();
    for (const part of parts) await this.#sink.largeRowPart!(part);
    if (last) await this.#sink.largeRowEnd!();
  }
}
