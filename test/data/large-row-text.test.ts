import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readColumnMetadata } from '../../src/data/column-metadata.ts';
import { LargeRowText } from '../../src/data/large-row-text.ts';
import { RowText } from '../../src/data/row-text.ts';
import { columnMetadata, hex, latin, plp, u16, u32, u64 } from '../connection/tds-bytes.ts';

const collation = (text: string): Buffer => hex(text);
const japanese = collation('1104d00000');
const utf8 = collation('0904d00400');

/** TYPE_INFO, NULL as a ROW has it, and values by their bytes. */
interface Kind {
  readonly type: Buffer;
  readonly null: Buffer;
  readonly value: fc.Arbitrary<Buffer>;
}

const bytes = fc.uint8Array({ maxLength: 60 });
/** Bytes that are characters for the most part, cut and malformed ones among them. */
const letters = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom("'", '\n', '日本', '𝄞', 'é')), {
    maxLength: 12,
  })
  .map(parts => parts.join(''));
const utf16 = fc.oneof(
  letters.map(text => Buffer.from(text, 'utf16le')),
  fc.array(fc.constantFrom(0xd834, 0xdd1e, 0x41, 0x27, 0x20ac), { maxLength: 20 }).map(units => {
    const buffer = Buffer.alloc(units.length * 2);
    units.forEach((unit, i) => {
      buffer.writeUInt16LE(unit, 2 * i);
    });
    return buffer;
  }),
);
const chunked = (value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> =>
  fc.tuple(value, fc.array(fc.nat(60), { maxLength: 4 })).map(([all, cuts]) => {
    const ends = [...cuts.map(c => Math.min(c, all.length)).sort((a, b) => a - b), all.length];
    return plp(...ends.map((end, i) => Buffer.from(all.subarray(i === 0 ? 0 : ends[i - 1]!, end))));
  });
const large = (type: Buffer, value: fc.Arbitrary<Uint8Array>): Kind => ({
  type,
  null: u64(0xffffffffffffffffn),
  value: chunked(value),
});
const pointed = (type: string, collationOf: Buffer, value: fc.Arbitrary<Uint8Array>): Kind => ({
  type: Buffer.concat([hex(type), u32(0x7fffffff), collationOf, hex('01'), u16(1), hex('7400')]),
  null: hex('00'),
  value: value.map(v => Buffer.concat([Buffer.of(16), Buffer.alloc(24, 0xaa), u32(v.length), v])),
});
const short = (type: Buffer, value: fc.Arbitrary<Uint8Array>): Kind => ({
  type,
  null: hex('ffff'),
  value: value.map(v => Buffer.concat([u16(v.length), v])),
});
const number = (type: string, length: number): Kind => ({
  type: hex(type),
  null: hex('00'),
  value: fc.uint8Array({ minLength: length, maxLength: length }).map(v => Buffer.concat([Buffer.of(length), v])),
});
const udtType = Buffer.concat([hex('f0ffff'), hex('00'), hex('03730079007300'), hex('016700'), u16(1), hex('6100')]);

const kinds: readonly Kind[] = [
  { type: hex('38'), null: u32(7), value: fc.nat().map(u32) },
  number('2608', 8),
  number('2410', 16),
  short(Buffer.concat([hex('e70010'), latin]), utf16),
  short(Buffer.concat([hex('a70010'), latin]), bytes),
  short(hex('a50010'), bytes),
  large(Buffer.concat([hex('e7ffff'), latin]), utf16),
  large(Buffer.concat([hex('a7ffff'), latin]), bytes),
  large(Buffer.concat([hex('a7ffff'), japanese]), bytes),
  large(
    Buffer.concat([hex('a7ffff'), utf8]),
    fc.oneof(
      bytes,
      letters.map(t => Buffer.from(t)),
    ),
  ),
  large(hex('a5ffff'), bytes),
  large(
    hex('f100'),
    utf16.map(v => Buffer.concat([hex('fffe'), v])),
  ),
  large(
    hex('f4'),
    letters.map(t => Buffer.from(t)),
  ),
  large(udtType, bytes),
  pointed('22', Buffer.alloc(0), bytes),
  pointed('23', latin, bytes),
  pointed('63', latin, utf16),
  {
    type: Buffer.concat([hex('62'), u32(8009)]),
    null: u32(0),
    value: fc.nat().map(n => Buffer.concat([u32(6), hex('3800'), u32(n)])),
  },
];

const table = fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 10 }).chain(chosen =>
  fc.record({
    columns: fc.constant(chosen.map(i => kinds[i]!)),
    cells: fc.tuple(...chosen.map(i => fc.option(kinds[i]!.value, { freq: 4 }))),
    nbc: fc.boolean(),
    cuts: fc.array(fc.nat(600), { maxLength: 30 }),
  }),
);

function rowBytes(columns: readonly Kind[], cells: readonly (Buffer | null)[], nbc: boolean): Buffer {
  if (!nbc) return Buffer.concat([hex('d1'), ...columns.map((kind, i) => cells[i] ?? kind.null)]);
  const bitmap = Buffer.alloc((columns.length + 7) >> 3);
  cells.forEach((cell, i) => {
    if (cell === null) bitmap[i >> 3]! |= 1 << (i & 7);
  });
  return Buffer.concat([hex('d2'), bitmap, ...cells.filter(cell => cell !== null)]);
}

const metadata = (columns: readonly Kind[]) =>
  readColumnMetadata(columnMetadata(columns.map((kind, i) => [`c${i}`, kind.type] as const)), 1).columns;

function wholeText(columns: readonly Kind[], row: Buffer): string {
  const text = new RowText(metadata(columns));
  const out = new DataView(new ArrayBuffer(1 << 20));
  const input = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const state = { canonical: true, guarded: false, isolated: false, limit: out.byteLength - text.overhead };
  return Buffer.from(out.buffer, 0, text.write(out, 0, input, 0, state)).toString('latin1');
}

describe('LargeRowText', () => {
  it('writes what RowText writes for the whole row, cut anywhere', () => {
    fc.assert(
      fc.property(table, ({ columns, cells, nbc, cuts }) => {
        const row = rowBytes(columns, cells, nbc);
        const texts: Buffer[] = [];
        const writer = new LargeRowText(metadata(columns), piece => texts.push(Buffer.from(piece)));
        const ends = [...new Set([...cuts.filter(c => c < row.length), row.length])].sort((a, b) => a - b);
        for (let round = 0; round < 2; round++) {
          texts.length = 0;
          ends.forEach((end, i) => {
            writer.part(row.subarray(i === 0 ? 0 : ends[i - 1]!, end));
          });
          writer.end();
          expect(Buffer.concat(texts).toString('latin1')).toBe(wholeText(columns, row));
        }
      }),
      { numRuns: 600 },
    );
  });

  it('says so when a row ends too early', () => {
    const writer = new LargeRowText(metadata([kinds[0]!]), () => undefined);
    writer.part(hex('d1 0100'));
    expect(() => writer.end()).toThrow(/ends before its last value/);
  });
});
