import type { Module } from './module.ts';
import type { TableIndex } from './table-index.ts';

export interface View extends Module {
  readonly schemaBound: boolean;
  /** Clustered unique index first. */
  readonly indexes: readonly TableIndex[];
}
