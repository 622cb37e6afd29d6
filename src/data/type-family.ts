/** Families of types whose values are laid out and written alike: the one list that says which type of the wire is in which. */

import { WireType } from './wire-column.ts';

/** In the order of the switch of cell-literal.ts, which the kernel has, too. */
export const Family = {
  int: 0,
  bit: 1,
  decimal: 2,
  float: 3,
  datetime2: 4,
  utf16: 5,
  characters: 6,
  date: 7,
  time: 8,
  datetimeOffset: 9,
  datetime: 10,
  money: 11,
  guid: 12,
  binary: 13,
  xml: 14,
  udt: 15,
  variant: 16,
  json: 17,
  vector: 18,
  none: 19,
} as const;

export function familyOf(type: WireType): number {
  switch (type) {
    case WireType.int1:
    case WireType.int2:
    case WireType.int4:
    case WireType.int8:
    case WireType.intN:
      return Family.int;
    case WireType.bit:
    case WireType.bitN:
      return Family.bit;
    case WireType.decimalN:
    case WireType.numericN:
      return Family.decimal;
    case WireType.float4:
    case WireType.float8:
    case WireType.floatN:
      return Family.float;
    case WireType.money:
    case WireType.money4:
    case WireType.moneyN:
      return Family.money;
    case WireType.datetime:
    case WireType.datetime4:
    case WireType.datetimeN:
      return Family.datetime;
    case WireType.dateN:
      return Family.date;
    case WireType.timeN:
      return Family.time;
    case WireType.datetime2N:
      return Family.datetime2;
    case WireType.datetimeOffsetN:
      return Family.datetimeOffset;
    case WireType.guid:
      return Family.guid;
    case WireType.nvarchar:
    case WireType.nchar:
    case WireType.ntext:
      return Family.utf16;
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.text:
      return Family.characters;
    case WireType.bigVarBinary:
    case WireType.bigBinary:
    case WireType.image:
      return Family.binary;
    case WireType.xml:
      return Family.xml;
    case WireType.udt:
      return Family.udt;
    case WireType.variant:
      return Family.variant;
    case WireType.json:
      return Family.json;
    case WireType.vector:
      return Family.vector;
    case WireType.null:
      return Family.none;
  }
}
