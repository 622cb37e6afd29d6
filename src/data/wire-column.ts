/** A column of a result or of a bulk load as COLMETADATA (MS-TDS 2.2.7.4) describes it. */

/** Type bytes of MS-TDS 2.2.5.4. */
export const WireType = {
  null: 0x1f,
  int1: 0x30,
  bit: 0x32,
  int2: 0x34,
  int4: 0x38,
  datetime4: 0x3a,
  float4: 0x3b,
  money: 0x3c,
  datetime: 0x3d,
  float8: 0x3e,
  money4: 0x7a,
  int8: 0x7f,
  guid: 0x24,
  intN: 0x26,
  dateN: 0x28,
  timeN: 0x29,
  datetime2N: 0x2a,
  datetimeOffsetN: 0x2b,
  bitN: 0x68,
  decimalN: 0x6a,
  numericN: 0x6c,
  floatN: 0x6d,
  moneyN: 0x6e,
  datetimeN: 0x6f,
  bigVarBinary: 0xa5,
  bigVarChar: 0xa7,
  bigBinary: 0xad,
  bigChar: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
  xml: 0xf1,
  udt: 0xf0,
  text: 0x23,
  image: 0x22,
  ntext: 0x63,
  variant: 0x62,
  json: 0xf4,
  vector: 0xf5,
} as const;
export type WireType = (typeof WireType)[keyof typeof WireType];

/** The five bytes of a TDS collation. */
export interface WireCollation {
  readonly lcid: number;
  /** Bits: 1 ignore case, 2 ignore accent, 4 ignore kana, 8 ignore width, 16 binary, 32 binary2, 64 UTF-8. */
  readonly flags: number;
  readonly version: number;
  readonly sortId: number;
  readonly bytes: Uint8Array;
}

export interface WireColumn {
  readonly name: string;
  readonly type: WireType;
  readonly userType: number;
  /** Flags of COLMETADATA: 1 nullable, 2 case-sensitive, 8 updatability unknown, 16 identity, 32 computed. */
  readonly flags: number;
  /** Length of the metadata in bytes: 0xFFFF means max (PLP). 0 for types of fixed length. */
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly collation: WireCollation | null;
  /** Schema and name of a CLR type. */
  readonly udt: { readonly schema: string; readonly name: string; readonly assembly: string } | null;
}

/** Whether values come as partially length-prefixed chunks (MS-TDS 2.2.5.2.3). */
export function isPlp(column: WireColumn): boolean {
  switch (column.type) {
    case WireType.xml:
    case WireType.udt:
    case WireType.json:
      return true;
    case WireType.bigVarBinary:
    case WireType.bigVarChar:
    case WireType.nvarchar:
      return column.maxLength === 0xffff;
    default:
      return false;
  }
}
