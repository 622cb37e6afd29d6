/** Static types of expressions and columns. */
import type { DataType } from '../../../model/data-type.ts';
import { unsupported } from '../server-error.ts';
import { type Collation, collationNamed } from './collation.ts';

export type TypeName =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'decimal'
  | 'numeric'
  | 'money'
  | 'smallmoney'
  | 'float'
  | 'real'
  | 'date'
  | 'time'
  | 'datetime'
  | 'smalldatetime'
  | 'datetime2'
  | 'datetimeoffset'
  | 'char'
  | 'varchar'
  | 'text'
  | 'nchar'
  | 'nvarchar'
  | 'ntext'
  | 'binary'
  | 'varbinary'
  | 'image'
  | 'uniqueidentifier'
  | 'timestamp'
  | 'xml'
  | 'sql_variant'
  | 'hierarchyid'
  | 'geometry'
  | 'geography'
  | 'json'
  | 'vector';

/** How strongly a collation holds (coercibility): 0 coercible default, 1 implicit (column), 2 explicit COLLATE. */
export type CollationStrength = 0 | 1 | 2;

export interface SqlType {
  readonly name: TypeName;
  /** Characters for n-types, bytes for other strings; -1 = max; 0 for the rest. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly collation: Collation | null;
  readonly strength: CollationStrength;
  /** 256 = sysname. */
  readonly userType: number;
}

function make(
  name: TypeName,
  length = 0,
  precision = 0,
  scale = 0,
  collation: Collation | null = null,
  strength: CollationStrength = 0,
): SqlType {
  return { name, length, precision, scale, collation, strength, userType: 0 };
}

export const types = {
  bit: make('bit', 0, 1),
  tinyint: make('tinyint', 0, 3),
  smallint: make('smallint', 0, 5),
  int: make('int', 0, 10),
  bigint: make('bigint', 0, 19),
  money: make('money', 0, 19, 4),
  smallmoney: make('smallmoney', 0, 10, 4),
  float: make('float', 0, 53),
  real: make('real', 0, 24),
  date: make('date', 0, 10),
  datetime: make('datetime', 0, 23, 3),
  smalldatetime: make('smalldatetime', 0, 16),
  uniqueidentifier: make('uniqueidentifier'),
  timestamp: make('timestamp', 8),
  xml: make('xml', -1),
  variant: make('sql_variant'),
  hierarchyid: make('hierarchyid', 892),
  geometry: make('geometry', -1),
  geography: make('geography', -1),
  image: make('image', -1),
} as const;

export const decimalType = (precision: number, scale: number, name: 'decimal' | 'numeric' = 'decimal'): SqlType =>
  make(name, 0, precision, scale);
export const timeType = (scale: number): SqlType => make('time', 0, 8 + (scale ? scale + 1 : 0), scale);
export const datetime2Type = (scale: number): SqlType => make('datetime2', 0, 19 + (scale ? scale + 1 : 0), scale);
export const datetimeOffsetType = (scale: number): SqlType =>
  make('datetimeoffset', 0, 26 + (scale ? scale + 1 : 0), scale);
export const varbinaryType = (length: number): SqlType => make('varbinary', length);
export const binaryType = (length: number): SqlType => make('binary', length);
export const varcharType = (length: number, collation: Collation, strength: CollationStrength = 0): SqlType =>
  make('varchar', length, 0, 0, collation, strength);
export const nvarcharType = (length: number, collation: Collation, strength: CollationStrength = 0): SqlType =>
  make('nvarchar', length, 0, 0, collation, strength);
export const charType = (
  name: 'char' | 'nchar' | 'text' | 'ntext',
  length: number,
  collation: Collation,
  strength: CollationStrength = 0,
): SqlType => make(name, length, 0, 0, collation, strength);
/** @param base 0 for single, 1 for half precision */
export const vectorType = (dimensions: number, base: number): SqlType => make('vector', dimensions, 0, base);
export const sysnameType = (collation: Collation): SqlType => ({ ...nvarcharType(128, collation), userType: 256 });

/** A declared type (`DataType` of the model) as a static type; character types take `collation`. */
export function sqlType(declared: DataType, collation: Collation | string, strength: CollationStrength = 0): SqlType {
  const named = typeof collation === 'string' ? collationNamed(collation) : collation;
  const length = declared.length === 'max' ? -1 : declared.length;
  switch (declared.name) {
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'money':
    case 'smallmoney':
    case 'float':
    case 'real':
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'uniqueidentifier':
    case 'timestamp':
    case 'xml':
    case 'hierarchyid':
    case 'geometry':
    case 'geography':
    case 'image':
      return types[declared.name];
    case 'rowversion':
      return types.timestamp;
    case 'sql_variant':
      return types.variant;
    case 'decimal':
    case 'numeric':
      return decimalType(declared.precision ?? 18, declared.scale ?? 0, declared.name);
    case 'time':
      return timeType(declared.scale ?? 7);
    case 'datetime2':
      return datetime2Type(declared.scale ?? 7);
    case 'datetimeoffset':
      return datetimeOffsetType(declared.scale ?? 7);
    case 'char':
    case 'nchar':
      return make(declared.name, length ?? 1, 0, 0, named, strength);
    case 'varchar':
    case 'nvarchar':
      return make(declared.name, length ?? 1, 0, 0, named, strength);
    case 'text':
    case 'ntext':
      return make(declared.name, -1, 0, 0, named, strength);
    case 'binary':
    case 'varbinary':
      return make(declared.name, length ?? 1);
    case 'sysname':
      return { ...make('nvarchar', 128, 0, 0, named, strength), userType: 256 };
    case 'json':
      return make('json', -1, 0, 0, named, strength);
    case 'vector':
      return vectorType(declared.dimensions ?? 0, declared.vectorBaseType === 'float16' ? 1 : 0);
    default:
      throw unsupported(`data type ${declared.schema ? `${declared.schema}.` : ''}${declared.name}`);
  }
}

