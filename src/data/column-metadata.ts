/** Reads COLMETADATA (MS-TDS 2.2.7.4) from TDS 7.2 on. */

import { XpdbError } from '../model/error.ts';
import { type WireCollation, type WireColumn, WireType } from './wire-column.ts';

/** Thrown while the token is not whole yet: read again from its start with more bytes. */
export class MoreBytesNeeded extends Error {
  constructor() {
    super('the token goes on beyond the bytes at hand');
    this.name = 'MoreBytesNeeded';
  }
}

export interface ColumnMetadata {
  readonly columns: readonly WireColumn[];
  /** Position after the token. */
  readonly end: number;
}

const known: ReadonlySet<number> = new Set(Object.values(WireType));

/**
 * @param bytes holds the token
 * @param start position after the token byte 0x81
 * @param form in a bulk load the table name of text, ntext and image is one name, in a result a count and its parts
 * @returns the columns; none for the count 0xFFFF, which stands for "no metadata"
 * @throws MoreBytesNeeded while the token is cut; XpdbError for a type that xpdb does not know
 */
export function readColumnMetadata(
  bytes: Uint8Array,
  start: number,
  end = bytes.length,
  form: 'result' | 'bulk' = 'result',
): ColumnMetadata {
  const reader = new Reader(bytes, start, end);
  const count = reader.uint16();
  const columns: WireColumn[] = [];
  if (count !== 0xffff) for (let i = 0; i < count; i++) columns.push(readColumn(reader, columns, form));
  return { columns, end: reader.position };
}

/** The five bytes of a TDS collation at `position` (MS-TDS 2.2.5.1.2). */
export function readCollation(bytes: Uint8Array, position: number): WireCollation {
  const info =
    (bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24)) >>>
    0;
  return {
    lcid: info & 0xfffff,
    flags: (info >>> 20) & 0xff,
    version: info >>> 28,
    sortId: bytes[position + 4]!,
    bytes: new Uint8Array(bytes.subarray(position, position + 5)),
  };
}

class Reader {
  position: number;
  readonly bytes: Uint8Array;
  readonly end: number;

  constructor(bytes: Uint8Array, position: number, end: number) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  take(length: number): number {
    const at = this.position;
    if (at + length > this.end) throw new MoreBytesNeeded();
    this.position = at + length;
    return at;
  }
  uint8(): number {
    return this.bytes[this.take(1)]!;
  }
  uint16(): number {
    const at = this.take(2);
    return this.bytes[at]! | (this.bytes[at + 1]! << 8);
  }
  uint32(): number {
    return this.uint16() + this.uint16() * 0x10000;
  }
  text(characters: number): string {
    const at = this.take(characters * 2);
    let text = '';
    for (let i = at; i < this.position; i += 2) text += String.fromCharCode(this.bytes[i]! | (this.bytes[i + 1]! << 8));
    return text;
  }
  shortText(): string {
    return this.text(this.uint8());
  }
  longText(): string {
    return this.text(this.uint16());
  }
  collation(): WireCollation {
    return readCollation(this.bytes, this.take(5));
  }
}

/** TYPE_INFO (MS-TDS 2.2.5.6) as an RPC parameter has it, without name, user type and flags. */
export function readTypeInfo(bytes: Uint8Array, start: number): { readonly column: WireColumn; readonly end: number } {
  const reader = new Reader(bytes, start, bytes.length);
  const type = readType(reader, [], 'parameter');
  return { column: { name: '', userType: 0, flags: 1, ...type }, end: reader.position };
}

function readColumn(reader: Reader, before: readonly WireColumn[], form: 'result' | 'bulk'): WireColumn {
  const userType = reader.uint32();
  const flags = reader.uint16();
  const type = readType(reader, before, form);
  return { name: reader.shortText(), userType, flags, ...type };
}

type TypeInfo = Omit<WireColumn, 'name' | 'userType' | 'flags'>;

function readType(reader: Reader, before: readonly WireColumn[], form: 'result' | 'bulk' | 'parameter'): TypeInfo {
  const code = reader.uint8();
  if (!known.has(code)) throw unknownType(code, before);
  const type = code as WireType;
  let maxLength = 0;
  let precision = 0;
  let scale = 0;
  let collation: WireCollation | null = null;
  let udt: WireColumn['udt'] = null;
  switch (type) {
    case WireType.guid:
    case WireType.intN:
    case WireType.bitN:
    case WireType.floatN:
    case WireType.moneyN:
    case WireType.datetimeN:
      maxLength = reader.uint8();
      break;
    case WireType.decimalN:
    case WireType.numericN:
      maxLength = reader.uint8();
      precision = reader.uint8();
      scale = reader.uint8();
      break;
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      scale = reader.uint8();
      break;
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      maxLength = reader.uint16();
      break;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      maxLength = reader.uint16();
      collation = reader.collation();
      break;
    case WireType.text:
    case WireType.ntext:
    case WireType.image:
      maxLength = reader.uint32();
      if (type !== WireType.image) collation = reader.collation();
      if (form === 'result') for (let parts = reader.uint8(); parts > 0; parts--) reader.longText();
      else if (form === 'bulk') reader.longText();
      break;
    case WireType.variant:
      maxLength = reader.uint32();
      break;
    case WireType.xml:
      if (reader.uint8() === 1) {
        reader.shortText();
        reader.shortText();
        reader.longText();
      }
      break;
    case WireType.udt: {
      maxLength = reader.uint16();
      reader.shortText();
      const schema = reader.shortText();
      const name = reader.shortText();
      udt = { schema, name, assembly: reader.longText() };
      break;
    }
    case WireType.vector:
      maxLength = reader.uint16();
      scale = reader.uint8();
      break;
    default:
      break;
  }
  return { type, maxLength, precision, scale, collation, udt };
}

function unknownType(code: number, before: readonly WireColumn[]): XpdbError {
  const after = before.length > 0 ? ` (after column ${before[before.length - 1]!.name})` : '';
  const hex = code.toString(16).toUpperCase().padStart(2, '0');
  return new XpdbError(
    `column ${before.length + 1} of the result${after} has the wire type 0x${hex}, which xpdb does not know`,
    {
      hint: 'leave the column out, or convert it to a type that xpdb knows',
    },
  );
}
