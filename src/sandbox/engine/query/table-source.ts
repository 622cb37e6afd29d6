/** Where rows of a stored relation come from. */
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import type { Run } from './runtime.ts';

export interface SourceColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** COLMETADATA flags of the stored column: 8, 9, 24 … */
  readonly flags: number;
  readonly identity: boolean;
  readonly rowGuid: boolean;
}

export interface TableSource {
  /** `dbo`, `sys`; null for variables. */
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  /**
   * Rows with the values of `needed` columns (indexes into `columns`), in clustered order.
   * `equals`: a condition that the source may use to read less; the caller tests it again.
   */
  scan(
    run: Run,
    needed: readonly number[],
    equals: { readonly column: number; readonly value: Value } | null,
  ): Iterable<Value[]>;
}
