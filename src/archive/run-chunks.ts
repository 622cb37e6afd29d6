import { setTimeout } from 'node:timers/promises';
import { CancelledError } from '../connection/sql-error.ts';
import type { ChunkRunner } from './chunk-runner.ts';

/** Opens a runner, as soon as there is something to do for it. */
export type OpenRunner<Task, Result> = () => ChunkRunner<Task, Result>;

const usualHeadStartMs = 100;

export interface ChunkSchedule<Chunk, Task, Result> {
  /** In the order in which they are begun. */
  readonly chunks: readonly Chunk[];
  /** Open a runner each. They are closed at the end. */
  readonly runners: readonly OpenRunner<Task, Result>[];
  /** So long the first runner works alone, milliseconds. To start a thread takes some time and memory: what is little is done before. */
  readonly headStartMs?: number;
  /**
   * Does one chunk.
   * @param onRows to be told of its rows so far
   * @returns its rows
   */
  readonly run: (runner: ChunkRunner<Task, Result>, chunk: Chunk, onRows: (rows: number) => void) => Promise<number>;
  readonly signal: AbortSignal;
  /** Rows that are done, of chunks under way included. */
  readonly onRows: (rows: number, chunk: Chunk) => void;
}

/**
 * Lets every runner take the next chunk until there is none. The first failure stops all of them.
 * @throws the first error, when all runners have ended; CancelledError when it was stopped, whether or not a chunk was under way just then
 */
export async function runChunks<Chunk, Task, Result>(schedule: ChunkSchedule<Chunk, Task, Result>): Promise<void> {
  const { chunks, signal, headStartMs = usualHeadStartMs } = schedule;
  const runners: ChunkRunner<Task, Result>[] = [];
  const stop = new AbortController();
  /** No chunk is left to be begun. */
  const over = Promise.withResolvers<void>();
  const stopAll = () => {
    stop.abort();
    over.resolve();
    for (const runner of runners) runner.cancel();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  if (signal.aborted) stopAll();
  let next = 0;
  let finished = 0;
  const underWay = new Map<Chunk, number>();
  const report = (chunk: Chunk) => {
    let rows = finished;
    for (const count of underWay.values()) rows += count;
    schedule.onRows(rows, chunk);
  };
  const failures: unknown[] = [];
  const work = async (open: OpenRunner<Task, Result>) => {
    try {
      if (stop.signal.aborted || next === chunks.length) return;
      const runner = open();
      runners.push(runner);
      if (runner.ready) await Promise.race([runner.ready, over.promise]);
      while (!stop.signal.aborted && next < chunks.length) {
        const chunk = chunks[next++]!;
        if (next === chunks.length) over.resolve();
        const onRows = (rows: number) => {
          underWay.set(chunk, rows);
          report(chunk);
        };
        const rows = await schedule.run(runner, chunk, onRows);
        underWay.delete(chunk);
        finished += rows;
        report(chunk);
      }
    } catch (error) {
      // What the stop itself broke off is no reason.
      if (!stop.signal.aborted) failures.push(error);
      stopAll();
    }
  };
  const [first, ...others] = schedule.runners;
  const joined = new AbortController();
  const alone = first ? work(first).finally(() => joined.abort()) : undefined;
  if (others.length > 0 && headStartMs > 0)
    await setTimeout(headStartMs, undefined, { signal: joined.signal }).catch(() => {});
  await Promise.all([alone, ...others.map(work)]);
  signal.removeEventListener('abort', stopAll);
  await Promise.all(runners.map(runner => runner.close()));
  if (failures.length > 0) throw failures[0];
  if (signal.aborted) throw new CancelledError();
}