/** Back to the model's form. */
export function dataType(type: SqlType): DataType {
  switch (type.name) {
    case 'decimal':
    case 'numeric':
      return { schema: null, name: type.name, precision: type.precision, scale: type.scale };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { schema: null, name: type.name, scale: type.scale };
    case 'nvarchar':
      if (type.userType === 256) return { schema: null, name: 'sysname' };
      return { schema: null, name: type.name, length: type.length < 0 ? 'max' : type.length };
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'binary':
    case 'varbinary':
      return { schema: null, name: type.name, length: type.length < 0 ? 'max' : type.length };
    case 'vector':
      return {
        schema: null,
        name: 'vector',
        dimensions: type.length,
        ...(type.scale ? { vectorBaseType: 'float16' as const } : {}),
      };
    default:
      return { schema: null, name: type.name };
  }
}

/** Data type precedence, highest number wins (documented order). */
const precedence: Record<TypeName, number> = {
  sql_variant: 30,
  xml: 29,
  datetimeoffset: 28,
  datetime2: 27,
  datetime: 26,
  smalldatetime: 25,
  date: 24,
  time: 23,
  float: 22,
  real: 21,
  decimal: 20,
  numeric: 20,
  money: 19,
  smallmoney: 18,
  bigint: 17,
  int: 16,
  smallint: 15,
  tinyint: 14,
  bit: 13,
  ntext: 12,
  text: 11,
  image: 10,
  timestamp: 9,
  uniqueidentifier: 8,
  json: 8,
  vector: 8,
  nvarchar: 7,
  nchar: 6,
  varchar: 5,
  char: 4,
  varbinary: 3,
  binary: 2,
  hierarchyid: 40,
  geometry: 40,
  geography: 40,
};
export const typePrecedence = (type: SqlType): number => precedence[type.name];

export const isCharacter = (t: SqlType): boolean =>
  t.name === 'nvarchar' ||
  t.name === 'varchar' ||
  t.name === 'char' ||
  t.name === 'nchar' ||
  t.name === 'text' ||
  t.name === 'ntext';
export const isUnicode = (t: SqlType): boolean => t.name === 'nvarchar' || t.name === 'nchar' || t.name === 'ntext';
export const isBinary = (t: SqlType): boolean =>
  t.name === 'varbinary' || t.name === 'binary' || t.name === 'image' || t.name === 'timestamp';
export const isInteger = (t: SqlType): boolean =>
  t.name === 'int' || t.name === 'bigint' || t.name === 'smallint' || t.name === 'tinyint' || t.name === 'bit';
export const isDecimal = (t: SqlType): boolean => t.name === 'decimal' || t.name === 'numeric';
export const isMoney = (t: SqlType): boolean => t.name === 'money' || t.name === 'smallmoney';
export const isFloat = (t: SqlType): boolean => t.name === 'float' || t.name === 'real';
export const isNumeric = (t: SqlType): boolean => isInteger(t) || isDecimal(t) || isMoney(t) || isFloat(t);
export const isDateTime = (t: SqlType): boolean => {
  const p = precedence[t.name];
  return p >= 23 && p <= 28;
};
/** Values are Uint8Array. */
export const isBytes = (t: SqlType): boolean =>
  isBinary(t) || t.name === 'hierarchyid' || t.name === 'geometry' || t.name === 'geography';

/** As decimal: precision and scale an integer or money operand has in decimal arithmetic. */
export function decimalOf(t: SqlType): { precision: number; scale: number } {
  switch (t.name) {
    case 'bit':
      return { precision: 1, scale: 0 };
    case 'tinyint':
      return { precision: 3, scale: 0 };
    case 'smallint':
      return { precision: 5, scale: 0 };
    case 'int':
      return { precision: 10, scale: 0 };
    case 'bigint':
      return { precision: 19, scale: 0 };
    case 'money':
      return { precision: 19, scale: 4 };
    case 'smallmoney':
      return { precision: 10, scale: 4 };
    default:
      return { precision: t.precision || 18, scale: t.scale };
  }
}

/** Which of two collations an expression of both has; undefined = conflict (468). */
export function joinCollations(
  a: SqlType,
  b: SqlType,
): { collation: Collation; strength: CollationStrength } | null | undefined {
  if (!a.collation) return b.collation ? { collation: b.collation, strength: b.strength } : null;
  if (!b.collation || a.strength > b.strength) return { collation: a.collation, strength: a.strength };
  if (b.strength > a.strength || a.collation.name === b.collation.name)
    return { collation: b.collation, strength: b.strength };
  if (a.strength === 0) return { collation: a.collation, strength: 0 };
  return undefined;
}

/** `nvarchar(60)`, `decimal(10,2)`: for messages and SQL_VARIANT_PROPERTY. */
export function describeType(t: SqlType): string {
  switch (t.name) {
    case 'decimal':
    case 'numeric':
      return `${t.name}(${t.precision},${t.scale})`;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return `${t.name}(${t.length < 0 ? 'max' : t.length})`;
    default:
      return t.name;
  }
}
