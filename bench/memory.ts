/**
 * Peak resident memory of `xpdb export` and `xpdb import`: of many rows, and of one row with a large value.
 * `node bench/memory.ts [--rows N] [--megabytes N]` (default 10,000,000 rows and 1,024 MB). To be at most 200 MB.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { header, numberOption, runXpdb, startReplay } from './replay.ts';

const rows = numberOption('rows', 10_000_000);
const megabytes = numberOption('megabytes', 1024);
const limit = 200;

const folder = mkdtempSync(join(tmpdir(), 'xpdb-bench-'));
const server = await startReplay({
  tables: {
    Rows: { data: 'eight', rows },
    Lob: { data: 'lob', rows: 1, megabytes },
    RowsBack: { data: 'none', columns: 'eight', rows },
    LobBack: { data: 'none', columns: 'lob', rows: 1, megabytes },
    RowsNative: { data: 'none', columns: 'eight', rows },
    LobNative: { data: 'none', columns: 'lob', rows: 1, megabytes },
  },
});
const native = ['--format', 'dir', '--data-format', 'native', '--compress', 'none'];
try {
  header(`peak memory: ${rows} rows; one row with ${megabytes} MB`);
  for (const [database, what] of [
    ['Rows', `${rows} rows`],
    ['Lob', `a value of ${megabytes} MB`],
  ] as const) {
    const script = join(folder, `${database}.sql`);
    const archive = join(folder, database);
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ['export as script', ['export', '-d', database, '-o', script]],
      ['import of the script', ['import', '-d', `${database}Back`, '-i', script]],
      ['export as native archive', ['export', '-d', database, ...native, '-o', archive]],
      ['import of the native archive', ['import', '-d', `${database}Native`, '-i', archive]],
    ];
    for (const [name, args] of steps) {
      const { peakMb, seconds } = await runXpdb(server, args);
      const verdict = peakMb <= limit ? '' : `, above ${limit} MB`;
      console.log(`  ${name}, ${what}: ${peakMb.toFixed(0)} MB in ${seconds.toFixed(1)} s${verdict}`);
    }
    rmSync(script, { force: true });
    rmSync(archive, { recursive: true, force: true });
  }
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
