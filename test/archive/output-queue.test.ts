import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/archive/output-file.ts';
import { OutputQueue } from '../../src/archive/output-queue.ts';

/** An output whose writes end when the test says so. */
function slowOutput() {
  const writes: { bytes: string; end: (error?: Error) => void }[] = [];
  const output: Output = {
    name: 'slow',
    bytesWritten: 0,
    write: bytes =>
      new Promise((resolve, reject) => {
        writes.push({
          bytes: Buffer.from(bytes).toString(),
          end: error => (error ? reject(error) : resolve()),
        });
      }),
    finish: async () => undefined,
    abandon: async () => undefined,
  };
  return { output, writes };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('OutputQueue', () => {
  it('lets the producer go on while one write is under way, and holds it at the second', async () => {
    const { output, writes } = slowOutput();
    const queue = new OutputQueue(output);
    const written: string[] = [];
    const push = (text: string) => queue.push(Buffer.from(text), bytes => written.push(Buffer.from(bytes).toString()));
    expect(push('a')).toBeUndefined();
    let went = false;
    const second = Promise.resolve(push('b')).then(() => (went = true));
    await turn();
    expect(went).toBe(false);
    expect(writes.map(w => w.bytes)).toEqual(['a']);
    writes[0]!.end();
    await second;
    expect(written).toEqual(['a']);
    expect(writes.map(w => w.bytes)).toEqual(['a', 'b']);
    writes[1]!.end();
    await queue.drain();
    expect(written).toEqual(['a', 'b']);
  });

  it('gives the error of a write to whoever comes next', async () => {
    const { output, writes } = slowOutput();
    const queue = new OutputQueue(output);
    queue.push(Buffer.from('a'));
    const second = queue.push(Buffer.from('b'));
    writes[0]!.end(new Error('the disk is full'));
    await expect(second).rejects.toThrow('the disk is full');
    expect(() => queue.push(Buffer.from('c'))).toThrow('the disk is full');
    await expect(queue.drain()).rejects.toThrow('the disk is full');
    expect(writes).toHaveLength(1);
  });
});
