import type { DataType } from './data-type.ts';
import type { ConstraintName, QualifiedName } from './name.ts';

export interface Identity {
  /** Up to 38 digits, hence text. */
  readonly seed: string;
  readonly increment: string;
  readonly notForReplication: boolean;
  /** sys.identity_columns.last_value; null when no row was ever inserted or unknown (a script). */
  readonly lastValue: string | null;
}

export interface ComputedColumn {
  /** Without AS; as sys.computed_columns stores it: `([a]*(2))`. */
  readonly expression: string;
  readonly persisted: boolean;
}

export interface DefaultConstraint extends ConstraintName {
  /** As sys.default_constraints stores it: `((0))`, `(getdate())`. */
  readonly expression: string;
}

export interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Collation of a character column, null for other types; from a script null where it has no COLLATE (the database's). */
  readonly collation: string | null;
  readonly identity: Identity | null;
  readonly computed: ComputedColumn | null;
  readonly default: DefaultConstraint | null;
  readonly rowGuid: boolean;
  readonly sparse: boolean;
  readonly columnSet: boolean;
  readonly filestream: boolean;
  /** ANSI_PADDING when the column was made; true for types that it does not concern. */
  readonly ansiPadded: boolean;
  /** Default and rule objects bound by sp_bindefault and sp_bindrule. */
  readonly boundDefault: QualifiedName | null;
  readonly boundRule: QualifiedName | null;
}
