/**
 * Two jobs against one: export of eight tables into a folder. `node bench/jobs.ts [--rows N] [--runs N]` To be 1.6 times as fast where neither
 * the server nor the disk is the limit: on two cores the replay server takes its share of them, so the processor time of both is printed, too.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandRun, header, median, numberOption, rate, runXpdb, startReplay } from './replay.ts';

const tables = 8;
const rows = numberOption('rows', 8_000_000);
const runs = numberOption('runs', 5);
// In memory where there is such a folder: a disk is no faster for two.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'xpdb-bench-'));
const each = Math.ceil(rows / tables);
const server = await startReplay({
  tables: {
    Rows: { data: 'eight', rows: each, copies: tables },
    None: { data: 'eight', rows: 0, copies: tables },
  },
});
try {
  header(`jobs: ${tables} tables, ${each * tables} rows together, as SQL into a folder in memory, not compressed`);
  if (availableParallelism() < 4) console.log('  fewer than four cores: the server shares those of the jobs');
  const out = ['--format', 'dir', '--compress', 'none', '--overwrite', '-o', join(folder, 'out')];
  const command = (database: string, jobs: number) =>
    runXpdb(server, ['export', '-d', database, '--jobs', String(jobs), ...out]);
  const ways = [1, 2].map(jobs => ({ jobs, starts: [] as CommandRun[], whole: [] as CommandRun[], served: 0 }));
  // In turns, for the machine is faster in some minutes than in others; the first turn warms up.
  for (let turn = 0; turn <= runs; turn++) {
    for (const way of ways) {
      const start = await command('None', way.jobs);
      const before = server.cpuSeconds();
      const whole = await command('Rows', way.jobs);
      if (turn === 0) continue;
      way.served += (server.cpuSeconds() - before) / runs;
      way.starts.push(start);
      way.whole.push(whole);
    }
  }
  const [one, two] = ways.map(({ jobs, starts, whole, served }) => {
    const seconds = median(whole.map(r => r.seconds));
    const own = seconds - median(starts.map(r => r.seconds));
    const cpu = median(whole.map(r => r.cpuSeconds));
    console.log(
      `  ${jobs} ${jobs === 1 ? 'job' : 'jobs'}: ${rate(rows, seconds)} whole process, ${rate(rows, own)} without start; ` +
        `${cpu.toFixed(1)} s of processor time, the server's ${served.toFixed(1)} s (median of ${runs})`,
    );
    return { seconds, own };
  }) as [{ seconds: number; own: number }, { seconds: number; own: number }];
  const times = (a: number, b: number) => `${(a / b).toFixed(2)} ×`;
  console.log(`  2 jobs: ${times(one.seconds, two.seconds)} 1 job, ${times(one.own, two.own)} without start`);
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
