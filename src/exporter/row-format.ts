import type { DataFormat } from '../archive/manifest.ts';
import { createCsvLargeRow } from '../data/csv-large-row.ts';
import { createCsvRowWriter } from '../data/csv-row-writer.ts';
import { createJsonlLargeRow, createJsonlRowWriter } from '../data/jsonl-row-writer.ts';
import { LargeRowScript } from '../data/large-row-script.ts';
import type { LargeRowWriter } from '../data/large-row-writer.ts';
import { createNativeLargeRow } from '../data/native-large-row.ts';
import { createNativeRowWriter } from '../data/native-row-writer.ts';
import type { RowWriter } from '../data/row-writer.ts';
import { createSqlRowWriter } from '../data/sql-row-writer.ts';
import type { WireColumn } from '../data/wire-column.ts';
import type { DataType } from '../model/data-type.ts';
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
  const { schema, name } = rows.table;
  const unicode = new Set(rows.table.columns.filter(c => isUnicode(c.type)).map(c => c.name));
  const target = { schema, table: name, columns: rows.columns, unicode, newline, encoding };
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

const isUnicode = (type: DataType): boolean => type.schema === null && /^n(?:var)?char$/.test(type.name);

/** The format of a chunk's rows. Those for other programs are always UTF-8. */
export function openFormat(format: DataFormat, rows: TableRows, form: ScriptForm): RowFormat {
  const target = { schema: rows.table.schema, table: rows.table.name };
  switch (format) {
    case 'sql':
      return sqlFormat(rows, form);
    case 'csv':
      return { open: c => createCsvRowWriter(c, target), openLarge: c => createCsvLargeRow(c, {}) };
    case 'jsonl':
      return { open: c => createJsonlRowWriter(c, target), openLarge: c => createJsonlLargeRow(c, target) };
    case 'native':
      return { open: c => createNativeRowWriter(c, target), openLarge: c => createNativeLargeRow(c) };
  }
}
