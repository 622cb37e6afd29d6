import { describe, expect, it } from 'vitest';
import { OutputBytes } from '../../src/data/output-bytes.ts';

describe('bytes for an output', () => {
  it('come out in order, however they are taken, and buffers are used again', () => {
    const out = new OutputBytes();
    const taken: Uint8Array[] = [];
    const expected: number[] = [];
    for (let i = 0; i < 50; i++) {
      const part = new Uint8Array(i * 9_001).fill(i);
      out.append(part);
      expected.push(part.length);
      if (i % 3 === 2) {
        const bytes = out.take();
        taken.push(bytes.slice());
        out.recycle(bytes);
        // What comes next must not reach what was handed over before.
        out.append(Uint8Array.of());
      }
    }
    taken.push(out.take());
    const all = Buffer.concat(taken);
    expect(all.length).toBe(expected.reduce((sum, n) => sum + n, 0));
    let at = 0;
    for (const [i, length] of expected.entries()) {
      expect(all.subarray(at, at + length).every(byte => byte === i)).toBe(true);
      at += length;
    }
  });

  it('does not change what it handed over and did not get back', () => {
    const out = new OutputBytes();
    for (const size of [10, 400_000]) {
      out.append(new Uint8Array(size).fill(1));
      const bytes = out.take();
      out.append(new Uint8Array(size).fill(2));
      expect(bytes.every(byte => byte === 1)).toBe(true);
      out.take();
    }
  });
});
