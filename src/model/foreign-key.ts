import type { ConstraintName, QualifiedName } from './name.ts';

export type ReferentialAction = 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export interface ForeignKey extends ConstraintName {
  readonly columns: readonly string[];
  readonly referencedTable: QualifiedName;
  readonly referencedColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly notForReplication: boolean;
  readonly disabled: boolean;
  readonly trusted: boolean;
}
