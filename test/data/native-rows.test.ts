import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeHeader } from '../../src/data/native-format.ts';
import { createNativeLargeRow } from '../../src/data/native-large-row.ts';
import { NativeRowReader, type NativeRowSink } from '../../src/data/native-row-reader.ts';
import { createNativeRowWriter } from '../../src/data/native-row-writer.ts';
import { lanes, Rowsum } from '../../src/data/rowsum.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { WireSum } from '../../src/data/wire-sum.ts';
import { plp, u32, u64, ucs2 } from '../connection/tds-bytes.ts';
import { columns, f64, i32, pointed, short, sized } from './wire-columns.ts';

const plainColumns = [
  { ...columns.int, name: 'id' },
  { ...columns.nvarchar, name: 'name' },
  { ...columns.float, name: 'ratio' },
  { ...columns.variant, name: 'any' },
];
const pointedTypes = [columns.ntext, columns.text, columns.image];
const cutTypes = [
  columns.nvarcharMax,
  columns.varcharMax('Japanese_CI_AS'),
  columns.varbinaryMax,
  columns.udt('sys', 'geometry'),
  columns.xml,
];
const chunkedColumns = [...plainColumns, ...pointedTypes, ...cutTypes].map((c, i) => ({ ...c, name: `c${i}` }));

type Row = readonly (Buffer | null)[];

/** The NULL of each column in a ROW token. */
const nullOf = (column: WireColumn): Buffer => {
  if (column.type === columns.nvarchar.type) return column.maxLength === 0xffff ? u64(2n ** 64n - 1n) : sized16();
  if (cutTypes.some(c => c.type === column.type)) return u64(2n ** 64n - 1n);
  return column.type === columns.variant.type ? u32(0) : Buffer.of(0);
};
const sized16 = () => Buffer.of(0xff, 0xff);

function asRow(types: readonly WireColumn[], row: Row): Buffer {
  return Buffer.concat([Buffer.of(0xd1), ...row.map((value, i) => value ?? nullOf(types[i]!))]);
}
function asNbcRow(row: Row): Buffer {
  const bitmap = Buffer.alloc((row.length + 7) >> 3);
  row.forEach((value, i) => {
    if (value === null) bitmap[i >> 3]! |= 1 << (i & 7);
  });
  return Buffer.concat([Buffer.of(0xd2), bitmap, ...row.filter(value => value !== null)]);
}

const known = (bytes: Buffer) =>
  Buffer.concat([u64(BigInt(bytes.length)), ...(bytes.length ? [u32(bytes.length), bytes] : []), u32(0)]);
const text = fc.string({ maxLength: 12 }).map(ucs2);
const value = {
  int: fc.integer().map(n => short(i32(n))),
  nvarchar: text.map(sized),
  float: fc.double().map(n => short(f64(n))),
  variant: fc.integer().map(n => Buffer.concat([u32(6), Buffer.of(0x38, 0), i32(n)])),
};
const plainRow = fc.tuple(
  fc.option(value.int),
  fc.option(value.nvarchar),
  fc.option(value.float),
  fc.option(value.variant),
);

function sumOf(types: readonly WireColumn[], rows: readonly Buffer[]): string {
  const sum = new WireSum(types, 'never');
  const bytes = Buffer.concat(rows);
  sum.add(bytes, 0, bytes.length);
  expect(sum.rowsum.rows).toBe(rows.length);
  const inKernel = new WireSum(types, 'always');
  inKernel.add(bytes, 0, bytes.length);
  expect(inKernel.rowsum).toEqual(sum.rowsum);
  return sum.rowsum.toString();
}

