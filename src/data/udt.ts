/** hierarchyid, geometry, geography and other CLR types: `CAST(0x… AS type)` of their serialized bytes. */

import { quoteQualified } from '../tsql/quote.ts';
import type { WireColumn } from './wire-column.ts';

const systemTypes = new Set(['hierarchyid', 'geometry', 'geography']);

/** The type's name in T-SQL: the system's own plain, others as `[schema].[type]`. */
export function udtTypeName(udt: NonNullable<WireColumn['udt']>): string {
  const lower = udt.name.toLowerCase();
  if (systemTypes.has(lower) && (udt.schema === '' || udt.schema.toLowerCase() === 'sys')) return lower;
  return quoteQualified(udt.schema === '' ? null : udt.schema, udt.name);
}
