/**
 * Two jobs against one: export of two tables into a folder. `node bench/jobs.ts [--rows N] [--runs N]` To be 1.6 times as fast on two cores
 * that the replay server does not need itself, so on a machine with four cores or more.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { header, medianRun, numberOption, rate, runXpdb, startReplay } from './replay.ts';

const rows = numberOption('rows', 2_000_000);
const runs = numberOption('runs', 5);
const folder = mkdtempSync(join(tmpdir(), 'xpdb-bench-'));
const server = await startReplay({ tables: { Rows: { data: 'eight', rows, copies: 2 } } });
try {
  header(`jobs: two tables of ${rows} rows as SQL into a folder, not compressed`);
  if (availableParallelism() < 4)
    console.log('  fewer than four cores: the server takes one of them, so two jobs share the other');
  const seconds: number[] = [];
  for (const jobs of [1, 2]) {
    const args = ['--format', 'dir', '--compress', 'none', '--overwrite', '-o', join(folder, 'out')];
    const run = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'Rows', '--jobs', String(jobs), ...args]));
    seconds.push(run.seconds);
    console.log(`  ${jobs} ${jobs === 1 ? 'job' : 'jobs'}: ${rate(2 * rows, run.seconds)} (median of ${runs})`);
  }
  console.log(`  2 jobs: ${(seconds[0]! / seconds[1]!).toFixed(2)} × 1 job`);
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
