import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { LargeRowRelay } from '../../../src/data/bulk/large-row-relay.ts';
import { RowBuffer } from '../../../src/data/bulk/row-buffer.ts';
import { RowCutter } from '../../../src/data/bulk/row-cutter.ts';
import { RowRelay } from '../../../src/data/bulk/row-relay.ts';
import { collationFromName } from '../../../src/data/collation.ts';
import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { hex, u32, plp as unknownPlp } from '../../connection/tds-bytes.ts';
import { columns, decimal, i32, pointed, short, sized, variant, wireColumn } from '../wire-columns.ts';

const latin = collationFromName('SQL_Latin1_General_CP1_CI_AS');

function knownPlp(bytes: Uint8Array): Buffer {
  const chunk = bytes.length > 0 ? [u32(bytes.length), bytes] : [];
  return Buffer.concat([u32(bytes.length), u32(0), ...chunk, u32(0)]);
}

/** A column as it is read, and as bytes of a value: as a row has it, and as the load has it. */
interface Kind {
  readonly name: string;
  readonly column: WireColumn;
  readonly nullValue: Buffer | null;
  readonly value: fc.Arbitrary<readonly [read: Buffer, loaded: Buffer]>;
  /** As a large row has it, where that differs. */
  readonly large?: (read: Buffer, loaded: Buffer) => Buffer;
}

const same = (arbitrary: fc.Arbitrary<Buffer>) => arbitrary.map(b => [b, b] as const);
const bytes = fc.uint8Array({ maxLength: 400 }).map(b => Buffer.from(b));
const eightFf = Buffer.alloc(8, 0xff);
const kinds: readonly Kind[] = [
  { name: 'int', column: columns.int, nullValue: hex('00'), value: same(fc.integer().map(v => short(i32(v)))) },
  {
    name: 'int NOT NULL',
    column: wireColumn(WireType.int4, { flags: 8 }),
    nullValue: null,
    value: fc.integer().map(v => [i32(v), short(i32(v))] as const),
  },
  {
    name: 'bit NOT NULL',
    column: wireColumn(WireType.bit, { flags: 8 }),
    nullValue: null,
    value: fc.nat(1).map(v => [Buffer.of(v), Buffer.of(1, v)] as const),
  },
  {
    name: 'decimal',
    column: columns.decimal(18, 4),
    nullValue: hex('00'),
    value: same(fc.maxSafeInteger().map(v => short(decimal(BigInt(v), 18)))),
  },
  {
    name: 'varchar',
    column: columns.varchar('SQL_Latin1_General_CP1_CI_AS'),
    nullValue: hex('ffff'),
    value: same(bytes.map(sized)),
  },
  { name: 'varbinary(max)', column: columns.varbinaryMax, nullValue: eightFf, value: same(bytes.map(knownPlp)) },
  {
    name: 'nvarchar(max)',
    column: columns.nvarcharMax,
    nullValue: eightFf,
    value: same(bytes.map(b => unknownPlp(b.subarray(0, b.length & ~1)))),
  },
  { name: 'image', column: columns.image, nullValue: hex('00'), value: same(bytes.map(pointed)) },
  {
    name: 'sql_variant',
    column: columns.variant,
    nullValue: hex('00000000'),
    value: same(fc.integer().map(v => variant('38', '', i32(v)))),
  },
  {
    name: 'hierarchyid',
    column: wireColumn(WireType.udt, { maxLength: 892, udt: { schema: 'sys', name: 'hierarchyid', assembly: 'a' } }),
    nullValue: hex('ffff'),
    value: bytes.map(b => [knownPlp(b), sized(b)] as const),
  },
  {
    name: 'vector',
    column: columns.vector(2),
    nullValue: hex('ffff'),
    value: same(
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map(b => sized(Buffer.concat([hex('a901020000000000'), b]))),
    ),
  },
  { name: 'geography', column: columns.udt('sys', 'geography'), nullValue: eightFf, value: same(bytes.map(knownPlp)) },
];

const rows = fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 10 }).chain(indexes => {
  const chosen = indexes.map(i => kinds[i]!);
  return fc.record({
    kinds: fc.constant(chosen),
    rows: fc.array(
      fc.record({ nbc: fc.boolean(), cells: fc.tuple(...chosen.map(k => fc.option(k.value, { freq: 3 }))) }),
      { maxLength: 20 },
    ),
  });
});

interface Row {
  readonly nbc: boolean;
  readonly cells: readonly (readonly [Buffer, Buffer] | null)[];
}

