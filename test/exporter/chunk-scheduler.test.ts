import { describe, expect, it } from 'vitest';
import { CancelledError, ConnectionLostError } from '../../src/connection/sql-error.ts';
import type { ChunkRunner } from '../../src/exporter/chunk-runner.ts';
import { runChunks, type Schedule } from '../../src/exporter/chunk-scheduler.ts';
import type { ChunkResult, ChunkTask } from '../../src/exporter/chunk-writer.ts';

const result = (rows: number) => ({ rows }) as ChunkResult;
const turn = () => new Promise(resolve => setImmediate(resolve));

/** A runner that does what `work` says and notes what it was given. */
function runner(work: (item: string, onRows: (rows: number) => void) => Promise<ChunkResult>) {
  const state = { items: [] as string[], cancelled: 0 };
  const own: ChunkRunner = {
    run: (task, onRows) => {
      state.items.push(task.path);
      return work(task.path, onRows);
    },
    cancel: () => {
      state.cancelled++;
    },
    close: async () => undefined,
  };
  return { ...own, state };
}

function schedule(items: readonly string[], runners: readonly ChunkRunner[], more: Partial<Schedule<string>> = {}) {
  const done: string[] = [];
  return {
    done,
    promise: runChunks({
      items,
      runners,
      taskOf: path => ({ path }) as ChunkTask,
      retryDelays: [0, 0],
      signal: new AbortController().signal,
      onDone: async item => {
        done.push(item);
      },
      onRows: () => undefined,
      onRetry: () => undefined,
      ...more,
    }),
  };
}

describe('the work on chunks', () => {
  it('is shared by all runners, each chunk done once', async () => {
    const slow = runner(async () => {
      for (let i = 0; i < 20; i++) await turn();
      return result(1);
    });
    const fast = runner(async () => {
      await turn();
      return result(1);
    });
    const items = Array.from({ length: 10 }, (_, i) => `c${i}`);
    const { promise, done } = schedule(items, [slow, fast]);
    await promise;
    expect([...done].sort()).toEqual(items);
    expect([...slow.state.items, ...fast.state.items].sort()).toEqual(items);
    expect(fast.state.items.length).toBeGreaterThan(slow.state.items.length);
  });

  it('counts the rows of chunks under way', async () => {
    const counts: number[] = [];
    const own = runner(async (_, onRows) => {
      onRows(3);
      onRows(7);
      return result(10);
    });
    await schedule(['a', 'b'], [own], { onRows: rows => counts.push(rows) }).promise;
    expect(counts).toEqual([3, 7, 10, 13, 17, 20]);
  });

  it('tries again what may pass, so often as allowed, and says so', async () => {
    const lost = new ConnectionLostError('server', 'while a batch ran');
    const told: string[] = [];
    let failures = 2;
    const own = runner(async () => {
      if (failures-- > 0) throw lost;
      return result(1);
    });
    await schedule(['a'], [own], { onRetry: (item, error) => told.push(`${item}: ${error.message}`) }).promise;
    expect(told).toEqual(Array(2).fill('a: connection to server lost while a batch ran'));
    failures = 3;
    await expect(schedule(['a'], [own]).promise).rejects.toBe(lost);
    failures = 1;
    await expect(schedule(['a'], [own], { retryDelays: null }).promise).rejects.toBe(lost);
  });

  it('stops everywhere at the first error that stays', async () => {
    const error = new Error('no such column');
    const failing = runner(async () => {
      await turn();
      throw error;
    });
    let release: (() => void) | undefined;
    const waiting: ChunkRunner = {
      run: () => new Promise((_, reject) => (release = () => reject(new CancelledError()))),
      cancel: () => release?.(),
      close: async () => undefined,
    };
    const { promise, done } = schedule(['a', 'b', 'c', 'd'], [waiting, failing]);
    await expect(promise).rejects.toBe(error);
    expect(done).toEqual([]);
    expect(failing.state.items).toHaveLength(1);
  });

  it('is never taken for finished when it was stopped between two chunks', async () => {
    const stop = new AbortController();
    const own = runner(async () => result(1));
    const { promise } = schedule(['a', 'b', 'c'], [own], {
      signal: stop.signal,
      onDone: async () => stop.abort(),
    });
    await expect(promise).rejects.toBeInstanceOf(CancelledError);
    expect(own.state.items).toEqual(['a']);
  });
});
