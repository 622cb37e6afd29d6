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

export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/**
 * Finds the bytes of one value and joins those that come in chunks. One reader serves all cells of a row one after the other.
 */
export class ValueReader {
  /** Where the value's bytes are: the row itself, or a joined copy that is valid until the next call. */
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Bytes of the value; -1 for NULL. */
  length = -1;
  #joined = new Uint8Array(0);

  /** @param at where the value begins, its length included @returns the position behind the value */
  read(bytes: Uint8Array, at: number, layout: number): number {
    this.bytes = bytes;
    if (layout < 16) {
      this.at = at;
      this.length = layout === 0 ? -1 : layout;
      return at + layout;
    }
    switch (layout) {
      case Layout.byteLength: {
        const length = bytes[at]!;
        this.at = at + 1;
        this.length = length === 0 ? -1 : length;
        return at + 1 + length;
      }
      case Layout.ushortLength: {
        const length = bytes[at]! | (bytes[at + 1]! << 8);
        this.at = at + 2;
        this.length = length === 0xffff ? -1 : length;
        return length === 0xffff ? at + 2 : at + 2 + length;
      }
      case Layout.textPointer: {
        const pointer = bytes[at]!;
        if (pointer === 0) {
          this.length = -1;
          return at + 1;
        }
        this.at = at + 1 + pointer + 8 + 4;
        this.length = readUint32(bytes, this.at - 4);
        return this.at + this.length;
      }
      case Layout.longLength: {
        const length = readUint32(bytes, at);
        this.at = at + 4;
        this.length = length === 0 ? -1 : length;
        return at + 4 + length;
      }
      default:
        return this.#readPlp(bytes, at);
    }
  }

  #readPlp(bytes: Uint8Array, at: number): number {
    if (readUint32(bytes, at) === 0xffffffff && readUint32(bytes, at + 4) === 0xffffffff) {
      this.length = -1;
      return at + 8;
    }
    const first = readUint32(bytes, at + 8);
    this.at = at + 12;
    this.length = first;
    if (first === 0) return at + 12;
    const second = at + 12 + first;
    if (readUint32(bytes, second) === 0) return second + 4;
    let size = 0;
    let next = at + 8;
    for (let length = first; length > 0; length = readUint32(bytes, next)) {
      size += length;
      next += 4 + length;
    }
    if (this.#joined.length < size) this.#joined = new Uint8Array(size * 2);
    let to = 0;
    for (let from = at + 8; from < next; ) {
      const length = readUint32(bytes, from);
      this.#joined.set(bytes.subarray(from + 4, from + 4 + length), to);
      to += length;
      from += 4 + length;
    }
    this.bytes = this.#joined;
    this.at = 0;
    this.length = size;
    return next + 4;
  }
}
