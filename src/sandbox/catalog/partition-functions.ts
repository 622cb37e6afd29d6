/** What the engine needs to know of partition functions. */
import type { SandboxPartitionFunction } from '../engine/catalog-access.ts';
import { num, type Row, type Store, text, textOrNull } from './store.ts';
import { typeOfRow } from './table-loader.ts';

/** A partition function by the key of its name; null = there is none. */
export function partitionFunctionNamed(store: Store, db: number, key: string): SandboxPartitionFunction | null {
  const row = store.get('SELECT * FROM "b.sys.partition_functions" WHERE db = ? AND name_key = ?', db, key);
  return row ? functionOf(store, db, row) : null;
}

/** How a heap or index is shared out: its partition function and the column that the function is applied to. */
export interface Partitioning {
  readonly partitionFunction: SandboxPartitionFunction;
  readonly column: string;
}

/** Null for a heap or index on a filegroup. */
export function partitioningOf(store: Store, db: number, objectId: number, indexId: number): Partitioning | null {
  const row = store.get(
    `SELECT f.*, c.name AS column_name FROM "b.sys.indexes" i
     JOIN "b.sys.partition_schemes" s ON s.db = i.db AND s.data_space_id = i.data_space_id
     JOIN "b.sys.partition_functions" f ON f.db = s.db AND f.function_id = s.function_id
     JOIN "b.sys.index_columns" ic ON ic.db = i.db AND ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.partition_ordinal = 1
     JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
     WHERE i.db = ? AND i.object_id = ? AND i.index_id = ?`,
    db,
    objectId,
    indexId,
  );
  return row ? { partitionFunction: functionOf(store, db, row), column: text(row['column_name']) } : null;
}

function functionOf(store: Store, db: number, row: Row): SandboxPartitionFunction {
  const id = num(row['function_id']);
  const parameter = store.get(
    'SELECT * FROM "b.sys.partition_parameters" WHERE db = ? AND function_id = ? AND parameter_id = 1',
    db,
    id,
  );
  if (!parameter) throw new Error(`the partition function ${text(row['name'])} has no parameter`);
  const boundaries = store.all(
    'SELECT value FROM "b.sys.partition_range_values" WHERE db = ? AND function_id = ? ORDER BY boundary_id',
    db,
    id,
  );
  return {
    name: text(row['name']),
    type: typeOfRow(parameter),
    collation: textOrNull(parameter['collation_name']),
    boundaryOnRight: num(row['boundary_value_on_right']) === 1,
    // Stored as sql_variant of the function's own type (see ddl/partition.ts).
    boundaries: boundaries.map(({ value }) =>
      value === null ? null : (JSON.parse(text(value)) as { value: string }).value,
    ),
  };
}
