import type { DataFormat } from '../archive/manifest.ts';
import { LargeRowScript } from '../data/large-row-script.ts';
import type { LargeRowWriter } from '../data/large-row-writer.ts';
import type { RowWriter } from '../data/row-writer.ts';
import { createSqlRowWriter } from '../data/sql-row-writer.ts';
import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import type { ScriptForm } from './export-options.ts';
import type { TableRows } from './table-rows.ts';

/** Makes the writers of one table's rows. */
export interface RowFormat {
  open(columns: readonly WireColumn[]): RowWriter;
  /** For rows that are too large to be handed over whole. */
  openLarge(columns: readonly WireColumn[]): LargeRowWriter;
}

/** INSERT statements. */
export function sqlFormat(rows: TableRows, form: ScriptForm): RowFormat {
  const { rowsPerInsert, batchBytes, newline, encoding } = form;
  const target = { schema: rows.table.schema, table: rows.table.name, columns: rows.columns, newline, encoding };
  return {
    open: columns =>
      createSqlRowWriter(columns, {
        ...target,
        ...(rowsPerInsert === null ? {} : { rowsPerStatement: rowsPerInsert }),
        ...(batchBytes === null ? {} : { bytesPerBatch: batchBytes, bytesPerStatement: Math.min(batchBytes, 1 << 18) }),
      }),
    openLarge: columns => new LargeRowScript(columns, target),
  };
}

/** @throws XpdbError for a format that rows can't be written in yet */
export function openFormat(format: DataFormat, rows: TableRows, form: ScriptForm): RowFormat {
  if (format === 'sql') return sqlFormat(rows, form);
  throw new XpdbError(`rows can't be written as ${format}`);
}
