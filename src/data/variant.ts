/**
 * sql_variant: `CAST(CAST(value AS base) AS sql_variant)` with the base type's precision, scale, length and collation, all of
 * which the wire has (MS-TDS 2.2.5.5.4: base type, count of property bytes, properties, value).
 */

import { XpdbError } from '../model/error.ts';
import { collationName } from './collation.ts';
import { readCollation } from './column-metadata.ts';
import { type WireColumn, WireType } from './wire-column.ts';

export interface VariantValue {
  /** The base type with its properties, as a column of its own. */
  readonly column: WireColumn;
  readonly at: number;
  readonly end: number;
}

/** The same memory as a Uint8Array. */
function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** @param length of type, properties and value together @throws XpdbError naming the column for a base type that none has */
export function readVariant(bytes: DataView, at: number, length: number, name: string): VariantValue {
  const type = bytes.getUint8(at) as WireType;
  const properties = at + 2;
  const valueAt = properties + bytes.getUint8(at + 1);
  const end = at + length;
  let maxLength = 0;
  let precision = 0;
  let scale = 0;
  let collation: WireColumn['collation'] = null;
  switch (type) {
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      scale = bytes.getUint8(properties);
      break;
    case WireType.decimalN:
    case WireType.numericN:
      precision = bytes.getUint8(properties);
      scale = bytes.getUint8(properties + 1);
      break;
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      maxLength = bytes.getUint8(properties) | (bytes.getUint8(properties + 1) << 8);
      break;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      collation = readCollation(bytesOf(bytes), properties);
      maxLength = bytes.getUint8(properties + 5) | (bytes.getUint8(properties + 6) << 8);
      break;
    case WireType.bit:
    case WireType.int1:
    case WireType.int2:
    case WireType.int4:
    case WireType.int8:
    case WireType.float4:
    case WireType.float8:
    case WireType.money:
    case WireType.money4:
    case WireType.datetime:
    case WireType.datetime4:
    case WireType.dateN:
    case WireType.guid:
      break;
    default:
      throw new XpdbError(
        `column ${name} holds a sql_variant of the wire type 0x${bytes.getUint8(at).toString(16)}, which xpdb does not know`,
        { hint: 'convert it in the query' },
      );
  }
  const column: WireColumn = { name, type, userType: 0, flags: 0, maxLength, precision, scale, collation, udt: null };
  return { column, at: valueAt, end };
}

/** The base type as T-SQL writes it: `nvarchar(10)`, `decimal(9, 2)`. A length of zero bytes, of an empty string, is 1. */
export function variantTypeName({ type, maxLength, precision, scale }: WireColumn): string {
  switch (type) {
    case WireType.bit:
      return 'bit';
    case WireType.int1:
      return 'tinyint';
    case WireType.int2:
      return 'smallint';
    case WireType.int4:
      return 'int';
    case WireType.int8:
      return 'bigint';
    case WireType.float4:
      return 'real';
    case WireType.float8:
      return 'float';
    case WireType.money:
      return 'money';
    case WireType.money4:
      return 'smallmoney';
    case WireType.datetime:
      return 'datetime';
    case WireType.datetime4:
      return 'smalldatetime';
    case WireType.dateN:
      return 'date';
    case WireType.timeN:
      return `time(${scale})`;
    case WireType.datetime2N:
      return `datetime2(${scale})`;
    case WireType.datetimeOffsetN:
      return `datetimeoffset(${scale})`;
    case WireType.decimalN:
      return `decimal(${precision}, ${scale})`;
    case WireType.numericN:
      return `numeric(${precision}, ${scale})`;
    case WireType.guid:
      return 'uniqueidentifier';
    case WireType.bigVarChar:
      return `varchar(${Math.max(1, maxLength)})`;
    case WireType.bigChar:
      return `char(${Math.max(1, maxLength)})`;
    case WireType.nvarchar:
      return `nvarchar(${Math.max(1, maxLength >> 1)})`;
    case WireType.nchar:
      return `nchar(${Math.max(1, maxLength >> 1)})`;
    case WireType.bigVarBinary:
      return `varbinary(${Math.max(1, maxLength)})`;
    default:
      return `binary(${Math.max(1, maxLength)})`;
  }
}

/** ` COLLATE name` behind a string's literal, so that the CAST converts to the right code page; else empty. */
export function variantCollate(column: WireColumn): string {
  return column.collation === null ? '' : ` COLLATE ${collationName(column.collation, column.name)}`;
}
