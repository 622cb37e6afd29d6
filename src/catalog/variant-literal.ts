import type { VariantValue } from '../connection/cell-value.ts';
import { WireType } from '../data/wire-column.ts';
import { binaryLiteral, scriptString } from '../tsql/literal.ts';

/**
 * A sql_variant of the catalog as a T-SQL literal that gives the same base type back: an nvarchar as its plain literal,
 * everything else by a CAST. `plain` leaves the CAST out, for places that convert by themselves (partition boundaries).
 */
export function variantLiteral(variant: VariantValue, plain = false): string {
  const { value } = variant;
  const literal =
    typeof value === 'string' && !isNumeric(variant.baseType)
      ? scriptString(value)
      : value instanceof Uint8Array
        ? binaryLiteral(value)
        : typeof value === 'boolean'
          ? value
            ? '1'
            : '0'
          : floatText(variant, value);
  if (variant.baseType === WireType.nvarchar || plain) return literal;
  return `CAST(${literal} AS ${baseTypeName(variant)})`;
}

function floatText(variant: VariantValue, value: string | number | bigint): string {
  if (typeof value !== 'number' || !isFloat(variant.baseType)) return String(value);
  if (Object.is(value, -0)) return '-0E0';
  // A literal without an exponent is numeric, not float.
  return value.toExponential().replace('e', 'E').replace('E+', 'E');
}

const isFloat = (type: WireType) => type === WireType.float4 || type === WireType.float8 || type === WireType.floatN;

function isNumeric(type: WireType): boolean {
  const numeric: readonly WireType[] = [
    WireType.decimalN,
    WireType.numericN,
    WireType.money,
    WireType.money4,
    WireType.moneyN,
  ];
  return numeric.includes(type);
}

function baseTypeName(v: VariantValue): string {
  const t = WireType;
  switch (v.baseType) {
    case t.bit:
    case t.bitN:
      return 'bit';
    case t.int1:
      return 'tinyint';
    case t.int2:
      return 'smallint';
    case t.int4:
      return 'int';
    case t.int8:
      return 'bigint';
    case t.float4:
      return 'real';
    case t.float8:
      return 'float';
    case t.money:
      return 'money';
    case t.money4:
      return 'smallmoney';
    case t.datetime:
      return 'datetime';
    case t.datetime4:
      return 'smalldatetime';
    case t.dateN:
      return 'date';
    case t.timeN:
      return `time(${v.scale})`;
    case t.datetime2N:
      return `datetime2(${v.scale})`;
    case t.datetimeOffsetN:
      return `datetimeoffset(${v.scale})`;
    case t.decimalN:
      return `decimal(${v.precision}, ${v.scale})`;
    case t.numericN:
      return `numeric(${v.precision}, ${v.scale})`;
    case t.guid:
      return 'uniqueidentifier';
    case t.bigVarChar:
      return `varchar(${Math.max(1, v.maxLength)})`;
    case t.bigChar:
      return `char(${Math.max(1, v.maxLength)})`;
    case t.nvarchar:
      return `nvarchar(${Math.max(1, v.maxLength / 2)})`;
    case t.nchar:
      return `nchar(${Math.max(1, v.maxLength / 2)})`;
    case t.bigVarBinary:
      return `varbinary(${Math.max(1, v.maxLength)})`;
    case t.bigBinary:
      return `binary(${Math.max(1, v.maxLength)})`;
    default:
      throw new Error(`sql_variant of base type 0x${v.baseType.toString(16)} in the catalog`);
  }
}
