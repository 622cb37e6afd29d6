import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { bulkMetadata, insertBulkStatement } from '../../../src/data/bulk/bulk-message.ts';
import { readColumnMetadata } from '../../../src/data/column-metadata.ts';
import { WireType } from '../../../src/data/wire-column.ts';
import { hex, u16 } from '../../connection/tds-bytes.ts';
import { literalOf } from '../literal-of.ts';
import { columns, f32, sized, wireColumn } from '../wire-columns.ts';
import { bulkValue, taken } from './bulk-bytes.ts';

const vector = (numbers: readonly number[]): Buffer =>
  sized(Buffer.concat([hex('a901'), u16(numbers.length), hex('00000000'), ...numbers.map(f32)]));
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** From bits: all numbers but NaN, infinity and the denormal ones, which the server may read as 0. */
const single = fc
  .integer()
  .map(bits => Buffer.from(Int32Array.of(bits).buffer).readFloatLE())
  .filter(v => v === 0 || (Number.isFinite(v) && Math.abs(v) >= 1.1754943508222875e-38));
const numbers = fc.array(fc.oneof(single, fc.constantFrom(0, -0, 1, -1, 3.4028234663852886e38)), {
  minLength: 1,
  maxLength: 40,
});

describe('a vector in a bulk load', () => {
  it('comes back bit by bit through its literal', () => {
    fc.assert(
      fc.property(numbers, values => {
        const column = columns.vector(values.length);
        const bytes = vector(values);
        const literal = literalOf(column, bytes);
        expect(bulkValue(column, literal)).toBe(asHex(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('has the bytes that MS-TDS 2.2.5.5.7 describes', () => {
    const bytes = '1000 a901 0200 00 000000 cdcc8c3f cdcc0c40'.replaceAll(' ', '');
    for (const literal of [
      "N'[1.1,2.2]'",
      "'[1.1,2.2]'",
      "N' [ 1.1 ,\t2.2\r\n] '",
      "N'[1.10000002,2.20000005]'",
      "CAST(N'[1.1,2.2]' AS vector(2))",
      "CAST('[1.1000000e+000,2.2000000e+000]' AS Vector(2))",
      "CAST ( N'[11E-1, 0.22e1]' AS [vector](2) )",
    ])
      expect(bulkValue(columns.vector(2), literal)).toBe(bytes);
  });

  it('may be NULL', () => expect(bulkValue(columns.vector(3), 'NULL')).toBe('ffff'));

  it('of 1,998 dimensions has 8,000 bytes', () => {
    const values = Array.from({ length: 1998 }, (_, i) => Math.fround(Math.sin(i) * 10 ** ((i % 70) - 35)));
    const bytes = vector(values);
    expect(bytes.readUInt16LE()).toBe(8000);
    expect(bulkValue(columns.vector(1998), literalOf(columns.vector(1998), bytes))).toBe(asHex(bytes));
  });

  it.each([
    ["N'[1]'", 'too few numbers'],
    ["N'[1,2,3]'", 'too many'],
    ["N'[]'", 'none'],
    ["N'1,2'", 'no array'],
    ["N'[1,2'", 'an open array'],
    ["N'[1,2]]'", 'something behind it'],
    ["N'[1,2]''x'", 'a quote behind it'],
    ["N'[1,]'", 'a comma at the end'],
    ["N'[1 2]'", 'no comma'],
    ["N'[1,null]'", 'null'],
    [`N'[1,"2"]'`, 'a text'],
    ["N'[01,2]'", 'a zero before'],
    ["N'[+1,2]'", 'a plus'],
    ["N'[.5,2]'", 'no digit before the point'],
    ["N'[5.,2]'", 'none behind it'],
    ["N'[5.e1,2]'", 'none between point and E'],
    ["N'[5e,2]'", 'none behind E'],
    ["N'[5e+,2]'", 'none behind its sign'],
    ["N'[1e39,2]'", 'too large a number'],
    ["N'[1e-40,2]'", 'a denormal one'],
    ["N'[1e-400,2]'", 'one that a double has not'],
    ["N'[1.00000005960464477539,2]'", 'the middle of two'],
    ["N'[NaN,2]'", 'NaN'],
    ["CAST(N'[1,2]' AS vector(3))", 'another type'],
    ["CAST(N'[1,2]' AS vector)", 'a type without dimensions'],
    ["CAST(N'[1,2]' AS json)", 'json'],
    ["N'[1,' + N'2]'", 'a joined text'],
    ['0x01', 'bytes'],
    ['1', 'a number'],
  ])('leaves %s to the server: %s', literal => {
    expect(bulkValue(columns.vector(2), literal)).toBeNull();
  });

  it('leaves texts and CASTs in one list to the server', () => {
    expect(taken(columns.vector(1), "N'[1]'", "CAST(N'[1]' AS vector(1))")).toEqual([true, false]);
  });

  it('leaves vectors of half precision to the server', () => {
    const half = wireColumn(WireType.vector, { maxLength: 12, scale: 1 });
    expect(bulkValue(half, "N'[1,2]'")).toBeNull();
  });

  it('is declared and described as a vector', () => {
    const column = bulkColumn({ ...columns.vector(3), name: 'v' });
    const statement = insertBulkStatement([column], { table: '[t]', checkConstraints: false, tableLock: false });
    expect(statement).toBe('INSERT BULK [t] ([v] vector(3)) WITH (KEEP_NULLS)');
    const token = bulkMetadata([column], '[t]');
    // Microsoft.Data.SqlClient: type, length of a value, dimension type.
    expect(Buffer.from(token).toString('hex')).toContain('f5140000');
    expect(readColumnMetadata(token, 1, token.length, 'bulk').columns[0]).toMatchObject({
      type: WireType.vector,
      maxLength: 20,
      scale: 0,
    });
  });
});
