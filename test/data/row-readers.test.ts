import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvOptions } from '../../src/data/csv-format.ts';
import { CsvRowReader } from '../../src/data/csv-row-reader.ts';
import { createCsvRowWriter } from '../../src/data/csv-row-writer.ts';
import { JsonlRowReader } from '../../src/data/jsonl-row-reader.ts';
import { createJsonlRowWriter } from '../../src/data/jsonl-row-writer.ts';
import type { RowWriter } from '../../src/data/row-writer.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { describeError } from '../../src/model/error.ts';
import { splitScript } from '../../src/tsql/batch-splitter.ts';
import { hex, plp, ucs2 } from '../connection/tds-bytes.ts';
import { failureOf } from './literal-of.ts';
import { readRow } from './literal-reader.ts';
import {
  columns,
  dateBytes,
  decimal,
  f32,
  f64,
  i32,
  i64,
  money,
  short,
  sized,
  timeBytes,
  variant,
} from './wire-columns.ts';

interface Reader {
  write(bytes: Uint8Array): void;
  end(): void;
  read(): string | null;
  readonly rows: number;
}

function readAll(reader: Reader, file: Uint8Array, size: number): string[] {
  const rows: string[] = [];
  const drain = () => {
    for (let row = reader.read(); row !== null; row = reader.read()) rows.push(row);
  };
  // Of one buffer that is filled anew, as a file is read.
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < file.length; at += size) {
    buffer.set(file.subarray(at, at + size));
    reader.write(buffer.subarray(0, Math.min(size, file.length - at)));
    drain();
    buffer.fill(0xee);
  }
  reader.end();
  drain();
  expect(reader.rows).toBe(rows.length);
  return rows;
}

function written(writer: RowWriter, rows: readonly (readonly Uint8Array[])[]): Buffer {
  for (const row of rows) {
    const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
    writer.write(bytes, 0, bytes.length);
  }
  writer.end();
  return Buffer.from(writer.take());
}

/** The values that the script of the same rows has. */
async function scripted(types: readonly WireColumn[], rows: readonly (readonly Uint8Array[])[]) {
  const script = written(createSqlRowWriter(types, { table: 'T' }), rows).toString('utf8');
  const values = [];
  for await (const piece of splitScript([script])) if (piece.kind === 'insertRow') values.push(readRow(piece.text));
  return values;
}

const utf8 = 'Latin1_General_100_BIN2_UTF8';
const text = fc.string({
  unit: fc.constantFrom("'", '"', '\\', '\n', '\r', ',', ';', 'é', '漢', '😀', ' ', 'a', '$(', '\u0000', 'GO'),
  maxLength: 10,
});
const types: readonly WireColumn[] = [
  columns.int,
  columns.bit,
  columns.bigint,
  columns.decimal(20, 5),
  columns.money,
  columns.float,
  columns.real,
  columns.date,
  columns.time(3),
  columns.guid,
  columns.varbinary,
  columns.nvarchar,
  columns.varchar(utf8),
  columns.nvarcharMax,
  columns.xml,
  columns.json,
  columns.udt('dbo', 'Po]int'),
  columns.variant,
].map((column, i) => ({ ...column, name: `c ${i}` }));
const bytes = fc.uint8Array({ maxLength: 8 }).map(u => Buffer.from(u));
const nullMax = Buffer.alloc(8, 0xff);
const nullSized = Buffer.of(0xff, 0xff);
const orNull = (value: fc.Arbitrary<Buffer>, nothing: Buffer) =>
  fc.oneof({ weight: 5, arbitrary: value }, fc.constant(nothing));
