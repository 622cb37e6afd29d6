import { tableFolder } from '../archive/archive-path.ts';
import { readTableSizes, type TableSize } from '../catalog/table-size.ts';
import type { Finding } from '../compat/finding.ts';
import type { Session } from '../connection/session.ts';
import type { Database } from '../model/database.ts';
import { baseTypeOf } from '../model/look-up.ts';
import { clusteredColumns } from '../scripter/table-data.ts';
import { canRange, findKeyRanges } from './key-ranges.ts';
import { partitionShares, type Share } from './partition-shares.ts';
import type { TableRows } from './table-rows.ts';

/** A range of one table's rows, to be read and written on its own. */
export interface PlannedChunk {
  /** Place of its table in the list of tables. */
  readonly table: number;
  /** From 1 for each table. */
  readonly number: number;
  /** Condition of its rows; null for all. */
  readonly range: string | null;
  /** About how many bytes, or rows where bytes are not known: what is large is read first. */
  readonly weight: number;
}

export interface ChunkPlan {
  readonly chunks: readonly PlannedChunk[];
  readonly findings: readonly Finding[];
}

export interface ChunkLimits {
  /** A table with more rows is split. */
  readonly rows: number;
  /** A table with more bytes is split. */
  readonly bytes: number;
}

export const defaultChunkLimits: ChunkLimits = { rows: 1_000_000, bytes: 512 << 20 };

/**
 * Splits tables into chunks: by partition where there are some, and a partition that is too large, or a table without, by ranges of the
 * clustered key. The same plan comes out for the same tables, on whatever machine it is made.
 * @param source model as it was read, before the gate: the keys and partitions are the source's
 */
export async function planChunks(
  session: Session,
  source: Database,
  tables: readonly TableRows[],
  limits: ChunkLimits,
): Promise<ChunkPlan> {
  const sizes = await readTableSizes(session);
  const chunks: PlannedChunk[] = [];
  const findings: Finding[] = [];
  for (const [table, rows] of tables.entries()) {
    const size = sizes.get(rows.name) ?? { rows: 0, bytes: 0, partitions: new Map() };
    const parts = Math.max(Math.ceil(size.rows / limits.rows), Math.ceil(size.bytes / limits.bytes), 1);
    const ranges = parts === 1 ? null : await splitTable(session, source, rows, size, parts);
    if (parts > 1 && ranges === null) {
      findings.push({
        rule: 'one-chunk',
        severity: 'info',
        object: rows.name,
        message: 'neither partitions nor a clustered key of which ranges can be made: one job reads it in one piece',
      });
    }
    const list = ranges ?? [{ range: null, share: 1 }];
    list.forEach(({ range, share }, i) => {
      chunks.push({ table, number: i + 1, range, weight: Math.ceil(Math.max(size.bytes, size.rows) * share) });
    });
  }
  return { chunks, findings };
}

async function splitTable(
  session: Session,
  source: Database,
  rows: TableRows,
  size: TableSize,
  parts: number,
): Promise<readonly Share[] | null> {
  const partitions = partitionShares(source, rows.source, size, size.rows / parts);
  if (partitions === null) return splitByKey(session, source, rows, size.rows, parts, null);
  const shares: Share[] = [];
  for (const partition of partitions) {
    const wanted = Math.round(partition.share * parts);
    const ranges =
      wanted > 1 && partition.single
        ? await splitByKey(session, source, rows, size.rows * partition.share, wanted, partition.range)
        : null;
    if (ranges === null) shares.push(partition);
    else for (const { range, share } of ranges) shares.push({ range, share: share * partition.share });
  }
  return shares;
}

/**
 * Ranges of the first column of the clustered key.
 * @param within condition of the partition that is split; null for the whole table
 */
async function splitByKey(
  session: Session,
  source: Database,
  { name, source: table }: TableRows,
  rows: number,
  ranges: number,
  within: string | null,
): Promise<readonly Share[] | null> {
  const [first] = clusteredColumns(table);
  const key = first && table.columns.find(c => c.name === first.name);
  const type = key && baseTypeOf(key.type, source.aliasTypes);
  if (!type || !canRange(type, key.collation)) return null;
  const found = await findKeyRanges(session, { table: name, key, type, rows, ranges, within });
  if (found === null) return null;
  const share = 1 / found.length;
  return found.map(range => ({ range: within === null ? range : `${within} AND (${range})`, share }));
}

/** Largest first, so that no job is left alone with the largest at the end; equal ones in the order of their tables. */
export function largestFirst(chunks: readonly PlannedChunk[]): PlannedChunk[] {
  return [...chunks].sort((a, b) => b.weight - a.weight || a.table - b.table || a.number - b.number);
}

/** Path of a chunk's file in an archive. */
export function chunkPath(chunk: PlannedChunk, rows: TableRows, suffix: string): string {
  const folder = tableFolder(chunk.table + 1, rows.table.schema, rows.table.name);
  return `data/${folder}/${String(chunk.number).padStart(6, '0')}${suffix}`;
}
