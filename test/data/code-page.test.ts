import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type CodePageNumber, codePage, codePageNumberOf, decodeText, noUnit } from '../../src/data/code-page.ts';
import { codePageFromCollationName, collationFromName, collationName } from '../../src/data/collation.ts';
import { isLeadByte } from '../../src/data/double-byte.ts';
import { encodePageText } from '../../src/data/text-encoder.ts';
import { hex } from '../connection/tds-bytes.ts';
import { failureOf, literalOf } from './literal-of.ts';
import { columns, sized } from './wire-columns.ts';

const single: readonly CodePageNumber[] = [437, 850, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258];
const double = [932, 936, 949, 950] as const;

/** What another implementation makes of the bytes; null where it has no character. */
function judged(page: number, bytes: Uint8Array): string | null {
  const text = iconv.decode(Buffer.from(bytes), `cp${page}`);
  return text.includes('\uFFFD') ? null : text;
}
const decode = (page: CodePageNumber, bytes: Uint8Array) =>
  decodeText(codePage(page), new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);

describe.each(single)('code page %i', page => {
  it('gives each byte the character that another implementation gives it', () => {
    let known = 0;
    for (let byte = 0; byte < 256; byte++) {
      const text = judged(page, Uint8Array.of(byte));
      if (text === null) continue;
      known++;
      expect(decode(page, Uint8Array.of(byte)), `byte ${byte.toString(16)}`).toBe(text);
    }
    expect(known).toBeGreaterThan(220);
  });

  it('loses no byte: undefined ones become controls or private characters of their own', () => {
    const seen = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const text = decode(page, Uint8Array.of(byte))!;
      expect(text.length).toBe(1);
      expect(seen.get(text), `byte ${byte.toString(16)}`).toBeUndefined();
      seen.set(text, byte);
      if (judged(page, Uint8Array.of(byte)) === null) expect(text).toMatch(/[\u0080-\u009F\uF000-\uF8FF]/);
      expect(encodePageText(text, page)).toEqual({ bytes: Uint8Array.of(byte), replaced: 0 });
    }
  });
});

describe('code pages as the server has them', () => {
  it.each([0x81, 0x8d, 0x8f, 0x90, 0x9d])('keeps byte %i of code page 1252 as a control (captured)', byte => {
    expect(decode(1252, Uint8Array.of(byte))).toBe(String.fromCharCode(byte));
  });
  it.each<[CodePageNumber, number, string]>([
    [1251, 0x98, '\u0098'],
    [1251, 0xff, 'я'],
    [1253, 0xaa, '\uF8F9'],
    [1253, 0xff, '\uF8FB'],
    [1255, 0xca, '\u05BA'],
    [1257, 0xa1, '\uF8FC'],
    [874, 0xdb, '\uF8C1'],
    [874, 0xff, '\uF8C8'],
    [437, 0xff, '\u00A0'],
    [850, 0xd5, 'ı'],
  ])('has in page %i at %i %j', (page, byte, text) => {
    expect(decode(page, Uint8Array.of(byte))).toBe(text);
  });
});

