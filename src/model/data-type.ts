import type { QualifiedName } from './name.ts';

/**
 * A data type as a column, parameter or alias type declares it, in one canonical form:
 * - `schema` is null for system types, whose `name` is that of sys.types in lower case (`int`, `nvarchar`, `timestamp`, `geography`);
 *   `rowversion` is `timestamp`, `float(1…24)` is `real`, `dec` is `decimal`, `integer` is `int`, `sysname` is `sysname` (schema null)
 * - `length` is present for char, varchar, nchar, nvarchar, binary, varbinary: the declared n (characters for n-types, else bytes) or 'max'
 * - `precision` and `scale` for decimal and numeric; `scale` for time, datetime2 and datetimeoffset; none for float
 * - alias and CLR types have schema and name only
 */
export interface DataType {
  readonly schema: string | null;
  readonly name: string;
  readonly length?: number | 'max';
  readonly precision?: number;
  readonly scale?: number;
  /** Typed xml: its schema collection, and whether DOCUMENT rather than CONTENT. */
  readonly xmlSchemaCollection?: QualifiedName;
  readonly xmlDocument?: boolean;
  /** vector(n [, float16]) of 2025. */
  readonly dimensions?: number;
  readonly vectorBaseType?: 'float32' | 'float16';
}