describe('the sum of rows in wire form', () => {
  it('is the same for ROW and NBCROW', () => {
    fc.assert(
      fc.property(fc.array(plainRow, { maxLength: 20 }), rows => {
        expect(sumOf(plainColumns, rows.map(asNbcRow))).toBe(
          sumOf(
            plainColumns,
            rows.map(r => asRow(plainColumns, r)),
          ),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is the same however a value is cut into chunks, and whatever its text pointer', () => {
    const values = (types: readonly WireColumn[]) => fc.tuple(...types.map(() => fc.option(text)));
    const row = fc.tuple(plainRow, values(pointedTypes), values(cutTypes), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(row, ([plain, pointers, chunked, size]) => {
        const cut = (bytes: Buffer) => {
          const chunks = [];
          for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
          return plp(...chunks);
        };
        const once = [...plain, ...pointers.map(v => v && pointed(v)), ...chunked.map(v => v && known(v))];
        const mark = Buffer.from('fffe', 'hex');
        const other = (v: Buffer) => Buffer.concat([Buffer.of(2, 1, 2), Buffer.alloc(8), u32(v.length), v]);
        const again = [
          ...plain,
          ...pointers.map(v => v && other(v)),
          ...chunked.map((v, i) => v && cut(cutTypes[i] === columns.xml ? Buffer.concat([mark, v]) : v)),
        ];
        const first = sumOf(chunkedColumns, [asRow(chunkedColumns, once)]);
        expect(sumOf(chunkedColumns, [asNbcRow(again)])).toBe(first);
        const large = createNativeLargeRow(chunkedColumns);
        for (const byte of asRow(chunkedColumns, again)) large.part(Buffer.of(byte));
        large.end();
        const sum = new Rowsum();
        sum.addLanes();
        expect(sum.toString()).toBe(first);
        expect(Buffer.from(large.take())).toEqual(asRow(chunkedColumns, again));
      }),
      { numRuns: 200 },
    );
  });

  it('tells rows apart', () => {
    const rows: Row[] = [
      [short(i32(1)), null, null, null],
      [null, sized(ucs2('\u0001')), null, null],
      [short(i32(1)), sized(ucs2('')), null, null],
      [short(i32(1)), sized(ucs2('a')), short(f64(0)), null],
      [short(i32(1)), sized(ucs2('a')), short(f64(-0)), null],
    ];
    expect(new Set(rows.map(row => sumOf(plainColumns, [asNbcRow(row)]))).size).toBe(rows.length);
  });

  it('hashes a wide row in parts as it does whole', () => {
    const row = asNbcRow([short(i32(7)), null, short(f64(1.5)), null]);
    const large = createNativeLargeRow(plainColumns);
    for (const byte of row) large.part(Buffer.of(byte));
    large.end();
    const sum = new Rowsum();
    expect(lanes.some(lane => lane !== 0)).toBe(true);
    sum.addLanes();
    expect(sum.toString()).toBe(sumOf(plainColumns, [row]));
  });

  it('refuses bytes that are no rows', () => {
    expect(() => sumOf(plainColumns, [Buffer.of(0x00, 1)])).toThrow('begins no row');
    expect(() =>
      sumOf(plainColumns, [asRow(plainColumns, [short(i32(1)), null, null, null]).subarray(0, 4)]),
    ).toThrow();
  });
});

class Gathered implements NativeRowSink {
  described: readonly WireColumn[] = [];
  parts: Buffer[] = [];
  counted = 0;
  large = 0;
  columns(found: readonly WireColumn[]): void {
    this.described = found;
  }
  rows(bytes: Uint8Array, start: number, end: number, count: number): void {
    this.parts.push(Buffer.from(bytes.subarray(start, end)));
    this.counted += count;
  }
  largeRowStart(): void {
    this.large++;
  }
  largeRowPart(bytes: Uint8Array): void {
    this.parts.push(Buffer.from(bytes));
  }
  largeRowEnd(): void {
    this.counted++;
  }
}

function fileOf(types: readonly WireColumn[], rows: readonly Buffer[]): Buffer {
  const writer = createNativeRowWriter(types, { table: 'T' });
  for (const row of rows) writer.write(row, 0, row.length);
  writer.end();
  return Buffer.from(writer.take());
}

/** @param rowsum null for the one that the file itself has at its end */
async function readFile(file: Uint8Array, size = 1 << 16, rowsum: string | null = null): Promise<Gathered> {
  const sink = new Gathered();
  const reader = new NativeRowReader('rows.native', sink);
  // Of one buffer that is filled anew, as a file is read.
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < file.length; at += size) {
    buffer.set(file.subarray(at, at + size));
    await reader.write(buffer.subarray(0, Math.min(size, file.length - at)));
    buffer.fill(0xee);
  }
  reader.end(rowsum ?? Buffer.from(file.subarray(-16)).toString('hex'));
  expect(reader.rows).toBe(sink.counted);
  return sink;
}

describe('a native file', () => {
  const everything = [
    ...Object.values(columns).map(column =>
      typeof column === 'function'
        ? (column as (...args: never[]) => WireColumn)(...(sample(column.length) as never[]))
        : column,
    ),
  ];
  /** Arguments that any of the column functions takes. */
  function sample(count: number): unknown[] {
    return count === 2 ? ['dbo', 'Point'] : ['Latin1_General_100_BIN2_UTF8'];
  }

  it('gives columns and rows back byte for byte, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plainRow, { maxLength: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, size) => {
        const wire = rows.map((row, i) => (i % 2 ? asNbcRow(row) : asRow(plainColumns, row)));
        const found = await readFile(fileOf(plainColumns, wire), size);
        expect(found.described).toEqual(plainColumns);
        expect(Buffer.concat(found.parts)).toEqual(Buffer.concat(wire));
        expect(found.counted).toBe(rows.length);
      }),
      { numRuns: 100 },
    );
  });

  it('describes columns of every type', async () => {
    const types = everything.map((column, i) => ({
      ...column,
      name: `Spalte "${i}" é`,
      precision: Number(column.precision) || 0,
      scale: Number(column.scale) || 0,
      maxLength: Number(column.maxLength) || 0,
    }));
    expect((await readFile(fileOf(types, []))).described).toEqual(types);
  });

  it('takes rows of many megabytes in parts', async () => {
    const types = [columns.int, columns.nvarcharMax];
    const long = ucs2('x'.repeat(2_000_000));
    const wire = [0, 1, 2].map(n =>
      Buffer.concat([Buffer.of(0xd1), short(i32(n)), n === 1 ? known(long) : known(ucs2('a'))]),
    );
    const found = await readFile(fileOf(types, wire));
    expect(found.large).toBe(1);
    expect(found.counted).toBe(3);
    expect(Buffer.concat(found.parts).equals(Buffer.concat(wire))).toBe(true);
  });

  const good = fileOf(plainColumns, [
    asRow(plainColumns, [short(i32(1)), null, null, null]),
    asRow(plainColumns, [short(i32(2)), sized(ucs2('b')), null, null]),
  ]);

  it('is refused when it is cut anywhere', async () => {
    for (let length = 0; length < good.length; length++) {
      await expect(readFile(good.subarray(0, length))).rejects.toThrow(/rows\.native/);
    }
  });

  it('is refused when a byte of its end, or one that begins a row, is another one', async () => {
    const sum = good.subarray(-16).toString('hex');
    for (const at of [
      nativeHeader(plainColumns).length,
      ...Array.from({ length: 25 }, (_, i) => good.length - 25 + i),
    ]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x40;
      await expect(readFile(bad, undefined, sum), `byte ${at}`).rejects.toThrow();
    }
  });

  it('is refused when it is one of other rows', async () => {
    const other = fileOf(plainColumns, [asRow(plainColumns, [short(i32(9)), null, null, null])]);
    const sum = good.subarray(-16).toString('hex');
    await expect(readFile(other, undefined, sum)).rejects.toThrow(
      /rows\.native holds rows with the sum [0-9a-f]{32}, not/,
    );
  });

  it.each<[string, (file: Buffer) => void, RegExp]>([
    ['another kind of file', f => f.write('PK\x03\x04'), /no rows in xpdb's native format/],
    ['a newer version', f => void (f[8] = 2), /version 2 of the native format; .*version 1/],
    ['a description of 4 GB', f => void f.writeUInt32LE(0xffffffff, 9), /description is too long/],
    ['a description that is no JSON', f => void (f[13] = 0x58), /description of the columns in rows\.native is broken/],
  ])('%s is refused', async (_, change, message) => {
    const bad = Buffer.from(good);
    change(bad);
    await expect(readFile(bad)).rejects.toThrow(message);
  });

  it('is refused when more follows', async () => {
    await expect(readFile(Buffer.concat([good, Buffer.of(0)]))).rejects.toThrow('goes on behind its end');
  });
});
