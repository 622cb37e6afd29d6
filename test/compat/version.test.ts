import { describe, expect, it } from 'vitest';
import { parseTargetVersion, targetVersions, versionNumber, versionOfProduct } from '../../src/compat/version.ts';

describe('parseTargetVersion', () => {
  it.each([
    ['2012', '2012'],
    ['2008r2', '2008R2'],
    ['2008 R2', '2008R2'],
    ['SQL Server 2016', '2016'],
    ['sql2019', '2019'],
    ['110', '2012'],
    ['105', '2008R2'],
    ['11.0.7001.0', '2012'],
    ['10.50.6000', '2008R2'],
    ['10.0.5500', '2008'],
    ['17.0.1000.7', '2025'],
    ['Azure', 'azure'],
    ['2005', undefined],
    ['2013', undefined],
    ['', undefined],
  ])('reads %j as %s', (text, version) => {
    expect(parseTargetVersion(text)).toBe(version);
  });
  it('reads back every version by name and number', () => {
    for (const version of targetVersions) {
      expect(parseTargetVersion(version)).toBe(version);
      if (version !== 'azure') expect(parseTargetVersion(String(versionNumber(version)))).toBe(version);
    }
  });
});

it('versionOfProduct knows what it does not know', () => {
  expect(versionOfProduct(18, 0)).toBeUndefined();
  expect(versionOfProduct(9, 0)).toBeUndefined();
  expect(versionOfProduct(16, 0)).toBe('2022');
});
