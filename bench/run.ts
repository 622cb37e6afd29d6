/**
 * All benchmarks, one after the other, each in a process of its own: `npm run bench`.
 * `node bench/run.ts [--only NAME[,NAME]] [--rows N] [--runs N]` See bench/README.md.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Name, file, and rows unless given: a few minutes for all of them. */
const benchmarks: readonly (readonly [name: string, file: string, rows: number])[] = [
  ['codec', 'codec.ts', 501_000],
  ['bulk', 'bulk.ts', 501_000],
  ['export', 'export.ts', 1_000_000],
  ['import', 'import.ts', 500_000],
  ['compare', 'compare.ts', 500_000],
  ['jobs', 'jobs.ts', 4_000_000],
  ['catalog', 'catalog.ts', 10_000],
  ['memory', 'memory.ts', 10_000_000],
];
/** These take their count as it is, without a name. */
const plain = new Set(['codec', 'bulk', 'catalog']);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

const only = option('only')?.split(',');
const unknown = only?.filter(name => !benchmarks.some(([known]) => known === name)) ?? [];
if (unknown.length > 0) {
  console.error(`no benchmark is named ${unknown.join(', ')}: ${benchmarks.map(([name]) => name).join(', ')}`);
  process.exit(2);
}
const runs = option('runs');
let failed = false;
for (const [name, file, usual] of benchmarks) {
  if (only && !only.includes(name)) continue;
  const rows = option('rows') ?? String(usual);
  console.log(`\n== ${name}`);
  const args = plain.has(name) ? [rows] : ['--rows', rows, ...(runs === undefined ? [] : ['--runs', runs])];
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
