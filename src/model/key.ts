import type { DataSpace } from './data-space.ts';
import type { ConstraintName } from './name.ts';
import type { IndexColumn, IndexOptions } from './table-index.ts';

/** PRIMARY KEY or UNIQUE constraint. */
export interface Key extends ConstraintName {
  readonly kind: 'primaryKey' | 'unique';
  readonly clustered: boolean;
  readonly columns: readonly IndexColumn[];
  readonly options: IndexOptions;
  readonly dataSpace: DataSpace | null;
  readonly disabled: boolean;
}
