import type { DataType } from '../../model/data-type.ts';
import { constantString } from '../constant-string.ts';
import { scriptString } from '../literal.ts';

/** Digits behind the seconds that the catalog shows of a type. */
function fraction(type: DataType): number | null {
  switch (type.name) {
    case 'datetime':
      return 3;
    case 'smalldatetime':
      return 0;
    case 'datetime2':
    case 'datetimeoffset':
      return type.scale ?? 7;
    default:
      return null;
  }
}

const moment = /^\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d\d:\d\d)?\s*$/;

/**
 * A boundary of a partition function as the catalog shows it in the type of the function: strings as `N'…'`, moments in the form
 * of ISO 8601 with all digits. What is no literal stays as it was written.
 */
export function boundaryText(boundary: string, type: DataType): string {
  const text = constantString(boundary);
  if (text === null) return boundary;
  const parts = moment.exec(text);
  const digits = fraction(type);
  if (parts === null) return scriptString(text);
  const [, year, month, day, hour = '00', minute = '00', second = '00', rest = '', offset] = parts;
  const date = `${year}-${month}-${day}`;
  if (type.name === 'date') return scriptString(date);
  if (digits === null) return scriptString(text);
  const seconds = digits === 0 ? second : `${second}.${rest.padEnd(digits, '0').slice(0, digits)}`;
  const zone = type.name === 'datetimeoffset' ? (offset === undefined || offset === 'Z' ? '+00:00' : offset) : '';
  return scriptString(`${date}T${hour}:${minute}:${seconds}${zone}`);
}
