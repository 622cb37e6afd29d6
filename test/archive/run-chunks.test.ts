import { describe, expect, it } from 'vitest';
import type { ChunkRunner } from '../../src/archive/chunk-runner.ts';
import { type ChunkSchedule, runChunks } from '../../src/archive/run-chunks.ts';
import { CancelledError } from '../../src/connection/sql-error.ts';

const turn = () => new Promise(resolve => setImmediate(resolve));

/** A runner that does what `work` says and notes what it was given. */
function runner(work: (chunk: string, onRows: (rows: number) => void) => Promise<number>) {
  const state = { chunks: [] as string[], cancelled: 0, closed: 0 };
  const own: ChunkRunner<string, number> = {
    run: (chunk, onRows) => {
      state.chunks.push(chunk);
      return work(chunk, onRows);
    },
    cancel: () => {
      state.cancelled++;
    },
    close: async () => {
      state.closed++;
    },
  };
  return { ...own, state };
}

/** A runner whose chunk ends when it is cancelled. */
function waiting() {
  const own = runner(() => new Promise((_, reject) => (own.cancel = () => reject(new CancelledError()))));
  return own;
}

type Schedule = ChunkSchedule<string, string, number>;

function run(chunks: readonly string[], runners: readonly ChunkRunner<string, number>[], more: Partial<Schedule> = {}) {
  const done: string[] = [];
  const promise = runChunks({
    chunks,
    runners: runners.map(r => () => r),
    headStartMs: 0,
    run: async (own, chunk, onRows) => {
      const rows = await own.run(chunk, onRows, () => undefined);
      done.push(chunk);
      return rows;
    },
    signal: new AbortController().signal,
    onRows: () => undefined,
    ...more,
  });
  return { done, promise };
}

describe('the work on chunks', () => {
  it('is shared by all runners, each chunk done once', async () => {
    const slow = runner(async () => {
      for (let i = 0; i < 20; i++) await turn();
      return 1;
    });
    const fast = runner(async () => {
      await turn();
      return 1;
    });
    const chunks = Array.from({ length: 10 }, (_, i) => `c${i}`);
    const { promise, done } = run(chunks, [slow, fast]);
    await promise;
    expect([...done].sort()).toEqual(chunks);
    expect([...slow.state.chunks, ...fast.state.chunks].sort()).toEqual(chunks);
    expect(fast.state.chunks.length).toBeGreaterThan(slow.state.chunks.length);
    expect([slow.state.closed, fast.state.closed]).toEqual([1, 1]);
  });

  it('opens further runners only where the first one is not done with it soon', async () => {
    const opened: string[] = [];
    const open = (name: string) => () => {
      opened.push(name);
      return runner(turn as () => Promise<never>);
    };
    const chunks = ['a', 'b', 'c'];
    const schedule = { chunks, run: async () => 1, signal: new AbortController().signal, onRows: () => undefined };
    await runChunks({ ...schedule, runners: [open('first'), open('second')], headStartMs: 60_000 });
    expect(opened).toEqual(['first']);
    let begun = 0;
    // Until somebody takes the second chunk.
    const both = async () => {
      begun++;
      while (begun < 2) await turn();
      return 1;
    };
    await runChunks({ ...schedule, run: both, runners: [open('third'), open('fourth')], headStartMs: 1 });
    expect(opened).toEqual(['first', 'third', 'fourth']);
  });

  it('leaves chunks to the others until a runner is ready, and ends without one that never is', async () => {
    const quick = runner(async () => {
      await turn();
      return 1;
    });
    const late = runner(async () => 1);
    const ready = new Promise<void>(() => undefined);
    await run(['a', 'b', 'c'], [quick, { ...late, ready }]).promise;
    expect(quick.state.chunks).toEqual(['a', 'b', 'c']);
    expect([late.state.chunks, late.state.closed]).toEqual([[], 1]);
  });

  it('counts the rows of chunks under way', async () => {
    const counts: number[] = [];
    const own = runner(async (_, onRows) => {
      onRows(3);
      onRows(7);
      return 10;
    });
    await run(['a', 'b'], [own], { onRows: rows => counts.push(rows) }).promise;
    expect(counts).toEqual([3, 7, 10, 13, 17, 20]);
  });

  it('stops everywhere at the first error, which is told when all have ended', async () => {
    const error = new Error('no such column');
    const failing = runner(async () => {
      await turn();
      throw error;
    });
    const other = waiting();
    const { promise, done } = run(['a', 'b', 'c', 'd'], [other, failing]);
    await expect(promise).rejects.toBe(error);
    expect(done).toEqual([]);
    expect([other.state.chunks, failing.state.chunks]).toEqual([['a'], ['b']]);
    expect([other.state.closed, failing.state.closed]).toEqual([1, 1]);
  });

  it('is cancelled by its signal, whatever that breaks off', async () => {
    const stop = new AbortController();
    const other = waiting();
    const own = runner(async () => {
      await turn();
      stop.abort();
      throw new Error('broken off');
    });
    const { promise } = run(['a', 'b', 'c'], [other, own], { signal: stop.signal });
    await expect(promise).rejects.toBeInstanceOf(CancelledError);
    expect([other.state.chunks, own.state.chunks]).toEqual([['a'], ['b']]);
  });

  it('is never taken for finished when it was stopped before it, or between two chunks', async () => {
    const stop = new AbortController();
    const own = runner(async () => 1);
    const { promise } = run(['a', 'b', 'c'], [own], { signal: stop.signal, onRows: () => stop.abort() });
    await expect(promise).rejects.toBeInstanceOf(CancelledError);
    await expect(run(['d'], [own], { signal: stop.signal }).promise).rejects.toBeInstanceOf(CancelledError);
    expect(own.state.chunks).toEqual(['a']);
    expect(own.state.cancelled).toBe(1);
  });
});
