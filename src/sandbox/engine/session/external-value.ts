/** Values as the catalog takes them: arguments of metadata functions and of system procedures. */
import { converter } from '../types/convert.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import { isBytes, isCharacter, isDateTime, isInteger, isMoney, nvarcharType, type SqlType } from '../types/sql-type.ts';
import { type Value, Variant } from '../types/values.ts';

export type ExternalValue = string | number | bigint | Uint8Array | null;

/** Text, integers and bytes as they are; everything else as the text that CONVERT makes of it. */
export function externalValue(value: Value, type: SqlType, settings: SessionSettings): ExternalValue {
  if (value === null) return null;
  if (value instanceof Variant) return externalValue(value.value, value.type, settings);
  if (isCharacter(type) || type.name === 'xml') return value as string;
  if (isInteger(type)) return value as number | bigint;
  if (type.name === 'float' || type.name === 'real') return value as number;
  if (isBytes(type)) return value as Uint8Array;
  // Styles that keep every digit: 121 of dates, 2 of money.
  const style = isDateTime(type) ? 121 : isMoney(type) ? 2 : null;
  return converter(type, nvarcharType(-1, settings.databaseCollation), style)(value, settings) as string;
}
