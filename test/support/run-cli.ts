import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const binary: string = fileURLToPath(new URL('../../bin/xpdb.cjs', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node itself. */
  readonly node?: readonly string[];
  readonly cwd?: string;
  readonly stdin?: string;
  readonly binary?: string;
  /** Ctrl-C as soon as standard error has this. */
  readonly interruptAt?: RegExp;
}

/** Environment of a user who set nothing that concerns xpdb. */
export function plainEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SQLCMD|XPDB_|MSSQL_)/.test(name)));
}

/** Runs a command line of xpdb in a process of its own. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [...(options.node ?? []), options.binary ?? binary, ...args], {
    env: { ...plainEnvironment(), NO_COLOR: '1', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  let stdout = '';
  let stderr = '';
  let awaited = options.interruptAt;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (awaited?.test(stderr)) {
      awaited = undefined;
      child.kill('SIGINT');
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}
