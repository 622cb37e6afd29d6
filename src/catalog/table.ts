import type { Column } from '../model/column.ts';
import { compareNames } from '../model/look-up.ts';
import type { Table } from '../model/table.ts';
import { type Catalog, type CatalogRow, flag, int, intOrZero, text } from './catalog.ts';
import { readChecks } from './check-constraint.ts';
import { readForeignKeys } from './foreign-key.ts';
import { readKeys } from './key.ts';
import { type Names, objectName } from './names.ts';
import type { IndexReader } from './table-index.ts';

export function readTables(
  catalog: Catalog,
  names: Names,
  columnsOf: (id: number) => Column[],
  indexes: IndexReader,
): Table[] {
  const keysOf = readKeys(catalog, indexes);
  const foreignKeysOf = readForeignKeys(catalog, names);
  const checksOf = readChecks(catalog);
  return catalog
    .rows('tables')
    .filter(row => {
      reportUnsupported(catalog, names, row);
      // An external table's rows lie elsewhere: a plain table in its place would be another thing.
      return !flag(row, 'is_external');
    })
    .map((row): Table => {
      const id = int(row, 'object_id');
      const base = indexes.base(id);
      const lob = names.dataSpace(int(row, 'lob_data_space_id'));
      const filestream = names.dataSpace(intOrZero(row, 'filestream_data_space_id'));
      const heap = base !== undefined && int(base, 'type') === 0;
      const columns = columnsOf(id);
      return {
        ...objectName(row, names),
        columns,
        keys: keysOf(id),
        foreignKeys: foreignKeysOf(id),
        checks: checksOf(id),
        indexes: indexes.indexes(id),
        dataSpace: base ? indexes.dataSpace(base) : null,
        lobDataSpace: lob && !lob.isDefault && !lob.isScheme ? lob.name : null,
        filestreamDataSpace: filestream && columns.some(c => c.filestream) ? filestream.name : null,
        ansiNulls: flag(row, 'uses_ansi_nulls'),
        lockEscalation: text(row, 'lock_escalation_desc') as Table['lockEscalation'],
        compression: heap ? indexes.compression(id, 0) : [],
      };
    })
    .sort(compareNames);
}

function reportUnsupported(catalog: Catalog, names: Names, row: CatalogRow): void {
  const object = names.quoted(int(row, 'object_id'));
  if (flag(row, 'is_tracked_by_cdc')) catalog.unsupported('change data capture', object);
  if (flag(row, 'is_filetable')) catalog.unsupported('FileTable', object);
  if (flag(row, 'is_memory_optimized')) catalog.unsupported('memory-optimized table', object);
  if (intOrZero(row, 'temporal_type') !== 0) catalog.unsupported('temporal table', object);
  if (flag(row, 'is_external')) catalog.unsupported('external table', object);
  if (flag(row, 'is_remote_data_archive_enabled')) catalog.unsupported('Stretch table', object);
  if (flag(row, 'is_node') || flag(row, 'is_edge')) catalog.unsupported('graph table', object);
  if (intOrZero(row, 'ledger_type') !== 0) catalog.unsupported('ledger table', object);
  if (intOrZero(row, 'text_in_row_limit') !== 0) catalog.unsupported("table option 'text in row'", object, 'dropped');
  for (const [column, option] of [
    ['large_value_types_out_of_row', 'large value types out of row'],
    ['lock_on_bulk_load', 'table lock on bulk load'],
    ['has_vardecimal', 'vardecimal storage format'],
  ] as const) {
    if (flag(row, column)) catalog.unsupported(`table option '${option}'`, object, 'dropped');
  }
}
