import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportData } from '../../src/importer/import-options.ts';
import { compareBeginnings, readBeginnings } from '../../src/importer/script-beginnings.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { importOn, textInput } from './import-on.ts';

const at = (line: number, file = 0) => ({ file, line, column: 1 });

async function compared(before: string, now: string, line: number, file = 0): Promise<unknown> {
  const [a, b] = [before, now].map(text => [textInput('USE x', 'first.sql'), textInput(text)]);
  const run = async () => compareBeginnings(await readBeginnings(a!), await readBeginnings(b!), b!, at(line, file));
  return run().then(
    () => null,
    (e: unknown) => (e as XpdbError).message,
  );
}

describe('the beginning of a script', () => {
  it('must be the same as far as it was run', async () => {
    expect(await compared('a\nb\nc', 'a\nb\nc', 3, 1)).toBeNull();
    expect(await compared('a\r\nb\r\nc', 'a\nb\nX', 3, 1)).toBeNull();
    expect(await compared('a\nb\nc', 'a\nX\nc', 3, 1)).toBe(
      'script.sql is another script than the import began with: line 2 differs',
    );
    // Nothing of the second one was run.
    expect(await compared('a\nb\nc', 'x', 1, 0)).toBeNull();
    expect(await compared('a\nb\nc', 'a', 3, 1)).toMatch(/line 2 differs/);
  });

  it('is looked at as far as it is short', async () => {
    const long = `a\n${'x'.repeat(100_000)}`;
    expect(await compared(`${long}b\nc`, `${long}X\nc`, 4, 1)).toBeNull();
    expect((await readBeginnings([textInput('x\n'.repeat(10_000))]))[0]).toHaveLength(200);
    expect(await readBeginnings([{ ...textInput('x'), repeatable: false }])).toEqual([null]);
  });
});

describe('a resumed import', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 160 });
  });
  afterAll(() => sandbox?.close());
  const open = (database: string | null) => sessionOn(sandbox, database ?? undefined);

  async function begin(name: string, data: ImportData | null): Promise<void> {
    const session = await sessionOn(sandbox);
    await session.execute(`CREATE DATABASE ${name}`);
    await session.close();
    const script = "CREATE TABLE t (i int)\nGO\nINSERT t VALUES (1)\nGO\nRAISERROR('x', 16, 1)\nGO\n";
    await expect(importOn(open, script, { database: name, data })).rejects.toThrow('x');
  }

  it('refuses another script, and takes one that was mended', async () => {
    await begin('Mended', null);
    const other = 'CREATE TABLE other (i int)\nGO\nINSERT other VALUES (1)\nGO\nCREATE TABLE other2 (i int)\nGO\n';
    const error = await importOn(open, other, { database: 'Mended', resume: true }).catch((e: unknown) => e);
    expect((error as XpdbError).message).toBe(
      'script.sql is another script than the import began with: line 1 differs',
    );
    expect((error as XpdbError).exitCode).toBe(ExitCode.usage);
    const mended = "CREATE TABLE t (i int)\nGO\nINSERT t VALUES (1)\nGO\nPRINT 'x'\nGO\nINSERT t VALUES (2)\nGO\n";
    await importOn(open, mended, { database: 'Mended', resume: true });
    const session = await sessionOn(sandbox, 'Mended');
    expect((await session.query('SELECT COUNT(*) FROM t')).rows).toEqual([[2]]);
    await session.close();
  });

  it('refuses other rows beside the script', async () => {
    const data = (identity: string): ImportData => ({
      before: 1,
      identity,
      tables: [],
      sums: 'text',
      load: async () => undefined,
    });
    await begin('Rows', data('one'));
    const again = { database: 'Rows', resume: true };
    const script = "CREATE TABLE t (i int)\nGO\nINSERT t VALUES (1)\nGO\nPRINT 'x'\nGO\n";
    const error = await importOn(open, script, { ...again, data: data('two') }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).message).toBe('the rows are others than the import began with');
    await importOn(open, script, { ...again, data: data('one') });
  });
});
