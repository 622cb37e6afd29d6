import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './support/run-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

/** The package as it is published: compiled, without sources. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-package-'));
  for (const name of ['bin', 'package.json', 'README.md', 'LICENSE', 'examples'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const build = spawnSync(
    process.execPath,
    [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')],
    {
      encoding: 'utf8',
    },
  );
  expect(build.stdout + build.stderr).toBe('');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const binary = () => join(folder, 'bin', 'xpdb.cjs');

describe('the package', () => {
  it('shows its help', async () => {
    const { code, stdout } = await runCli(['--help'], { binary: binary() });
    expect(stdout).toContain('Usage: xpdb');
    expect(code).toBe(0);
  });

  it('gives everything of the library, with types', () => {
    const program = join(folder, 'use.mjs');
    writeFileSync(
      program,
      `import { gate, readScriptText, scriptDatabase, startSandbox, versionNumber } from '${join(folder, 'dist', 'index.js').replaceAll('\\', '/')}';
const model = await readScriptText('CREATE TABLE dbo.T (a int NOT NULL)');
const { database } = gate(model, { version: '2012', number: versionNumber('2012'), edition: null });
const { entries } = scriptDatabase(database, { target: 110, owners: true, privileges: true });
const sandbox = await startSandbox({ version: 110 });
console.log(JSON.stringify({ version: sandbox.version, text: entries.filter(e => e.kind === 'table').flatMap(e => e.batches) }));
await sandbox.close();
`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    expect(JSON.parse(stdout || `"${stderr}"`)).toEqual({
      version: expect.stringMatching(/^11\.0\./),
      text: ['CREATE TABLE [dbo].[T] (\n  [a] [int] NOT NULL\n)'],
    });
    expect(readFileSync(join(folder, 'dist', 'index.d.ts'), 'utf8')).toContain('scriptDatabase');
  });

  it('holds what it needs and no sources', () => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const { stdout } = spawnSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    // npm 11 lists packages in an array, npm 12 by name.
    const listed = JSON.parse(stdout) as
      | { files: { path: string }[] }[]
      | Record<string, { files: { path: string }[] }>;
    const files = Object.values(listed)[0]!.files.map(f => f.path);
    for (const needed of [
      'bin/xpdb.cjs',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'dist/exporter/export-worker.js',
      'dist/sandbox/catalog/catalog-views.json',
      'examples/telephony.sql',
      'LICENSE',
      'README.md',
    ])
      expect(files).toContain(needed);
    expect(
      files.filter(f => /^(src|test|node_modules)\//.test(f) || (f.endsWith('.ts') && !f.endsWith('.d.ts'))),
    ).toEqual([]);
  });
});
