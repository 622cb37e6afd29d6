import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import { describeError } from '../../src/model/error.ts';
import { hex } from '../connection/tds-bytes.ts';
import { failureOf, literalOf } from './literal-of.ts';
import { columns, f32, f64, short } from './wire-columns.ts';

/** Any bit pattern that is a number SQL Server can hold. */
const anyDouble = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(0n, 2n ** 64n - 1n).map(bits => new Float64Array(BigUint64Array.of(bits).buffer)[0]!),
  // What tables hold: sums of money, ratios, short decimals, whole numbers.
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([n, e]) => n / 10 ** e),
  fc.tuple(fc.integer(), fc.integer({ min: 1, max: 1000 })).map(([n, m]) => n / m),
  fc.maxSafeInteger(),
  // Neighbours of powers of ten and of two.
  fc
    .tuple(fc.constantFrom(2, 10), fc.integer({ min: -307, max: 308 }), fc.integer({ min: -3, max: 3 }))
    .map(([base, e, off]) => {
      const bits = new BigInt64Array(1);
      const value = new Float64Array(bits.buffer);
      value[0] = Number(base === 10 ? `1e${e}` : 2 ** e);
      bits[0]! += BigInt(off);
      return value[0]!;
    }),
);

describe('float', () => {
  it.each([
    [0, '0E0'],
    [-0, '-0E0'],
    [1, '1E0'],
    [1.5, '1.5E0'],
    [-1.5, '-1.5E0'],
    [0.1, '0.1E0'],
    [1 / 3, '0.3333333333333333E0'],
    [1e23, '1E23'],
    [2 ** 53 + 1, '9007199254740992E0'],
    [1.7976931348623157e308, '1.7976931348623157E308'],
    [-1.7976931348623157e308, '-1.7976931348623157E308'],
    [2.2250738585072014e-308, '2.2250738585072014E-308'],
    [5e-324, '5E-324'],
    [123456789.25, '123456789.25E0'],
    [1e-7, '1E-7'],
    [0.000001, '0.000001E0'],
    [5e-7, '5E-7'],
    [123456789012345680, '123456789012345680E0'],
    [1e21, '1E21'],
    [4.35, '4.35E0'],
    [2 ** 53, '9007199254740992E0'],
  ])('%d is %s', (value, literal) => {
    expect(literalOf(columns.float, short(f64(value)))).toBe(literal);
  });

  it('writes the shortest digits that read back as the same bits', () => {
    fc.assert(
      fc.property(anyDouble, value => {
        fc.pre(Number.isFinite(value));
        const literal = literalOf(columns.float, short(f64(value)));
        expect(literal).toMatch(/^-?\d+(\.\d+)?E-?\d+$/);
        expect(Object.is(Number(literal), value)).toBe(true);
        const digits = (text: string) =>
          text
            .replace(/[eE].*/, '')
            .replace(/[-.]/g, '')
            .replace(/^0+|0+$/g, '').length;
        expect(digits(literal)).toBe(digits(String(value)));
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('real', () => {
  it.each([
    [0, '0E0'],
    [-0, '-0E0'],
    [1.5, '1.50000000E0'],
    [1.17549435e-38, '1.17549435E-38'],
    [3.40282347e38, '3.40282347E38'],
    [16777217, '1.67772160E7'],
    [0.1, '1.00000001E-1'],
    [-2.5e-10, '-2.49999993E-10'],
  ])('%d is %s', (value, literal) => {
    expect(literalOf(columns.real, short(f32(value)))).toBe(literal);
  });

  it('reads back as the same bits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), value => {
        const literal = literalOf(columns.real, short(f32(value)));
        expect(Object.is(Math.fround(Number(literal)), value)).toBe(true);
        expect(literal).toMatch(/E/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what no literal can express', () => {
  it.each([
    [columns.float, '08000000000000f87f', 'NaN'],
    [columns.float, '08000000000000f07f', 'Infinity'],
    [columns.float, '08000000000000f0ff', '-Infinity'],
    [columns.real, '040000807f', 'Infinity'],
    [columns.real, '040000c0ff', 'NaN'],
  ])('%#: $2 is refused with table and column', (column, bytes, shown) => {
    const writer = createSqlRowWriter([{ ...column, name: 'ratio' }], { schema: 'dbo', table: 'T' });
    const row = Buffer.concat([Buffer.of(0xd1), hex(bytes)]);
    const error = failureOf(() => writer.write(row, 0, row.length));
    expect(describeError(error)).toMatch(new RegExp(`column ratio holds ${shown},.* \\[dbo\\]\\.\\[T\\]`));
  });

  it('counts denormal numbers by column, for a finding', () => {
    const writer = createSqlRowWriter(
      [
        { ...columns.float, name: 'a' },
        { ...columns.real, name: 'b' },
        { ...columns.float, name: 'fine' },
      ],
      { table: 'T' },
    );
    for (let i = 0; i < 3; i++) {
      const row = Buffer.concat([
        Buffer.of(0xd1),
        short(f64(i === 0 ? 1 : 5e-324)),
        short(f32(i === 0 ? 1e-44 : 1)),
        short(f64(2.2250738585072014e-308)),
      ]);
      writer.write(row, 0, row.length);
    }
    expect(writer.denormals()).toEqual([
      { column: 'a', values: 2 },
      { column: 'b', values: 1 },
    ]);
  });
});
