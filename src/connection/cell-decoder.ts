/** Decodes whole rows (ROW, NBCROW) to exact values: for the catalog and other small results, not for table data. */

import { readCollation } from '../data/column-metadata.ts';
import { NBCROW, ROW } from '../data/row-scanner.ts';
import { isPlp, type WireCollation, type WireColumn, WireType } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import { decodeCharacters, decodeUtf8 } from './cell-text.ts';
import { dateText, datetimeOffsetText, datetimeText, smalldatetimeText, timeText } from './cell-time.ts';
import type { CellValue, VariantValue } from './cell-value.ts';

type Plain = Exclude<CellValue, VariantValue | null>;

/** @param bytes holds whole rows in `[start, end)`, back to back */
export function decodeRows(
  bytes: Uint8Array,
  start: number,
  end: number,
  columns: readonly WireColumn[],
): CellValue[][] {
  const reader = new Cells(bytes, start, end);
  const rows: CellValue[][] = [];
  while (reader.position < end) rows.push(reader.row(columns));
  return rows;
}

class Cells {
  position: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
    this.end = end;
  }

  take(length: number): number {
    const at = this.position;
    if (at + length > this.end) throw new XpdbError('a row of the result is shorter than its columns say');
    this.position = at + length;
    return at;
  }

  uint8(): number {
    return this.bytes[this.take(1)]!;
  }
  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  row(columns: readonly WireColumn[]): CellValue[] {
    const token = this.uint8();
    if (token !== ROW && token !== NBCROW) throw new XpdbError(`the token 0x${token.toString(16)} begins no row`);
    const bitmap = token === NBCROW ? this.take((columns.length + 7) >> 3) : -1;
    return columns.map((column, i) =>
      bitmap >= 0 && (this.bytes[bitmap + (i >> 3)]! & (1 << (i & 7))) !== 0 ? null : this.cell(column),
    );
  }

  cell(column: WireColumn): CellValue {
    if (isPlp(column)) {
      const value = this.plp();
      if (value === null) return null;
      return this.value(value, 0, value.length, column.type, column.scale, column.collation, column.name);
    }
    const length = this.length(column);
    if (length === null) return null;
    const at = this.take(length);
    if (column.type === WireType.variant) return this.variant(at, length, column.name);
    return this.value(this.bytes, at, length, column.type, column.scale, column.collation, column.name);
  }

  /** Length of the value that follows, null for NULL. */
  length(column: WireColumn): number | null {
    switch (column.type) {
      case WireType.null:
        return null;
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
      case WireType.int8:
      case WireType.datetime:
      case WireType.float8:
      case WireType.money:
        return 8;
      case WireType.bigVarBinary:
      case WireType.bigVarChar:
      case WireType.bigBinary:
      case WireType.bigChar:
      case WireType.nvarchar:
      case WireType.nchar:
      case WireType.vector: {
        const length = this.view.getUint16(this.take(2), true);
        return length === 0xffff ? null : length;
      }
      case WireType.text:
      case WireType.ntext:
      case WireType.image: {
        const pointer = this.uint8();
        if (pointer === 0) return null;
        this.take(pointer + 8);
        return this.uint32();
      }
      case WireType.variant: {
        const length = this.uint32();
        return length === 0 ? null : length;
      }
      default: {
        const length = this.uint8();
        return length === 0 ? null : length;
      }
    }
  }

  plp(): Uint8Array | null {
    const total = this.view.getBigUint64(this.take(8), true);
    if (total === 0xffffffffffffffffn) return null;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let length = this.uint32(); length > 0; length = this.uint32()) {
      const at = this.take(length);
      chunks.push(this.bytes.subarray(at, at + length));
      size += length;
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  /** MS-TDS 2.2.5.5.4: base type, count of property bytes, properties, value. */
  variant(start: number, length: number, name: string): VariantValue {
    const { bytes, view } = this;
    const baseType = bytes[start]! as WireType;
    const properties = start + 2;
    const at = properties + bytes[start + 1]!;
    let precision = 0;
    let scale = 0;
    let maxLength = 0;
    let collation: WireCollation | null = null;
    switch (baseType) {
      case WireType.timeN:
      case WireType.datetime2N:
      case WireType.datetimeOffsetN:
        scale = bytes[properties]!;
        break;
      case WireType.decimalN:
      case WireType.numericN:
        precision = bytes[properties]!;
        scale = bytes[properties + 1]!;
        break;
      case WireType.bigVarBinary:
      case WireType.bigBinary:
        maxLength = view.getUint16(properties, true);
        break;
      case WireType.bigVarChar:
      case WireType.bigChar:
      case WireType.nvarchar:
      case WireType.nchar:
        collation = readCollation(bytes, properties);
        maxLength = view.getUint16(properties + 5, true);
        break;
      default:
        break;
    }
    const value = this.value(bytes, at, start + length - at, baseType, scale, collation, name);
    return { baseType, precision, scale, maxLength, collation, value };
  }

  value(
    bytes: Uint8Array,
    at: number,
    length: number,
    type: WireType,
    scale: number,
    collation: WireCollation | null,
    name: string,
  ): Plain {
    const view = bytes === this.bytes ? this.view : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (type) {
      case WireType.int1:
      case WireType.int2:
      case WireType.int4:
      case WireType.int8:
      case WireType.intN:
        if (length === 1) return bytes[at]!;
        if (length === 2) return view.getInt16(at, true);
        return length === 4 ? view.getInt32(at, true) : view.getBigInt64(at, true);
      case WireType.bit:
      case WireType.bitN:
        return bytes[at] !== 0;
      case WireType.float4:
      case WireType.float8:
      case WireType.floatN:
        return length === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
      case WireType.money:
      case WireType.money4:
      case WireType.moneyN:
        if (length === 4) return decimalText(BigInt(view.getInt32(at, true)), 4);
        return decimalText((BigInt(view.getInt32(at, true)) << 32n) | BigInt(view.getUint32(at + 4, true)), 4);
      case WireType.decimalN:
      case WireType.numericN: {
        let magnitude = 0n;
        for (let i = at + length - 1; i > at; i--) magnitude = (magnitude << 8n) | BigInt(bytes[i]!);
        return decimalText(bytes[at] === 0 ? -magnitude : magnitude, scale);
      }
      case WireType.datetime4:
      case WireType.datetime:
      case WireType.datetimeN:
        return length === 4
          ? smalldatetimeText(view.getUint16(at, true), view.getUint16(at + 2, true))
          : datetimeText(view.getInt32(at, true), view.getUint32(at + 4, true));
      case WireType.dateN:
        return dateText(little(bytes, at, 3));
      case WireType.timeN:
        return timeText(little(bytes, at, length), scale);
      case WireType.datetime2N:
        return `${dateText(little(bytes, at + length - 3, 3))}T${timeText(little(bytes, at, length - 3), scale)}`;
      case WireType.datetimeOffsetN: {
        const units = little(bytes, at, length - 5);
        const days = little(bytes, at + length - 5, 3);
        return datetimeOffsetText(days, units, view.getInt16(at + length - 2, true), scale);
      }
      case WireType.guid:
        return guidText(bytes, at);
      case WireType.nvarchar:
      case WireType.nchar:
      case WireType.ntext:
      case WireType.xml:
        return utf16Text(bytes, at, length);
      case WireType.bigVarChar:
      case WireType.bigChar:
      case WireType.text:
        return decodeCharacters(bytes.subarray(at, at + length), collation, name);
      case WireType.json:
        return decodeUtf8(bytes.subarray(at, at + length), name);
      case WireType.bigVarBinary:
      case WireType.bigBinary:
      case WireType.image:
      case WireType.udt:
      case WireType.vector:
        // Not slice(): of a Buffer that is a view of the socket's memory.
        return new Uint8Array(bytes.subarray(at, at + length));
      default:
        throw new XpdbError(`column ${name} holds a value of the wire type 0x${(type as number).toString(16)}`, {
          hint: 'convert it to a type that xpdb knows',
        });
    }
  }
}

function little(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = at + length - 1; i >= at; i--) value = value * 256 + bytes[i]!;
  return value;
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The first three groups are little-endian on the wire. */
function guidText(bytes: Uint8Array, at: number): string {
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order
    .map(i => (i < 0 ? '-' : bytes[at + i]!.toString(16).padStart(2, '0')))
    .join('')
    .toUpperCase();
}

/** UTF-16LE unit by unit, lone surrogates kept. */
function utf16Text(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf16le');
}
