import type { Module } from './module.ts';
import type { OutputColumn } from './view.ts';

export interface UserFunction extends Module {
  readonly kind: 'scalar' | 'inline' | 'table';
  readonly schemaBound: boolean;
  /** Of inline and multi-statement functions; see View. */
  readonly outputColumns?: readonly OutputColumn[];
}
