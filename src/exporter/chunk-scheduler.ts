import { CancelledError } from '../connection/sql-error.ts';
import type { ChunkRunner } from './chunk-runner.ts';
import type { ChunkResult, ChunkTask } from './chunk-writer.ts';
import { withRetries } from './retry.ts';

export interface Schedule<T> {
  /** In the order in which they are begun. */
  readonly items: readonly T[];
  readonly taskOf: (item: T) => ChunkTask;
  readonly runners: readonly ChunkRunner[];
  /** null = nothing is tried again. */
  readonly retryDelays: readonly number[] | null;
  readonly signal: AbortSignal;
  /** Awaited before the runner takes its next chunk. */
  readonly onDone: (item: T, result: ChunkResult) => Promise<void>;
  /** Rows that are written, of chunks under way included. */
  readonly onRows: (rows: number, item: T) => void;
  readonly onRetry: (item: T, error: Error, delaySeconds: number) => void;
}

/**
 * Lets every runner take the next chunk until there is none. The first failure stops all of them.
 * @throws the first error; CancelledError when it was stopped, whether or not a chunk was under way just then
 */
export async function runChunks<T>(schedule: Schedule<T>): Promise<void> {
  const { items, runners, signal } = schedule;
  const stop = new AbortController();
  const stopAll = () => {
    stop.abort();
    for (const runner of runners) runner.cancel();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  let next = 0;
  let finished = 0;
  const underWay = new Map<T, number>();
  const total = () => finished + [...underWay.values()].reduce((sum, rows) => sum + rows, 0);
  const failures: unknown[] = [];

  const work = async (runner: ChunkRunner): Promise<void> => {
    while (!stop.signal.aborted && next < items.length) {
      const item = items[next++]!;
      const task = schedule.taskOf(item);
      const result = await withRetries(
        () =>
          runner.run(task, rows => {
            underWay.set(item, rows);
            schedule.onRows(total(), item);
          }),
        {
          delays: schedule.retryDelays ?? [],
          signal: stop.signal,
          onRetry: (error, delay) => {
            underWay.delete(item);
            schedule.onRetry(item, error, delay);
          },
        },
      );
      underWay.delete(item);
      finished += result.rows;
      schedule.onRows(total(), item);
      await schedule.onDone(item, result);
    }
  };
  await Promise.all(
    runners.map(runner =>
      work(runner).catch((error: unknown) => {
        failures.push(error);
        stopAll();
      }),
    ),
  );
  signal.removeEventListener('abort', stopAll);
  if (failures.length > 0) throw failures[0];
  if (signal.aborted) throw new CancelledError();
}
