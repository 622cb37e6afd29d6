import { describe, expect, it, vi } from 'vitest';
import { createCsvRowWriter } from '../../../src/data/csv-row-writer.ts';
import { createJsonlRowWriter } from '../../../src/data/jsonl-row-writer.ts';
import { KernelRows, type KernelUse } from '../../../src/data/kernel/kernel-rows.ts';
import type { RowWriter } from '../../../src/data/row-writer.ts';
import { createSqlRowWriter } from '../../../src/data/sql-row-writer.ts';
import { SummedRows } from '../../../src/data/summed-rows.ts';
import type { WireColumn } from '../../../src/data/wire-column.ts';
import { u32, u64 } from '../../connection/tds-bytes.ts';
import { failureOf } from '../literal-of.ts';
import {
  columns,
  dateBytes,
  decimal,
  f32,
  f64,
  i16,
  i32,
  i64,
  money,
  pointed,
  short,
  sized,
  timeBytes,
  variant,
} from '../wire-columns.ts';

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

/** A value of every type that the kernel writes. */
const ordinary: readonly (readonly [WireColumn, Buffer])[] = [
  [columns.tinyint, short(Buffer.of(255))],
  [columns.smallint, short(i16(-2))],
  [columns.int, short(i32(3))],
  [columns.bigint, short(i64(-4n))],
  [columns.bit, short(Buffer.of(1))],
  [columns.decimal(38, 5), short(decimal(10n ** 37n, 38))],
  [columns.numeric(9, 2), short(decimal(-1n, 9))],
  [columns.money, short(money(-12345n))],
  [columns.smallmoney, short(i32(1))],
  [columns.float, short(f64(1 / 3))],
  [columns.real, short(f32(1e-9))],
  [columns.date, short(dateBytes(738000))],
  [columns.time(3), short(timeBytes(1n, 3))],
  [columns.datetime2(7), short(Buffer.concat([timeBytes(1n, 7), dateBytes(1)]))],
  [columns.datetimeoffset(0), short(Buffer.concat([timeBytes(1n, 0), dateBytes(5), i16(-90)]))],
  [columns.datetime, short(Buffer.concat([i32(-1), u32(7)]))],
  [columns.smalldatetime, short(Buffer.concat([i16(1), i16(2)]))],
  [columns.guid, short(Buffer.alloc(16, 0xab))],
  [columns.varbinary, sized(Buffer.of(1, 2))],
  [columns.varbinaryMax, plp(Buffer.of(1, 2))],
  [columns.image, pointed(Buffer.of(1, 2))],
  [columns.nvarchar, sized(Buffer.from('aé漢😀', 'utf16le'))],
  [columns.nvarcharMax, plp(Buffer.from("it's", 'utf16le'))],
  [columns.ntext, pointed(Buffer.from('a\r\nb', 'utf16le'))],
  [columns.varchar('Greek_CI_AS'), sized(Buffer.of(0x41, 0xe1))],
  [columns.varcharMax('Latin1_General_100_CI_AS_SC_UTF8'), plp(Buffer.from('aé漢😀'))],
  [columns.text, pointed(Buffer.of(0x41, 0x80))],
  [columns.xml, plp(Buffer.from('<a/>', 'utf16le'))],
  [columns.udt('sys', 'geography'), plp(Buffer.of(1, 2))],
  [columns.json, plp(Buffer.from('{"a":1}'))],
];

describe('the kernel', () => {
  it('takes rows of all types that it knows, and none of others', () => {
    const take = vi.spyOn(KernelRows.prototype, 'take');
    try {
      const list = ordinary.map(([column]) => column);
      const values = row(...ordinary.map(([, value]) => value));
      same(list, [values, values]);
      expect(take.mock.results.map(result => result.value)).toEqual([true, true, true]);
      take.mockClear();
      same([columns.int, columns.variant], [row(short(i32(1)), variant('38', '', i32(5)))]);
      expect(take).not.toHaveBeenCalled();
    } finally {
      take.mockRestore();
    }
  });

  it('begins when there are enough rows', () => {
    const take = vi.spyOn(KernelRows.prototype, 'take');
    try {
      const writer = createSqlRowWriter(named([columns.int]), { table: 'T' });
      const bytes = Buffer.concat(Array(1000).fill(row(short(i32(1)))));
      for (let i = 0; i < 5; i++) writer.write(bytes, 0, bytes.length);
      expect(take).not.toHaveBeenCalled();
      for (let i = 0; i < 5; i++) writer.write(bytes, 0, bytes.length);
      expect(take).toHaveBeenCalled();
      expect(writer.rows).toBe(10_000);
    } finally {
      take.mockRestore();
    }
  });

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
