/** How a type looks in COLMETADATA. */
import { readCollation } from '../../../data/column-metadata.ts';
import { type WireCollation, type WireColumn, WireType } from '../../../data/wire-column.ts';
import { type Collation, collationNamed } from './collation.ts';
import type { SqlType } from './sql-type.ts';
import { vectorBytes } from './vector-value.ts';

const collations = new Map<string, WireCollation>();
export function wireCollationOf(collation: Collation): WireCollation {
  let found = collations.get(collation.name);
  if (!found) collations.set(collation.name, (found = readCollation(collation.bytes, 0)));
  return found;
}

export const utf8Binary = collationNamed('Latin1_General_100_BIN2_UTF8');

const fixed: Readonly<Record<string, WireType>> = {
  bit: WireType.bit,
  tinyint: WireType.int1,
  smallint: WireType.int2,
  int: WireType.int4,
  bigint: WireType.int8,
  real: WireType.float4,
  float: WireType.float8,
  money: WireType.money,
  smallmoney: WireType.money4,
  datetime: WireType.datetime,
  smalldatetime: WireType.datetime4,
};
const nullableForms: Readonly<Record<string, readonly [WireType, number]>> = {
  bit: [WireType.bitN, 1],
  tinyint: [WireType.intN, 1],
  smallint: [WireType.intN, 2],
  int: [WireType.intN, 4],
  bigint: [WireType.intN, 8],
  real: [WireType.floatN, 4],
  float: [WireType.floatN, 8],
  money: [WireType.moneyN, 8],
  smallmoney: [WireType.moneyN, 4],
  datetime: [WireType.datetimeN, 8],
  smalldatetime: [WireType.datetimeN, 4],
};
const clrTypes: Readonly<Record<string, string>> = {
  hierarchyid:
    'Microsoft.SqlServer.Types.SqlHierarchyId, Microsoft.SqlServer.Types, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91',
  geometry:
    'Microsoft.SqlServer.Types.SqlGeometry, Microsoft.SqlServer.Types, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91',
  geography:
    'Microsoft.SqlServer.Types.SqlGeography, Microsoft.SqlServer.Types, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91',
};

export const timeBytes = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

/** NOT NULL numbers and old dates use types without length; everything else its nullable form. */
export function wireColumn(name: string, type: SqlType, nullable: boolean, flags: number): WireColumn {
  const base = {
    name,
    userType: type.userType,
    flags,
    precision: 0,
    scale: 0,
    collation: null,
    udt: null,
    maxLength: 0,
  };
  const form = nullableForms[type.name];
  if (form) return nullable ? { ...base, type: form[0], maxLength: form[1] } : { ...base, type: fixed[type.name]! };
  const collation = type.collation ? wireCollationOf(type.collation) : null;
  // Case-sensitive collations show flag 2.
  const text =
    type.collation && (type.collation.binary || !type.collation.ignoreCase)
      ? { ...base, flags: flags | 2, collation }
      : { ...base, collation };
  switch (type.name) {
    case 'decimal':
      return { ...base, type: WireType.decimalN, maxLength: 17, precision: type.precision, scale: type.scale };
    case 'numeric':
      return { ...base, type: WireType.numericN, maxLength: 17, precision: type.precision, scale: type.scale };
    case 'date':
      return { ...base, type: WireType.dateN };
    case 'time':
      return { ...base, type: WireType.timeN, scale: type.scale };
    case 'datetime2':
      return { ...base, type: WireType.datetime2N, scale: type.scale };
    case 'datetimeoffset':
      return { ...base, type: WireType.datetimeOffsetN, scale: type.scale };
    case 'uniqueidentifier':
      return { ...base, type: WireType.guid, maxLength: 16 };
    case 'char':
      return { ...text, type: WireType.bigChar, maxLength: type.length };
    case 'varchar':
      return { ...text, type: WireType.bigVarChar, maxLength: type.length < 0 ? 0xffff : type.length };
    case 'nchar':
      return { ...text, type: WireType.nchar, maxLength: type.length * 2 };
    case 'nvarchar':
      return { ...text, type: WireType.nvarchar, maxLength: type.length < 0 ? 0xffff : type.length * 2 };
    case 'text':
      return { ...text, type: WireType.text, maxLength: 0x7fffffff };
    case 'ntext':
      return { ...text, type: WireType.ntext, maxLength: 0x7ffffffe };
    case 'image':
      return { ...base, type: WireType.image, maxLength: 0x7fffffff };
    case 'binary':
      return { ...base, type: WireType.bigBinary, maxLength: type.length };
    case 'timestamp':
      return { ...base, userType: 80, type: WireType.bigBinary, maxLength: 8 };
    case 'varbinary':
      return { ...base, type: WireType.bigVarBinary, maxLength: type.length < 0 ? 0xffff : type.length };
    case 'xml':
      return { ...base, type: WireType.xml, maxLength: 0xffff };
    case 'sql_variant':
      return { ...base, type: WireType.variant, maxLength: 8009 };
    case 'vector':
      return { ...base, type: WireType.vector, maxLength: vectorBytes(type), scale: type.scale };
    case 'json':
      return {
        ...base,
        flags: flags | 2,
        type: WireType.bigVarChar,
        maxLength: 0xffff,
        collation: wireCollationOf(utf8Binary),
      };
    default:
      return {
        ...base,
        type: WireType.udt,
        maxLength: type.name === 'hierarchyid' ? 892 : 0xffff,
        udt: { schema: 'sys', name: type.name, assembly: clrTypes[type.name]! },
      };
  }
}
