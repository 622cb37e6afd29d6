import { describe, expect, it } from 'vitest';
import { repeatWork } from '../../src/connection/repeat-work.ts';
import { ConnectionLostError } from '../../src/connection/sql-error.ts';
import { XpdbError } from '../../src/model/error.ts';

const lost = new ConnectionLostError('server', 'while a batch ran');
const refused = new XpdbError('nothing listens');

/** Work that meets one error after the other: `c:` while connecting, else while it runs; null where a step passes. */
function work(connects: (Error | null)[], runs: (Error | null)[]) {
  const told: string[] = [];
  const again: boolean[] = [];
  return {
    told,
    again,
    async connect() {
      const error = connects.shift() ?? null;
      if (error) throw error;
    },
    async run(isAgain: boolean) {
      again.push(isAgain);
      const error = runs.shift() ?? null;
      if (error) throw error;
      return 'done';
    },
    onRetry: (error: Error, tries: number) => void told.push(`${tries}: ${error.message}`),
  };
}

const policy = { pausesMs: [0, 0] };
const { signal } = new AbortController();

describe('repeatWork', () => {
  it('does it again after an error that passes, and says so', async () => {
    const own = work([], [lost]);
    expect(await repeatWork(own, policy, signal)).toBe('done');
    expect(own.told).toEqual([`1: ${lost.message}`]);
    expect(own.again).toEqual([false, true]);
  });

  it('waits for a server that comes back', async () => {
    const own = work([null, refused, null], [lost]);
    expect(await repeatWork(own, policy, signal)).toBe('done');
    expect(own.told).toEqual([`1: ${lost.message}`, '2: nothing listens']);
  });

  it('tells what broke it off when the server does not come back', async () => {
    await expect(repeatWork(work([null, refused, refused], [lost]), policy, signal)).rejects.toBe(lost);
    await expect(repeatWork(work([], [lost, lost, lost]), policy, signal)).rejects.toBe(lost);
  });

  it('waits for a first connection, too, and tells why there was none', async () => {
    const own = work([refused], []);
    expect(await repeatWork(own, policy, signal)).toBe('done');
    expect(own.told).toEqual(['1: nothing listens']);
    await expect(repeatWork(work([refused, refused, refused], []), policy, signal)).rejects.toBe(refused);
  });

  it('does not repeat what fails with an error that stays', async () => {
    const own = work([], [refused]);
    await expect(repeatWork(own, policy, signal)).rejects.toBe(refused);
    expect(own.told).toEqual([]);
  });

  it('begins nothing when it is stopped while it connects or waits', async () => {
    const stop = new AbortController();
    const own = work([], []);
    const connect = async () => stop.abort();
    await expect(repeatWork({ ...own, connect }, policy, stop.signal)).rejects.toThrow(/aborted/);
    expect(own.again).toEqual([]);
    const later = new AbortController();
    const onRetry = () => later.abort();
    await expect(repeatWork({ ...work([], [lost]), onRetry }, policy, later.signal)).rejects.toThrow(/aborted/);
  });
});
