import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corporaAvailable, corpusPath } from '../support/corpora.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const installed = ['tsql', 'freebcp', 'bsqldb'].every(
  tool => spawnSync(tool, ['-C'], { stdio: 'ignore' }).error === undefined,
);
if (!installed) console.warn('skipped: FreeTDS is not installed');

let sandbox: Sandbox;
let folder = '';

/** Runs a tool with text on standard input; yields its output and errors together. */
const run = (tool: string, args: readonly string[], input: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      tool,
      args,
      { maxBuffer: 1 << 26, timeout: 120_000, env: { ...process.env, LC_ALL: 'C.UTF-8' } },
      (error, stdout, stderr) => {
        if (error && error.code === undefined) reject(error);
        else resolve(`${stdout}${stderr}`);
      },
    );
    child.stdin!.end(input);
  });
const tsql = (database: string, input: string): Promise<string> =>
  run(
    'tsql',
    [
      '-H',
      sandbox.host,
      '-p',
      String(sandbox.port),
      '-U',
      sandbox.user,
      '-P',
      sandbox.password,
      '-D',
      database,
      '-o',
      'q',
    ],
    input,
  );
const login = (): string[] => ['-S', `${sandbox.host}:${sandbox.port}`, '-U', sandbox.user, '-P', sandbox.password];

describe.skipIf(!installed)('FreeTDS', () => {
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 150, password: 'Free-1tds' });
    folder = mkdtempSync(join(tmpdir(), 'xpdb-freetds-'));
    await tsql('master', 'CREATE DATABASE free\ngo\n');
  }, 60_000);
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tsql runs batches, shows rows, messages and errors', async () => {
    const text = await tsql(
      'free',
      `CREATE TABLE t (a int NOT NULL PRIMARY KEY, b nvarchar(20) NULL, c decimal(9,3) NULL, d varbinary(4) NULL)
go
INSERT t VALUES (1, N'ä', 1.5, 0x0102), (2, NULL, NULL, NULL)
SELECT * FROM t
PRINT 'hello'
go
SELECT * FROM nosuch
go
INSERT t VALUES (1, NULL, NULL, NULL)
go
`,
    );
    expect(text).toContain('1\tä\t1.500\t0102');
    expect(text).toContain('2\tNULL\tNULL\tNULL');
    expect(text).toContain('hello');
    expect(text).toContain('Msg 208 (severity 16, state 1) from SANDBOX Line 1:\n\t"Invalid object name \'nosuch\'."');
    expect(text).toContain('Msg 2627');
  });

  it('freebcp carries rows out and in', async () => {
    const out = join(folder, 'out.txt');
    await tsql(
      'free',
      `CREATE TABLE loose (a int NOT NULL, b varchar(20) NULL, c datetime NULL)
INSERT loose VALUES (1, 'one', '2024-01-02 03:04:05'), (2, NULL, NULL)
go
CREATE TABLE copy (a int NOT NULL, b varchar(20) NULL, c datetime NULL)
go
`,
    );
    expect(await run('freebcp', ['free.dbo.loose', 'out', out, '-c', '-t', '|', ...login()], '')).toContain(
      '2 rows copied',
    );
    expect(readFileSync(out, 'utf8').split('\n')[0]).toMatch(/^1\|one\|2024-01-02 03:04:05/);
    expect(await run('freebcp', ['free.dbo.copy', 'in', out, '-c', '-t', '|', ...login()], '')).toContain(
      '2 rows copied',
    );
    const many = join(folder, 'many.txt');
    writeFileSync(many, Array.from({ length: 5000 }, (_, i) => `${i}|row ${i}|\n`).join(''));
    expect(await run('freebcp', ['free.dbo.copy', 'in', many, '-c', '-t', '|', ...login()], '')).toContain(
      '5000 rows copied',
    );
    expect(await tsql('free', 'SELECT COUNT(*), COUNT(c), MAX(b) FROM copy\ngo\n')).toContain('5002\t1\trow 999');
  });

  it('bsqldb runs a script', async () => {
    const text = await run('bsqldb', [...login(), '-D', 'free', '-q'], "SELECT 'x' AS a, 5 AS b\ngo\n");
    expect(text).toMatch(/x\s+5/);
  });

  it.skipIf(!corporaAvailable)('loads and lists the sample databases', { timeout: 180_000 }, async () => {
    await tsql('master', 'CREATE DATABASE Northwind\ngo\n');
    const told = await tsql('Northwind', readFileSync(corpusPath('northwind'), 'utf8'));
    expect(told).not.toMatch(/Msg \d+ \(severity 1[1-9]/);
    const tables = await tsql('Northwind', 'SELECT name FROM sys.tables ORDER BY name\ngo\n');
    expect(tables).toContain('Categories\nCustomerCustomerDemo\nCustomerDemographics\nCustomers\nEmployees\n');
    expect(await tsql('Northwind', 'SELECT COUNT(*) FROM Orders\ngo\n')).toContain('830');
  });
});
