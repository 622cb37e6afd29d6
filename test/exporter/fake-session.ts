/** A session whose answers a test gives: rows as bytes for tables, values for queries, and a list of what was run. */

import type { CellValue } from '../../src/connection/cell-value.ts';
import { RowAssembler } from '../../src/connection/row-assembler.ts';
import type { RowSink, Session, StreamOptions } from '../../src/connection/session.ts';
import { readColumnMetadata } from '../../src/data/column-metadata.ts';
import { RowScanner } from '../../src/data/row-scanner.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { columnMetadata } from '../connection/tds-bytes.ts';

export interface FakeRows {
  readonly columns: readonly (readonly [name: string, typeInfo: Buffer])[];
  readonly rows: Buffer | Iterable<Buffer>;
}

export interface FakeSession extends Session {
  /** Batches and queries, in order. */
  readonly ran: string[];
}

export interface FakeOptions {
  readonly database?: string;
  /** By quoted name of the table. */
  readonly tables?: Readonly<Record<string, FakeRows | Error>>;
  /** Records for a query; undefined = an empty result. */
  readonly query?: (sql: string) => readonly Readonly<Record<string, CellValue>>[] | Error | undefined;
  /** Called for each batch; an error is what it ends with. */
  readonly execute?: (batch: string) => Error | undefined;
  /** Bytes of rows that come at once. */
  readonly chunkBytes?: number;
}

export function fakeSession(options: FakeOptions = {}): FakeSession {
  const ran: string[] = [];
  const state = { database: options.database ?? 'Shop', transaction: '', closed: false };
  const fail = (what: string): never => {
    throw new Error(`the fake session does not ${what}`);
  };
  return {
    ran,
    server: 'fake',
    serverVersion: { major: 16, minor: 0, build: 1000 },
    nativeVectors: false,
    get database() {
      return state.database;
    },
    get closed() {
      return state.closed;
    },
    get inTransaction() {
      return state.transaction !== '';
    },
    async query(sql) {
      ran.push(sql);
      const records = options.query?.(sql) ?? [];
      if (records instanceof Error) throw records;
      const names = Object.keys(records[0] ?? {});
      return {
        columns: names.map(name => ({ name }) as WireColumn),
        rows: records.map(record => names.map(name => record[name] ?? null)),
      };
    },
    queryRows: () => fail('query row by row'),
    async execute(batch) {
      ran.push(batch);
      const error = options.execute?.(batch);
      if (error) throw error;
      return { rowCounts: [], messages: [], resultSets: 0 };
    },
    async streamRows(sql, sink, streamOptions) {
      ran.push(sql);
      const name = Object.keys(options.tables ?? {}).find(n => sql.includes(`FROM ${n}`));
      const table = name === undefined ? undefined : options.tables![name];
      if (!table) throw new Error(`no rows for ${sql}`);
      if (table instanceof Error) throw table;
      return stream(table, sink, options.chunkBytes ?? 65536, streamOptions);
    },
    bulkLoad: () => fail('bulk load'),
    async beginTransaction(isolation = 'read committed') {
      ran.push(`BEGIN ${isolation}`);
      state.transaction = isolation;
    },
    async commit() {
      ran.push('COMMIT');
      state.transaction = '';
    },
    async rollback() {
      ran.push('ROLLBACK');
      state.transaction = '';
    },
    async useDatabase(name) {
      ran.push(`USE ${name}`);
      state.database = name;
    },
    cancel: () => undefined,
    async close() {
      state.closed = true;
    },
  };
}

/** Hands rows over as the connection does: whole ones as they stand in a chunk, the one that a chunk's end cuts in parts. */
async function stream(
  table: FakeRows,
  sink: RowSink,
  chunkBytes: number,
  options: StreamOptions = {},
): Promise<{ rows: number }> {
  const { columns } = readColumnMetadata(columnMetadata(table.columns), 1);
  await sink.columns(columns);
  const scanner = new RowScanner(columns);
  const assembler = new RowAssembler(sink, options.largeRowBytes ?? 4 << 20);
  let rows = 0;
  for (const buffer of Buffer.isBuffer(table.rows) ? [table.rows] : table.rows) {
    for (let from = 0; from < buffer.length; from += chunkBytes) {
      // A copy that is spoiled afterwards: bytes are valid only during the call.
      const chunk = Buffer.from(buffer.subarray(from, from + chunkBytes));
      for (let at = 0; at < chunk.length; ) {
        const end = scanner.inRow ? at : scanner.scanRows(chunk, at, chunk.length);
        if (end > at) {
          rows += scanner.count;
          await sink.rows(chunk, at, end, scanner.count);
          at = end;
          continue;
        }
        const next = scanner.scanPart(chunk, at, chunk.length);
        if (!scanner.inRow) rows++;
        await assembler.part(Buffer.from(chunk.subarray(at, next)), !scanner.inRow);
        at = next;
      }
      chunk.fill(0xff);
    }
  }
  return { rows };
}
