import { expect, it } from 'vitest';
import { ScriptWindows } from '../../src/importer/script-windows.ts';

it('gives memory out again only when nobody holds it, with zeros behind the part', () => {
  const windows = new ScriptWindows();
  const first = windows.open([Buffer.from('a long part'), Buffer.from(' of a script')]);
  expect(first.bytes.toString('utf8', 0, first.length)).toBe('a long part of a script');
  first.holders++;
  windows.release(first);
  const second = windows.open([Buffer.from('another')]);
  expect(second.bytes).not.toBe(first.bytes);
  windows.release(first);
  const third = windows.open([Buffer.from('short')]);
  expect(third.bytes).toBe(first.bytes);
  expect(third.bytes.subarray(5, 5 + 64).every(byte => byte === 0)).toBe(true);
});
