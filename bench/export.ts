/**
 * Export end to end: `xpdb export` as a process, from the replay server, rowsum on. `node bench/export.ts [--rows N] [--runs N]`
 * Figures are of whole processes; those "without start" take off what an export of no rows takes. Yardstick: reading the same rows as
 * bytes, nothing made of them; for the file with fsync also the disk: writing as many bytes that are there already.
 */

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../src/connection/connect.ts';
import { defaultConnectionOptions } from '../src/connection/connection-options.ts';
import { header, median, medianRun, numberOption, type Replay, rate, runXpdb, startReplay } from './replay.ts';

const rows = numberOption('rows', 2_000_000);
const runs = numberOption('runs', 5);
const wideRows = Math.ceil(rows / 20);

async function rawSeconds(server: Replay): Promise<number> {
  const session = await openSession({
    ...defaultConnectionOptions,
    server: server.host,
    port: server.port,
    auth: { kind: 'sql', user: server.user, password: server.password },
    encrypt: 'optional',
    trustServerCertificate: true,
    database: 'Rows',
  });
  const seconds: number[] = [];
  for (let i = 0; i < runs + 1; i++) {
    const started = performance.now();
    await session.streamRows('SELECT * FROM dbo.Bench', { columns: () => undefined, rows: () => undefined });
    seconds.push((performance.now() - started) / 1000);
  }
  await session.close();
  return median(seconds.slice(1));
}

/** What it takes the disk to hold a file of that many bytes. */
function diskSeconds(path: string, bytes: number): number {
  const part = Buffer.alloc(3 << 17, 'x');
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    rmSync(path, { force: true });
    const started = performance.now();
    const file = openSync(path, 'w');
    for (let left = bytes; left > 0; left -= part.length) writeSync(file, part, 0, Math.min(left, part.length));
    fsyncSync(file);
    closeSync(file);
    seconds.push((performance.now() - started) / 1000);
  }
  rmSync(path, { force: true });
  return median(seconds);
}

const folder = mkdtempSync(join(tmpdir(), 'xpdb-bench-'));
const server = await startReplay({
  tables: {
    Rows: { data: 'eight', rows },
    Wide: { data: 'wide', rows: wideRows },
    None: { data: 'eight', rows: 0 },
  },
});
try {
  header(`export end to end: ${rows} rows of 8 columns, a tenth of the values NULL, 82 bytes a row on the wire`);
  const raw = await rawSeconds(server);
  console.log(`  yardstick, raw rows: ${rate(rows, raw)}`);
  const query = (format: string) => ['--query', 'SELECT * FROM dbo.Bench', '--data-format', format, '-o', '/dev/null'];
  const file = join(folder, 'out.sql');
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ['SQL to /dev/null', ['-o', '/dev/null']],
    ['SQL to a file, fsync at the end', ['-o', file, '--overwrite']],
    ['CSV to /dev/null', query('csv')],
    ['JSON lines to /dev/null', query('jsonl')],
    ['native to /dev/null', query('native')],
  ];
  for (const [name, args] of ways) {
    const start = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'None', ...args]));
    const whole = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'Rows', ...args]));
    const own = Math.max(1e-3, whole.seconds - start.seconds);
    const cpu = Math.max(1e-3, whole.cpuSeconds - start.cpuSeconds);
    console.log(
      `  ${name}: ${rate(rows, whole.seconds)} whole process, ${rate(rows, own)} without start, ` +
        `${rate(rows, cpu)} of processor time; ${(raw / own).toFixed(2)} × raw rows (median of ${runs})`,
    );
    if (!args.includes(file)) continue;
    const { size } = statSync(file);
    const disk = diskSeconds(join(folder, 'disk'), size);
    const mb = (seconds: number) => `${(size / seconds / 1e6).toFixed(0)} MB/s`;
    console.log(`    that is ${mb(own)}, the disk alone takes ${mb(disk)}`);
  }
  const start = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'None', '-o', '/dev/null']));
  const wide = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'Wide', '-o', '/dev/null']));
  // 2,954 bytes of text a row, see bench/codec.ts.
  const megabytes = (wideRows * 2954) / 1e6;
  console.log(
    `  wide text as SQL to /dev/null: ${(megabytes / (wide.seconds - start.seconds)).toFixed(0)} MB/s without start, ` +
      `${(megabytes / (wide.cpuSeconds - start.cpuSeconds)).toFixed(0)} MB/s of processor time`,
  );
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
