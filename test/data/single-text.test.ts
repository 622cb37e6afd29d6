import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeSingleText } from '../../src/data/single-text.ts';

const out = new DataView(new ArrayBuffer(40));
function textOf(value: number): string {
  const end = writeSingleText(out, 3, value);
  return Buffer.from(out.buffer, 3, end - 3).toString('latin1');
}
const single = (bits: number): number => Buffer.from(Int32Array.of(bits).buffer).readFloatLE();
/** What JavaScript makes of the nine digits. */
const wanted = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(Number(value.toPrecision(9))));

describe('the text of a single', () => {
  it.each([
    [0, '0'],
    [-0, '-0.0'],
    [1, '1'],
    [-1.5, '-1.5'],
    [0.1, '0.100000001'],
    [100, '100'],
    [16777216, '16777216'],
    [999999936, '999999936'],
    [1e9, '1000000000'],
    [123456792, '123456792'],
    [9.99999997e-7, '9.99999997e-7'],
    [0.000001, '9.99999997e-7'],
    [0.00000101, '0.00000101000001'],
    [3.4028234663852886e38, '3.40282347e+38'],
    [1e-45, '1.40129846e-45'],
  ])('%d', (value, text) => expect(textOf(Math.fround(value))).toBe(text));

  it('has nine digits, rounded as JavaScript rounds them, and reads back bit by bit', () => {
    const numbers = fc
      .oneof(
        fc.integer().map(single),
        fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround),
        fc.double({ min: -2e9, max: 2e9, noNaN: true }).map(Math.fround),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map(Math.fround),
        fc.integer({ min: -(2 ** 24), max: 2 ** 24 }).map(n => n / 2 ** 20),
        // Beside powers of ten.
        fc.tuple(fc.integer({ min: -10, max: 12 }), fc.integer({ min: -3, max: 3 })).map(([power, steps]) => {
          const bits = Buffer.alloc(4);
          bits.writeFloatLE(10 ** power);
          return single(bits.readInt32LE() + steps);
        }),
      )
      .filter(Number.isFinite);
    fc.assert(
      fc.property(numbers, value => {
        const text = textOf(value);
        expect(text).toBe(wanted(value));
        expect(Object.is(Math.fround(JSON.parse(text)), value)).toBe(true);
      }),
      { numRuns: 20000 },
    );
  });
});
