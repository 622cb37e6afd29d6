import { describe, expect, it } from 'vitest';
import { PieceQueue } from '../../../src/importer/bulk/piece-queue.ts';

const piece = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

async function lengths(queue: PieceQueue): Promise<number[]> {
  const found: number[] = [];
  for await (const p of queue) found.push(p.length);
  return found;
}

describe('PieceQueue', () => {
  it('gives pieces in order and ends', async () => {
    const queue = new PieceQueue(() => {});
    const read = lengths(queue);
    queue.push([piece(1, 0), piece(2, 0)]);
    await new Promise(setImmediate);
    queue.push([piece(3, 0)]);
    queue.end();
    expect(await read).toEqual([1, 2, 3]);
    expect(queue.stopped).toBe(true);
  });

  it('holds the maker back until what waits was pulled', async () => {
    const queue = new PieceQueue(() => {});
    const held = queue.push([piece(5 << 20, 0)]);
    expect(held).toBeInstanceOf(Promise);
    expect(queue.push([])).toBeInstanceOf(Promise);
    queue.end();
    const read = lengths(queue);
    expect(await read).toEqual([5 << 20]);
    await held;
  });

  it('gives a piece back when the next one is pulled, and not before', async () => {
    const back: number[] = [];
    const queue = new PieceQueue(pieces => void back.push(...pieces.map(p => p[0]!)));
    queue.push([piece(100, 1), piece(100, 2), piece(70_000, 3)]);
    queue.end();
    const seen: number[][] = [];
    for await (const p of queue) seen.push([p[0]!, ...back]);
    expect(seen).toEqual([[1], [2, 1], [3, 1, 2]]);
    expect(back).toEqual([1, 2, 3]);
  });

  it('breaks off with the error it is ended with, and lets the maker go', async () => {
    const queue = new PieceQueue(() => {});
    const held = queue.push([piece(5 << 20, 0)]);
    queue.end({ error: new Error('cut') });
    await expect(lengths(queue)).rejects.toThrow('cut');
    await held;
    const back: Uint8Array[] = [];
    const other = new PieceQueue(pieces => void back.push(...pieces));
    const reader = other[Symbol.asyncIterator]();
    other.push([piece(1, 1)]);
    await reader.next();
    await reader.return!(undefined);
    other.push([piece(2, 2)]);
    expect(back.map(p => p.length)).toEqual([2]);
  });
});
