/**
 * Takes clauses out of the scripter one at a time and runs its tests each time: a clause that no test misses is printed, and
 * the exit code is 1. Works on a copy of the project. `node scripts/mutate-scripter.ts [FILE…]`, files of src/scripter.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join('src', 'scripter');

interface Mutation {
  readonly file: string;
  readonly line: number;
  /** What is taken out. */
  readonly clause: string;
  readonly text: string;
}

/** End of the call whose parenthesis opens at `open`; strings and templates are passed over. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i]!;
    if (c === "'" || c === '`') {
      for (i++; text[i] !== c; i++) if (text[i] === '\\') i++;
    } else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}

/** Statements that add something to a script: `batches.push(…);`, with the `if` before them on their line. */
function* pushes(text: string): Generator<readonly [from: number, to: number, replacement: string]> {
  for (const match of text.matchAll(/^[ \t]*(?:if \(.*\) |else |for \(.*\) )*[\w.]+\.push\(/gm)) {
    const end = closing(text, match.index + match[0].length - 1);
    if (end > 0 && text[end + 1] === ';') yield [match.index, end + 2, match[0].match(/^\s*else /) ? 'else ;' : ';'];
  }
}

/** Pieces that a condition adds: `condition ? ' CLAUSE' : ''`. */
function* pieces(text: string): Generator<readonly [from: number, to: number, replacement: string]> {
  for (const match of text.matchAll(/\? (`[^`\n]+`|'[^'\n]+') : ''|\? '' : (`[^`\n]+`|'[^'\n]+')/g)) {
    const piece = match[1] ?? match[2]!;
    const from = match.index + match[0].indexOf(piece);
    yield [from, from + piece.length, "''"];
  }
}

function mutationsOf(file: string): Mutation[] {
  const text = readFileSync(join(root, folder, file), 'utf8');
  return [...pushes(text), ...pieces(text)].map(([from, to, replacement]) => ({
    file,
    line: text.slice(0, from).split('\n').length,
    clause: text.slice(from, to).trim().replace(/\s+/g, ' '),
    text: text.slice(0, from) + replacement + text.slice(to),
  }));
}

/** The tests judge by their expected texts alone here: that is what is wanted, and quick. */
function testsPass(copy: string): boolean {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', 'test/scripter', '--no-isolate', '--bail=1', '--exclude=**/compare.test.ts', '--reporter=dot'],
    { cwd: copy, stdio: 'ignore', env: { ...process.env, XPDB_TEST_NO_ORACLE: '1' } },
  );
  return status === 0;
}

const asked = process.argv.slice(2);
const files = readdirSync(join(root, folder)).filter(f => asked.length === 0 || asked.includes(f));
const mutations = files.flatMap(mutationsOf);
const copy = mkdtempSync(join(tmpdir(), 'xpdb-mutate-'));
try {
  for (const name of ['src', 'test', 'examples', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: path => !/oracle.(bin|obj)/.test(path) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  if (!testsPass(copy)) throw new Error('the tests fail before anything is taken out');
  let survived = 0;
  for (const { file, line, clause, text } of mutations) {
    const target = join(copy, folder, file);
    const original = readFileSync(target, 'utf8');
    writeFileSync(target, text);
    const missed = testsPass(copy);
    writeFileSync(target, original);
    if (missed) survived++;
    console.log(`${missed ? 'NOT MISSED' : 'missed'} ${file}:${line} ${clause.slice(0, 100)}`);
  }
  console.log(
    `${mutations.length} clauses taken out, ${mutations.length - survived} missed by a test, ${survived} not`,
  );
  process.exitCode = survived === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
