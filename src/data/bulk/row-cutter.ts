/** Finds the border behind so many rows in the bytes of a result, to take some rows out of many. */

import { XpdbError } from '../../model/error.ts';
import { NBCROW, ROW } from '../row-scanner.ts';
import { layoutOf, ValueReader } from '../value-layout.ts';
import type { WireColumn } from '../wire-column.ts';

export class RowCutter {
  readonly #layouts: Uint8Array;
  readonly #bitmapBytes: number;
  readonly #value = new ValueReader();

  constructor(columns: readonly WireColumn[]) {
    this.#layouts = Uint8Array.from(columns, layoutOf);
    this.#bitmapBytes = (columns.length + 7) >> 3;
  }

  /** @returns the position behind `rows` rows that begin at `start` */
  behind(bytes: Uint8Array, start: number, rows: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    for (let row = 0; row < rows; row++) {
      const token = view.getUint8(at);
      if (token !== ROW && token !== NBCROW) throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
      const bitmap = token === NBCROW ? at + 1 : -1;
      at += token === NBCROW ? 1 + this.#bitmapBytes : 1;
      for (let i = 0; i < this.#layouts.length; i++) {
        if (bitmap >= 0 && (view.getUint8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) continue;
        at = this.#value.read(view, at, this.#layouts[i]!);
      }
    }
    return at;
  }
}
