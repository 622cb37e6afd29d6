/** The static type of a column as COLMETADATA or a parameter of an RPC describes it. */
import { columnDimensions } from '../../../data/vector.ts';
import { type WireColumn, WireType } from '../../../data/wire-column.ts';
import { ServerError, unsupported } from '../server-error.ts';
import type { Collation } from './collation.ts';
import { collationOfBytes } from './row-reader.ts';
import {
  binaryType,
  charType,
  datetime2Type,
  datetimeOffsetType,
  decimalType,
  nvarcharType,
  type SqlType,
  timeType,
  types,
  varbinaryType,
  varcharType,
  vectorType,
} from './sql-type.ts';

/** `nullable`: whether cells come in the form with a length byte. */
export interface WireForm {
  readonly type: SqlType;
  readonly nullable: boolean;
}

const ofSize = (size: number, byBytes: Readonly<Record<number, SqlType>>, name: string): WireForm => {
  const type = byBytes[size];
  if (!type) throw new ServerError(4804, `The ${name} type of length ${size} is invalid.`);
  return { type, nullable: true };
};

/** The collation of the wire, or `fallback` where it sends five zero bytes or none. */
const collationOf = (column: WireColumn, fallback: Collation): Collation =>
  column.collation && column.collation.bytes.some(b => b !== 0) ? collationOfBytes(column.collation.bytes) : fallback;

export function wireForm(column: WireColumn, fallback: Collation): WireForm {
  const max = column.maxLength === 0xffff;
  const variable = (type: SqlType): WireForm => ({ type, nullable: true });
  switch (column.type) {
    case WireType.bit:
      return { type: types.bit, nullable: false };
    case WireType.int1:
      return { type: types.tinyint, nullable: false };
    case WireType.int2:
      return { type: types.smallint, nullable: false };
    case WireType.int4:
      return { type: types.int, nullable: false };
    case WireType.int8:
      return { type: types.bigint, nullable: false };
    case WireType.float4:
      return { type: types.real, nullable: false };
    case WireType.float8:
      return { type: types.float, nullable: false };
    case WireType.money4:
      return { type: types.smallmoney, nullable: false };
    case WireType.money:
      return { type: types.money, nullable: false };
    case WireType.datetime4:
      return { type: types.smalldatetime, nullable: false };
    case WireType.datetime:
      return { type: types.datetime, nullable: false };
    case WireType.bitN:
      return variable(types.bit);
    case WireType.intN:
      return ofSize(
        column.maxLength,
        { 1: types.tinyint, 2: types.smallint, 4: types.int, 8: types.bigint },
        'integer',
      );
    case WireType.floatN:
      return ofSize(column.maxLength, { 4: types.real, 8: types.float }, 'float');
    case WireType.moneyN:
      return ofSize(column.maxLength, { 4: types.smallmoney, 8: types.money }, 'money');
    case WireType.datetimeN:
      return ofSize(column.maxLength, { 4: types.smalldatetime, 8: types.datetime }, 'datetime');
    case WireType.decimalN:
      return variable(decimalType(column.precision, column.scale, 'decimal'));
    case WireType.numericN:
      return variable(decimalType(column.precision, column.scale, 'numeric'));
    case WireType.dateN:
      return variable(types.date);
    case WireType.timeN:
      return variable(timeType(column.scale));
    case WireType.datetime2N:
      return variable(datetime2Type(column.scale));
    case WireType.datetimeOffsetN:
      return variable(datetimeOffsetType(column.scale));
    case WireType.guid:
      return variable(types.uniqueidentifier);
    case WireType.bigVarBinary:
      return variable(varbinaryType(max ? -1 : column.maxLength));
    case WireType.bigBinary:
      return variable(binaryType(column.maxLength));
    case WireType.bigVarChar:
      return variable(varcharType(max ? -1 : column.maxLength, collationOf(column, fallback)));
    case WireType.nvarchar:
      return variable(nvarcharType(max ? -1 : column.maxLength >> 1, collationOf(column, fallback)));
    case WireType.bigChar:
      return variable(charType('char', column.maxLength, collationOf(column, fallback)));
    case WireType.nchar:
      return variable(charType('nchar', column.maxLength >> 1, collationOf(column, fallback)));
    case WireType.text:
      return variable(charType('text', -1, collationOf(column, fallback)));
    case WireType.ntext:
      return variable(charType('ntext', -1, collationOf(column, fallback)));
    case WireType.image:
      return variable(types.image);
    case WireType.xml:
      return variable(types.xml);
    case WireType.variant:
      return variable(types.variant);
    case WireType.vector:
      return variable(vectorType(columnDimensions(column.maxLength, column.scale), column.scale));
    case WireType.udt: {
      const name = column.udt?.name.toLowerCase();
      if (name === 'hierarchyid' || name === 'geometry' || name === 'geography') return variable(types[name]);
      // A client that sends a CLR value names its assembly only.
      throw unsupported(`the CLR type ${column.udt?.name ?? ''}`);
    }
    case WireType.null:
      return variable(varbinaryType(1));
    default:
      throw unsupported(`wire type 0x${column.type.toString(16)}`);
  }
}
