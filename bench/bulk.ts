/**
 * Bulk loading alone, on one core, nothing sent: literals of an INSERT script → rows of a load, and row bytes of a SELECT → rows of
 * a load. Prints rows/s, MB/s of script or of row bytes. `node bench/bulk.ts [rows]`
 */

import { availableParallelism } from 'node:os';
import { bulkColumn } from '../src/data/bulk/bulk-column.ts';
import { endMargin } from '../src/data/bulk/literal-cursor.ts';
import { createLiteralRows } from '../src/data/bulk/literal-rows.ts';
import { RowRelay } from '../src/data/bulk/row-relay.ts';
import { createSqlRowWriter } from '../src/data/sql-row-writer.ts';
import type { WireColumn } from '../src/data/wire-column.ts';
import { ScriptSplitter } from '../src/tsql/batch-splitter.ts';
import { type BenchRows, eightColumnRows, eightColumns, wideTextColumns, wideTextRows } from './codec-data.ts';

const count = Number(process.argv[2] ?? 501_000);
const rounds = 5;
const sendAt = 1 << 20;

interface Sent {
  readonly bytes: number;
  take(): readonly Uint8Array[];
  recycle(pieces: readonly Uint8Array[]): void;
}

/** What a load would send, thrown away. */
function drop(rows: Sent): number {
  const pieces = rows.take();
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  rows.recycle(pieces);
  return bytes;
}

function report(name: string, rows: number, bytes: number, of: string, run: () => number): void {
  const seconds: number[] = [];
  let sent = 0;
  // The first two rounds warm up.
  for (let round = 0; round < rounds + 2; round++) {
    const start = performance.now();
    sent = run();
    seconds.push((performance.now() - start) / 1000);
  }
  const median = seconds.slice(2).sort((a, b) => a - b)[rounds >> 1]!;
  const speed = `${(rows / median / 1e6).toFixed(2)} M rows/s, ${(bytes / median / 1e6).toFixed(0)} MB/s of ${of}`;
  console.log(`${name}: ${speed}, ${(sent / rows).toFixed(0)} bytes a row sent (median of ${rounds})`);
}

/** Rows inside a part of a script's bytes, as the replay of a script finds them. */
interface ScriptPart {
  readonly script: DataView;
  readonly end: number;
}

const partLength = 1 << 16;
/** What stands between rows. */
const separator = ',\r\n';
const between = separator.length;
/** Of a statement. */
const mostRows = 1000;

function scriptParts(columns: readonly WireColumn[], bytes: Uint8Array): ScriptPart[] {
  const writer = createSqlRowWriter(columns, { schema: 'dbo', table: 'T', rowsum: false });
  writer.write(bytes, 0, bytes.length);
  writer.finish();
  const splitter = new ScriptSplitter();
  splitter.write(Buffer.from(writer.take()).toString());
  splitter.end();
  const parts: ScriptPart[] = [];
  let rows: Buffer[] = [];
  let length = 0;
  const endPart = () => {
    const script = Buffer.concat([...rows, Buffer.alloc(endMargin)]);
    parts.push({ script: new DataView(script.buffer, script.byteOffset, script.length), end: length });
    rows = [];
    length = 0;
  };
  for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
    if (piece.kind !== 'insertRow') continue;
    if (length >= partLength) endPart();
    const row = Buffer.from(piece.text + separator);
    rows.push(row);
    length += row.length;
  }
  endPart();
  return parts;
}

function literals(name: string, columns: readonly WireColumn[], data: BenchRows): void {
  const parts = scriptParts(columns, data.bytes);
  const size = parts.reduce((sum, part) => sum + part.end, 0);
  const collation = columns.find(column => column.collation !== null)?.collation ?? null;
  const rows = createLiteralRows({
    columns: columns.map(c => bulkColumn(c)),
    databaseCollation: collation,
    yearFirst: true,
  });
  report(`${name}, literals`, data.starts.length - 1, size, 'script', () => {
    let sent = 0;
    for (const { script, end } of parts) {
      if (rows.bytes > sendAt) sent += drop(rows);
      rows.startStatement();
      for (let at = 0; at < end; at += between) {
        at = rows.addRows(script, at, end, mostRows);
        if (at < 0) throw new Error(`a row of ${name} is not taken`);
      }
    }
    return sent + drop(rows);
  });
}

function native(name: string, columns: readonly WireColumn[], { bytes, starts }: BenchRows): void {
  const relay = new RowRelay(
    columns,
    columns.map(c => bulkColumn(c)),
  );
  const rows = starts.length - 1;
  const step = Math.max(1, Math.floor((rows * 65536) / bytes.length));
  report(`${name}, row bytes`, rows, bytes.length, 'row bytes', () => {
    let sent = 0;
    for (let i = 0; i < rows; i += step) {
      relay.write(bytes, starts[i]!, starts[Math.min(i + step, rows)]!);
      if (relay.bytes > sendAt) sent += drop(relay);
    }
    return sent + drop(relay);
  });
}

console.log(
  `Node ${process.version}, one of ${availableParallelism()} cores, ${count} rows, a tenth of the values NULL, sink: none`,
);
const eight = eightColumnRows(count);
literals('8 columns', eightColumns(), eight);
native('8 columns', eightColumns(), eight);
const wide = wideTextRows(Math.max(1, Math.floor(count / 20)));
literals('wide text', wideTextColumns(), wide);
native('wide text', wideTextColumns(), wide);
