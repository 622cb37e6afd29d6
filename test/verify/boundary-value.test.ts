import { describe, expect, it } from 'vitest';
import type { DataType } from '../../src/model/data-type.ts';
import { boundaryValue, boundaryValues } from '../../src/verify/boundary-value.ts';

const type = (name: string): DataType => ({ schema: null, name });

describe('a partition boundary in one form', () => {
  it.each([
    ['datetime', "'20240101'", "'2024-01-01T00:00:00.000'"],
    ['datetime2', "CAST('2024-01-01' AS datetime2(3))", "N'2024-01-01 00:00:00.0000000'"],
    ['date', "CONVERT(date, '20240229')", "'2024-02-29'"],
    ['datetimeoffset', "'2024-01-01T10:00:00Z'", "'2024-01-01 10:00:00.0000000 +00:00'"],
    ['int', '(007)', '7'],
    ['int', '(-1)', '-1'],
    ['decimal', '+1.500', '1.5'],
    ['money', '$100', '100.0000'],
    ['float', '1E3', '1000'],
    ['varchar', "N'it''s'", "'it''s  '"],
    ['nvarchar', "'a, b'", "CONVERT(nvarchar(10), N'a, b')"],
    ['varbinary', '0x0A', '0x0a'],
    ['int', 'null', 'NULL'],
  ])('%s: %s = %s', (name, a, b) => {
    expect(boundaryValue(a, type(name))).toBe(boundaryValue(b, type(name)));
  });

  it.each([
    ['datetime', "'20240101'", "'20240102'"],
    ['datetime', "'20240101 00:00:00.003'", "'20240101'"],
    ['datetimeoffset', "'2024-01-01T10:00:00+01:00'", "'2024-01-01T10:00:00Z'"],
    ['int', '1', '-1'],
    ['int', '10', '1'],
    ['varchar', "'a'", "'A'"],
    ['varchar', "' a'", "'a'"],
  ])('%s: %s is not %s', (name, a, b) => {
    expect(boundaryValue(a, type(name))).not.toBe(boundaryValue(b, type(name)));
  });

  it('is in no order, as the server orders them by value', () => {
    expect(boundaryValues(['20', '3', '100'], type('int'))).toEqual(boundaryValues(['3', '20', '100'], type('int')));
  });
});
