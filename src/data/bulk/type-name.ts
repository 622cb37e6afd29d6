/** T-SQL names of wire types: what INSERT BULK declares, and what CAST(… AS type) says. */

import { quoteName } from '../../tsql/quote.ts';
import { columnDimensions, vectorHeader, vectorTypeName } from '../vector.ts';
import { type WireCollation, type WireColumn, WireType } from '../wire-column.ts';

export const maxLength = 0xffff;

/** `nvarchar(60)`, `decimal(18, 4)`, `varbinary(max)`; without collation. CLR types are varbinary, as clients declare them. */
export function declaredType(column: WireColumn): string {
  const { type, maxLength: length, precision, scale } = column;
  switch (type) {
    case WireType.int1:
      return 'tinyint';
    case WireType.int2:
      return 'smallint';
    case WireType.int4:
      return 'int';
    case WireType.int8:
      return 'bigint';
    case WireType.intN:
      return length === 1 ? 'tinyint' : length === 2 ? 'smallint' : length === 4 ? 'int' : 'bigint';
    case WireType.bit:
    case WireType.bitN:
      return 'bit';
    case WireType.float4:
      return 'real';
    case WireType.float8:
      return 'float';
    case WireType.floatN:
      return length === 4 ? 'real' : 'float';
    case WireType.money:
      return 'money';
    case WireType.money4:
      return 'smallmoney';
    case WireType.moneyN:
      return length === 4 ? 'smallmoney' : 'money';
    case WireType.datetime:
      return 'datetime';
    case WireType.datetime4:
      return 'smalldatetime';
    case WireType.datetimeN:
      return length === 4 ? 'smalldatetime' : 'datetime';
    case WireType.decimalN:
      return `decimal(${precision}, ${scale})`;
    case WireType.numericN:
      return `numeric(${precision}, ${scale})`;
    case WireType.dateN:
      return 'date';
    case WireType.timeN:
      return `time(${scale})`;
    case WireType.datetime2N:
      return `datetime2(${scale})`;
    case WireType.datetimeOffsetN:
      return `datetimeoffset(${scale})`;
    case WireType.guid:
      return 'uniqueidentifier';
    case WireType.bigVarChar:
      return `varchar(${length === maxLength ? 'max' : length})`;
    case WireType.bigChar:
      return `char(${length})`;
    case WireType.nvarchar:
      return `nvarchar(${length === maxLength ? 'max' : length >> 1})`;
    case WireType.nchar:
      return `nchar(${length >> 1})`;
    case WireType.bigVarBinary:
    case WireType.udt:
      return `varbinary(${length === maxLength ? 'max' : length})`;
    case WireType.bigBinary:
      return `binary(${length})`;
    case WireType.text:
      return 'text';
    case WireType.ntext:
      return 'ntext';
    case WireType.image:
      return 'image';
    case WireType.xml:
      return 'xml';
    case WireType.variant:
      return 'sql_variant';
    case WireType.json:
      return 'json';
    case WireType.vector:
      return vectorTypeName(columnDimensions(length, scale), scale);
    case WireType.null:
      return 'int';
  }
}

const typePattern = /^\s*\[?(\w+)\]?\s*(?:\(\s*(\d+|max)\s*(?:,\s*(\d+)\s*)?\))?\s*$/i;

/**
 * The nullable wire type of `Decimal(18, 2)`, `[nvarchar](5)`, `DateTime2`; null for what is no system type with these arguments.
 * @param cast lengths left out are those of CAST (30); else those of a declaration (1)
 */