/** NULL of a NOT NULL column is left out of the game. */
function readRow(chosen: readonly Kind[], { nbc, cells }: Row): Buffer {
  const bitmap = Buffer.alloc((chosen.length + 7) >> 3);
  const values = chosen.map((kind, i) => {
    const cell = cells[i];
    if (cell) return cell[0];
    if (kind.nullValue === null) return Buffer.alloc(kind.column.type === WireType.bit ? 1 : 4);
    if (!nbc) return kind.column.udt ? eightFf : kind.nullValue;
    bitmap[i >> 3]! |= 1 << (i & 7);
    return Buffer.alloc(0);
  });
  return Buffer.concat(nbc ? [hex('d2'), bitmap, ...values] : [hex('d1'), ...values]);
}

function loadedRow(chosen: readonly Kind[], { cells }: Row): Buffer {
  const values = chosen.map((kind, i) => {
    const cell = cells[i];
    if (cell) return cell[1];
    return (
      kind.nullValue ??
      Buffer.concat([
        Buffer.of(kind.column.type === WireType.bit ? 1 : 4),
        Buffer.alloc(kind.column.type === WireType.bit ? 1 : 4),
      ])
    );
  });
  return Buffer.concat([hex('d1'), ...values]);
}

describe('RowRelay', () => {
  it.each(['always', 'never'] as const)('lays rows out for a load without touching a value; the kernel %s', use => {
    fc.assert(
      fc.property(rows, fc.nat(20), ({ kinds: chosen, rows: list }, cut) => {
        const sources = chosen.map(k => k.column);
        const relay = new RowRelay(
          sources,
          sources.map(c => bulkColumn(c)),
          use,
        );
        // In two calls, at any row.
        const first = list.slice(0, cut).map(r => readRow(chosen, r));
        const second = list.slice(cut).map(r => readRow(chosen, r));
        for (const part of [first, second]) {
          const all = Buffer.concat([Buffer.from('xx'), ...part, Buffer.from('y')]);
          relay.write(all, 2, all.length - 1);
        }
        expect(relay.rows).toBe(list.length);
        const loaded = Buffer.concat(relay.take());
        expect(loaded.toString('hex')).toBe(Buffer.concat(list.map(r => loadedRow(chosen, r))).toString('hex'));
        expect(relay.rows).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['always', 'never'] as const)('passes on more than one buffer holds; the kernel %s', use => {
    const relay = new RowRelay(
      [columns.varbinaryMax, columns.int],
      [columns.varbinaryMax, columns.int].map(c => bulkColumn(c)),
      use,
    );
    const large = Buffer.concat([hex('d1'), knownPlp(Buffer.alloc(700_000, 7)), hex('0401000000')]);
    const small = Buffer.concat([hex('d2 02'), knownPlp(Buffer.from('x'))]);
    const sent: Buffer[] = [];
    for (let i = 0; i < 6; i++) {
      for (const row of [large, small]) {
        relay.write(row, 0, row.length);
        sent.push(row === small ? Buffer.concat([hex('d1'), knownPlp(Buffer.from('x')), hex('00')]) : row);
      }
    }
    expect(relay.bytes).toBe(Buffer.concat(sent).length);
    expect(Buffer.concat(relay.take()).equals(Buffer.concat(sent))).toBe(true);
  });

  it.each(['always', 'never'] as const)('widens decimals where the server reads 17 bytes; the kernel %s', use => {
    const target = bulkColumn(columns.decimal(9, 2), { wideDecimals: true });
    const relay = new RowRelay([columns.decimal(9, 2)], [target], use);
    const row = Buffer.concat([hex('d1'), short(decimal(-125n, 9)), hex('d1 00')]);
    relay.write(row, 0, row.length);
    expect(Buffer.concat(relay.take()).toString('hex')).toBe(`d111007d${'00'.repeat(15)}d100`);
  });

  it('frames values anew between bounded and max types', () => {
    const source = wireColumn(WireType.nvarchar, { maxLength: 20, collation: latin });
    const relay = new RowRelay([source, columns.nvarcharMax], [bulkColumn(columns.nvarcharMax), bulkColumn(source)]);
    const row = Buffer.concat([hex('d1'), sized(hex('6100')), knownPlp(hex('6200')), hex('d1 ffff'), eightFf]);
    relay.write(row, 0, row.length);
    const expected = Buffer.concat([
      hex('d1'),
      knownPlp(hex('6100')),
      sized(hex('6200')),
      hex('d1'),
      eightFf,
      hex('ffff'),
    ]);
    expect(Buffer.concat(relay.take()).toString('hex')).toBe(expected.toString('hex'));
  });

  it('names a column whose values the target does not take', () => {
    const relay = (source: WireColumn, target: WireColumn) => () =>
      new RowRelay([source], [bulkColumn({ ...target, name: 'price' })]);
    expect(relay(columns.int, columns.bigint)).toThrow(/the column price is bigint, the rows have int for it/);
    expect(relay(columns.decimal(18, 4), columns.decimal(18, 2))).toThrow(/price/);
    expect(relay(columns.decimal(18, 4), columns.decimal(9, 4))).toThrow(/price/);
    expect(relay(columns.datetime2(7), columns.datetime2(3))).toThrow(/price/);
    expect(relay(columns.varchar('Greek_CI_AS'), columns.varchar('Latin1_General_CI_AS'))).toThrow(/price/);
    expect(relay(columns.text, columns.ntext)).toThrow(/price/);
    expect(
      relay(columns.varchar('Latin1_General_CI_AS'), columns.varchar('SQL_Latin1_General_CP1_CI_AS')),
    ).not.toThrow();
    expect(relay(wireColumn(WireType.int4), columns.int)).not.toThrow();
    expect(relay(columns.numeric(9, 2), columns.decimal(9, 2))).not.toThrow();
    expect(() => new RowRelay([columns.int], [])).toThrow(/1 columns/);
  });
});

describe('LargeRowRelay', () => {
  it('passes a row on in parts of any size', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 300 }), ({ kinds: chosen, rows: list }, size) => {
        const sources = chosen.map(k => k.column);
        const targets = sources.map(c => bulkColumn(c));
        const buffer = new RowBuffer();
        const large = new LargeRowRelay(sources, targets, buffer);
        const small = new RowRelay(sources, targets);
        for (const row of list) {
          const bytes = readRow(chosen, row);
          large.start();
          for (let at = 0; at < bytes.length; at += size) {
            // Parts are used again.
            const part = Buffer.from(bytes.subarray(at, at + size));
            large.part(part);
            part.fill(0xee);
          }
          large.end();
          small.write(bytes, 0, bytes.length);
          // The framing of max values may differ, their bytes not: both are read back.
          expect(valuesOf(chosen, Buffer.concat(buffer.take()))).toEqual(valuesOf(chosen, Buffer.concat(small.take())));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a row that ends too early', () => {
    const large = new LargeRowRelay([columns.varbinaryMax], [bulkColumn(columns.varbinaryMax)], new RowBuffer());
    large.start();
    large.part(Buffer.concat([hex('d1'), u32(5), u32(0), u32(5), hex('0102')]));
    expect(() => large.end()).toThrow(/ends before its last value/);
  });
});

/** Values of one ROW of a load as hex, chunks joined, text pointers left out. */
function valuesOf(chosen: readonly Kind[], row: Buffer): string[] {
  let at = 1;
  expect(row[0]).toBe(0xd1);
  const values = chosen.map(({ column }) => {
    const { wire } = bulkColumn(column);
    const take = (length: number) => row.subarray(at, (at += length)).toString('hex');
    if (wire.type === WireType.image) {
      if (row[at] === 0) return `null${take(1)}`;
      at += 25;
      const length = row.readUInt32LE(at);
      at += 4;
      return take(length);
    }
    if (wire.type === WireType.variant) return take(4 + row.readUInt32LE(at));
    if (wire.maxLength === 0xffff) {
      if (row.readUInt32LE(at) === 0xffffffff) return `null${take(8)}`;
      at += 8;
      let value = '';
      for (let length = row.readUInt32LE(at); ; length = row.readUInt32LE(at)) {
        at += 4;
        if (length === 0) return value;
        value += take(length);
      }
    }
    if (wire.type >= 0xa5) {
      const length = row.readUInt16LE(at);
      return take(length === 0xffff ? 2 : 2 + length);
    }
    return take(1 + row[at]!);
  });
  expect(at).toBe(row.length);
  return values;
}

describe('RowCutter', () => {
  it('finds the border behind any number of rows', () => {
    fc.assert(
      fc.property(rows, fc.nat(20), ({ kinds: chosen, rows: list }, count) => {
        const parts = list.map(row => readRow(chosen, row));
        const all = Buffer.concat([Buffer.from('x'), ...parts]);
        const wanted = Math.min(count, list.length);
        const cutter = new RowCutter(chosen.map(kind => kind.column));
        expect(cutter.behind(all, 1, wanted)).toBe(1 + Buffer.concat(parts.slice(0, wanted)).length);
      }),
      { numRuns: 100 },
    );
  });
});
