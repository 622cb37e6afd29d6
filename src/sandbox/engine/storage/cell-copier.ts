/** Cells of a bulk load whose bytes are those that the table stores. */
import { decimalBytes, type RowWriter } from '../types/row-writer.ts';
import { isDecimal, type SqlType } from '../types/sql-type.ts';
import type { LayoutColumn } from './layout.ts';

/** Copies a cell that is not NULL; false: its value must be converted. */
export type CellCopier = (b: Buffer, at: number, end: number, w: RowWriter) => boolean;

/** A copier of cells whose bytes the table would store just so. */
export function cellCopier(sent: SqlType, nullableForm: boolean, column: LayoutColumn): CellCopier | null {
  const to = column.type;
  const whole = (b: Buffer, at: number, end: number, w: RowWriter): boolean => {
    w.copy(b, at, end);
    return true;
  };
  if (isDecimal(sent) && isDecimal(to)) {
    if (sent.precision !== to.precision || sent.scale !== to.scale) return null;
    const length = decimalBytes(to.precision);
    return (b, at, end, w) => b[at] === length && whole(b, at, end, w);
  }
  if (sent.name !== to.name || sent.scale !== to.scale) return null;
  const sameText = sent.collation?.name === to.collation?.name;
  switch (to.name) {
    case 'varchar':
      if (!sameText) return null;
      return to.length < 0 ? copyLarge : (b, at, end, w) => end - at - 2 <= to.length && whole(b, at, end, w);
    case 'nvarchar':
      return to.length < 0 ? copyLarge : (b, at, end, w) => end - at - 2 <= to.length * 2 && whole(b, at, end, w);
    case 'varbinary':
      return to.length < 0 ? copyLarge : (b, at, end, w) => end - at - 2 <= to.length && whole(b, at, end, w);
    case 'char':
      return sameText ? (b, at, end, w) => end - at - 2 === to.length && whole(b, at, end, w) : null;
    case 'nchar':
      return (b, at, end, w) => end - at - 2 === to.length * 2 && whole(b, at, end, w);
    case 'binary':
      return (b, at, end, w) => end - at - 2 === to.length && whole(b, at, end, w);
    case 'ntext':
    case 'image':
    case 'sql_variant':
    case 'date':
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
    case 'uniqueidentifier':
      return whole;
    case 'text':
      return sameText ? whole : null;
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'real':
    case 'float':
    case 'smallmoney':
    case 'money':
    case 'datetime':
    case 'smalldatetime': {
      // With a length byte where the column may be NULL, without where it may not.
      const skip = nullableForm ? 1 : 0;
      if (column.nullable)
        return (b, at, end, w) => {
          w.byte(end - at - skip);
          return whole(b, at + skip, end, w);
        };
      return (b, at, end, w) => whole(b, at + skip, end, w);
    }
    default:
      return null;
  }
}
/** Large values are stored with their length and in one piece. */
const copyLarge: CellCopier = (b, at, end, w) => {
  const length = b.readUInt32LE(at);
  const known = b.readUInt32LE(at + 4) === 0 && (length === 0 ? end - at === 12 : end - at === 16 + length);
  if (!known || (length > 0 && b.readUInt32LE(at + 8) !== length)) return false;
  w.copy(b, at, end);
  return true;
};