export function wireTypeOf(text: string, collation: WireCollation | null): WireColumn | null {
  const match = typePattern.exec(text);
  if (!match) return null;
  const name = match[1]!.toLowerCase();
  const first = match[2]?.toLowerCase();
  const number = first === undefined || first === 'max' ? Number.NaN : Number(first);
  const bare = first === undefined;
  const scaled = bare ? 7 : number;
  const plain = (type: WireType, length: number) => (bare ? column(type, { maxLength: length }) : null);
  const sized = (type: WireType, width: number, large: boolean, withCollation: boolean) => {
    if (match[3] !== undefined || (first === 'max' && !large)) return null;
    const units = bare ? 30 : number;
    const length = first === 'max' ? maxLength : units * width;
    if (first !== 'max' && !(units >= 1 && length <= 8000)) return null;
    return column(type, { maxLength: length, collation: withCollation ? collation : null });
  };
  const fraction = (type: WireType) => (match[3] === undefined && scaled <= 7 ? column(type, { scale: scaled }) : null);
  switch (name) {
    case 'tinyint':
      return plain(WireType.intN, 1);
    case 'smallint':
      return plain(WireType.intN, 2);
    case 'int':
    case 'integer':
      return plain(WireType.intN, 4);
    case 'bigint':
      return plain(WireType.intN, 8);
    case 'bit':
      return plain(WireType.bitN, 1);
    case 'real':
      return plain(WireType.floatN, 4);
    case 'float':
      return bare || number <= 53 ? column(WireType.floatN, { maxLength: number <= 24 ? 4 : 8 }) : null;
    case 'money':
      return plain(WireType.moneyN, 8);
    case 'smallmoney':
      return plain(WireType.moneyN, 4);
    case 'datetime':
      return plain(WireType.datetimeN, 8);
    case 'smalldatetime':
      return plain(WireType.datetimeN, 4);
    case 'date':
      return plain(WireType.dateN, 3);
    case 'uniqueidentifier':
      return plain(WireType.guid, 16);
    case 'decimal':
    case 'dec':
    case 'numeric': {
      const precision = bare ? 18 : number;
      const scale = Number(match[3] ?? 0);
      if (!(precision >= 1 && precision <= 38 && scale <= precision)) return null;
      const type = name === 'numeric' ? WireType.numericN : WireType.decimalN;
      return column(type, { maxLength: 17, precision, scale });
    }
    case 'time':
      return fraction(WireType.timeN);
    case 'datetime2':
      return fraction(WireType.datetime2N);
    case 'datetimeoffset':
      return fraction(WireType.datetimeOffsetN);
    case 'char':
      return sized(WireType.bigChar, 1, false, true);
    case 'varchar':
      return sized(WireType.bigVarChar, 1, true, true);
    case 'nchar':
      return sized(WireType.nchar, 2, false, true);
    case 'nvarchar':
      return sized(WireType.nvarchar, 2, true, true);
    case 'binary':
      return sized(WireType.bigBinary, 1, false, false);
    case 'varbinary':
      return sized(WireType.bigVarBinary, 1, true, false);
    case 'text':
      return plain(WireType.text, 0x7fffffff);
    case 'ntext':
      return plain(WireType.ntext, 0x7ffffffe);
    case 'image':
      return plain(WireType.image, 0x7fffffff);
    case 'xml':
      return plain(WireType.xml, 0);
    case 'sql_variant':
      return plain(WireType.variant, 8009);
    case 'vector': {
      const bytes = vectorHeader + 4 * number;
      return match[3] === undefined && number >= 1 && bytes <= 8000
        ? column(WireType.vector, { maxLength: bytes })
        : null;
    }
    default:
      return null;
  }
}

function column(type: WireType, more: Partial<WireColumn>): WireColumn {
  return {
    name: '',
    type,
    userType: 0,
    flags: 1,
    maxLength: 0,
    precision: 0,
    scale: 0,
    collation: null,
    udt: null,
    ...more,
  };
}

/** The CLR type's name as scripts may write it: `hierarchyid`, `[sys].[geometry]`, `[dbo].[Point]`. */
export function udtNames(udt: NonNullable<WireColumn['udt']>): readonly string[] {
  const { schema, name } = udt;
  const names = [`${quoteName(schema)}.${quoteName(name)}`, `${schema}.${name}`];
  if (schema.toLowerCase() === 'sys' || schema === '') names.push(name, quoteName(name));
  return names.map(n => n.toLowerCase());
}
