import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireType } from '../../src/data/wire-column.ts';
import { hex } from '../connection/tds-bytes.ts';
import { literalOf } from './literal-of.ts';
import { columns, i16, i32, i64, short, wireColumn } from './wire-columns.ts';

describe('integers', () => {
  it.each([
    [columns.tinyint, '0100', '0'],
    [columns.tinyint, '01ff', '255'],
    [columns.smallint, '020080', '-32768'],
    [columns.smallint, '02ff7f', '32767'],
    [columns.smallint, '02ffff', '-1'],
    [columns.int, '0400000080', '-2147483648'],
    [columns.int, '04ffffff7f', '2147483647'],
    [columns.int, '0400000000', '0'],
    [columns.int, '04ffffffff', '-1'],
    [columns.int, '0492100000', '4242'],
    [columns.bigint, '080000000000000080', '-9223372036854775808'],
    [columns.bigint, '08ffffffffffffff7f', '9223372036854775807'],
    [columns.bigint, '080100000000000080', '-9223372036854775807'],
    [columns.bigint, '08ffffffffffffffff', '-1'],
    [columns.bigint, '080000000001000000', '4294967296'],
    [columns.bigint, '080000000000002000', '9007199254740992'],
    [columns.bigint, '080100000000002000', '9007199254740993'],
    [columns.bigint, '080000000000000000', '0'],
    [columns.bit, '0100', '0'],
    [columns.bit, '0101', '1'],
    [columns.int, '00', 'NULL'],
    [columns.bit, '00', 'NULL'],
    [wireColumn(WireType.int1), 'ff', '255'],
    [wireColumn(WireType.int2), '0080', '-32768'],
    [wireColumn(WireType.int4), '92100000', '4242'],
    [wireColumn(WireType.int8), 'ffffffffffffff7f', '9223372036854775807'],
    [wireColumn(WireType.bit), '01', '1'],
  ])('%#: $1 is $2', (column, bytes, literal) => {
    expect(literalOf(column, hex(bytes))).toBe(literal);
  });

  it('writes any int and smallint', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.integer({ min: -32768, max: 32767 }),
        (n, m) => {
          expect(literalOf(columns.int, short(i32(n)))).toBe(String(n));
          expect(literalOf(columns.smallint, short(i16(m)))).toBe(String(m));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes any bigint, around powers of two and ten too', () => {
    const around = fc
      .tuple(fc.constantFrom(2n, 10n), fc.integer({ min: 0, max: 62 }), fc.bigInt(-3n, 3n), fc.boolean())
      .map(([base, exponent, off, negative]) => (base ** BigInt(exponent) + off) * (negative ? -1n : 1n))
      .filter(n => n >= -(2n ** 63n) && n < 2n ** 63n);
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), around), n => {
        expect(literalOf(columns.bigint, short(i64(n)))).toBe(String(n));
      }),
      { numRuns: 3000 },
    );
  });
});