describe.each(double)('code page %i', page => {
  const { units, pairs } = codePage(page);

  it('agrees with another implementation on every pair that has a character there', () => {
    let both = 0;
    const wrong: string[] = [];
    for (let lead = 0x80; lead < 256; lead++) {
      for (let trail = 0x40; trail < 256; trail++) {
        if (!isLeadByte(page, lead)) continue;
        const bytes = Uint8Array.of(lead, trail);
        const text = judged(page, bytes);
        if (text === null || text.length !== 1) continue;
        both++;
        if (decode(page, bytes) !== text) wrong.push(`${lead.toString(16)}${trail.toString(16)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(both).toBeGreaterThan({ 932: 7000, 936: 21000, 949: 17000, 950: 13000 }[page]!);
  });

  it('has characters of its users in their places', () => {
    const places: Record<number, [string, string][]> = {
      932: [
        ['f040', '\uE000'],
        ['f9fc', '\uE757'],
      ],
      936: [
        ['aaa1', '\uE000'],
        ['fefe', '\uE4C5'],
        ['a140', '\uE4C6'],
        ['a7a0', '\uE765'],
      ],
      949: [
        ['c9a1', '\uE000'],
        ['fefe', '\uE0BB'],
        ['a2e6', '€'],
        ['a2e7', '®'],
      ],
      950: [
        ['fa40', '\uE000'],
        ['fefe', '\uE310'],
        ['8e40', '\uE311'],
        ['8140', '\uEEB8'],
        ['c8fe', '\uF848'],
      ],
    };
    for (const [bytes, text] of places[page]!) expect(decode(page, hex(bytes)), bytes).toBe(text);
  });

  it('knows single bytes from lead bytes, and brings every character back', () => {
    for (let byte = 0; byte < 256; byte++) {
      if (isLeadByte(page, byte)) expect(units[byte]).toBe(noUnit);
      else expect(decode(page, Uint8Array.of(byte))?.length, `byte ${byte.toString(16)}`).toBe(1);
    }
    const characters = [...new Set(pairs)].filter(unit => unit !== 0).map(unit => String.fromCharCode(unit));
    for (const text of characters) {
      const { bytes, replaced } = encodePageText(text, page);
      expect(replaced).toBe(0);
      expect(decode(page, bytes)).toBe(text);
    }
  });

  it('does not take a lead byte without its trail for a character', () => {
    expect(decode(page, Uint8Array.of(0x41, 0x81))).toBeNull();
    expect(decode(page, Uint8Array.of(0x81, 0x20))).toBeNull();
  });
});

describe('the code page of a collation', () => {
  it.each<[string, CodePageNumber]>([
    ['SQL_Latin1_General_CP1_CI_AS', 1252],
    ['SQL_Latin1_General_CP437_BIN', 437],
    ['SQL_Latin1_General_CP850_CI_AS', 850],
    ['SQL_1xCompat_CP850_CI_AS', 850],
    ['SQL_Scandinavian_CP850_CS_AS', 850],
    ['SQL_Polish_CP1250_CI_AS', 1250],
    ['SQL_Ukrainian_CP1251_CS_AS', 1251],
    ['SQL_EBCDIC037_CP1_CS_AS', 1252],
    ['Latin1_General_BIN', 1252],
    ['Latin1_General_100_CI_AS_SC', 1252],
    ['Latin1_General_100_CI_AS_SC_UTF8', 65001],
    ['Latin1_General_100_BIN2_UTF8', 65001],
    ['Cyrillic_General_100_BIN2', 1251],
    ['Greek_CI_AS', 1253],
    ['Turkish_100_CI_AI', 1254],
    ['Hebrew_CI_AS', 1255],
    ['Arabic_100_CS_AS_KS_WS', 1256],
    ['Lithuanian_CI_AS', 1257],
    ['Vietnamese_CI_AS', 1258],
    ['Thai_CI_AS', 874],
    ['Japanese_XJIS_140_CI_AS', 932],
    ['Chinese_PRC_CI_AS', 936],
    ['Korean_Wansung_CI_AS', 949],
    ['Chinese_Taiwan_Stroke_CI_AS', 950],
  ])('%s is %i', (name, page) => {
    expect(codePageFromCollationName(name)).toBe(page);
  });

  it.each([
    ['0904d00034', 'SQL_Latin1_General_CP1_CI_AS'],
    ['0904002600', 'Latin1_General_100_BIN2_UTF8'],
    ['1904002200', 'Cyrillic_General_100_BIN2'],
  ])('has the captured bytes %s as %s', (bytes, name) => {
    const collation = collationFromName(name);
    expect(Buffer.from(collation.bytes).toString('hex')).toBe(bytes);
    expect(collationName(collation, 'c')).toBe(name);
  });

  it.each(['Hindi_CI_AS', 'Divehi_90_CI_AS', 'Georgian_Modern_Sort_CI_AS', 'Khmer_100_CI_AS'])(
    '%s is an error that names the column: it has none',
    name => {
      const error = failureOf(() => literalOf({ ...columns.varchar(name), name: 'text of ' }, sized(Buffer.from('a'))));
      expect(error.message).toMatch(
        /^column text of {2}has a collation of the language 0x[0-9a-f]+, which has no code page$/,
      );
    },
  );

  it('is an error for a sort id or language that nobody knows', () => {
    const known = collationFromName('Latin1_General_BIN');
    expect(() => codePageNumberOf({ ...known, sortId: 255 }, 'c')).toThrow('column c has the sort id 255');
    expect(() => codePageNumberOf({ ...known, lcid: 0x7777 }, 'c')).toThrow(
      '0x7777, whose code page xpdb does not know',
    );
    expect(() => codePageNumberOf(null, 'c')).toThrow('column c has no collation');
  });
});
