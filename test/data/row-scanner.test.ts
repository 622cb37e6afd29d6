import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MoreBytesNeeded, readColumnMetadata } from '../../src/data/column-metadata.ts';
import { RowScanner } from '../../src/data/row-scanner.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { columnMetadata, hex, latin, plp, u16, u32, u64 } from '../connection/tds-bytes.ts';

/** TYPE_INFO, the NULL of the type in a ROW (null for types without one), and a value from some bytes. */
interface Kind {
  readonly type: Buffer;
  readonly nullValue: Buffer | null;
  readonly value: (bytes: Uint8Array) => Buffer;
}
const padded = (bytes: Uint8Array, length: number): Buffer =>
  Buffer.concat([Buffer.from(bytes), Buffer.alloc(length)]).subarray(0, length);
const fixed = (type: string, length: number): Kind => ({
  type: hex(type),
  nullValue: null,
  value: b => padded(b, length),
});
const byteLength = (type: string, length: number): Kind => ({
  type: hex(type),
  nullValue: hex('00'),
  value: b => Buffer.concat([Buffer.of(length), padded(b, length)]),
});
const ushort = (type: Buffer): Kind => ({
  type,
  nullValue: hex('ffff'),
  value: b => Buffer.concat([u16(b.length), Buffer.from(b)]),
});
const known = (b: Uint8Array): Buffer => {
  const half = b.length >> 1;
  const chunks = [b.subarray(0, half), b.subarray(half)].filter(c => c.length > 0);
  return Buffer.concat([u64(BigInt(b.length)), ...chunks.map(c => Buffer.concat([u32(c.length), c])), u32(0)]);
};
const large = (type: Buffer, unknownLength: boolean): Kind => ({
  type,
  nullValue: u64(0xffffffffffffffffn),
  value: b => (unknownLength ? plp(Buffer.from(b)) : known(b)),
});
const textual = (type: string, collation: boolean): Kind => ({
  type: Buffer.concat([
    hex(type),
    u32(0x7fffffff),
    collation ? latin : Buffer.alloc(0),
    hex('01'),
    u16(1),
    hex('7400'),
  ]),
  nullValue: hex('00'),
  value: b => Buffer.concat([Buffer.of(16), Buffer.alloc(24, 0xaa), u32(b.length), Buffer.from(b)]),
});

const kinds: readonly Kind[] = [
  fixed('1f', 0),
  fixed('30', 1),
  fixed('32', 1),
  fixed('34', 2),
  fixed('38', 4),
  fixed('3a', 4),
  fixed('3b', 4),
  fixed('7a', 4),
  fixed('3c', 8),
  fixed('3d', 8),
  fixed('3e', 8),
  fixed('7f', 8),
  byteLength('2410', 16),
  byteLength('2608', 8),
  byteLength('28', 3),
  byteLength('2907', 5),
  byteLength('2a07', 8),
  byteLength('2b07', 10),
  byteLength('6801', 1),
  byteLength('6a112604', 17),
  byteLength('6c110a02', 5),
  byteLength('6d08', 8),
  byteLength('6e08', 8),
  byteLength('6f08', 8),
  ushort(hex('a50010')),
  ushort(hex('ad0010')),
  ushort(Buffer.concat([hex('a70010'), latin])),
  ushort(Buffer.concat([hex('af0010'), latin])),
  ushort(Buffer.concat([hex('e70010'), latin])),
  ushort(Buffer.concat([hex('ef0010'), latin])),
  large(hex('a5ffff'), false),
  large(Buffer.concat([hex('a7ffff'), latin]), true),
  large(Buffer.concat([hex('e7ffff'), latin]), false),
  large(hex('f100'), true),
  large(hex('f4'), true),
  large(Buffer.concat([hex('f0ffff'), hex('00'), hex('03730079007300'), hex('0167 00'), u16(1), hex('6100')]), false),
  textual('22', false),
  textual('23', true),
  textual('63', true),
  {
    type: Buffer.concat([hex('62'), u32(8009)]),
    nullValue: u32(0),
    value: b => Buffer.concat([u32(b.length + 2), hex('3800'), Buffer.from(b)]),
  },
  ushort(hex('f5 0c00 00')),
];

