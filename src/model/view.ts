import type { DataType } from './data-type.ts';
import type { Module } from './module.ts';
import type { TableIndex } from './table-index.ts';

/** A column of a view's or table-valued function's result, known only from a live catalog. */
export interface OutputColumn {
  readonly name: string;
  readonly type: DataType;
}

export interface View extends Module {
  readonly schemaBound: boolean;
  /** Lets a cycle be broken by a stub of the same shape; absent in a model made from a script. */
  readonly outputColumns?: readonly OutputColumn[];
  /** Clustered unique index first. */
  readonly indexes: readonly TableIndex[];
}
