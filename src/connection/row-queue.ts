/** Turns rows that are pushed into rows that are pulled, holding back the sender meanwhile. */

import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import { decodeRows } from './cell-decoder.ts';
import type { CellValue } from './cell-value.ts';
import type { RowSink } from './session.ts';

/** Refuses a second result set: an answer must never be taken for another's, nor dropped. */
export function singleResult(seen: number): void {
  if (seen > 1) {
    throw new XpdbError('the query gave more than one result', { hint: 'run one SELECT at a time' });
  }
}

export class RowQueue implements RowSink {
  #columns: readonly WireColumn[] = [];
  #results = 0;
  #batch: CellValue[][] = [];
  #taken: (() => void) | undefined;
  #arrived: (() => void) | undefined;
  #ended: { readonly error?: unknown } | undefined;

  columns(columns: readonly WireColumn[]): void {
    singleResult(++this.#results);
    this.#columns = columns;
  }

  rows(bytes: Uint8Array, start: number, end: number): Promise<void> {
    this.#batch = decodeRows(bytes, start, end, this.#columns);
    return new Promise(resolve => {
      this.#taken = resolve;
      this.#arrived?.();
    });
  }

  /** No more rows come; `error` is thrown to the reader. */
  end(outcome: { readonly error?: unknown }): void {
    this.#ended = outcome;
    this.#arrived?.();
  }

  async *read(): AsyncGenerator<readonly CellValue[]> {
    for (;;) {
      if (this.#batch.length > 0) {
        const batch = this.#batch;
        this.#batch = [];
        yield* batch;
        this.#taken?.();
      } else if (this.#ended) {
        if ('error' in this.#ended) throw this.#ended.error;
        return;
      } else {
        await new Promise<void>(resolve => (this.#arrived = resolve));
        this.#arrived = undefined;
      }
    }
  }
}