const cell = fc.option(fc.uint8Array({ maxLength: 40 }), { freq: 4 });
const table = fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 12 }).chain(columns =>
  fc.record({
    columns: fc.constant(columns.map(i => kinds[i]!)),
    rows: fc.array(fc.record({ nbc: fc.boolean(), cells: fc.tuple(...columns.map(() => cell)) }), { maxLength: 12 }),
  }),
);

function rowBytes(columns: readonly Kind[], nbc: boolean, cells: readonly (Uint8Array | null)[]): Buffer {
  const values = columns.map((kind, i) => {
    const bytes = cells[i];
    return bytes || kind.nullValue === null ? kind.value(bytes ?? new Uint8Array()) : kind.nullValue;
  });
  if (!nbc) return Buffer.concat([hex('d1'), ...values]);
  const bitmap = Buffer.alloc((columns.length + 7) >> 3);
  const present = values.filter((_, i) => {
    if (cells[i] || columns[i]!.nullValue === null) return true;
    bitmap[i >> 3]! |= 1 << (i & 7);
    return false;
  });
  return Buffer.concat([hex('d2'), bitmap, ...present]);
}

function metadataOf(columns: readonly Kind[]): readonly WireColumn[] {
  const bytes = columnMetadata(columns.map((kind, i) => [`c${i}`, kind.type] as const));
  const found = readColumnMetadata(bytes, 1);
  expect(found.end).toBe(bytes.length);
  return found.columns;
}

describe('RowScanner', () => {
  it('finds every row end, cut anywhere', () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat(4000), { maxLength: 20 }), ({ columns, rows }, cuts) => {
        const encoded = rows.map(r => rowBytes(columns, r.nbc, r.cells));
        const stream = Buffer.concat([...encoded, hex('fd')]);
        const ends: number[] = [];
        for (const r of encoded) ends.push((ends.at(-1) ?? 0) + r.length);
        const scanner = new RowScanner(metadataOf(columns));

        // Whole: all at once.
        expect(scanner.scanRows(stream, 0, stream.length)).toBe(stream.length - 1);
        expect(scanner.count).toBe(rows.length);

        // Cut: whole rows of each piece, then the tail resumed in the next.
        const borders = [...new Set([0, ...cuts.map(c => c % stream.length), stream.length])].sort((a, b) => a - b);
        const seen: number[] = [];
        for (let i = 1; i < borders.length; i++) {
          const [from, to] = [borders[i - 1]!, borders[i]!];
          const piece = Buffer.from(stream.subarray(from, to));
          let at = 0;
          while (at < piece.length) {
            if (scanner.inRow) {
              at = scanner.scanPart(piece, at, piece.length);
              if (!scanner.inRow) seen.push(from + at);
            } else if (piece[at] === 0xfd) {
              at++;
            } else {
              const end = scanner.scanRows(piece, at, piece.length);
              for (const known of ends) if (known > from + at && known <= from + end) seen.push(known);
              expect(scanner.count).toBe(ends.filter(known => known > from + at && known <= from + end).length);
              if (end === at) {
                at = scanner.scanPart(piece, at, piece.length);
                if (!scanner.inRow) seen.push(from + at);
              } else at = end;
            }
          }
        }
        expect(scanner.inRow).toBe(false);
        expect(seen).toEqual(ends);
      }),
      { numRuns: 400 },
    );
  });

  it('passes a captured answer of SQL Server 2025: NBCROW and PLP', () => {
    const bytes = hex(
      '810500000000000800380269006400000000000900a701000904d0003405760061006c0075006500000000002100a5ffff0c6e00610074006900760065005f0062007900740065007300000000002100e7ffff0904d000340d75006e00690063006f00640065005f00760061006c0075006500000000002100a5ffff0d75006e00690063006f00640065005f0075006e00690074007300a902000100d21e01000000d1020000000100410100000000000000010000004100000000020000000000000002000000410000000000020000000000000002000000410000000000fd1000c1000200000000000000',
    );
    const { columns, end } = readColumnMetadata(bytes, 1);
    expect(columns.map(c => c.name)).toEqual(['id', 'value', 'native_bytes', 'unicode_value', 'unicode_units']);
    expect(columns.map(c => c.maxLength)).toEqual([0, 1, 0xffff, 0xffff, 0xffff]);
    expect(columns[1]!.collation).toMatchObject({ lcid: 1033, flags: 13, version: 0, sortId: 52 });
    expect(bytes[end]).toBe(0xa9);
    const scanner = new RowScanner(columns);
    const first = end + 5;
    expect(scanner.scanRows(bytes, first, bytes.length)).toBe(bytes.length - 13);
    expect(scanner.count).toBe(2);
  });

  it('refuses what is no row', () => {
    const scanner = new RowScanner(metadataOf([kinds[4]!]));
    expect(scanner.scanRows(hex('fd00'), 0, 2)).toBe(0);
    expect(scanner.count).toBe(0);
    expect(() => scanner.scanPart(hex('fd00'), 0, 2)).toThrow('0xfd');
  });

  it('passes over a page of rows of 8 columns in one go', () => {
    const columns = metadataOf(
      ['2604', '2608', '6a111204', '6d08', '2a07', 'e778000904d00034', 'a714000904d00034', '6801'].map(type => ({
        type: hex(type),
        nullValue: null,
        value: () => Buffer.alloc(0),
      })),
    );
    const one = hex(
      'd1 04 01000000 08 0100000000000000 09 01 0102030405060708 08 0000000000000840 08 0102030405 060708 1400 7a007a007a007a007a007a007a007a007a007a00 0a00 6162636465666768696a 01 01',
    );
    const page = Buffer.concat(Array.from({ length: 1000 }, () => one));
    const scanner = new RowScanner(columns);
    expect(scanner.scanRows(page, 0, page.length)).toBe(page.length);
    expect(scanner.count).toBe(1000);
  });
});

