import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
}

export const oracleAvailable: boolean = spawnSync('dotnet', ['--version'], { stdio: 'ignore' }).status === 0;
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
  build();
  const child = spawn('dotnet', [join(folder, 'bin', 'Oracle.dll')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  }) as unknown as ChildProcessWithoutNullStreams;
  child.unref();
  process.on('exit', () => child.kill());
  return { child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/** Builds when the sources changed; one process at a time. */
function build(): void {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder)
    .filter(f => /\.(cs|csproj)$/.test(f))
    .sort())
    hash.update(readFileSync(join(folder, file)));
  const stamp = join(folder, 'bin', 'stamp');
  const wanted = hash.digest('hex');
  const current = () => {
    try {
      return readFileSync(stamp, 'utf8') === wanted;
    } catch {
      return false;
    }
  };
  const lock = join(tmpdir(), 'xpdb-oracle-build.lock');
  for (let i = 0; !current(); i++) {
    try {
      mkdirSync(lock);
    } catch {
      if (i > 1200) rmSync(lock, { recursive: true, force: true });
      spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 100)']);
      continue;
    }
    try {
      if (current()) return;
      const result = spawnSync('dotnet', ['build', folder, '-c', 'Release', '-o', join(folder, 'bin'), '-v', 'q'], {
        encoding: 'utf8',
      });
      if (result.status !== 0) throw new Error(`the oracle does not build: ${result.stdout}${result.stderr}`);
      writeFileSync(stamp, wanted);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}
