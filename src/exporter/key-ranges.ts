import { queryRecords } from '../catalog/catalog.ts';
import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { RowText } from '../data/row-text.ts';
import type { Column } from '../model/column.ts';
import type { DataType } from '../model/data-type.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { quoteName } from '../tsql/quote.ts';

/** Rows that are looked at for each range, and at most. */
const sampleRowsPerRange = 1000;
const mostSampleRows = 200_000;

const integers = new Set(['tinyint', 'smallint', 'int', 'bigint']);
const texts = new Set(['char', 'varchar', 'nchar', 'nvarchar', 'sysname']);
const comparable = new Set([
  ...integers,
  ...texts,
  ...['decimal', 'numeric', 'money', 'smallmoney', 'float', 'real', 'bit', 'uniqueidentifier'],
  ...['date', 'time', 'datetime', 'smalldatetime', 'datetime2', 'datetimeoffset'],
  ...['binary', 'varbinary'],
]);

/**
 * Whether ranges of a column of this type can be written: its values have literals and an order.
 * @param collation of the column; null where it has none or it is not known, as of a computed column
 */
export function canRange(type: DataType, collation: string | null): boolean {
  if (type.schema !== null || type.length === 'max') return false;
  return comparable.has(type.name) && (collation !== null || !texts.has(type.name));
}

export interface RangeRequest {
  /** Quoted name of the table. */
  readonly table: string;
  /** First column of the clustered key. */
  readonly key: Column;
  /** System type of the key. */
  readonly type: DataType;
  /** About how many rows there are. */
  readonly rows: number;
  /** About how many ranges are wanted. */
  readonly ranges: number;
  /** Condition of the rows that are shared out; null for all of the table. */
  readonly within: string | null;
}

/**
 * Conditions that share a table's rows out, every row to exactly one of them, in the order of the key. The table is not scanned for
 * them: some of its pages are looked at, always the same ones of a table that did not change, or for an integer key its ends.
 * @returns null when no ranges were found
 */
export async function findKeyRanges(session: Session, request: RangeRequest): Promise<readonly string[] | null> {
  const bounds = (await sampleBounds(session, request)) ?? (await evenBounds(session, request));
  if (bounds === null || bounds.length === 0) return null;
  const type = scriptDataType(request.type);
  const { name, collation, nullable } = request.key;
  // Without it a literal would come to the type by way of the database's code page, which may lack its characters.
  const collate = collation === null ? '' : ` COLLATE ${collation}`;
  // The cast gives the literal the key's type: else the column might be converted, and no index would help.
  const casts = bounds.map(b => `CAST(${b}${collate} AS ${type})`);
  return (await ascend(session, casts)) ? rangeConditions(quoteName(name), casts, nullable) : null;
}

/** Whether the server, too, finds that no bound is less than the one before: else ranges would overlap, and rows be read twice. */
async function ascend(session: Session, bounds: readonly string[]): Promise<boolean> {
  if (bounds.length === 1) return true;
  const pairs = bounds.slice(1).map((bound, i) => `(${bounds[i]}, ${bound})`);
  const { rows } = await session.query(
    `SELECT TOP (1) 1 AS [wrong] FROM (VALUES ${pairs.join(', ')}) AS [pairs] ([low], [high]) WHERE NOT [low] <= [high]`,
  );
  return rows.length === 0;
}

/**
 * Each row meets exactly one condition where the bounds ascend: of two neighbours one says < and the other >=. Equal bounds give an empty
 * range. NULLs come first.
 */
export function rangeConditions(key: string, bounds: readonly string[], nullable: boolean): string[] {
  const last = bounds.length;
  return Array.from({ length: last + 1 }, (_, i) => {
    const parts = [];
    if (i > 0) parts.push(`${key} >= ${bounds[i - 1]}`);
    if (i < last) parts.push(`${key} < ${bounds[i]}`);
    const range = parts.join(' AND ');
    return i === 0 && nullable ? `${range} OR ${key} IS NULL` : range;
  });
}

/** Bounds by the literals of sampled keys. */
async function sampleBounds(session: Session, request: RangeRequest): Promise<readonly string[] | null> {
  const wanted = Math.min(mostSampleRows, request.ranges * sampleRowsPerRange);
  const percent = Math.min(100, Math.max(0.001, (100 * wanted) / request.rows));
  const key = quoteName(request.key.name);
  const sql =
    `SELECT ${key} FROM ${request.table} TABLESAMPLE SYSTEM (${percent.toFixed(3)} PERCENT) REPEATABLE (20080806) ` +
    `WHERE ${key} IS NOT NULL${request.within === null ? '' : ` AND ${request.within}`} ORDER BY ${key}`;
  let literals: string[];
  try {
    literals = await readLiterals(session, sql);
  } catch (error) {
    // A table that can't be sampled (a view behind it, an engine without TABLESAMPLE) may still have ends.
    if (error instanceof SqlServerError && !error.retryable) return null;
    throw error;
  }
  const distinct = literals.filter((literal, i) => literal !== literals[i - 1]);
  if (distinct.length < request.ranges) return null;
  return Array.from({ length: request.ranges - 1 }, (_, i) => {
    const at = Math.floor(((i + 1) * distinct.length) / request.ranges);
    return distinct[at]!;
  });
}

/** Literals of the only column of a query. */
async function readLiterals(session: Session, sql: string): Promise<string[]> {
  const literals: string[] = [];
  let text: RowText | undefined;
  const out = new DataView(new ArrayBuffer(1 << 16));
  await session.streamRows(sql, {
    columns: columns => {
      text = new RowText(columns);
    },
    rows: (bytes, start, end) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = start; at < end; at = text!.end) {
        const state = { canonical: false, guarded: false, isolated: false, limit: out.byteLength - text!.overhead };
        literals.push(Buffer.from(out.buffer, 0, text!.write(out, 0, view, at, state)).toString('utf8'));
      }
    },
  });
  return literals;
}

/** Bounds at even distances between the ends of an integer key. */
async function evenBounds(
  session: Session,
  { table, key, type, ranges, within }: RangeRequest,
): Promise<readonly string[] | null> {
  if (type.schema !== null || !integers.has(type.name)) return null;
  const name = quoteName(key.name);
  const [ends] = await queryRecords(
    session,
    `SELECT CAST(MIN(${name}) AS bigint) AS [low], CAST(MAX(${name}) AS bigint) AS [high] FROM ${table}` +
      (within === null ? '' : ` WHERE ${within}`),
  );
  if (typeof ends?.low !== 'bigint' || typeof ends.high !== 'bigint') return null;
  const { low, high } = ends;
  const width = high - low + 1n;
  const bounds = Array.from({ length: ranges - 1 }, (_, i) => low + (width * BigInt(i + 1)) / BigInt(ranges));
  return bounds.filter((bound, i) => bound > low && bound !== bounds[i - 1]).map(String);
}
