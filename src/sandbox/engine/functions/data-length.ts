import { isUnicode, type SqlType } from '../types/sql-type.ts';
import { textBytes } from '../types/text-codec.ts';
import type { Value } from '../types/values.ts';

/** Bytes of storage of a value. */
export function dataLength(v: Exclude<Value, null>, t: SqlType): number {
  if (typeof v === 'string') {
    if (t.name === 'uniqueidentifier') return 16;
    return isUnicode(t) || t.name === 'xml' || t.name === 'json' ? v.length * 2 : textBytes(v, t.collation!);
  }
  if (v instanceof Uint8Array) return v.length;
  switch (t.name) {
    case 'bit':
    case 'tinyint':
      return 1;
    case 'smallint':
      return 2;
    case 'int':
    case 'real':
    case 'smallmoney':
    case 'smalldatetime':
      return 4;
    case 'date':
      return 3;
    case 'time':
      return t.scale <= 2 ? 3 : t.scale <= 4 ? 4 : 5;
    case 'datetime2':
      return t.scale <= 2 ? 6 : t.scale <= 4 ? 7 : 8;
    case 'datetimeoffset':
      return t.scale <= 2 ? 8 : t.scale <= 4 ? 9 : 10;
    case 'decimal':
    case 'numeric':
      return t.precision <= 9 ? 5 : t.precision <= 19 ? 9 : t.precision <= 28 ? 13 : 17;
    case 'sql_variant': {
      const inner = v as { type: SqlType; value: Exclude<Value, null> };
      return dataLength(inner.value, inner.type);
    }
    default:
      return 8;
  }
}
