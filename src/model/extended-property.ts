export interface PropertyLevel {
  /** SCHEMA, USER, TABLE, VIEW, COLUMN, INDEX, CONSTRAINT, TRIGGER, PROCEDURE, FUNCTION, PARAMETER, TYPE, FILEGROUP, LOGICAL FILE NAME, … as sp_addextendedproperty takes it. */
  readonly type: string;
  readonly name: string;
}

export interface ExtendedProperty {
  readonly name: string;
  /** sql_variant value as a typed T-SQL literal: `N'text'`, `CAST(… AS datetime2(7))`; NULL. */
  readonly value: string;
  /** Empty for the database itself, at most three. */
  readonly levels: readonly PropertyLevel[];
}
