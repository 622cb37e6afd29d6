import type { Compression, DataSpace } from '../model/data-space.ts';
import { compareText } from '../model/look-up.ts';
import type { IndexColumn, IndexOptions, TableIndex } from '../model/table-index.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, flag, groupBy, int, text, textOrNull } from './catalog.ts';
import type { Names } from './names.ts';

/** What indexes and keys are read from, by object id. */
export interface IndexReader {
  /** Rowstore indexes that are no keys, by name. */
  indexes(objectId: number): TableIndex[];
  /** Row of sys.indexes by its id, for keys. */
  row(objectId: number, indexId: number): CatalogRow | undefined;
  columns(objectId: number, indexId: number): IndexColumn[];
  options(row: CatalogRow): IndexOptions;
  /** null for the default filegroup. */
  dataSpace(row: CatalogRow): DataSpace | null;
  compression(objectId: number, indexId: number): Compression[];
  /** The heap or clustered index. */
  base(objectId: number): CatalogRow | undefined;
}

const unsupportedTypes: Record<number, string> = {
  3: 'xml index',
  4: 'spatial index',
  5: 'clustered columnstore index',
  6: 'nonclustered columnstore index',
  7: 'hash index',
  8: 'vector index',
  9: 'json index',
};

export function readIndexes(catalog: Catalog, names: Names): IndexReader {
  const rows = groupBy(catalog.rows('indexes'), 'object_id');
  const columnRows = groupBy(catalog.rows('indexColumns'), 'object_id', 'index_id');
  const partitionRows = groupBy(catalog.rows('partitions'), 'object_id', 'index_id');
  const stats = groupBy(catalog.rows('stats'), 'object_id', 'stats_id');

  const keyColumns = (objectId: number, indexId: number) =>
    (columnRows.get(`${objectId}:${indexId}`) ?? [])
      .filter(c => int(c, 'key_ordinal') > 0)
      .sort((a, b) => int(a, 'key_ordinal') - int(b, 'key_ordinal'));
  const columnName = (objectId: number, row: CatalogRow) => names.columnName(objectId, int(row, 'column_id')) ?? '';

  const compression = (objectId: number, indexId: number): Compression[] => {
    const parts = partitionRows.get(`${objectId}:${indexId}`) ?? [];
    const kinds = new Map<Compression['kind'], number[]>();
    if (parts.some(part => flag(part, 'xml_compression')))
      catalog.unsupported('XML_COMPRESSION option', names.quoted(objectId), 'dropped');
    for (const part of parts) {
      const kind = text(part, 'data_compression_desc') as Compression['kind'];
      if (kind === 'NONE') continue;
      kinds.set(kind, [...(kinds.get(kind) ?? []), int(part, 'partition_number')]);
    }
    return [...kinds].map(([kind, partitions]) => ({
      kind,
      partitions: partitions.length === parts.length ? [] : partitions.sort((a, b) => a - b),
    }));
  };

  const dataSpace = (row: CatalogRow): DataSpace | null => {
    const space = names.dataSpace(int(row, 'data_space_id'));
    if (!space || (space.isDefault && !space.isScheme)) return null;
    const columns = columnRows.get(`${int(row, 'object_id')}:${int(row, 'index_id')}`) ?? [];
    const partitioning = columns.find(c => int(c, 'partition_ordinal') > 0);
    const column = partitioning ? columnName(int(row, 'object_id'), partitioning) : null;
    return { name: space.name, partitionColumn: space.isScheme ? column : null };
  };

  const options = (row: CatalogRow): IndexOptions => {
    const objectId = int(row, 'object_id');
    const indexId = int(row, 'index_id');
    const own = stats.get(`${objectId}:${indexId}`) ?? [];
    for (const [set, option] of [
      [flag(row, 'optimize_for_sequential_key'), 'OPTIMIZE_FOR_SEQUENTIAL_KEY'],
      [flag(row, 'suppress_dup_key_messages'), 'SUPPRESS_MESSAGES'],
      [own.some(s => flag(s, 'is_incremental')), 'STATISTICS_INCREMENTAL'],
    ] as const) {
      if (!set) continue;
      const name = `${names.quoted(objectId)}.${quoteName(text(row, 'name'))}`;
      catalog.unsupported(`${option} option`, name, 'dropped');
    }
    return {
      padIndex: flag(row, 'is_padded'),
      fillFactor: int(row, 'fill_factor'),
      ignoreDuplicateKey: flag(row, 'ignore_dup_key'),
      statisticsNoRecompute: own.some(s => flag(s, 'no_recompute')),
      allowRowLocks: flag(row, 'allow_row_locks'),
      allowPageLocks: flag(row, 'allow_page_locks'),
      compression: compression(objectId, indexId),
    };
  };

  const map = (row: CatalogRow): TableIndex => {
    const objectId = int(row, 'object_id');
    const indexId = int(row, 'index_id');
    return {
      name: text(row, 'name'),
      unique: flag(row, 'is_unique'),
      clustered: int(row, 'type') === 1,
      columns: keyColumns(objectId, indexId).map(c => ({
        name: columnName(objectId, c),
        descending: flag(c, 'is_descending_key'),
      })),
      included: (columnRows.get(`${objectId}:${indexId}`) ?? [])
        .filter(c => flag(c, 'is_included_column'))
        .sort((a, b) => int(a, 'index_column_id') - int(b, 'index_column_id'))
        .map(c => columnName(objectId, c)),
      filter: textOrNull(row, 'filter_definition'),
      options: options(row),
      dataSpace: dataSpace(row),
      filestreamDataSpace: null,
      disabled: flag(row, 'is_disabled'),
    };
  };

  return {
    indexes: objectId => {
      const found: TableIndex[] = [];
      for (const row of rows.get(String(objectId)) ?? []) {
        const type = int(row, 'type');
        if (
          type === 0 ||
          flag(row, 'is_hypothetical') ||
          flag(row, 'is_primary_key') ||
          flag(row, 'is_unique_constraint')
        )
          continue;
        if (type === 1 || type === 2) found.push(map(row));
        else {
          const kind = unsupportedTypes[type] ?? `index of type ${textOrNull(row, 'type_desc') ?? type}`;
          catalog.unsupported(kind, `${names.quoted(objectId)}.${quoteName(text(row, 'name'))}`);
        }
      }
      return found.sort((a, b) => compareText(a.name, b.name));
    },
    row: (objectId, indexId) => rows.get(String(objectId))?.find(r => int(r, 'index_id') === indexId),
    columns: (objectId, indexId) =>
      keyColumns(objectId, indexId).map(c => ({
        name: columnName(objectId, c),
        descending: flag(c, 'is_descending_key'),
      })),
    options,
    dataSpace,
    compression,
    base: objectId => rows.get(String(objectId))?.find(r => int(r, 'index_id') <= 1),
  };
}
