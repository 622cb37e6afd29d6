import { type WireColumn, WireType } from '../../data/wire-column.ts';
import type { ByteWriter } from './byte-writer.ts';

const noCollation = Uint8Array.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** COLMETADATA (MS-TDS 2.2.7.4) of a result. */
export function writeColumnMetadata(out: ByteWriter, columns: readonly WireColumn[]): void {
  out.uint8(0x81).uint16(columns.length === 0 ? 0xffff : columns.length);
  for (const column of columns) {
    out.uint32(column.userType).uint16(column.flags);
    writeTypeInfo(out, column);
    // text, ntext and image carry the parts of their table's name, of which there may be none.
    if (isLongType(column.type)) out.uint8(0);
    out.shortText(column.name);
  }
}

const isLongType = (type: WireType) => type === WireType.text || type === WireType.ntext || type === WireType.image;

/** TYPE_INFO (MS-TDS 2.2.5.6). */
export function writeTypeInfo(out: ByteWriter, column: WireColumn): void {
  out.uint8(column.type);
  switch (column.type) {
    case WireType.guid:
    case WireType.intN:
    case WireType.bitN:
    case WireType.floatN:
    case WireType.moneyN:
    case WireType.datetimeN:
      out.uint8(column.maxLength);
      break;
    case WireType.decimalN:
    case WireType.numericN:
      out.uint8(column.maxLength).uint8(column.precision).uint8(column.scale);
      break;
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      out.uint8(column.scale);
      break;
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      out.uint16(column.maxLength);
      break;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      out.uint16(column.maxLength).bytes(column.collation?.bytes ?? noCollation);
      break;
    case WireType.text:
    case WireType.ntext:
      out.uint32(column.maxLength).bytes(column.collation?.bytes ?? noCollation);
      break;
    case WireType.image:
    case WireType.variant:
      out.uint32(column.maxLength);
      break;
    case WireType.vector:
      out.uint16(column.maxLength).uint8(column.scale);
      break;
    case WireType.xml:
      out.uint8(0);
      break;
    case WireType.udt:
      out
        .uint16(column.maxLength)
        .shortText('')
        .shortText(column.udt?.schema ?? '')
        .shortText(column.udt?.name ?? '')
        .longText(column.udt?.assembly ?? '');
      break;
    default:
      break;
  }
}
