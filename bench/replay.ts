/** Runs the replay server and the command line as processes, and measures the latter. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReplayOptions } from './replay-server.ts';

export interface Replay {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Processor time of the server so far; 0 where /proc is not there. */
  cpuSeconds(): number;
  stop(): void;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function startReplay(options: ReplayOptions): Promise<Replay> {
  const child = spawn(process.execPath, [file('./replay-server.ts'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const line = await lines.next();
  if (line.done) throw new Error('the replay server did not start');
  const address = JSON.parse(line.value) as Omit<Replay, 'stop' | 'cpuSeconds'>;
  return {
    ...address,
    cpuSeconds: () => processUse(child)?.cpuSeconds ?? 0,
    stop: () => child.stdin!.end(),
  };
}

export interface CommandRun {
  readonly seconds: number;
  /** Processor time of all its threads; 0 where /proc is not there. */
  readonly cpuSeconds: number;
  /** Highest resident memory, MB; 0 where /proc is not there. */
  readonly peakMb: number;
}

/** Runs `xpdb ARGS` against a server. @throws Error with what it printed when it fails */
export async function runXpdb(server: Replay, args: readonly string[]): Promise<CommandRun> {
  const flags = ['-S', `${server.host},${server.port}`, '-U', server.user, '-N', 'o', '-C'];
  return runCommand(process.execPath, [file('../bin/xpdb.cjs'), ...args, ...flags], {
    SQLCMDPASSWORD: server.password,
  });
}

/** @throws Error with what it printed when it fails, or could not be started */
export async function runCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const started = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let printed = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4000);
  });
  let used = { cpuSeconds: 0, peakMb: 0 };
  const poll = setInterval(() => {
    used = processUse(child) ?? used;
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(poll));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${printed}`);
  return { seconds, ...used };
}

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

function processUse(child: ChildProcess): { cpuSeconds: number; peakMb: number } | null {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    if (peak === 0) return null;
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, peakMb: peak / 1024 };
  } catch {
    return null;
  }
}

/** Sorted middle of the values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** One warm-up, then `runs` runs. @returns the run of median length */
export async function medianRun(runs: number, run: () => Promise<CommandRun>): Promise<CommandRun> {
  await run();
  const done: CommandRun[] = [];
  for (let i = 0; i < runs; i++) done.push(await run());
  return done.sort((a, b) => a.seconds - b.seconds)[runs >> 1]!;
}

/** `1.23 M rows/s`. */
export function rate(rows: number, seconds: number): string {
  return `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
}

/** Number behind `--name` on the command line. */
export function numberOption(name: string, usual: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const given = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isInteger(given) || given < 1) throw new Error(`--${name} takes a number above zero`);
  return given;
}

/** A line that says what all figures of a benchmark have in common. */
export function header(what: string): void {
  const load = loadavg()[0]!.toFixed(1);
  console.log(`${what}; Node ${process.version}, ${availableParallelism()} cores, load ${load} before`);
}
