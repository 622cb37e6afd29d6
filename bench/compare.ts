/**
 * xpdb beside what people use today. `node bench/compare.ts [--rows N] [--statements N] [--runs N]`
 * - export of SQL text against `freebcp … out -c` of the same table on the replay server: to be 2 times as fast;
 * - import of an INSERT script against the same script sent statement by statement, on the sandbox: to be 20 times as fast.
 */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSession } from '../src/connection/connect.ts';
import { defaultConnectionOptions } from '../src/connection/connection-options.ts';
import {
  header,
  median,
  medianRun,
  numberOption,
  type Replay,
  rate,
  runCommand,
  runXpdb,
  startReplay,
} from './replay.ts';

const rows = numberOption('rows', 1_000_000);
const statements = numberOption('statements', 100_000);
const runs = numberOption('runs', 5);
const folder = mkdtempSync(join(tmpdir(), 'xpdb-bench-'));

async function againstFreebcp(): Promise<void> {
  if (spawnSync('freebcp', ['-v'], { stdio: 'ignore' }).error) {
    console.log('  freebcp is not installed (package freetds-bin): nothing to compare with');
    return;
  }
  const server = await startReplay({ tables: { Rows: { data: 'eight', rows } } });
  try {
    const out = join(folder, 'bcp.txt');
    const address = ['-S', `${server.host}:${server.port}`, '-U', server.user, '-P', server.password];
    const bcp = await medianRun(runs, () =>
      runCommand('freebcp', ['dbo.Bench', 'out', out, '-c', '-D', 'Rows', ...address]),
    );
    const file = join(folder, 'rows.sql');
    const own = await medianRun(runs, () => runXpdb(server, ['export', '-d', 'Rows', '-o', file, '--overwrite']));
    console.log(
      `  export of ${rows} rows as SQL: ${rate(rows, own.seconds)}, freebcp out -c: ${rate(rows, bcp.seconds)}; ` +
        `${(bcp.seconds / own.seconds).toFixed(2)} × freebcp; whole processes, rowsum on, to a file (median of ${runs})`,
    );
  } finally {
    server.stop();
  }
}

async function startSandbox(): Promise<Replay> {
  const xpdb = fileURLToPath(new URL('../bin/xpdb.cjs', import.meta.url));
  const child = spawn(process.execPath, [xpdb, 'sandbox', '--server-version', '2022', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (line.done) throw new Error('the sandbox did not start');
  return { ...(JSON.parse(line.value) as Omit<Replay, 'stop'>), stop: () => void child.kill('SIGINT') };
}

const table =
  'CREATE TABLE dbo.Bench (id int NOT NULL, amount decimal(18, 4) NULL, at datetime2(7) NULL, name nvarchar(60) NULL, code varchar(20) NULL)';
const insert = (i: number) =>
  `INSERT dbo.Bench (id, amount, at, name, code) VALUES (${i}, ${(i / 8).toFixed(4)}, N'2024-02-03T04:05:06.1234567', N'name ${i}', ` +
  `${i % 10 === 0 ? 'NULL' : `'C-${i}'`})`;

async function againstStatements(): Promise<void> {
  const server = await startSandbox();
  try {
    const connect = (database: string) =>
      openSession({
        ...defaultConnectionOptions,
        server: server.host,
        port: server.port,
        auth: { kind: 'sql', user: server.user, password: server.password },
        encrypt: 'optional',
        trustServerCertificate: true,
        database,
      });
    const master = await connect('master');
    for (let i = 0; i < 2 * (runs + 1); i++) await master.execute(`CREATE DATABASE Bench${i}`);
    await master.close();
    const list = Array.from({ length: statements }, (_, i) => insert(i));
    const script = join(folder, 'statements.sql');
    const batches = [];
    for (let i = 0; i < list.length; i += 100) batches.push(list.slice(i, i + 100).join('\n'));
    writeFileSync(script, [table, ...batches].map(batch => `${batch}\nGO\n`).join(''));

    let next = 0;
    const single: number[] = [];
    for (let run = 0; run < runs; run++) {
      const session = await connect(`Bench${next++}`);
      await session.execute(table);
      const started = performance.now();
      for (const statement of list) await session.execute(statement);
      single.push((performance.now() - started) / 1000);
      await session.close();
    }
    const own = await medianRun(runs, () => runXpdb(server, ['import', '-d', `Bench${next++}`, '-i', script]));
    console.log(
      `  import of ${statements} INSERT statements: ${rate(statements, own.seconds)} whole process, one by one: ` +
        `${rate(statements, median(single))}; ${(median(single) / own.seconds).toFixed(2)} × one by one (median of ${runs})`,
    );
  } finally {
    server.stop();
  }
}

header('beside other ways');
try {
  await againstFreebcp();
  await againstStatements();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
