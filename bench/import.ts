/**
 * Import end to end: `xpdb import` as a process into the replay server, which counts and throws away; rows are compared with the script at
 * the end unless said otherwise. `node bench/import.ts [--rows N] [--runs N]` Yardstick: tedious' own bulkLoad of rows that are in memory.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, type ConnectionConfiguration, TYPES } from 'tedious';
import {
  type CommandRun,
  header,
  median,
  medianRun,
  numberOption,
  type Replay,
  rate,
  runXpdb,
  startReplay,
} from './replay.ts';
import type { ReplayTable } from './replay-server.ts';

const rows = numberOption('rows', 1_000_000);
const runs = numberOption('runs', 5);

/** Rows/s of tedious' bulkLoad on the same columns. */
async function tediousSeconds(server: Replay, count: number): Promise<number> {
  const config: ConnectionConfiguration = {
    server: server.host,
    authentication: { type: 'default', options: { userName: server.user, password: server.password } },
    options: { port: server.port, database: 'Rows', encrypt: false, trustServerCertificate: true, requestTimeout: 0 },
  };
  const connection = new Connection(config);
  await new Promise<void>((resolve, reject) => connection.connect(error => (error ? reject(error) : resolve())));
  const at = new Date(Date.UTC(2024, 1, 2, 3, 4, 5, 678));
  const list = Array.from({ length: count }, (_, i) =>
    // A tenth of the values NULL, as in the script.
    [i, String(i * 7919), i / 8, i * 1.1, at, `name of ${i % 1000}`, `C-${i}`, i % 2 === 0].map((value, c) =>
      c > 0 && (i + c) % 9 === 0 ? null : value,
    ),
  );
  const seconds: number[] = [];
  for (let run = 0; run < runs + 1; run++) {
    const started = performance.now();
    await new Promise<void>((resolve, reject) => {
      const load = connection.newBulkLoad('dbo.Bench', { keepNulls: true }, error =>
        error ? reject(error) : resolve(),
      );
      load.addColumn('id', TYPES.Int, { nullable: true });
      load.addColumn('big', TYPES.BigInt, { nullable: true });
      load.addColumn('amount', TYPES.Decimal, { nullable: true, precision: 18, scale: 4 });
      load.addColumn('ratio', TYPES.Float, { nullable: true });
      load.addColumn('at', TYPES.DateTime2, { nullable: true, scale: 7 });
      load.addColumn('name', TYPES.NVarChar, { nullable: true, length: 60 });
      load.addColumn('code', TYPES.VarChar, { nullable: true, length: 20 });
      load.addColumn('on', TYPES.Bit, { nullable: true });
      connection.execBulkLoad(load, list);
    });
    seconds.push((performance.now() - started) / 1000);
  }
  connection.close();
  return median(seconds.slice(1));
}

const folder = mkdtempSync(join(tmpdir(), 'xpdb-bench-'));
const target: ReplayTable = { data: 'none', columns: 'eight', rows };
const empty: ReplayTable = { data: 'none', columns: 'eight', rows: 0 };
const targets = Object.fromEntries(
  Array.from({ length: 4 * (runs + 1) }, (_, i) => [
    [`T${i}`, target],
    [`E${i}`, empty],
  ]).flat(),
) as Record<string, ReplayTable>;
const server = await startReplay({
  tables: { Rows: { data: 'eight', rows }, None: { data: 'eight', rows: 0 }, ...targets },
});
let used = 0;
async function measure(input: string, empty: string, more: readonly string[]): Promise<[CommandRun, CommandRun]> {
  const start = await medianRun(runs, () => runXpdb(server, ['import', '-d', `E${used++}`, '-i', empty, ...more]));
  used -= runs + 1;
  const whole = await medianRun(runs, () => runXpdb(server, ['import', '-d', `T${used++}`, '-i', input, ...more]));
  return [start, whole];
}
try {
  header(`import end to end: ${rows} rows of 8 columns, a tenth of the values NULL`);
  const script = join(folder, 'rows.sql');
  const archive = join(folder, 'rows');
  const dir = ['--format', 'dir', '--data-format', 'native', '--compress', 'none'];
  for (const [database, name] of [
    ['Rows', ''],
    ['None', '-none'],
  ] as const) {
    await runXpdb(server, ['export', '-d', database, '-o', script.replace('.sql', `${name}.sql`)]);
    await runXpdb(server, ['export', '-d', database, ...dir, '-o', `${archive}${name}`]);
  }
  const few = Math.min(rows, 200_000);
  const tedious = (await tediousSeconds(server, few)) / few;
  console.log(`  yardstick, tedious' bulkLoad of rows in memory: ${rate(1, tedious)}`);
  const megabytes = statSync(script).size / 1e6;
  const ways: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['INSERT script', script, join(folder, 'rows-none.sql'), []],
    ['INSERT script, rows not compared', script, join(folder, 'rows-none.sql'), ['--no-verify']],
    ['native archive', archive, `${archive}-none`, []],
    ['native archive, rows not compared', archive, `${archive}-none`, ['--no-verify']],
  ];
  for (const [name, input, none, more] of ways) {
    const [start, whole] = await measure(input, none, more);
    const own = Math.max(1e-3, whole.seconds - start.seconds);
    const cpu = Math.max(1e-3, whole.cpuSeconds - start.cpuSeconds);
    const text = input === script ? `, ${(megabytes / own).toFixed(0)} MB/s of script` : '';
    console.log(
      `  ${name}: ${rate(rows, whole.seconds)} whole process, ${rate(rows, own)}${text} without start, ` +
        `${rate(rows, cpu)} of processor time; ${((tedious * rows) / own).toFixed(2)} × tedious' bulkLoad (median of ${runs})`,
    );
  }
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
