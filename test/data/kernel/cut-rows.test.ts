/** Rows that nobody has cut yet: whoever takes them by itself must stop at a whole row, wherever the bytes end, and lose none. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { RowRelay } from '../../../src/data/bulk/row-relay.ts';
import { createCsvRowWriter } from '../../../src/data/csv-row-writer.ts';
import { createJsonlRowWriter } from '../../../src/data/jsonl-row-writer.ts';
import { RowScanner } from '../../../src/data/row-scanner.ts';
import type { RowWriter } from '../../../src/data/row-writer.ts';
import { hashBytes, Rowsum } from '../../../src/data/rowsum.ts';
import { createSqlRowWriter } from '../../../src/data/sql-row-writer.ts';
import { SummedRows } from '../../../src/data/summed-rows.ts';
import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { WireSum } from '../../../src/data/wire-sum.ts';
import { columns, sized } from '../wire-columns.ts';
import { arbitraryRows, type Rows } from './arbitrary-rows.ts';

/** A consumer in both ways. */
interface Consumer<Result> {
  from(bytes: Uint8Array, start: number, end: number): number;
  whole(bytes: Uint8Array, start: number, end: number): void;
  result(): Result;
}

/** Hands all rows over, the bytes cut at `at`, as a connection does it. @returns which rows' ends it found itself */
function feed<Result>(rows: Rows, at: number, consumer: Consumer<Result>): number[] {
  const all = Buffer.concat(rows.rows);
  const ends = new Set([0]);
  for (const row of rows.rows) ends.add([...ends].at(-1)! + row.length);
  const scanner = new RowScanner(rows.columns);
  const found: number[] = [];
  let begin = 0;
  for (const cut of [at % (all.length + 1), all.length]) {
    // Behind the cut stands what another use of the buffer left there.
    const bytes = Buffer.concat([all.subarray(0, cut), Buffer.alloc(40, 0xd1)]);
    while (begin < cut) {
      const taken = consumer.from(bytes, begin, cut);
      expect(ends.has(taken)).toBe(true);
      if (taken > begin) found.push(taken);
      begin = taken;
      if (begin === cut) break;
      const end = scanner.scanRows(bytes, begin, cut, 2);
      if (end === begin) break;
      consumer.whole(bytes, begin, end);
      begin = end;
    }
  }
  expect(begin).toBe(all.length);
  return found;
}

function same<Result>(rows: Rows, at: number, open: () => Consumer<Result>): void {
  const [cut, whole] = [open(), open()];
  feed(rows, at, cut);
  const all = Buffer.concat(rows.rows);
  whole.whole(all, 0, all.length);
  expect(cut.result()).toEqual(whole.result());
}

function ofWriter(writer: RowWriter): Consumer<unknown> {
  return {
    from: (bytes, start, end) => writer.writeFrom(bytes, start, end),
    whole: (bytes, start, end) => writer.write(bytes, start, end),
    result: () => {
      writer.end();
      return [writer.rows, writer.rowsum.toString(), Buffer.from(writer.take()).toString('latin1')];
    },
  };
}

const table = { schema: 'dbo', table: 'T', kernel: 'always' } as const;
const cutRows = (test: (rows: Rows, at: number) => void) =>
  fc.assert(fc.property(arbitraryRows(20), fc.nat(), test), { numRuns: 300 });

describe('rows whose ends nobody looked for', () => {
  it('become the same script', () =>
    cutRows((rows, at) => same(rows, at, () => ofWriter(createSqlRowWriter(rows.columns, table)))));

  it('become the same CSV', () =>
    cutRows((rows, at) => same(rows, at, () => ofWriter(createCsvRowWriter(rows.columns, table)))));

  it('become the same JSON lines', () =>
    cutRows((rows, at) => same(rows, at, () => ofWriter(createJsonlRowWriter(rows.columns, table)))));

  it('have the same sums', () => {
    cutRows((rows, at) => {
      for (const open of [
        () => new SummedRows(rows.columns, undefined, 'always'),
        () => new WireSum(rows.columns, 'always'),
      ]) {
        same(rows, at, () => {
          const sum = open();
          return {
            from: (bytes, start, end) => sum.addFrom(bytes, start, end),
            whole: (bytes, start, end) => sum.add(bytes, start, end),
            result: () => [sum.rowsum.rows, sum.rowsum.toString()],
          };
        });
      }
    });
  });

  it('become the same load', () =>
    cutRows((rows, at) =>
      same(rows, at, () => {
        const targets = rows.columns.map(c => bulkColumn(c));
        const relay = new RowRelay(rows.columns, targets, 'always');
        return {
          from: (bytes, start, end) => relay.writeFrom(bytes, start, end),
          whole: (bytes, start, end) => relay.write(bytes, start, end),
          result: () => [relay.rows, Buffer.concat(relay.take()).toString('latin1')],
        };
      }),
    ));

  it('are taken without help but for the one that is cut', () => {
    const rows: Rows = {
      columns: [columns.int],
      rows: Array.from({ length: 10 }, (_, i) => Buffer.of(0xd1, 4, i, 0, 0, 0)),
    };
    const writer = ofWriter(createSqlRowWriter(rows.columns, table));
    expect(feed(rows, 32, writer)).toEqual([30, 60]);
  });
});

describe('the hashes of four rows at once', () => {
  it('are those of each alone, however long they are', () => {
    const column: WireColumn = { ...columns.varbinary, type: WireType.bigVarBinary };
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 100 });
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 40 }), values => {
        const expected = new Rowsum();
        for (const value of values) {
          const row = sized(value);
          const readable = new DataView(new ArrayBuffer(row.length + 16));
          new Uint8Array(readable.buffer).set(row);
          expected.add(readable, 0, row.length);
        }
        const sum = new WireSum([column], 'always');
        const rows = Buffer.concat(values.flatMap(value => [Buffer.of(0xd1), sized(value)]));
        sum.add(rows, 0, rows.length);
        expect(String(sum.rowsum)).toBe(String(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('know the published value of an empty row', () => {
    // MurmurHash3_x86_128 of nothing with the seed 0 is zero.
    hashBytes(new DataView(new ArrayBuffer(16)), 0, 0, 0);
    const sum = new Rowsum();
    sum.addLanes();
    expect(String(sum)).toBe('0'.repeat(32));
  });
});
