/** What stands before the value in a sql_variant (MS-TDS 2.2.5.5.4): base type, count of property bytes, properties. */

import { type WireColumn, WireType } from '../wire-column.ts';

/** Bytes of type, count and properties. @param base in its nullable form */
export function variantHead(base: WireColumn): number {
  return 2 + propertyBytes(base);
}

function propertyBytes(base: WireColumn): number {
  switch (base.type) {
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      return 1;
    case WireType.decimalN:
    case WireType.numericN:
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      return 2;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      return 7;
    default:
      return 0;
  }
}

export function writeVariantHead(base: WireColumn, out: DataView, pos: number): void {
  out.setUint8(pos, fixedType(base));
  out.setUint8(pos + 1, propertyBytes(base));
  switch (base.type) {
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      out.setUint8(pos + 2, base.scale);
      break;
    case WireType.decimalN:
    case WireType.numericN:
      out.setUint8(pos + 2, base.precision);
      out.setUint8(pos + 3, base.scale);
      break;
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      out.setUint16(pos + 2, base.maxLength, true);
      break;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar: {
      const { bytes } = base.collation!;
      for (let i = 0; i < 5; i++) out.setUint8(pos + 2 + i, bytes[i]!);
      out.setUint16(pos + 7, base.maxLength, true);
      break;
    }
    default:
      break;
  }
}

/** A variant names integers, bit, float, money and the old date types by the type of their size. */
function fixedType({ type, maxLength }: WireColumn): number {
  switch (type) {
    case WireType.intN:
      if (maxLength === 1) return WireType.int1;
      return maxLength === 2 ? WireType.int2 : maxLength === 4 ? WireType.int4 : WireType.int8;
    case WireType.bitN:
      return WireType.bit;
    case WireType.floatN:
      return maxLength === 4 ? WireType.float4 : WireType.float8;
    case WireType.moneyN:
      return maxLength === 4 ? WireType.money4 : WireType.money;
    case WireType.datetimeN:
      return maxLength === 4 ? WireType.datetime4 : WireType.datetime;
    default:
      return type;
  }
}
