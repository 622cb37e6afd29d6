/** Values of catalog queries and other small results, decoded from the row bytes without loss. */

import type { WireCollation, WireType } from '../data/wire-column.ts';

/**
 * A cell, exact:
 * tinyint, smallint, int, float, real → number; bigint → bigint; bit → boolean; decimal, numeric, money, smallmoney →
 * decimal text with the digits of its scale; date and time types → ISO text (`2024-01-31T12:00:00.1230000+02:00`) with
 * the digits of its scale; character types, xml and json → string; uniqueidentifier → upper-case text; binary types,
 * rowversion and CLR types → Uint8Array; sql_variant → VariantValue; NULL → null.
 */
export type CellValue = string | number | bigint | boolean | Uint8Array | VariantValue | null;

/** A sql_variant with everything that SQL_VARIANT_PROPERTY would tell. */
export interface VariantValue {
  readonly baseType: WireType;
  /** Of decimal and numeric, else 0. */
  readonly precision: number;
  /** Of decimal, numeric and the types with fractions of seconds, else 0. */
  readonly scale: number;
  /** Bytes, of character and binary types, else 0. */
  readonly maxLength: number;
  readonly collation: WireCollation | null;
  readonly value: Exclude<CellValue, VariantValue | null>;
}
