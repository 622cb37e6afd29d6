import type { Session } from '../connection/session.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { int, intOrZero, queryRecords, text, textOrNull } from './catalog.ts';

/** Of a table's heap or clustered index, as the catalog keeps it: near enough for sharing work, not for proof. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
  /** Rows by number of the partition. */
  readonly partitions: ReadonlyMap<number, number>;
}

const pageBytes = 8192;
/** Type of an allocation unit whose container is a partition; of the others it is a heap or B-tree. */
const lobData = 2;

/** Sizes by quoted name of the table, in two queries. */
export async function readTableSizes(session: Session): Promise<ReadonlyMap<string, TableSize>> {
  const partitions = await queryRecords(
    session,
    'SELECT OBJECT_SCHEMA_NAME([object_id]) AS [schema], OBJECT_NAME([object_id]) AS [table], [partition_id], [hobt_id], ' +
      '[partition_number], [rows] FROM sys.partitions WHERE [index_id] IN (0, 1)',
  );
  const units = await queryRecords(session, 'SELECT [container_id], [type], [used_pages] FROM sys.allocation_units');
  const pages = new Map<string, number>();
  for (const unit of units) {
    const key = `${int(unit, 'type') === lobData ? 'partition' : 'hobt'} ${unit.container_id}`;
    pages.set(key, (pages.get(key) ?? 0) + intOrZero(unit, 'used_pages'));
  }
  const sizes = new Map<string, { rows: number; bytes: number; partitions: Map<number, number> }>();
  for (const row of partitions) {
    if (textOrNull(row, 'schema') === null) continue;
    const name = quoteQualified(text(row, 'schema'), text(row, 'table'));
    const size = sizes.get(name) ?? { rows: 0, bytes: 0, partitions: new Map() };
    const used = (pages.get(`hobt ${row.hobt_id}`) ?? 0) + (pages.get(`partition ${row.partition_id}`) ?? 0);
    size.rows += intOrZero(row, 'rows');
    size.bytes += used * pageBytes;
    size.partitions.set(int(row, 'partition_number'), intOrZero(row, 'rows'));
    sizes.set(name, size);
  }
  return sizes;
}