describe('readColumnMetadata', () => {
  it('asks for more bytes until the token is whole', () => {
    fc.assert(
      fc.property(table, fc.nat(), ({ columns }, cut) => {
        const bytes = columnMetadata(columns.map((kind, i) => [`col ${i}`, kind.type] as const));
        const whole = readColumnMetadata(bytes, 1);
        expect(whole.columns.map(c => c.type)).toEqual(columns.map(kind => kind.type[0]));
        expect(() => readColumnMetadata(bytes, 1, 1 + (cut % (bytes.length - 1)))).toThrow(MoreBytesNeeded);
      }),
      { numRuns: 100 },
    );
  });

  it('reads precision, scale, CLR names and collations', () => {
    const udt = Buffer.concat([
      hex('f0 ffff'),
      hex('00'),
      hex('03 730079007300'),
      hex('08 670065006f006d006500740072007900'),
      u16(3),
      hex('610073006d00'),
    ]);
    const { columns } = readColumnMetadata(
      columnMetadata([
        ['d', hex('6a112604')],
        ['g', udt],
        ['u', hex('a7ffff0904002600')],
        ['t', hex('2903')],
      ]),
      1,
    );
    expect(columns[0]).toMatchObject({ name: 'd', type: 0x6a, maxLength: 17, precision: 38, scale: 4, flags: 9 });
    expect(columns[1]!.udt).toEqual({ schema: 'sys', name: 'geometry', assembly: 'asm' });
    expect(columns[2]!.collation).toMatchObject({ lcid: 1033, flags: 96, version: 2, sortId: 0 });
    expect(columns[3]!.scale).toBe(3);
  });

  it('knows the answer without columns', () => {
    expect(readColumnMetadata(hex('81ffff'), 1)).toEqual({ columns: [], end: 3 });
  });

  it('names a type that it does not know', () => {
    const bytes = columnMetadata([['x', hex('99')]]);
    expect(() => readColumnMetadata(bytes, 1)).toThrow('column 1 of the result has the wire type 0x99');
  });
});
