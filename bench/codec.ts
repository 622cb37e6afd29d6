/**
 * The codec alone: wire bytes of rows → SQL text, CSV and JSON lines with rowsum, on one core, nothing written. Prints rows/s and MB/s of text, and
 * as the ratio how much faster the kernel is than the same writer without it, by processor time. `node bench/codec.ts [rows]`
 */

import { createCsvRowWriter } from '../src/data/csv-row-writer.ts';
import { createJsonlRowWriter } from '../src/data/jsonl-row-writer.ts';
import type { KernelUse } from '../src/data/kernel/kernel-rows.ts';
import type { RowWriter } from '../src/data/row-writer.ts';
import { createSqlRowWriter } from '../src/data/sql-row-writer.ts';
import { type BenchRows, eightColumnRows, eightColumns, wideTextColumns, wideTextRows } from './codec-data.ts';

type Columns = ReturnType<typeof eightColumns>;

interface Round {
  readonly seconds: number;
  /** Of the processor. */
  readonly user: number;
  readonly text: number;
}

const formats = {
  SQL: createSqlRowWriter,
  CSV: createCsvRowWriter,
  'JSON lines': createJsonlRowWriter,
} as const;
const rounds = 5;
const count = Number(process.argv[2] ?? 501_000);

function once(writer: RowWriter, { bytes }: BenchRows, pieces: readonly (readonly [number, number])[]): Round {
  let text = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const [from, to] of pieces) {
    writer.write(bytes, from, to);
    if (writer.pending > 1 << 18) {
      const part = writer.take();
      text += part.length;
      writer.recycle(part);
    }
  }
  writer.finish();
  text += writer.take().length;
  return { seconds: (performance.now() - start) / 1000, user: process.cpuUsage(cpu).user / 1e6, text };
}

/** In pieces of 64 KB, as they come from a socket; rows are whole in each. */
function piecesOf({ bytes, starts }: BenchRows): [number, number][] {
  const rows = starts.length - 1;
  const size = Math.max(1, Math.floor(rows / Math.ceil(bytes.length / 65536)));
  const pieces: [number, number][] = [];
  for (let i = 0; i < rows; i += size) pieces.push([starts[i]!, starts[Math.min(i + size, rows)]!]);
  return pieces;
}

function run(name: string, columns: Columns, data: BenchRows): void {
  const rows = data.starts.length - 1;
  const pieces = piecesOf(data);
  for (const [format, open] of Object.entries(formats)) {
    for (const rowsum of [true, false]) {
      const of = (kernel: KernelUse) =>
        once(open(columns, { schema: 'dbo', table: 'T', rowsum, kernel }), data, pieces);
      const all = { always: [] as Round[], never: [] as Round[] };
      // The first two rounds warm up. Alternating, so that other work on the machine hits both.
      for (let round = -2; round < rounds; round++) {
        for (const use of ['always', 'never'] as const) {
          const result = of(use);
          if (round >= 0) all[use].push(result);
        }
      }
      const { seconds, text } = all.always.sort((a, b) => a.seconds - b.seconds)[rounds >> 1]!;
      const best = (use: 'always' | 'never') => Math.min(...all[use].map(r => r.user));
      const million = (rows / seconds / 1e6).toFixed(2);
      const nanoseconds = ((best('always') / rows) * 1e9).toFixed(0);
      console.log(
        `${name}, ${format}, rowsum ${rowsum ? 'on' : 'off'}: ${million} M rows/s, ${(text / seconds / 1e6).toFixed(0)} MB/s of text ` +
          `(median of ${rounds}); ${nanoseconds} ns of processor a row at best, ${(best('never') / best('always')).toFixed(2)} × without kernel`,
      );
    }
  }
}

console.log(`Node ${process.version}, one core, ${count} rows, a tenth of the values NULL, sink: none`);
run('8 columns', eightColumns(), eightColumnRows(count));
run('wide text', wideTextColumns(), wideTextRows(Math.max(1, Math.floor(count / 20))));
