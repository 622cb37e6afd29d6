/** How the bytes of a value are framed in a row: MS-TDS 2.2.5.4 and 2.2.5.2.3. */

import { isPlp, type WireColumn, WireType } from './wire-column.ts';

/** Lengths of fixed types are 0…8 themselves; these say where a length stands. */
export const Layout = { byteLength: 16, ushortLength: 17, plp: 18, textPointer: 19, longLength: 20 } as const;

export function layoutOf(column: WireColumn): number {
  if (isPlp(column)) return Layout.plp;
  switch (column.type) {
    case WireType.null:
      return 0;
    case WireType.int1:
    case WireType.bit:
      return 1;
    case WireType.int2:
      return 2;
    case WireType.int4:
    case WireType.datetime4:
    case WireType.float4:
    case WireType.money4:
      return 4;
    case WireType.money:
    case WireType.datetime:
    case WireType.float8:
    case WireType.int8:
      return 8;
    case WireType.bigVarBinary:
    case WireType.bigVarChar:
    case WireType.bigBinary:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
    case WireType.vector:
      return Layout.ushortLength;
    case WireType.text:
    case WireType.ntext:
    case WireType.image:
      return Layout.textPointer;
    case WireType.variant:
      return Layout.longLength;
    default:
      return Layout.byteLength;
  }
}

/**
 * Finds the bytes of one value and joins those that come in chunks. One reader serves all cells of a row one after the other.
 */
export class ValueReader {
  /** Where the value's bytes are: the row itself, or a joined copy that is valid until the next call. */
  bytes: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  /** Bytes of the value; -1 for NULL. */
  length = -1;
  #joined = new Uint8Array(0);
  #joinedView = new DataView(this.#joined.buffer);

  /** @param at where the value begins, its length included @returns the position behind the value */
  read(bytes: DataView, at: number, layout: number): number {
    this.bytes = bytes;
    if (layout < 16) {
      this.at = at;
      this.length = layout === 0 ? -1 : layout;
      return at + layout;
    }
    switch (layout) {
      case Layout.byteLength: {
        const length = bytes.getUint8(at);
        this.at = at + 1;
        this.length = length === 0 ? -1 : length;
        return at + 1 + length;
      }
      case Layout.ushortLength: {
        const length = bytes.getUint8(at) | (bytes.getUint8(at + 1) << 8);
        this.at = at + 2;
        this.length = length === 0xffff ? -1 : length;
        return length === 0xffff ? at + 2 : at + 2 + length;
      }
      case Layout.textPointer: {
        const pointer = bytes.getUint8(at);
        if (pointer === 0) {
          this.length = -1;
          return at + 1;
        }
        this.at = at + 1 + pointer + 8 + 4;
        this.length = bytes.getUint32(this.at - 4, true);
        return this.at + this.length;
      }
      case Layout.longLength: {
        const length = bytes.getUint32(at, true);
        this.at = at + 4;
        this.length = length === 0 ? -1 : length;
        return at + 4 + length;
      }
      default:
        return this.#readPlp(bytes, at);
    }
  }

  #readPlp(bytes: DataView, at: number): number {
    if (bytes.getUint32(at, true) === 0xffffffff && bytes.getUint32(at + 4, true) === 0xffffffff) {
      this.length = -1;
      return at + 8;
    }
    const first = bytes.getUint32(at + 8, true);
    this.at = at + 12;
    this.length = first;
    if (first === 0) return at + 12;
    const second = at + 12 + first;
    if (bytes.getUint32(second, true) === 0) return second + 4;
    let size = 0;
    let next = at + 8;
    for (let length = first; length > 0; length = bytes.getUint32(next, true)) {
      size += length;
      next += 4 + length;
    }
    if (this.#joined.length < size) {
      this.#joined = new Uint8Array(size * 2);
      this.#joinedView = new DataView(this.#joined.buffer);
    }
    let to = 0;
    for (let from = at + 8; from < next; ) {
      const length = bytes.getUint32(from, true);
      this.#joined.set(new Uint8Array(bytes.buffer, bytes.byteOffset + from + 4, length), to);
      to += length;
      from += 4 + length;
    }
    this.bytes = this.#joinedView;
    this.at = 0;
    this.length = size;
    return next + 4;
  }
}
