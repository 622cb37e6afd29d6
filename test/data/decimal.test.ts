import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../connection/tds-bytes.ts';
import { literalOf } from './literal-of.ts';
import { columns, decimal, little, money, short } from './wire-columns.ts';

const nines = 10n ** 38n - 1n;

/** By hand: sign, digits padded to the scale, the point. */
function expected(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

describe('decimal and numeric', () => {
  it.each([
    [38, 0, nines, '99999999999999999999999999999999999999'],
    [38, 0, -nines, '-99999999999999999999999999999999999999'],
    [38, 38, nines, '0.99999999999999999999999999999999999999'],
    [38, 38, -nines, '-0.99999999999999999999999999999999999999'],
    [38, 38, 1n, '0.00000000000000000000000000000000000001'],
    [38, 38, -1n, '-0.00000000000000000000000000000000000001'],
    [38, 38, 0n, '0.00000000000000000000000000000000000000'],
    [1, 0, 0n, '0'],
    [1, 0, -9n, '-9'],
    [1, 1, 5n, '0.5'],
    [18, 4, 0n, '0.0000'],
    [18, 4, 1n, '0.0001'],
    [18, 4, -10000n, '-1.0000'],
    [18, 4, 999999999999999999n, '99999999999999.9999'],
    [18, 4, 12345678901234567n, '1234567890123.4567'],
    [19, 0, 9223372036854775807n, '9223372036854775807'],
    [19, 10, 1234567890123456789n, '123456789.0123456789'],
    [9, 2, 110n, '1.10'],
    [28, 9, 1234567890123456789012345678n, '1234567890123456789.012345678'],
  ])('decimal(%i,%i) %s', (precision, scale, unscaled, literal) => {
    expect(literalOf(columns.decimal(precision, scale), short(decimal(unscaled, precision)))).toBe(literal);
    expect(literalOf(columns.numeric(precision, scale), short(decimal(unscaled, precision)))).toBe(literal);
  });

  it('has no negative zero', () => {
    expect(literalOf(columns.decimal(9, 2), hex('050000000000'))).toBe('0.00');
  });

  it('reads the captured numeric(38,0)', () => {
    expect(literalOf(columns.numeric(38, 0), hex('050101000000'))).toBe('1');
  });

  it('writes any value of any precision and scale, in any length that holds it', () => {
    const value = fc.integer({ min: 1, max: 38 }).chain(precision =>
      fc.record({
        precision: fc.constant(precision),
        scale: fc.integer({ min: 0, max: precision }),
        unscaled: fc.oneof(
          fc.bigInt(-(10n ** BigInt(precision)) + 1n, 10n ** BigInt(precision) - 1n),
          fc.integer({ min: 0, max: precision - 1 }).map(e => 10n ** BigInt(e)),
          fc.integer({ min: 1, max: precision }).map(e => 1n - 10n ** BigInt(e)),
        ),
        length: fc.constantFrom(4, 8, 12, 16),
      }),
    );
    fc.assert(
      fc.property(value, ({ precision, scale, unscaled, length }) => {
        const size = unscaled < 0n ? -unscaled : unscaled;
        fc.pre(size < 1n << BigInt(8 * length));
        const bytes = Buffer.concat([Buffer.of(unscaled < 0n ? 0 : 1), little(size, length)]);
        expect(literalOf(columns.decimal(precision, scale), short(bytes))).toBe(expected(unscaled, scale));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('money and smallmoney', () => {
  it.each([
    [9223372036854775807n, '922337203685477.5807'],
    [-9223372036854775808n, '-922337203685477.5808'],
    [-9223372036854775807n, '-922337203685477.5807'],
    [0n, '0.0000'],
    [1n, '0.0001'],
    [-1n, '-0.0001'],
    [5700n, '0.5700'],
    [11300n, '1.1300'],
    [-4294967296n, '-429496.7296'],
    [4294967295n, '429496.7295'],
  ])('money of %s ten-thousandths is %s', (unscaled, literal) => {
    expect(literalOf(columns.money, short(money(unscaled)))).toBe(literal);
  });

  it.each([
    ['ffffff7f', '214748.3647'],
    ['00000080', '-214748.3648'],
    ['ffffffff', '-0.0001'],
    ['00000000', '0.0000'],
  ])('smallmoney %s is %s', (bytes, literal) => {
    expect(literalOf(columns.smallmoney, short(hex(bytes)))).toBe(literal);
  });

  it('writes any money', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), unscaled => {
        expect(literalOf(columns.money, short(money(unscaled)))).toBe(expected(unscaled, 4));
      }),
      { numRuns: 1000 },
    );
  });
});
