import { describe, expect, it } from 'vitest';
import { startChunkThread } from '../../src/archive/chunk-thread.ts';
import { describeError, XpdbError } from '../../src/model/error.ts';
import type { CountingTask } from './counting-thread.ts';

function start() {
  const thread = startChunkThread<CountingTask, string>('./counting-thread', import.meta.url, {
    greeting: 'counted to',
  });
  const seen: number[] = [];
  const notes: string[] = [];
  const run = (task: CountingTask, onRows: (rows: number) => void = rows => seen.push(rows)) =>
    thread.run(task, onRows, text => notes.push(text));
  return { thread, seen, notes, run };
}

describe('a thread for chunks', () => {
  it('does one chunk after the other and hands over what comes meanwhile', async () => {
    const { thread, seen, notes, run } = start();
    expect(await run({ count: 3 })).toBe('counted to 3');
    await expect(run('fail')).rejects.toThrow('a defect');
    expect(await run({ count: 1 })).toBe('counted to 1');
    expect(seen).toEqual([1, 2, 3, 1]);
    expect(notes).toEqual(['counted 3', 'counted 1']);
    await thread.close();
  });

  it('rejects with errors that read as in the thread itself', async () => {
    const { thread, run } = start();
    const error = await run('refuse').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XpdbError);
    expect(describeError(error as XpdbError)).toMatch(/^duplicate key \[dbo\]\.\[T\] \(error 2627\)/);
    const defect = await run('fail').catch((e: unknown) => e);
    expect(defect).not.toBeInstanceOf(XpdbError);
    expect((defect as Error).stack).toContain('counting-thread');
    await thread.close();
  });

  it('stops a chunk under way on request', async () => {
    const { thread, run } = start();
    await expect(run('wait', () => thread.cancel())).rejects.toMatchObject({ message: 'cancelled', exitCode: 4 });
    await thread.close();
  });

  it('rejects what waits when it dies, and everything after', async () => {
    const { thread, run } = start();
    await expect(run('die')).rejects.toThrow('died');
    await expect(run({ count: 1 })).rejects.toThrow('died');
    await thread.close();
  });

  it('is ready when its modules are loaded, and not waited for where nobody needs it', async () => {
    const used = start();
    await used.thread.ready;
    expect(await used.run({ count: 1 })).toBe('counted to 1');
    await used.thread.close();
    const unused = start();
    await unused.thread.close();
    await unused.thread.ready;
    await expect(unused.run({ count: 1 })).rejects.toThrow('the worker thread ended');
  });

  it('rejects what comes after its end', async () => {
    const { thread, run } = start();
    await thread.close();
    await expect(run({ count: 1 })).rejects.toThrow('the worker thread ended');
  });
});
