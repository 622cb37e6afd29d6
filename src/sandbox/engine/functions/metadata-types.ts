/** Types of what metadata functions yield. */
import type { SessionSettings } from '../types/session-settings.ts';
import { nvarcharType, type SqlType } from '../types/sql-type.ts';

export const textTypeNames = (settings: SessionSettings, length: number): SqlType =>
  nvarcharType(length, settings.databaseCollation);
export { decimalType, type SqlType, sysnameType, types, varbinaryType } from '../types/sql-type.ts';
