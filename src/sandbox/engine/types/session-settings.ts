import type { Collation } from './collation.ts';
import type { DateFormat } from './date-text.ts';

/** What of a session reaches into conversions. */
export interface SessionSettings {
  readonly dateFormat: DateFormat;
  /** 1 = Monday … 7 = Sunday. */
  readonly dateFirst: number;
  readonly databaseCollation: Collation;
  readonly compatibilityLevel: number;
}
