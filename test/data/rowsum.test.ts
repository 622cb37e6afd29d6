import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBytes, lanes, RowHash, Rowsum, rowsumSeed } from '../../src/data/rowsum.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import { hex, ucs2 } from '../connection/tds-bytes.ts';
import { columns, decimal, f64, i32, short, sized } from './wire-columns.ts';

/** Bytes that are readable for 16 behind their end, with other content there. */
function padded(bytes: Uint8Array): DataView {
  const view = new Uint8Array(bytes.length + 19).fill(0xaa);
  view.set(bytes, 3);
  return new DataView(view.buffer, 3);
}
function hash(bytes: Uint8Array, seed?: number): Buffer {
  hashBytes(padded(bytes), 0, bytes.length, seed);
  const out = Buffer.alloc(16);
  lanes.forEach((lane, i) => out.writeInt32LE(lane, 4 * i));
  return out;
}

describe('the hash of a row', () => {
  it('is MurmurHash3_x86_128 by the verification value of its author', () => {
    // SMHasher: keys of 0 … n-1 with the seed 256 - n, their hashes hashed with seed 0; the first four bytes are known.
    const hashes = Array.from({ length: 256 }, (_, n) =>
      hash(
        Uint8Array.from({ length: n }, (_, i) => i),
        256 - n,
      ),
    );
    expect(hash(Buffer.concat(hashes), 0).readUInt32LE(0)).toBe(0xb3ece62a);
  });

  it('of nothing with seed 0 is zero', () => {
    expect(hash(Buffer.alloc(0), 0)).toEqual(Buffer.alloc(16));
  });

  it('is the same when the row comes in parts', () => {
    const whole = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(whole, fc.array(fc.nat(200), { maxLength: 5 }), (bytes, cuts) => {
        const parts = new RowHash();
        let from = 0;
        for (const to of [...cuts.filter(c => c < bytes.length).sort((a, b) => a - b), bytes.length]) {
          parts.update(bytes, from, to);
          from = to;
        }
        parts.finish();
        const found = [...lanes];
        hashBytes(padded(bytes), 0, bytes.length, rowsumSeed);
        expect(found).toEqual([...lanes]);
        // The next row begins anew.
        parts.update(bytes);
        parts.finish();
        expect([...lanes]).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });

  it('of many megabytes in parts is that of the whole', () => {
    const bytes = Buffer.alloc(200_003, 'abcdefg');
    const parts = new RowHash();
    for (let at = 0; at < bytes.length; at += 70_001) parts.update(bytes.subarray(at, at + 70_001));
    parts.finish();
    const found = [...lanes];
    hashBytes(padded(bytes), 0, bytes.length);
    expect(found).toEqual([...lanes]);
  });
});

describe('rowsum', () => {
  /** id, name and amount of a table, as the wire has them. */
  const types = [columns.int, columns.nvarchar, columns.decimal(9, 2), columns.float];
  const rows = [
    [short(i32(1)), sized(ucs2('Ärger')), short(decimal(150n, 9)), short(f64(0.1))],
    [short(i32(2)), hex('ffff'), Buffer.of(0), Buffer.of(0)],
    [short(i32(3)), sized(ucs2("it's\nGO")), short(decimal(-1n, 9)), short(f64(-0))],
    [short(i32(4)), sized(ucs2('\uD800\\\n$(x)')), short(decimal(0n, 9)), short(f64(1e23))],
  ];
  function sumOf(list: readonly (readonly Buffer[])[]): string {
    const writer = createSqlRowWriter(types, { table: 'T' });
    for (const row of list) {
      const bytes = Buffer.concat([Buffer.of(0xd1), ...row]);
      writer.write(bytes, 0, bytes.length);
    }
    return writer.rowsum.toString();
  }

  /** Sums must never change: scripts and archives that exist hold them. */
  it.each([
    [[], '00000000000000000000000000000000'],
    [[0], 'b101e72fda45247ca8a98613a5789fc2'],
    [[1], 'f2eab08f1a3971b388957a6f15ce9ebb'],
    [[2], 'fbf7db4cd46c479f79e5dc9a850b2c86'],
    [[3], '4f0014e23c68b68e111723ba0253fbb2'],
    [[0, 1, 2, 3], 'eee487ec0553945cbc3c00d642a666b5'],
  ])('of the rows %j is %s', (numbers, sum) => {
    expect(sumOf(numbers.map(n => rows[n]!))).toBe(sum);
  });

  it('covers the canonical text of a row: plain literals, joined by commas', () => {
    const texts = ["1,N'Ärger',1.50,0.1E0", '2,NULL,NULL,NULL', "3,N'it''s\nGO',-0.01,-0E0"];
    for (const [i, text] of texts.entries()) {
      const sum = new Rowsum();
      const bytes = Buffer.from(text);
      sum.add(padded(bytes), 0, bytes.length);
      expect(sumOf([rows[i]!])).toBe(sum.toString());
    }
    // A lone surrogate is its three bytes.
    const canonical = Buffer.concat([Buffer.from("4,N'"), hex('eda080'), Buffer.from("\\\n$(x)',0.00,1E23")]);
    const sum = new Rowsum();
    sum.add(padded(canonical), 0, canonical.length);
    expect(sumOf([rows[3]!])).toBe(sum.toString());
  });

  it('does not depend on order, counts duplicates, and adds up from chunks', () => {
    const all = [0, 1, 2, 3].map(n => rows[n]!);
    expect(sumOf([...all].reverse())).toBe(sumOf(all));
    expect(sumOf([...all, rows[0]!])).not.toBe(sumOf(all));
    const total = new Rowsum();
    for (const part of [all.slice(0, 1), all.slice(1)]) total.merge(Rowsum.parse(sumOf(part), part.length));
    expect(total.toString()).toBe(sumOf(all));
    expect(total.rows).toBe(4);
  });

  it('refuses text that is no sum', () => {
    expect(() => Rowsum.parse('12', 1)).toThrow(RangeError);
    expect(() => Rowsum.parse('G'.repeat(32), 1)).toThrow(RangeError);
  });
});
