import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSqlRowWriter } from '../../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../../src/data/wire-column.ts';
import { columns, f32, f64, short } from '../wire-columns.ts';
import { doubles, reals } from './arbitrary-rows.ts';

/** The literals that the kernel writes. */
function literals(column: WireColumn, values: readonly number[]): string[] {
  const writer = createSqlRowWriter([column], { table: 'T', kernel: 'always', rowsPerStatement: 1000 });
  const bytes = Buffer.concat(
    values.flatMap(v => [Buffer.of(0xd1), short(column.maxLength === 8 ? f64(v) : f32(Math.fround(v)))]),
  );
  writer.write(bytes, 0, bytes.length);
  writer.finish();
  return [
    ...Buffer.from(writer.take())
      .toString()
      .matchAll(/^\((.*)\)[,;]\r$/gm),
  ].map(m => m[1]!);
}

/** JavaScript's text of a number, always with an exponent. */
function expected(value: number, text: string): string {
  const sign = Object.is(value, -0) ? '-' : '';
  const [digits, exponent = '0'] = text.split('e');
  return `${sign}${digits}E${exponent.replace('+', '')}`;
}

const shortest = (v: number) => expected(v, String(v));
const nine = (v: number) => expected(v, v === 0 ? '0' : Math.fround(v).toExponential(8));

describe('the kernel', () => {
  it('writes the digits of a float that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.array(doubles, { minLength: 100, maxLength: 100 }), values => {
        expect(literals(columns.float, values)).toEqual(values.map(shortest));
      }),
      { numRuns: 200 },
    );
  });

  it('writes every power of two and of ten, and the doubles beside them', () => {
    const powers = [
      ...Array.from({ length: 2046 }, (_, i) => 2 ** (i - 1022)),
      ...Array.from({ length: 616 }, (_, i) => Number(`1e${i - 307}`)),
    ];
    const values = powers.flatMap(power => {
      const bytes = f64(power);
      return [-1n, 0n, 1n].map(step => {
        const next = Buffer.alloc(8);
        next.writeBigInt64LE(bytes.readBigInt64LE() + step);
        return next.readDoubleLE();
      });
    });
    expect(literals(columns.float, values)).toEqual(values.map(shortest));
  });

  it('writes nine digits of a real, rounded as JavaScript rounds them', () => {
    fc.assert(
      fc.property(fc.array(reals, { minLength: 100, maxLength: 100 }), values => {
        expect(literals(columns.real, values)).toEqual(values.map(nine));
      }),
      { numRuns: 200 },
    );
  });
});
