/** The statement and the metadata that a bulk load begins with (MS-TDS 2.2.6.1 and 2.2.7.4). */

import { quoteName } from '../../tsql/quote.ts';
import { type WireColumn, WireType } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';

export interface BulkLoadOptions {
  /** The table's name, quoted. */
  readonly table: string;
  /** Constraints are checked, so that they stay trusted. */
  readonly checkConstraints: boolean;
  /** Locks the table: parallel loads of a heap, minimal logging. Memory-optimized tables refuse it. */
  readonly tableLock: boolean;
  /** Columns of the clustered key in whose order the rows come, which saves the server a sort. */
  readonly order?: readonly { readonly column: string; readonly descending: boolean }[];
  readonly rowsPerBatch?: number;
}

/** `INSERT BULK [dbo].[T] ([a] int, …) WITH (KEEP_NULLS, …)`. NULL stays NULL, where the server else would store the default. */
export function insertBulkStatement(columns: readonly BulkColumn[], options: BulkLoadOptions): string {
  const list = columns.map(column => `${quoteName(column.name)} ${column.declaration}`).join(', ');
  const words = ['KEEP_NULLS'];
  if (options.checkConstraints) words.push('CHECK_CONSTRAINTS');
  if (options.tableLock) words.push('TABLOCK');
  if (options.rowsPerBatch !== undefined) words.push(`ROWS_PER_BATCH = ${options.rowsPerBatch}`);
  const order = options.order ?? [];
  if (order.length > 0) {
    words.push(`ORDER (${order.map(o => `${quoteName(o.column)} ${o.descending ? 'DESC' : 'ASC'}`).join(', ')})`);
  }
  return `INSERT BULK ${options.table} (${list}) WITH (${words.join(', ')})`;
}

/**
 * The COLMETADATA token of a load.
 * @param table name of the table, which text, ntext and image have in their metadata: one text here, a count and parts in a result
 */
export function bulkMetadata(columns: readonly BulkColumn[], table: string): Uint8Array {
  const parts: Buffer[] = [Buffer.of(0x81), uint16(columns.length)];
  for (const { name, wire } of columns) {
    parts.push(uint32(wire.userType), uint16(wire.flags), typeInfo(wire, table), Buffer.of(name.length), utf16(name));
  }
  return Buffer.concat(parts);
}

function typeInfo(column: WireColumn, table: string): Buffer {
  const { type, maxLength, precision, scale, collation } = column;
  const head = Buffer.of(type);
  const collationBytes = collation?.bytes ?? new Uint8Array(5);
  switch (type) {
    case WireType.guid:
    case WireType.intN:
    case WireType.bitN:
    case WireType.floatN:
    case WireType.moneyN:
    case WireType.datetimeN:
      return Buffer.of(type, maxLength);
    case WireType.decimalN:
    case WireType.numericN:
      return Buffer.of(type, maxLength, precision, scale);
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      return Buffer.of(type, scale);
    case WireType.bigVarBinary:
    case WireType.bigBinary:
      return Buffer.concat([head, uint16(maxLength)]);
    case WireType.bigVarChar:
    case WireType.bigChar:
    case WireType.nvarchar:
    case WireType.nchar:
      return Buffer.concat([head, uint16(maxLength), collationBytes]);
    case WireType.text:
    case WireType.ntext:
      return Buffer.concat([head, uint32(maxLength), collationBytes, uint16(table.length), utf16(table)]);
    case WireType.image:
      return Buffer.concat([head, uint32(maxLength), uint16(table.length), utf16(table)]);
    case WireType.variant:
      return Buffer.concat([head, uint32(maxLength)]);
    case WireType.xml:
      // No schema: the column's own validates.
      return Buffer.of(type, 0);
    case WireType.vector:
      return Buffer.concat([head, uint16(maxLength), Buffer.of(scale)]);
    default:
      return head;
  }
}

function uint16(value: number): Buffer {
  return Buffer.of(value & 0xff, value >> 8);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
