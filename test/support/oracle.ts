import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Microsoft's parsers and schema model, in a program that is built on first use and answers line by line. */
const folder = fileURLToPath(new URL('../oracle', import.meta.url));

export interface ParseError {
  readonly line: number;
  readonly column: number;
  readonly number: number;
  readonly message: string;
}

export interface SchemaDifference {
  readonly action: string;
  readonly name: string;
  readonly object: string;
  readonly type: string;
}

export interface Comparison {
  readonly differences: readonly SchemaDifference[];
  readonly errors: readonly string[];
  /** Statements that the model refused, of each side. */
  readonly rejectedA: readonly string[];
  readonly rejectedB: readonly string[];
  /** Kinds of statements that are not compared, because the model takes none of them. */
  readonly unseen: readonly string[];
}

/** XPDB_TEST_NO_ORACLE leaves the judge out, for runs that must be quick. */
export const oracleAvailable: boolean =
  !process.env.XPDB_TEST_NO_ORACLE && spawnSync('dotnet', ['--version'], { stdio: 'ignore' }).status === 0;
if (!oracleAvailable) console.warn("skipped: no .NET SDK, so Microsoft's parser can't judge");

/** Errors of the script under the parser of a version (100 … 170). */
export async function parseWith(version: number, text: string): Promise<readonly ParseError[]> {
  return withFiles(
    [text],
    async ([path]) => ((await ask({ cmd: 'parse', version, path })) as { errors: ParseError[] }).errors,
  );
}

/** Differences that Microsoft's schema compare finds between the DDL of two scripts. */
export async function compareSchemas(version: number, a: string, b: string, collation?: string): Promise<Comparison> {
  return withFiles(
    [a, b],
    async ([pathA, pathB]) => (await ask({ cmd: 'compare', version, a: pathA, b: pathB, collation })) as Comparison,
  );
}

async function withFiles<T>(texts: readonly string[], use: (paths: string[]) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'xpdb-oracle-'));
  try {
    const paths = texts.map((_, i) => join(directory, `${i}.sql`));
    for (const [i, text] of texts.entries()) writeFileSync(paths[i]!, text);
    return await use(paths);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

let program: { child: ChildProcessWithoutNullStreams; answers: AsyncIterator<string> } | undefined;
let queue: Promise<unknown> = Promise.resolve();

function ask(request: Record<string, unknown>): Promise<unknown> {
  const answer = queue.then(async () => {
    program ??= start();
    program.child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await program.answers.next();
    if (line.done) throw new Error('the oracle ended');
    const parsed = JSON.parse(line.value) as { error?: string };
    if (parsed.error !== undefined) throw new Error(parsed.error);
    return parsed;
  });
  queue = answer.catch(() => undefined);
  return answer;
}

function start(): NonNullable<typeof program> {
  const child = spawn('dotnet', [join(build(), 'Oracle.dll')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '0' },
  }) as unknown as ChildProcessWithoutNullStreams;
  child.unref();
  process.on('exit', () => child.kill());
  return { child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/**
 * The built program's folder. Each state of the sources has a folder of its own that appears whole, by a rename, so that
 * two test processes can't meet half a build; the lock only spares them building the same thing twice.
 */
function build(): string {
  const hash = createHash('sha256');
  const sources = readdirSync(folder).filter(f => /\.(cs|csproj)$/.test(f));
  for (const file of sources.sort()) hash.update(readFileSync(join(folder, file)));
  const built = join(folder, 'bin', hash.digest('hex').slice(0, 16));
  const lock = `${built}.lock`;
  mkdirSync(join(folder, 'bin'), { recursive: true });
  while (!existsSync(built)) {
    if (!takeLock(lock)) {
      spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 200)']);
      continue;
    }
    try {
      if (!existsSync(built)) compileInto(built);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return built;
}

/** A lock whose process is gone counts for nothing. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    try {
      process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') rmSync(lock, { force: true });
    }
    return false;
  }
}

function compileInto(built: string): void {
  const directory = mkdtempSync(join(folder, 'bin', 'build-'));
  try {
    const output = join(directory, 'out');
    const result = spawnSync(
      'dotnet',
      ['build', folder, '-c', 'Release', '-o', output, '-v', 'q', `-p:BaseIntermediateOutputPath=${directory}/obj/`],
      { encoding: 'utf8' },
    );
    if (result.status !== 0) throw new Error(`the oracle does not build: ${result.stdout}${result.stderr}`);
    renameSync(output, built);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
