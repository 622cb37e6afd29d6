import { describe, expect, it } from 'vitest';
import { startChunkThread } from '../../src/archive/chunk-thread.ts';
import type { FromCounting, ToCounting } from './counting-thread.ts';

function start() {
  const thread = startChunkThread<ToCounting, FromCounting>('./counting-thread', import.meta.url, {
    greeting: 'counted to',
  });
  const seen: number[] = [];
  const ask = (request: ToCounting) =>
    thread.ask<string>(request, (message, settle) => {
      if ('at' in message) seen.push(message.at);
      else if ('done' in message) settle.resolve(message.done);
      else settle.reject(new Error(message.failed));
    });
  return { thread, seen, ask };
}

describe('a thread for chunks', () => {
  it('does one request after the other and hands over what comes meanwhile', async () => {
    const { thread, seen, ask } = start();
    expect(await ask({ count: 3 })).toBe('counted to 3');
    await expect(ask({ fail: 'no rows' })).rejects.toThrow('no rows');
    expect(await ask({ count: 1 })).toBe('counted to 1');
    expect(seen).toEqual([1, 2, 3, 1]);
    await thread.close('close');
  });

  it('rejects what waits when it dies, and everything after', async () => {
    const { thread, ask } = start();
    await expect(ask('die')).rejects.toThrow('died');
    await expect(ask({ count: 1 })).rejects.toThrow('died');
    await thread.close('close');
  });

  it('rejects what comes after its end', async () => {
    const { thread, ask } = start();
    await thread.close('close');
    await expect(ask({ count: 1 })).rejects.toThrow('the worker thread ended');
  });
});
