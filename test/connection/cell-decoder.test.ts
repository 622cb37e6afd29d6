import { describe, expect, it } from 'vitest';
import { decodeRows } from '../../src/connection/cell-decoder.ts';
import { dateText, datetimeText } from '../../src/connection/cell-time.ts';
import { readColumnMetadata } from '../../src/data/column-metadata.ts';
import { columnMetadata, hex, latin, plp, row, u32, ucs2 } from './tds-bytes.ts';

/** One column, one ROW: TYPE_INFO and value in hex. */
function decode(type: string | Buffer, value: string | Buffer): unknown {
  const metadata = columnMetadata([['c', typeof type === 'string' ? hex(type) : type]]);
  const { columns } = readColumnMetadata(metadata, 1);
  // An odd offset, as in a real answer.
  const bytes = Buffer.concat([hex('00'), row(typeof value === 'string' ? hex(value) : value)]);
  const [[cell] = []] = decodeRows(bytes, 1, bytes.length, columns);
  return cell;
}
const variant = (body: string): Buffer => Buffer.concat([u32(hex(body).length), hex(body)]);

describe('decodeRows', () => {
  it.each([
    ['30', 'ff', 255],
    ['34', 'ffff', -1],
    ['38', '92100000', 4242],
    ['2604', '00', null],
    ['2604', '0400000080', -2147483648],
    ['2602', '020100', 1],
    ['7f', 'ffffffffffffff7f', 9223372036854775807n],
    ['2608', '080000000000000080', -9223372036854775808n],
    ['32', '01', true],
    ['6801', '0100', false],
    ['3e', '0000000000000080', -0],
    ['6d08', '080100000000000000', 5e-324],
    ['6d04', '04cdcccc3d', 0.10000000149011612],
    ['6e08', '08ffffff7fffffffff', '922337203685477.5807'],
    ['3c', '0000008000000000', '-922337203685477.5808'],
    ['7a', 'ffffffff', '-0.0001'],
    ['6c112600', '050101000000', '1'],
    ['6a112612', '05001a000000', '-0.000000000000000026'],
    ['6a112600', '1101ffffffff3f228a097ac4865aa84c3b4b', '99999999999999999999999999999999999999'],
    ['28', '03000000', '0001-01-01'],
    ['28', '03dab937', '9999-12-31'],
    ['2907', '05ffbf692ac9', '23:59:59.9999999'],
    ['2900', '0300 0000', '00:00:00'],
    ['2a03', '07 0100 0000 5b950a', '1900-01-01T00:00:00.001'],
    ['3d', '00000000 01000000', '1900-01-01T00:00:00.003'],
    ['6f08', '08 462effff 00000000', '1753-01-01T00:00:00.000'],
    ['6f04', '04 ffff 9f05', '2079-06-06T23:59:00'],
    // 2024-01-01 01:30 +02:00 is 2023-12-31 23:30 in UTC.
    ['2b00', '08 784a01 44460b 7800', '2024-01-01T01:30:00+02:00'],
    ['2b00', '08 0807 00 5b950a 88ff', '1899-12-31T22:30:00-02:00'],
    ['2410', '10 33221100 5544 7766 8899 aabbccddeeff', '00112233-4455-6677-8899-AABBCCDDEEFF'],
    ['e7200009 04d00034', '0600e9003dd800de', 'é😀'],
    ['e7200009 04d00034', '0200 3dd8', '\ud83d'],
    ['e7200009 04d00034', 'ffff', null],
    ['a714000904d00034', '0300 8180fc', '\u0081€ü'],
    ['a7ffff0904002600', Buffer.from(plp(Buffer.from('ä'))), 'ä'],
    ['a51000', '030000ff80', Buffer.from([0, 255, 128])],
  ] as const)('%s %s', (type, value, expected) => {
    const found = decode(type, value);
    expect(found instanceof Uint8Array ? Buffer.from(found) : found).toStrictEqual(expected);
  });

  it('joins the chunks of large values', () => {
    const smile = ucs2('x😀y');
    const max = Buffer.concat([hex('e7ffff'), latin]);
    expect(decode(max, plp(smile.subarray(0, 3), smile.subarray(3, 4), smile.subarray(4)))).toBe('x😀y');
    expect(decode('f100', plp(ucs2('<a/>')))).toBe('<a/>');
    expect(decode(max, 'ffffffffffffffff')).toBeNull();
    expect(decode(max, plp())).toBe('');
  });

  it('reads the ntext of FOR XML as SQL Server 2025 sends it', () => {
    const bytes = hex(
      '81010000000000010063feffff7f0904d0003401010078002858004d004c005f00460035003200450032004200360031002d0031003800410031002d0031003100640031002d0042003100300035002d00300030003800300035004600340039003900310036004200d11064756d6d79207465787470747200000064756d6d79545300360000003c0072006f0077003e003c00760061006c00750065003e0031003c002f00760061006c00750065003e003c002f0072006f0077003e00fd1000c1000100000000000000',
    );
    const { columns, end } = readColumnMetadata(bytes, 1);
    expect(columns[0]!.name).toBe('XML_F52E2B61-18A1-11d1-B105-00805F49916B');
    expect(decodeRows(bytes, end, bytes.length - 13, columns)).toEqual([['<row><value>1</value></row>']]);
  });

  it('keeps base type, precision, scale, length and collation of sql_variant', () => {
    const type = Buffer.concat([hex('62'), u32(8009)]);
    expect(decode(type, u32(0))).toBeNull();
    expect(decode(type, variant('38 00 07000000'))).toEqual({
      baseType: 0x38,
      precision: 0,
      scale: 0,
      maxLength: 0,
      collation: null,
      value: 7,
    });
    expect(decode(type, variant('6c 02 2600 01 ffffffff3f228a097ac4865aa84c3b4b'))).toMatchObject({
      baseType: 0x6c,
      precision: 38,
      scale: 0,
      value: '99999999999999999999999999999999999999',
    });
    expect(decode(type, variant('e7 07 0904d00034 2800 6100'))).toMatchObject({
      baseType: 0xe7,
      maxLength: 40,
      collation: { lcid: 1033, sortId: 52 },
      value: 'a',
    });
    expect(decode(type, variant('a5 02 1000 00ff'))).toMatchObject({ maxLength: 16, value: Uint8Array.of(0, 255) });
    expect(decode(type, variant('29 01 03 010000 00'))).toMatchObject({ scale: 3, value: '00:00:00.001' });
    expect(decode(type, variant('24 00 33221100 5544 7766 8899 aabbccddeeff'))).toMatchObject({
      value: '00112233-4455-6677-8899-AABBCCDDEEFF',
    });
  });

  it('refuses characters that it would have to guess, naming the column', () => {
    const cyrillicUnknown = 'a714001904002200';
    expect(decode(cyrillicUnknown, '0200 6162')).toBe('ab');
    expect(() => decode('a7ffff0904002600', plp(hex('c3')))).toThrow('column c holds bytes that are not UTF-8');
  });

  it('refuses a row that is cut', () => {
    const { columns } = readColumnMetadata(columnMetadata([['c', hex('38')]]), 1);
    expect(() => decodeRows(hex('d10102'), 0, 3, columns)).toThrow('shorter');
  });
});

describe('dates', () => {
  it('count every day of the calendar', () => {
    for (let day = 0, date = new Date('0001-01-01T00:00:00Z'); day < 3652059; day += 37) {
      expect(dateText(day)).toBe(date.toISOString().slice(0, 10));
      date = new Date(date.getTime() + 37 * 86400_000);
    }
  });
  it('show the ticks of datetime as the server does', () => {
    expect([0, 1, 2, 3, 25919999].map(ticks => datetimeText(0, ticks).slice(11))).toEqual([
      '00:00:00.000',
      '00:00:00.003',
      '00:00:00.007',
      '00:00:00.010',
      '23:59:59.997',
    ]);
  });
});
