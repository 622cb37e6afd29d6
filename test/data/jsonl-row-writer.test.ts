import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonlRowWriter } from '../../src/data/jsonl-row-writer.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { hex, plp, ucs2 } from '../connection/tds-bytes.ts';
import { failureOf } from './literal-of.ts';
import { columns, dateBytes, decimal, f32, f64, i32, i64, money, short, sized, variant } from './wire-columns.ts';

function lines(types: readonly WireColumn[], rows: readonly (readonly Uint8Array[])[]) {
  const writer = createJsonlRowWriter(types, { table: 'T' });
  for (const row of rows) {
    const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
    writer.write(bytes, 0, bytes.length);
  }
  writer.end();
  return { text: Buffer.from(writer.take()).toString('utf8'), writer };
}
const nullSized = Buffer.of(0xff, 0xff);

describe('JSON lines', () => {
  it.each<[string, WireColumn, Buffer, string]>([
    ['int', columns.int, short(i32(-5)), '-5'],
    ['tinyint', columns.tinyint, hex('01ff'), '255'],
    ['bit', columns.bit, hex('0101'), 'true'],
    ['bit 0', columns.bit, hex('0100'), 'false'],
    ['bigint', columns.bigint, short(i64(-(2n ** 63n))), '"-9223372036854775808"'],
    ['decimal', columns.decimal(38, 38), short(decimal(1n, 38)), '"0.00000000000000000000000000000000000001"'],
    ['money', columns.money, short(money(-1n)), '"-0.0001"'],
    ['float', columns.float, short(f64(1 / 3)), '0.3333333333333333E0'],
    ['float -0', columns.float, short(f64(-0)), '-0E0'],
    ['real', columns.real, short(f32(0.1)), '1.00000001E-1'],
    ['date', columns.date, short(dateBytes(0)), '"0001-01-01"'],
    ['binary', columns.varbinary, sized(hex('0d0a5c')), '"0x0D0A5C"'],
    ['text', columns.nvarchar, sized(ucs2('Ωя 漢 😀')), '"Ωя 漢 😀"'],
    ['empty', columns.nvarchar, sized(ucs2('')), '""'],
    ['NULL', columns.nvarchar, nullSized, 'null'],
    ['quotes', columns.nvarchar, sized(ucs2(`it''s "a"\\`)), `"it''s \\"a\\"\\\\"`],
    [
      'controls',
      columns.nvarchar,
      sized(ucs2('\b\t\n\f\r\u0000\u001f\u007f')),
      '"\\b\\t\\n\\f\\r\\u0000\\u001F\u007f"',
    ],
    ['lone surrogates', columns.nvarchar, sized(ucs2('\uD800x\uDFFF')), '"\\uD800x\\uDFFF"'],
    ['a byte that is no character', columns.varchar('Latin1_General_100_BIN2_UTF8'), sized(hex('41ff')), '"A\\uDCFF"'],
    ['xml', columns.xml, plp(ucs2(`<a b="1"/>`)), '"<a b=\\"1\\"/>"'],
    ['json', columns.json, plp(Buffer.from('{"a":[1]}')), '"{\\"a\\":[1]}"'],
    ['hierarchyid', columns.udt('sys', 'hierarchyid'), plp(hex('58')), '"0x58"'],
    ['vector', columns.vector(2), sized(hex('a9010200000000000000c03f000000c0')), '"[1.5,-2]"'],
    ['variant of int', columns.variant, variant('38', '', i32(7)), '{"type":"int","value":7}'],
    ['variant of bit', columns.variant, variant('32', '', hex('01')), '{"type":"bit","value":true}'],
    ['variant of bigint', columns.variant, variant('7f', '', i64(7n)), '{"type":"bigint","value":"7"}'],
    [
      'variant of binary',
      columns.variant,
      variant('a5', '0800', hex('0102')),
      '{"type":"varbinary(8)","value":"0x0102"}',
    ],
    [
      'variant of decimal',
      columns.variant,
      variant('6a', '0502', decimal(-150n, 5)),
      '{"type":"decimal(5, 2)","value":"-1.50"}',
    ],
    [
      'variant of text',
      columns.variant,
      variant('e7', '0904d000340a00', ucs2(`a')"\n`)),
      `{"type":"nvarchar(5)","collation":"SQL_Latin1_General_CP1_CI_AS","value":"a')\\"\\n"}`,
    ],
    ['variant NULL', columns.variant, Buffer.alloc(4), 'null'],
  ])('%s', (_, column, value, json) => {
    const { text } = lines([column, { ...columns.int, name: 'next' }], [[value, short(i32(1))]]);
    expect(text).toBe(`{"c":${json},"next":1}\n`);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('escapes the names of columns, and refuses one name twice', () => {
    const named = [{ ...columns.int, name: 'a"\\b' }];
    expect(lines(named, [[short(i32(1))]]).text).toBe('{"a\\"\\\\b":1}\n');
    const error = failureOf(() => lines([columns.int, columns.int], []));
    expect(error.message).toContain('two columns are named c');
  });

  it('is what JSON.parse reads back, with the rowsum of the script', () => {
    const text = fc.option(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom("'", '"', '\\', '\n', '\uD800', '\uDC00', '\u0000', '😀') }),
      ),
    );
    const types = [
      { ...columns.nvarchar, name: 'a' },
      { ...columns.float, name: 'b' },
    ];
    const rows = fc.array(fc.tuple(text, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 20 });
    fc.assert(
      fc.property(rows, list => {
        const wire = list.map(([a, b]) => [a === null ? nullSized : sized(ucs2(a)), short(f64(b))]);
        const found = lines(types, wire);
        const parsed = found.text
          .split('\n')
          .slice(0, -1)
          .map(line => JSON.parse(line) as { a: string; b: number });
        expect(parsed.map(({ a, b }) => [a, b])).toEqual(list);
        const script = createSqlRowWriter(types, { table: 'T' });
        for (const row of wire) {
          const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
          script.write(bytes, 0, bytes.length);
        }
        expect(String(found.writer.rowsum)).toBe(String(script.rowsum));
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