const real = fc.float({ noNaN: true, noDefaultInfinity: true });
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.tuple(
  orNull(
    fc.integer().map(n => short(i32(n))),
    Buffer.of(0),
  ),
  orNull(
    fc.boolean().map(b => Buffer.of(1, b ? 1 : 0)),
    Buffer.of(0),
  ),
  orNull(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(n => short(i64(n))),
    Buffer.of(0),
  ),
  orNull(
    fc.bigInt(-(10n ** 20n) + 1n, 10n ** 20n - 1n).map(n => short(decimal(n, 20))),
    Buffer.of(0),
  ),
  orNull(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(n => short(money(n))),
    Buffer.of(0),
  ),
  orNull(
    double.map(n => short(f64(n))),
    Buffer.of(0),
  ),
  orNull(
    real.map(n => short(f32(n))),
    Buffer.of(0),
  ),
  orNull(
    fc.integer({ min: 0, max: 3652058 }).map(n => short(dateBytes(n))),
    Buffer.of(0),
  ),
  orNull(
    fc.bigInt(0n, 86399999n).map(n => short(timeBytes(n, 3))),
    Buffer.of(0),
  ),
  orNull(fc.uint8Array({ minLength: 16, maxLength: 16 }).map(short), Buffer.of(0)),
  orNull(bytes.map(sized), nullSized),
  orNull(
    text.map(t => sized(ucs2(t))),
    nullSized,
  ),
  orNull(
    text.map(t => sized(Buffer.from(t))),
    nullSized,
  ),
  orNull(
    text.map(t => plp(ucs2(t))),
    nullMax,
  ),
  orNull(
    text.map(t => plp(ucs2(`<a>${t}</a>`))),
    nullMax,
  ),
  orNull(
    text.map(t => plp(Buffer.from(JSON.stringify(t)))),
    nullMax,
  ),
  orNull(
    bytes.map(b => plp(b)),
    nullMax,
  ),
  orNull(
    fc.oneof(
      fc.integer().map(n => variant('38', '', i32(n))),
      fc.bigInt(-99999n, 99999n).map(n => variant('6a', '0502', decimal(n, 5))),
      double.map(n => variant('3e', '', f64(n))),
      text.map(t => variant('e7', '0904d00034401f', ucs2(t))),
      bytes.map(b => variant('a5', '401f', b)),
    ),
    Buffer.alloc(4),
  ),
);
const rows = fc.array(row, { maxLength: 8 });
const step = fc.integer({ min: 1, max: 200 });

describe('rows of files', () => {
  const options: fc.Arbitrary<CsvOptions> = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    nullText: fc.constantFrom('', 'NULL', '\\N', 'a'),
    header: fc.boolean(),
    newline: fc.constantFrom('\r\n' as const, '\n' as const),
    encoding: fc.constantFrom('utf8' as const, 'utf16le' as const),
    bom: fc.boolean(),
  });

  it('come out of CSV as the literals of the script, however the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(rows, options, step, async (list, csv, size) => {
        const file = written(createCsvRowWriter(types, { table: 'T', ...csv }), list);
        const found = readAll(new CsvRowReader(types, 'rows.csv', csv), file, size);
        expect(found.map(readRow)).toEqual(await scripted(types, list));
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  it('come out of JSON lines as the literals of the script, however the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(rows, step, async (list, size) => {
        const file = written(createJsonlRowWriter(types, { table: 'T' }), list);
        const found = readAll(new JsonlRowReader(types, 'rows.jsonl'), file, size);
        expect(found.map(readRow)).toEqual(await scripted(types, list));
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  it('come out of CSV of one column, whose NULLs are empty lines', () => {
    const file = written(createCsvRowWriter([columns.int], { table: 'T' }), [
      [Buffer.of(0)],
      [short(i32(5))],
      [Buffer.of(0)],
    ]);
    for (const size of [1, 2, 100]) {
      expect(readAll(new CsvRowReader([columns.int], 'file'), file, size)).toEqual(['(NULL)', '(5)', '(NULL)']);
    }
  });

  it('come out of CSV of a code page', () => {
    const japanese = [{ ...columns.nvarchar, name: 'c' }];
    const list = ['漢字,ソ', 'ｱ', '表"\n', ''].map(t => [sized(ucs2(t))]);
    const csv = { encoding: 932 } as const;
    const file = written(createCsvRowWriter(japanese, { table: 'T', ...csv }), list);
    for (const size of [1, 2, 3, 100]) {
      const found = readAll(new CsvRowReader(japanese, 'rows.csv', csv), file, size);
      expect(found).toEqual(["(N'漢字,ソ')", "(N'ｱ')", "(N'表\"\n')", "(N'')"]);
    }
  });

  it('carry bytes that are no characters through JSON lines', () => {
    const column = [columns.varchar(utf8)];
    const file = written(createJsonlRowWriter(column, { table: 'T' }), [[sized(hex('41c328ff'))]]);
    expect(readAll(new JsonlRowReader(column, 'rows.jsonl'), file, 7)).toEqual(['(0x41C328FF)']);
  });
});

const readCsv = (column: WireColumn, file: string, options: CsvOptions = { header: false }) =>
  readAll(new CsvRowReader([column], 'rows.csv', options), Buffer.from(file), 1000);
const readJson = (column: WireColumn, file: string) =>
  readAll(new JsonlRowReader([column], 'rows.jsonl'), Buffer.from(file), 1000);

