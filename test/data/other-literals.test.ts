import { describe, expect, it } from 'vitest';
import { readColumnMetadata } from '../../src/data/column-metadata.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import { type WireColumn, WireType } from '../../src/data/wire-column.ts';
import { b, hex, plp, u16, u32, u64, ucs2 } from '../connection/tds-bytes.ts';
import { capturedCases } from '../support/captured.ts';
import { failureOf, literalOf, scriptOf } from './literal-of.ts';
import { readLiteral } from './literal-reader.ts';
import {
  columns,
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
  variant,
  wireColumn,
} from './wire-columns.ts';

describe('uniqueidentifier', () => {
  it.each([
    ['ff19966f868b11d0b42d00c04fc964ff', '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
    ['00000000000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
    ['ffffffffffffffffffffffffffffffff', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
    ['000102030405060708090a0b0c0d0e0f', '03020100-0504-0706-0809-0A0B0C0D0E0F'],
  ])('%s', (bytes, text) => expect(literalOf(columns.guid, short(hex(bytes)))).toBe(`N'${text}'`));
});

describe('binary', () => {
  it.each([
    ['', '0x'],
    ['00', '0x00'],
    ['0d0a', '0x0D0A'],
    ['5c0a', '0x5C0A'],
    ['abcd00', '0xABCD00'],
  ])('%s', (bytes, literal) => {
    const value = hex(bytes);
    expect(literalOf(columns.binary, sized(value))).toBe(literal);
    expect(literalOf(columns.varbinary, sized(value))).toBe(literal);
    expect(literalOf(columns.varbinaryMax, plp(value))).toBe(literal);
    expect(literalOf(columns.image, pointed(value))).toBe(literal);
  });
  it.each([8000, 8001, 3_000_000])('of %i bytes', length => {
    const value = Buffer.alloc(length, 0x5c);
    expect(literalOf(columns.varbinaryMax, plp(value))).toBe(`0x${'5C'.repeat(length)}`);
  });
});

describe('xml', () => {
  it.each([
    ['', "CONVERT(xml, N'', 1)"],
    [' \n ', "CONVERT(xml, N' \n ', 1)"],
    ['<a/><b/>', "CONVERT(xml, N'<a/><b/>', 1)"],
    ['text only', "CONVERT(xml, N'text only', 1)"],
    ["<a b='1'>&amp;&#x0D;</a>", "CONVERT(xml, N'<a b=''1''>&amp;&#x0D;</a>', 1)"],
    ['<![CDATA[<!DOCTYPE]]>', "CONVERT(xml, N'<![CDATA[<!DOCTYPE]]>', 1)"],
    ['<a><!-- <!DOCTYPE a> --></a>', "CONVERT(xml, N'<a><!-- <!DOCTYPE a> --></a>', 1)"],
    ['<!DOCTYPE a [<!ENTITY x "1">]><a/>', `CONVERT(xml, N'<!DOCTYPE a [<!ENTITY x "1">]><a/>', 3)`],
    ['<!-- c --> <?p?>\n<!DOCTYPE a []><a/>', "CONVERT(xml, N'<!-- c --> <?p?>\n<!DOCTYPE a []><a/>', 3)"],
    ['<a>\\\n$(x)</a>', "CONVERT(xml, N'<a>\\' + N'\n$' + N'(x)</a>', 1)"],
  ])('%j', (text, literal) => {
    expect(literalOf(columns.xml, plp(ucs2(text)))).toBe(literal);
    expect(literalOf(columns.xml, plp(hex('fffe'), ucs2(text)))).toBe(literal);
  });
});

describe('CLR types, json and vector', () => {
  it.each([
    [columns.udt('sys', 'hierarchyid'), '', 'CAST(0x AS hierarchyid)'],
    [columns.udt('sys', 'hierarchyid'), '5ac0', 'CAST(0x5AC0 AS hierarchyid)'],
    [columns.udt('sys', 'geography'), 'e6100000', 'CAST(0xE6100000 AS geography)'],
    [columns.udt('', 'geometry'), '00', 'CAST(0x00 AS geometry)'],
    [columns.udt('my]schema', "it's"), '01', "CAST(0x01 AS [my]]schema].[it's])"],
    [columns.udt('dbo', 'geometry'), '01', 'CAST(0x01 AS [dbo].[geometry])'],
  ])('%#: $2', (column, bytes, literal) => {
    expect(literalOf(column, plp(hex(bytes)))).toBe(literal);
    expect(literalOf(column, u64(2n ** 64n - 1n))).toBe('NULL');
  });

  it.each([
    ['{"a":"it\'s","a":12345678901234567890}', `CAST(N'{"a":"it''s","a":12345678901234567890}' AS json)`],
    ['"😀\\n"', `CAST(N'"😀\\n"' AS json)`],
  ])('json %j', (text, literal) => expect(literalOf(columns.json, plp(Buffer.from(text)))).toBe(literal));

  const vector = (...numbers: number[]) =>
    sized(Buffer.concat([hex('a901'), u16(numbers.length), hex('00000000'), ...numbers.map(f32)]));
  it.each([
    [[1], "CAST(N'[1]' AS vector(1))"],
    [[1.5, -2, 0], "CAST(N'[1.5,-2,0]' AS vector(3))"],
    [[-0], "CAST(N'[-0.0]' AS vector(1))"],
    [[0.1, 1 / 3], "CAST(N'[0.100000001,0.333333343]' AS vector(2))"],
    [[3.4028234663852886e38, 1.1754943508222875e-38], "CAST(N'[3.40282347e+38,1.17549435e-38]' AS vector(2))"],
  ])('vector %j', (numbers, literal) => {
    expect(literalOf(columns.vector(numbers.length), vector(...numbers))).toBe(literal);
  });

  /** The current MS-TDS has half precision as dimension type 1. */
  it.each([
    ['003c', '1'],
    ['00c0', '-2'],
    ['0080', '-0.0'],
    ['ff7b', '65504'],
    ['5535', '0.33325'],
    ['0004', '0.000061035'],
    ['0100', '5.9605e-8'],
  ])('vector of half precision %s', (bytes, text) => {
    const column = wireColumn(WireType.vector, { maxLength: 10, scale: 1 });
    const value = sized(hex(`a901010001000000${bytes}`));
    expect(literalOf(column, value)).toBe(`CAST(N'[${text}]' AS vector(1, float16))`);
  });

  it.each([
    ['a901010000000000 0000807f', 'Infinity'],
    ['a901010000000000 0000c0ff', 'NaN'],
    ['a901010001000000 00fc', '-Infinity'],
  ])('a vector with what JSON has no text for: %s', (bytes, number) => {
    expect(failureOf(() => literalOf(columns.vector(1), sized(hex(bytes)))).message).toContain(
      `column c holds a vector with ${number}`,
    );
  });

  it('counts values with denormal numbers, whose text a server may read as 0', () => {
    const writer = createSqlRowWriter([columns.vector(2)], { table: 't' });
    const values = [vector(1, 1e-40), vector(1e-40, 1e-41), vector(0, -0), vector(1, 2)];
    const rows = Buffer.concat(values.map(value => Buffer.concat([Buffer.of(0xd1), value])));
    writer.write(rows, 0, rows.length);
    writer.finish();
    expect(writer.denormals()).toEqual([{ column: 'c', values: 2 }]);
  });

  it('keeps every bit of 1,998 numbers of a vector', () => {
    const numbers = Array.from({ length: 1998 }, (_, i) => Math.fround(Math.sin(i) * 10 ** ((i % 70) - 35)));
    const literal = readLiteral(literalOf(columns.vector(1998), vector(...numbers)));
    if (literal.kind !== 'typed' || literal.value.kind !== 'text') throw new Error('no CAST of a text');
    expect(literal.type).toBe('vector(1998)');
    expect(JSON.parse(literal.value.text).map(Math.fround)).toEqual(numbers);
  });

  it.each([
    'a9020100000000000000803f',
    'a8010100000000000000803f',
    'a9010100010000000000803f',
    'a901020000000000000080',
    'a90101000200000000000000',
    'a901010001000000',
    'a901000000000000',
    'a90101',
  ])('refuses a vector in another form: %s', bytes => {
    expect(failureOf(() => literalOf(columns.vector(1), sized(hex(bytes)))).message).toContain(
      'column c holds a vector',
    );
  });
});

describe('sql_variant', () => {
  const latin = '0904d00034';
  it.each<[string, string, string, Buffer, string]>([
    ['bit', '32', '', hex('01'), '1 AS bit'],
    ['tinyint', '30', '', hex('ff'), '255 AS tinyint'],
    ['smallint', '34', '', i16(-2), '-2 AS smallint'],
    ['int', '38', '', i32(-7), '-7 AS int'],
    ['bigint', '7f', '', i64(-(2n ** 63n)), '-9223372036854775808 AS bigint'],
    ['real', '3b', '', f32(1.5), '1.50000000E0 AS real'],
    ['float', '3e', '', f64(1e23), '1E23 AS float'],
    ['money', '3c', '', money(-1n), '-0.0001 AS money'],
    ['smallmoney', '7a', '', i32(-1), '-0.0001 AS smallmoney'],
    ['datetime', '3d', '', Buffer.concat([u32(0), u32(1)]), "N'1900-01-01T00:00:00.003' AS datetime"],
    ['smalldatetime', '3a', '', Buffer.concat([u16(0), u16(1)]), "N'1900-01-01T00:01:00' AS smalldatetime"],
    ['date', '28', '', hex('000000'), "N'0001-01-01' AS date"],
    ['time', '29', '03', hex('01000000'), "N'00:00:00.001' AS time(3)"],
    ['datetime2', '2a', '00', hex('010000000000'), "N'0001-01-01T00:00:01' AS datetime2(0)"],
    ['datetimeoffset', '2b', '00', hex('0100000000003c00'), "N'0001-01-01T01:00:01+01:00' AS datetimeoffset(0)"],
    ['decimal', '6a', '0502', decimal(-1n, 5), '-0.01 AS decimal(5, 2)'],
    ['numeric', '6c', '2600', decimal(10n ** 38n - 1n, 38), `${'9'.repeat(38)} AS numeric(38, 0)`],
    ['uniqueidentifier', '24', '', Buffer.alloc(16), "N'00000000-0000-0000-0000-000000000000' AS uniqueidentifier"],
    [
      'varchar',
      'a7',
      `${latin}0500`,
      Buffer.from("it's"),
      "N'it''s' COLLATE SQL_Latin1_General_CP1_CI_AS AS varchar(5)",
    ],
    ['char', 'af', `${latin}0200`, Buffer.from('a '), "N'a ' COLLATE SQL_Latin1_General_CP1_CI_AS AS char(2)"],
    ['nvarchar', 'e7', '0904002200' + '0a00', ucs2('Ω'), "N'Ω' COLLATE Latin1_General_100_BIN2 AS nvarchar(5)"],
    ['nchar', 'ef', `${latin}0200`, ucs2('x'), "N'x' COLLATE SQL_Latin1_General_CP1_CI_AS AS nchar(1)"],
    ['empty nvarchar', 'e7', `${latin}0000`, ucs2(''), "N'' COLLATE SQL_Latin1_General_CP1_CI_AS AS nvarchar(1)"],
    ['varbinary', 'a5', '0400', hex('0102'), '0x0102 AS varbinary(4)'],
    ['binary', 'ad', '0200', hex('0102'), '0x0102 AS binary(2)'],
    ['empty varbinary', 'a5', '0000', hex(''), '0x AS varbinary(1)'],
  ])('%s', (_, type, properties, value, inner) => {
    expect(literalOf(columns.variant, variant(type, properties, value))).toBe(`CAST(CAST(${inner}) AS sql_variant)`);
  });

  it('takes several bases in one VALUES, and NULL', () => {
    const rows = [variant('38', '', i32(1)), Buffer.alloc(4), variant('32', '', hex('00'))].map(v => [v]);
    expect(scriptOf([columns.variant], rows)).toContain(
      '(CAST(CAST(1 AS int) AS sql_variant)),\r\n(NULL),\r\n(CAST(CAST(0 AS bit) AS sql_variant));',
    );
  });

  it('refuses a base that no sql_variant has, by column and type', () => {
    const error = failureOf(() => literalOf(columns.variant, variant('f1', '', hex('00'))));
    expect(error.message).toBe('column c holds a sql_variant of the wire type 0xf1, which xpdb does not know');
  });
});

interface WireCase {
  readonly id: string;
  readonly coltype?: string;
  readonly value_hex?: string;
  readonly value?: unknown;
}
const captured = capturedCases('captured-wire.json') as unknown as readonly WireCase[] | null;
const cases = captured?.filter(c => c.id.startsWith('type.') && c.value_hex) ?? [];

describe.skipIf(captured === null)('captured answers: one value of each type', () => {
  function columnOf(type: string): WireColumn {
    const token = Buffer.concat([u16(1), u32(0), u16(9), hex(type), b('c')]);
    return readColumnMetadata(token, 0).columns[0]!;
  }

  it('are there', () => expect(cases.length).toBeGreaterThan(14));

  it.each(cases)('$id', ({ coltype, value_hex, value }) => {
    const literal = literalOf(columnOf(coltype!), hex(value_hex!));
    if (typeof value === 'boolean') expect(literal).toBe(value ? '1' : '0');
    else if (typeof value === 'number') expect(literal).toBe(String(value));
    else if (coltype === 'f100') expect(literal).toBe(`CONVERT(xml, N'${String(value)}', 1)`);
    else if (String(value).startsWith('0x')) expect(literal.toLowerCase()).toBe(value);
    else expect(literal).toBe(`N'${String(value)}'`);
  });
});
