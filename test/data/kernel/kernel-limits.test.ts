import { describe, expect, it } from 'vitest';
import { createCsvRowWriter } from '../../../src/data/csv-row-writer.ts';
import { createJsonlRowWriter } from '../../../src/data/jsonl-row-writer.ts';
import type { KernelUse } from '../../../src/data/kernel/kernel-rows.ts';
import type { RowWriter } from '../../../src/data/row-writer.ts';
import { createSqlRowWriter } from '../../../src/data/sql-row-writer.ts';
import { SummedRows } from '../../../src/data/summed-rows.ts';
import type { WireColumn } from '../../../src/data/wire-column.ts';
import { u32, u64 } from '../../connection/tds-bytes.ts';
import { failureOf } from '../literal-of.ts';
import { columns, f64, i32, short, sized } from '../wire-columns.ts';

const formats = { sql: createSqlRowWriter, csv: createCsvRowWriter, jsonl: createJsonlRowWriter } as const;
const uses = ['always', 'never'] as const satisfies readonly KernelUse[];
type Format = keyof typeof formats;

const plp = (bytes: Uint8Array) => Buffer.concat([u64(BigInt(bytes.length)), u32(bytes.length), bytes, u32(0)]);
const row = (...values: Buffer[]) => Buffer.concat([Buffer.of(0xd1), ...values]);
const named = (list: readonly WireColumn[]) => list.map((column, i) => ({ ...column, name: `c${i}` }));

function written(writer: RowWriter, rows: readonly Buffer[]): { text: string; rowsum: string } {
  const bytes = Buffer.concat(rows);
  writer.write(bytes, 0, bytes.length);
  writer.finish();
  return { text: Buffer.from(writer.take()).toString('latin1'), rowsum: writer.rowsum.toString() };
}

function same(list: readonly WireColumn[], rows: readonly Buffer[], options: object = {}): void {
  for (const format of Object.keys(formats) as Format[]) {
    const [text, expected] = uses.map(kernel =>
      written(formats[format](named(list), { table: 'T', ...options, kernel }), rows),
    );
    // Not toEqual: texts of megabytes are no reading matter.
    expect(text!.text === expected!.text, format).toBe(true);
    expect(text!.rowsum).toBe(expected!.rowsum);
  }
}

describe('the kernel', () => {
  it('leaves rows to the writer that are larger than its memory, and goes on behind them', () => {
    const little = row(short(i32(7)), plp(Buffer.from("it's", 'utf16le')));
    const rows = [60_000, 140_000, 262_000, 300_000, 2_000_000].flatMap(size => [
      little,
      row(short(i32(size)), plp(Buffer.from('"ä\t漢'.repeat(size / 8), 'utf16le'))),
      little,
      little,
    ]);
    same([columns.int, columns.nvarcharMax], rows);
  });

  it('writes values that become many times as long', () => {
    const control = row(plp(Buffer.alloc(200_000, 1)), plp(Buffer.alloc(50_000, 0x22)));
    same([columns.varcharMax('Latin1_General_CI_AS'), columns.varbinaryMax], Array(8).fill(control));
  });

  it('writes rows of a thousand columns with long names', () => {
    const list = Array.from({ length: 1024 }, () => columns.int);
    const rows = Array.from({ length: 40 }, (_, r) => row(...list.map((_, c) => short(i32(r * c - 999)))));
    same(list, rows);
    same(list, rows, { columns: list.map((_, c) => `${'n'.repeat(120)}${c}`) });
  });

  it('is shared by writers that take turns', () => {
    const list = [columns.int, columns.varchar('Greek_CI_AS')];
    const other = [columns.varchar('Thai_CI_AS'), columns.float];
    const rows = Array.from({ length: 300 }, (_, i) => row(short(i32(i)), sized(Buffer.of(0xe1, 0xe2, i & 255 || 1))));
    const others = Array.from({ length: 300 }, (_, i) => row(sized(Buffer.of(0xa1, 0xa2)), short(f64(i / 7))));
    const [turns, expected] = uses.map(kernel => {
      const open = { table: 'T', kernel, rowsPerStatement: 7 };
      const writers = [
        { writer: createSqlRowWriter(named(list), open), rows },
        { writer: createSqlRowWriter(named(other), open), rows: others },
        { writer: createCsvRowWriter(named(list), open), rows },
        { writer: createJsonlRowWriter(named(other), open), rows: others },
      ];
      for (let i = 0; i < 300; i += 20) {
        for (const { writer, rows } of writers) {
          const bytes = Buffer.concat(rows.slice(i, i + 20));
          writer.write(bytes, 0, bytes.length);
        }
      }
      return writers.map(({ writer }) => {
        writer.finish();
        return [Buffer.from(writer.take()).toString(), writer.rowsum.toString()];
      });
    });
    expect(turns).toEqual(expected);
  });

  it('hands text over that stays as it is while more is written', () => {
    const writer = createSqlRowWriter(named([columns.int]), { table: 'T', kernel: 'always' });
    const bytes = row(short(i32(1)));
    writer.write(bytes, 0, bytes.length);
    const taken = writer.take();
    const before = Buffer.from(taken);
    const next = row(short(i32(2)));
    writer.write(next, 0, next.length);
    expect(Buffer.from(taken)).toEqual(before);
  });

  it('leaves the error of a value without a literal to the writer, behind the rows before it', () => {
    const list = [columns.int, columns.float];
    const rows = [row(short(i32(1)), short(f64(1))), row(short(i32(2)), short(f64(Number.NaN)))];
    const failures = uses.map(kernel => {
      const writer = createSqlRowWriter(named(list), { schema: 'dbo', table: 'T', kernel });
      const error = failureOf(() => written(writer, rows));
      return { message: error.message, object: error.details.object, rows: writer.rows };
    });
    expect(failures[0]).toEqual({
      message: 'column c1 holds NaN, which no literal of T-SQL can express',
      object: '[dbo].[T]',
      rows: 1,
    });
    expect(failures[0]).toEqual(failures[1]);
  });

  it('sums rows of all sizes', () => {
    const rows = [10, 70_000, 300_000].flatMap(size => [
      row(plp(Buffer.alloc(size, 0xe4))),
      row(plp(Buffer.from("'".repeat(9)))),
    ]);
    const bytes = Buffer.concat(rows);
    const sums = uses.map(use => {
      const summed = new SummedRows(named([columns.varcharMax('Latin1_General_CI_AS')]), undefined, use);
      summed.add(bytes, 0, bytes.length);
      return [summed.rowsum.rows, summed.rowsum.toString()];
    });
    expect(sums[0]).toEqual(sums[1]);
  });
});
