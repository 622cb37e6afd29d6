import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const module = new URL('../../src/connection/small-heap.ts', import.meta.url).href;

/** Megabytes of the young generations of a main thread, a thread that was there before it set the flag, and one started later. */
function youngGenerations(set: boolean): number[] {
  const churn = `
    function churn() {
      const live = [];
      for (let i = 0; i < 3e6; i++) live[i % 40000] = { a: i, b: [i] };
      return require('node:v8').getHeapSpaceStatistics().find(s => s.space_name === 'new_space').space_size / 2 ** 20;
    }`;
  const thread = `${churn}
    const { parentPort } = require('node:worker_threads');
    parentPort.once('message', () => parentPort.postMessage(churn()));`;
  const program = `${churn}
    const { Worker } = require('node:worker_threads');
    const start = () => new Worker(${JSON.stringify(thread)}, { eval: true });
    const ask = worker => new Promise(resolve => { worker.once('message', resolve); worker.postMessage(0); });
    import(${JSON.stringify(module)}).then(async ({ keepYoungGenerationSmall }) => {
      const early = start();
      await new Promise(resolve => early.once('online', resolve));
      if (${set}) keepYoungGenerationSmall();
      console.log(JSON.stringify([churn(), await ask(early), await ask(start())]));
    });`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=commonjs', '-e', program], { encoding: 'utf8' }));
}

describe('a small young generation', () => {
  it('is one in every thread, no matter when it started', { timeout: 120_000 }, () => {
    expect(Math.min(...youngGenerations(false))).toBeGreaterThan(16);
    expect(Math.max(...youngGenerations(true))).toBeLessThan(9);
  });
});
