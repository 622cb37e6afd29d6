import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRowWriterOptions, createCsvRowWriter } from '../../src/data/csv-row-writer.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { hex, plp, ucs2 } from '../connection/tds-bytes.ts';
import { failureOf } from './literal-of.ts';
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

const latin = 'SQL_Latin1_General_CP1_CI_AS';
const nullShort = Buffer.of(0);
const nullSized = Buffer.of(0xff, 0xff);

type Options = Omit<CsvRowWriterOptions, 'table'>;

function csvBytes(types: readonly WireColumn[], rows: readonly (readonly Uint8Array[])[], options: Options = {}) {
  const writer = createCsvRowWriter(types, { table: 'T', header: false, ...options });
  for (const row of rows) {
    const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
    writer.write(bytes, 0, bytes.length);
  }
  writer.finish();
  return { bytes: Buffer.from(writer.take()), writer };
}
const csv = (...given: Parameters<typeof csvBytes>) => csvBytes(...given).bytes.toString('utf8');
const field = (column: WireColumn, value: Uint8Array, options: Options = {}) =>
  csv([column], [[value]], options).replace(/\r\n$/, '');

describe('fields of CSV', () => {
  it.each<[string, WireColumn, Buffer, string]>([
    ['int', columns.int, short(i32(-5)), '-5'],
    ['bit', columns.bit, hex('0101'), '1'],
    ['bigint', columns.bigint, short(i64(-(2n ** 63n))), '-9223372036854775808'],
    ['decimal', columns.decimal(38, 38), short(decimal(1n, 38)), '0.00000000000000000000000000000000000001'],
    ['money', columns.money, short(money(-1n)), '-0.0001'],
    ['float', columns.float, short(f64(1 / 3)), '0.3333333333333333E0'],
    ['float -0', columns.float, short(f64(-0)), '-0E0'],
    ['real', columns.real, short(f32(0.1)), '1.00000001E-1'],
    ['date', columns.date, short(dateBytes(0)), '0001-01-01'],
    ['time', columns.time(7), short(timeBytes(1n, 7)), '00:00:00.0000001'],
    ['guid', columns.guid, short(hex('ff19966f868b11d0b42d00c04fc964ff')), '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
    ['binary', columns.varbinary, sized(hex('0d0a5c')), '0x0D0A5C'],
    ['no bytes', columns.varbinary, sized(hex('')), '0x'],
    ['text', columns.nvarchar, sized(ucs2('Ωя 漢 😀')), 'Ωя 漢 😀'],
    ['empty', columns.nvarchar, sized(ucs2('')), '""'],
    ['NULL', columns.nvarchar, nullSized, ''],
    ['NULL as text', columns.nvarchar, sized(ucs2('NULL')), 'NULL'],
    ['apostrophes', columns.nvarchar, sized(ucs2("it''s'")), "it''s'"],
    ['quote', columns.nvarchar, sized(ucs2('a"b')), '"a""b"'],
    ['comma', columns.nvarchar, sized(ucs2("'a,b'")), `"'a,b'"`],
    ['line feed', columns.nvarchar, sized(ucs2('a\nb')), '"a\nb"'],
    ['carriage return', columns.nvarchar, sized(ucs2('a\rb')), '"a\rb"'],
    ['spaces', columns.nvarchar, sized(ucs2('  a ')), '  a '],
    ['U+0000', columns.nvarchar, sized(ucs2('\u0000')), '\u0000'],
    ['what traps runners', columns.nvarchar, sized(ucs2('$(x)\\')), '$(x)\\'],
    ['varchar', columns.varchar(latin), sized(Buffer.from('é;', 'latin1')), 'é;'],
    ['xml', columns.xml, plp(ucs2(`<a b="1">it's</a>`)), `"<a b=""1"">it's</a>"`],
    ['json', columns.json, plp(Buffer.from('{"a":[1]}')), '"{""a"":[1]}"'],
    ['hierarchyid', columns.udt('sys', 'hierarchyid'), plp(hex('58')), '0x58'],
    ['CLR type', columns.udt('a]b', "c'd)"), plp(hex('01')), '0x01'],
    ['vector', columns.vector(2), sized(hex('a9010200000000000000c03f000000c0')), '"[1.5,-2]"'],
    ['variant of int', columns.variant, variant('38', '', i32(7)), '"CAST(7 AS int)"'],
    [
      'variant of text',
      columns.variant,
      variant('e7', '0904d000340a00', ucs2(`a')"`)),
      `"CAST(N'a'')""' COLLATE SQL_Latin1_General_CP1_CI_AS AS nvarchar(5))"`,
    ],
  ])('%s', (_, column, value, text) => {
    expect(field(column, value)).toBe(text);
    // A neighbour shows that the field ends where it should.
    expect(csv([column, columns.int], [[value, short(i32(1))]])).toBe(`${text},1\r\n`);
  });

  it('tells NULL from text by the option', () => {
    const options = { nullText: 'NULL' };
    expect(field(columns.nvarchar, nullSized, options)).toBe('NULL');
    expect(field(columns.nvarchar, sized(ucs2('NULL')), options)).toBe('"NULL"');
    expect(field(columns.nvarchar, sized(ucs2('NUL')), options)).toBe('NUL');
    // The only field of a row is never an empty line.
    const empty = sized(ucs2(''));
    expect(field(columns.nvarchar, empty, options)).toBe('""');
    expect(csv([columns.nvarchar, columns.int], [[empty, short(i32(1))]], options)).toBe(',1\r\n');
  });

  it('takes other delimiters and line ends, a header and a mark', () => {
    const types = [
      { ...columns.nvarchar, name: 'a;"b"' },
      { ...columns.int, name: "it's" },
    ];
    const options = { delimiter: ';', newline: '\n', header: true, bom: true } as const;
    expect(csv(types, [[sized(ucs2('x,y;z')), nullShort]], options)).toBe('\uFEFF"a;""b""";it\'s\n"x,y;z";\n');
    expect(csv([columns.nvarchar], [[sized(ucs2('a\tb'))]], { delimiter: '\t' })).toBe('"a\tb"\r\n');
  });

  it.each(['"', '\n', 'ab', '', '5', '.', 'E', 'é'])('refuses %j as delimiter', delimiter => {
    expect(failureOf(() => csv([], [], { delimiter })).message).toContain('delimiter of CSV');
  });
  it.each(['a,b', '"', '5', '0x', '-1', 'a\nb', 'é'])('refuses %j for NULL', nullText => {
    expect(failureOf(() => csv([], [], { nullText })).message).toContain('stand for NULL');
  });

  it('writes UTF-16', () => {
    const { bytes } = csvBytes([columns.nvarchar], [[sized(ucs2('é😀'))]], { encoding: 'utf16le', bom: true });
    expect(bytes).toEqual(ucs2('\uFEFFé😀\r\n'));
  });

  it('counts what a code page lacks, by column and value', () => {
    const types = [
      { ...columns.nvarchar, name: 'a' },
      { ...columns.nvarchar, name: 'b' },
    ];
    const { bytes, writer } = csvBytes(
      types,
      [
        [sized(ucs2('€é')), sized(ucs2('Ω,😀'))],
        [sized(ucs2('\u0081')), sized(ucs2('\uD800'))],
      ],
      { encoding: 1252 },
    );
    expect(bytes).toEqual(Buffer.from('80e92c223f2c3f220d0a812c223f220d0a', 'hex'));
    expect(writer.replaced()).toEqual([{ column: 'b', values: 2 }]);
  });

  it('stops at what the encoding lacks when it is to be strict', () => {
    const rows = (text: string) => [[sized(ucs2(text))]];
    const strict = { strict: true, encoding: 1252 } as const;
    expect(csv([columns.nvarchar], rows('€é'), { strict: true })).toBe('€é\r\n');
    const page = failureOf(() => csv([columns.nvarchar], rows('Ω'), strict));
    expect(page.message).toBe('column c holds characters that code page 1252 lacks');
    expect(page.details.hint).toMatch(/^leave --code-page out/);
    expect(page.details.object).toBe('[T]');
    const unicode = failureOf(() => csv([columns.nvarchar], rows('\uD800'), { strict: true }));
    expect(unicode.message).toBe('column c holds characters that UTF-8 lacks');
  });

  it('counts what UTF-8 cannot carry: lone surrogates, bytes that are no characters', () => {
    const types = [
      { ...columns.nvarchar, name: 'a' },
      { ...columns.varchar('Latin1_General_100_BIN2_UTF8'), name: 'b' },
    ];
    const { bytes, writer } = csvBytes(types, [[sized(ucs2('x\uDC00y')), sized(hex('41ff'))]]);
    expect(bytes.toString('utf8')).toBe('"x\uFFFDy","A\uFFFD"\r\n');
    expect(writer.replaced()).toEqual([
      { column: 'a', values: 1 },
      { column: 'b', values: 1 },
    ]);
  });
});

describe('rows of CSV', () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", ' ', 'a', 'é', '😀', ';', 'N'), maxLength: 9 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
  );
  const rows = fc.array(fc.tuple(fc.integer(), text, text, fc.option(fc.integer())), { maxLength: 30 });
  const types = [columns.int, columns.nvarchar, columns.nvarcharMax, columns.int];
  const wire = (list: readonly (readonly [number, string | null, string | null, number | null])[]) =>
    list.map(([a, b, c, d]) => [
      short(i32(a)),
      b === null ? nullSized : sized(ucs2(b)),
      c === null ? Buffer.alloc(8, 0xff) : plp(ucs2(c)),
      d === null ? nullShort : short(i32(d)),
    ]);

  it('are byte for byte what csv-stringify makes of them', () => {
    fc.assert(
      fc.property(rows, list => {
        const expected = stringify([...list], {
          record_delimiter: '\r\n',
          // RFC 4180 quotes fields with either of the two.
          quoted_match: /[\r\n]/,
          cast: { string: value => (value === '' ? { value, quoted_empty: true } : value) },
        });
        expect(csv(types, wire(list))).toBe(expected);
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });

  it('have the rowsum of the same rows as a script', () => {
    const list = fc.sample(rows, { numRuns: 20, seed: 3 }).flat();
    const { writer } = csvBytes(types, wire(list));
    const script = createSqlRowWriter(types, { table: 'T' });
    for (const row of wire(list)) {
      const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
      script.write(bytes, 0, bytes.length);
    }
    expect(writer.rows).toBe(list.length);
    expect(String(writer.rowsum)).toBe(String(script.rowsum));
    expect(writer.rowsum.rows).toBe(list.length);
  });

  it('do not take what an earlier row left behind them for their own', () => {
    const rows = ["a'''''", "a'''", 'a'].map(text => [sized(ucs2(text))]);
    expect(csv([columns.nvarchar], rows)).toBe("a'''''\r\na'''\r\na\r\n");
  });

  it('grow the buffer for a row that is larger', () => {
    const value = '"'.repeat(2_000_000);
    expect(field(columns.nvarcharMax, plp(ucs2(value)))).toBe(`"${value}${value}"`);
  });
});