describe('CSV of other programs', () => {
  it.each<[string, WireColumn, string, string[]]>([
    ['numbers without a point or exponent', columns.float, '1\n1.5\n1e5\n', ['(1E0)', '(1.5E0)', '(1e5)']],
    ['true and false', columns.bit, 'true\nFALSE\n', ['(1)', '(0)']],
    ['no line break at the end', columns.int, '1\n2', ['(1)', '(2)']],
    ['lines with CR', columns.int, '1\r2\r', ['(1)', '(2)']],
    ['quoted numbers', columns.int, '"1"\n', ['(1)']],
    ['a quoted empty text', columns.nvarchar, '""\n\n', ["(N'')", '(NULL)']],
    ['lower-case hex', columns.varbinary, '0x0a\n', ['(0x0a)']],
  ])('%s', (_, column, file, expected) => {
    expect(readCsv(column, file)).toEqual(expected);
  });

  it.each<[string, WireColumn, string, string]>([
    [
      'a text in a number column',
      columns.int,
      '1\nx\n',
      'rows.csv:2:1: column c holds "x", which is not a whole number',
    ],
    ['statements in a number', columns.int, '1);DROP TABLE t\n', 'which is not a whole number'],
    ['statements in bytes', columns.varbinary, '0x00+1\n', 'which is not bytes'],
    ['statements in a sql_variant', columns.variant, '"CAST(1 AS int)); DROP TABLE t --"\n', 'which is not the CAST'],
    ['a function in a sql_variant', columns.variant, 'CAST(USER AS int)\n', 'which is not the CAST'],
    ['too many fields', columns.int, '1\n1,2\n', 'rows.csv:2:1: the row has 2 fields; the table takes 1'],
    ['an open quote', columns.nvarchar, 'a\n"b\n', 'rows.csv:2:1: the file ends inside a field in quotes'],
    ['text behind a quote', columns.nvarchar, '"a"b\n', 'rows.csv:1:1: "b" stands behind or inside a field'],
    ['a quote inside', columns.nvarchar, 'a"b\n', 'stands behind or inside a field'],
    ['other line breaks counted', columns.int, '1\n2\n"\n"\n', 'rows.csv:3:1'],
  ])('%s is refused', (_, column, file, message) => {
    expect(describeError(failureOf(() => readCsv(column, file)))).toContain(message);
  });

  it('another header is refused', () => {
    const error = failureOf(() => readCsv(columns.int, 'd\n1\n', { header: true }));
    expect(describeError(error)).toBe('rows.csv:1:1: the header names d, the table takes c');
  });

  it('bytes that are no UTF-8 are refused', () => {
    const reader = new CsvRowReader([columns.nvarchar], 'rows.csv', { header: false });
    expect(failureOf(() => reader.write(hex('41ff42'))).message).toBe('rows.csv is no text in UTF-8');
  });
});

describe('JSON lines of other programs', () => {
  it.each<[string, WireColumn, string, string[]]>([
    [
      'long numbers, digit by digit',
      columns.decimal(38, 10),
      '{"c":12345678901234567890.0123456789}',
      ['(12345678901234567890.0123456789)'],
    ],
    ['a bigint as number', columns.bigint, '{"c":9223372036854775807}', ['(9223372036854775807)']],
    ['a member that is not there', columns.int, '{}\n{"c":null}', ['(NULL)', '(NULL)']],
    ['white space', columns.int, ' { "c" : 1 }\r\n\n{"c":2}', ['(1)', '(2)']],
    ['escapes', columns.nvarchar, '{"c":"\\u00e9\\n\\ud83d\\ude00"}', ["(N'é\n😀')"]],
  ])('%s', (_, column, file, expected) => {
    expect(readJson(column, file)).toEqual(expected);
  });

  it.each<[string, WireColumn, string, string]>([
    ['no JSON', columns.int, '{"c":1}\n{x', 'rows.jsonl is no JSON in or behind row 1'],
    ['a row that is cut', columns.int, '{"c":1', 'row 1 of rows.jsonl: the file ends inside of a row'],
    ['a row that is no object', columns.int, '[1]', 'row 1 of rows.jsonl: a row is no object'],
    ['another column', columns.int, '{"d":1}', 'row 1 of rows.jsonl: the table takes no column d'],
    ['a column twice', columns.int, '{"c":1,"c":2}', 'column c stands there twice'],
    ['an object as value', columns.nvarchar, '{"c":{"a":1}}', 'a value is no text, number, true, false or null'],
    ['an array as value', columns.nvarchar, '{"c":[1]}', 'a value is no text, number, true, false or null'],
    ['statements in a number', columns.int, '{"c":"1);DROP TABLE t"}', 'which is not a whole number'],
    [
      'statements in the type of a sql_variant',
      columns.variant,
      '{"c":{"type":"int)); DROP TABLE t --","value":1}}',
      'which is not the CAST',
    ],
    ['a sql_variant without type', columns.variant, '{"c":{"value":1}}', 'lacks its type or its value'],
  ])('%s is refused', (_, column, file, message) => {
    expect(describeError(failureOf(() => readJson(column, file)))).toContain(message);
  });
});
