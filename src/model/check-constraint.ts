import type { ConstraintName } from './name.ts';

export interface CheckConstraint extends ConstraintName {
  /** As sys.check_constraints stores it: `([a]>(0))`. */
  readonly expression: string;
  readonly notForReplication: boolean;
  readonly disabled: boolean;
  readonly trusted: boolean;
}
