import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { binary, runCli } from '../support/run-cli.ts';

const bootstrap = fileURLToPath(new URL('../../scripts/bootstrap.cjs', import.meta.url));

describe('the entry', () => {
  it.each([binary, bootstrap])('%s is read by any Node: it keeps to ECMAScript 5', file => {
    const parse =
      "require('internal/deps/acorn/acorn/dist/acorn').parse(require('fs').readFileSync(process.argv[1], 'utf8'), { ecmaVersion: 5, allowHashBang: true })";
    const { status, stderr } = spawnSync(process.execPath, ['--expose-internals', '-e', parse, file], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('says in one line which Node it needs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpdb-bin-'));
    try {
      mkdirSync(join(folder, 'bin'));
      copyFileSync(binary, join(folder, 'bin', 'xpdb.cjs'));
      writeFileSync(join(folder, 'old.cjs'), "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });");
      const { code, stdout, stderr } = await runCli(['--help'], {
        node: ['--require', join(folder, 'old.cjs')],
        binary: join(folder, 'bin', 'xpdb.cjs'),
      });
      expect(stderr).toBe('error: xpdb needs Node 22.18 or newer; this is 18.20.8\n');
      expect(stdout).toBe('');
      expect(code).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('options of every command', () => {
  it.each([
    ['before it', ['--quiet', 'import', '-i', 'no-such-file.sql', '--create']],
    ['behind it', ['import', '--quiet', '-i', 'no-such-file.sql', '--create', '--debug']],
  ])('stand %s', async (_, arguments_) => {
    const { code, stderr } = await runCli(arguments_);
    expect(stderr).toContain("error: can't read no-such-file.sql: it does not exist");
    expect(code).toBe(2);
  });
});

describe('--help', () => {
  it('loads no driver, no SQLite and none of the workings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpdb-help-'));
    try {
      const list = join(folder, 'loaded.txt');
      const hook =
        "import { registerHooks } from 'node:module'; import { appendFileSync } from 'node:fs';" +
        `registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); appendFileSync(${JSON.stringify(list)}, found.url + '\\n'); return found; } });`;
      const { code, stdout } = await runCli(['export', '--help'], {
        node: ['--import', `data:text/javascript,${encodeURIComponent(hook)}`],
      });
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:');
      const loaded = readFileSync(list, 'utf8').split('\n');
      expect(loaded.filter(url => url.includes('/cli/')).length).toBeGreaterThan(5);
      const heavy =
        /node_modules\/(tedious|mssql)\/|node:sqlite|\/src\/(connection|catalog|exporter|importer|verify|archive|sandbox|tsql)\//;
      expect(loaded.filter(url => heavy.test(url))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names every command and the exit codes', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const command of ['export', 'import', 'verify', 'sandbox', 'demo'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain(
      'Exit codes: 0 done, 1 failed, 2 usage, 3 done with blockers that nobody accepted, 4 stopped',
    );
  });

  it.each(['export', 'import', 'verify', 'sandbox', 'demo'])('%s -? shows examples', async command => {
    const { code, stdout } = await runCli([command, '-?']);
    expect(code).toBe(0);
    expect(stdout).toContain(`xpdb ${command}`);
    expect(stdout).toMatch(/Examples?:/);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
  });
});
