/** Result sets of system procedures. */
import type { ProcedureResult } from '../../engine/catalog-access.ts';

type Column = ProcedureResult['columns'][number];

/** A column of type sysname's base, nvarchar(128). */
export const textColumn = (name: string, length: number | 'max' = 128, nullable = true): Column => ({
  name,
  type: { schema: null, name: 'nvarchar', length },
  nullable,
});
export const varcharColumn = (name: string, length: number, nullable = true): Column => ({
  name,
  type: { schema: null, name: 'varchar', length },
  nullable,
});
export const column = (name: string, type: string, nullable = true): Column => ({
  name,
  type: { schema: null, name: type },
  nullable,
});

/** A column that comes straight from a table. */
export const stored = (c: Column): Column => ({ ...c, stored: true });

/** Rows of a procedure that works with NOCOUNT. */
export const uncounted = (columns: readonly Column[], rows: ProcedureResult['rows']): ProcedureResult => ({
  columns,
  rows,
  counted: false,
});

export const table = (columns: readonly Column[], rows: ProcedureResult['rows']): ProcedureResult => ({
  columns,
  rows,
});
