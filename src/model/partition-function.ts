import type { DataType } from './data-type.ts';

export interface PartitionFunction {
  readonly name: string;
  readonly type: DataType;
  readonly collation: string | null;
  readonly boundaryOnRight: boolean;
  /** T-SQL literals in order. */
  readonly boundaries: readonly string[];
}
