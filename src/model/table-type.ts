import type { CheckConstraint } from './check-constraint.ts';
import type { Column } from './column.ts';
import type { Key } from './key.ts';

/** CREATE TYPE … AS TABLE. Its constraints can't be named. */
export interface TableType {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly checks: readonly CheckConstraint[];
}
