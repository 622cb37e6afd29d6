/**
 * The codec alone: wire bytes of rows → SQL text with rowsum, on one core, nothing written. Prints rows/s, text MB/s.
 * `node bench/codec.ts [rows]`
 */

import { createSqlRowWriter } from '../src/data/sql-row-writer.ts';
import { eightColumnRows, eightColumns, wideTextColumns, wideTextRows } from './codec-data.ts';

const count = Number(process.argv[2] ?? 501_000);

function run(name: string, columns: ReturnType<typeof eightColumns>, bytes: Uint8Array, rows: number): void {
  for (const rowsum of [true, false]) {
    const seconds: number[] = [];
    let text = 0;
    for (let round = 0; round < 7; round++) {
      const writer = createSqlRowWriter(columns, { schema: 'dbo', table: 'T', rowsum });
      text = 0;
      const start = performance.now();
      // In pieces of 64 KB, as they come from a socket; rows are whole in each.
      for (const [from, to] of pieces(bytes, rows)) {
        writer.write(bytes, from, to);
        if (writer.pending > 1 << 18) {
          const part = writer.take();
          text += part.length;
          writer.recycle(part);
        }
      }
      writer.finish();
      text += writer.take().length;
      seconds.push((performance.now() - start) / 1000);
    }
    // The first two rounds warm up.
    const median = seconds.slice(2).sort((a, b) => a - b)[2]!;
    const million = (rows / median / 1e6).toFixed(2);
    const mb = text / median / 1e6;
    console.log(
      `${name}, rowsum ${rowsum ? 'on' : 'off'}: ${million} M rows/s, ${mb.toFixed(0)} MB/s of text (median of 5)`,
    );
  }
}

function* pieces(bytes: Uint8Array, rows: number): Generator<[number, number]> {
  const size = Math.max(1, Math.floor(rows / Math.ceil(bytes.length / 65536)));
  for (let i = 0; i < rowStarts.length - 1; i += size) {
    yield [rowStarts[i]!, rowStarts[Math.min(i + size, rowStarts.length - 1)]!];
  }
}

let rowStarts: readonly number[] = [];
const eight = eightColumnRows(count);
rowStarts = eight.starts;
console.log(`Node ${process.version}, one core, ${count} rows, a tenth of the values NULL, sink: none`);
run('8 columns', eightColumns(), eight.bytes, count);
const wideRows = Math.max(1, Math.floor(count / 20));
const wide = wideTextRows(wideRows);
rowStarts = wide.starts;
run('wide text', wideTextColumns(), wide.bytes, wideRows);
