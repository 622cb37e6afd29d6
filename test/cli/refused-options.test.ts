import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

let folder = '';
let script = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-refused-'));
  script = join(folder, 'a.sql');
  writeFileSync(script, 'SELECT 1\nGO\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line whose server does not exist: what is refused is refused before anything is asked of one. */
async function run(args: readonly string[]): Promise<{ code: number; errors: string }> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0);
  try {
    const code = await main(args.map(a => (a === 'SCRIPT' ? script : a)));
    const errors = written
      .join('')
      .split('\n')
      .filter(line => line.startsWith('error'));
    return { code, errors: errors.join('\n') };
  } finally {
    spy.mockRestore();
    process.exitCode = undefined;
  }
}

const nowhere = ['-S', '127.0.0.1,1', '-U', 'sa', '-P', 'x', '-d', 'Shop', '-l', '1'];
const query = ['--query', 'SELECT 1 AS a'];

describe('an option that would have no effect is refused', () => {
  it.each<[readonly string[], string]>([
    [['-o', 'x.sql', '--compress', 'gzip'], '--compress needs a folder; add --format dir'],
    [['-o', 'x.sql', '--chunk-rows', '10'], '--chunk-rows needs a folder; add --format dir'],
    [['-o', 'x.sql.gz'], 'a script is written as plain text, not as x.sql.gz'],
    [['-o', 'x.sql', '--strict'], '--strict is for the rows of a query as CSV; add --query and --data-format csv'],
    [['-o', 'x.sql', '--bom'], '--bom is for the rows of a query as CSV'],
    [['-o', 'x.sql', '--no-header'], '--no-header is for the rows of a query as CSV'],
    [['-o', 'x.sql', '--delimiter', ';'], '--delimiter is for the rows of a query as CSV'],
    [
      ['-o', 'x', '--format', 'dir', '--data-format', 'csv', '--null-text', 'N'],
      '--null-text is for the rows of a query',
    ],
    [[...query, '--data-format', 'jsonl', '--null-text', 'N'], '--null-text is for the rows of a query as CSV'],
    [[...query, '--data-format', 'jsonl', '--code-page', '1252'], '--code-page is for the rows of a query as CSV'],
    [[...query, '--data-format', 'jsonl', '--encoding', 'utf16le'], '--encoding is for scripts and CSV'],
    [[...query, '--data-format', 'native', '--newline', 'lf'], '--newline is for scripts and CSV'],
    ...(
      [
        ['--table', 'T'],
        ['--exclude-table', 'T'],
        ['--schema', 'S'],
        ['--where', 'T:1=1'],
        ['--no-owner'],
        ['--schema-only'],
        ['--data-only'],
        ['--section', 'data'],
        ['--target', '2012'],
        ['--edition', 'express'],
        ['--target-platform', 'linux'],
        ['--format', 'dir'],
        ['--compress', 'gzip'],
        ['--jobs', '2'],
        ['--resume'],
        ['--rows-per-insert', '1'],
        ['--consistency', 'snapshot'],
      ] as const
    ).map((option): [string[], string] => [
      [...query, '--data-format', 'csv', ...option],
      `${option[0]} has no meaning for a query; leave it out`,
    ]),
    [
      ['-o', 'x.sql', '--section', 'post-data', '--data-only'],
      "'--section <name>' cannot be used with option '--data-only'",
    ],
    [
      ['-o', 'x.sql', '--section', 'data', '--schema-only'],
      "'--section <name>' cannot be used with option '--schema-only'",
    ],
    [
      ['-o', 'x', '--format', 'dir', '--data-format', 'native', '--rows-per-insert', '5'],
      '--rows-per-insert is for rows as INSERT statements; leave --data-format out',
    ],
    [['-o', 'x.sql', '--accept', 'nosuchrule'], 'there is no rule nosuchrule'],
    [['-o', 'x.sql', '--accept', 'tsql-versoin:dbo.P'], 'there is no rule tsql-versoin; the nearest is tsql-version'],
  ])('export %j', async (args, text) => {
    const { code, errors } = await run(['export', ...nowhere, ...args]);
    expect(errors).toContain(text);
    expect(code).toBe(2);
  });

  it.each<[readonly string[], string]>([
    [['import', ...nowhere, '-i', 'SCRIPT', '--jobs', '2'], '--jobs is for the rows of an archive'],
    [['import', ...nowhere, '-i', 'SCRIPT', '--encoding', 'bogus'], 'no such encoding'],
    [['import', ...nowhere, '-i', 'SCRIPT', '--accept', 'missing-logon'], 'the nearest is missing-login'],
    [['copy', '--from', 'a/b', '--to', 'c/d', '--accept', 'x'], 'there is no rule x'],
    [
      ['verify', '--from', 'SCRIPT', '--to', 'SCRIPT', '--schema-only', '--show-rows', '3'],
      "'--show-rows <n>' cannot be",
    ],
    [['verify', '--from', 'SCRIPT', '--to', 'SCRIPT', '--schema-only', '--sample', '3'], "'--sample <n>' cannot be"],
    [['verify', '--from', 'SCRIPT', '--to', 'SCRIPT', '--schema-only', '--recount'], "'--recount' cannot be"],
    [['verify', '--from', 'SCRIPT', '--to', 'SCRIPT', '--encoding', 'bogus'], 'no such encoding'],
    [['sandbox', '--collation', 'Nope_CI'], 'has no collation Nope_CI'],
    [
      ['sandbox', '--server-version', '2008', '--collation', 'Latin1_General_100_CI_AS_SC'],
      'has no collation Latin1_General_100_CI_AS_SC',
    ],
  ])('%j', async (args, text) => {
    const { code, errors } = await run(args);
    expect(errors).toContain(text);
    expect(code).toBe(2);
  });
});

describe('an option at the value that it has anyway', () => {
  it.each([
    ['-o', 'x.sql', '--jobs', '1', '--compress', 'none'],
    ['-o', 'x', '--format', 'dir', '--compress', 'gzip', '--chunk-rows', '5', '--accept', 'characters-replaced'],
    [...query, '--data-format', 'csv', '--delimiter', ';', '--null-text', 'NULL', '--strict', '--encoding', 'utf16le'],
    [...query, '--data-format', 'jsonl', '--format', 'sql', '--jobs', '1'],
  ])('is none to refuse: %j', async (...args) => {
    const { code, errors } = await run(['export', ...nowhere, ...args]);
    expect(errors).toContain('127.0.0.1,1');
    expect(code).toBe(1);
  });
});
