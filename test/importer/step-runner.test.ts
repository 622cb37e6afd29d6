import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScriptStream } from '../../src/archive/script-input.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import type { ImportOptions } from '../../src/importer/import-options.ts';
import type { XpdbError } from '../../src/model/error.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { importOn, stream } from './import-on.ts';

let sandbox: Sandbox;
let count = 0;
let database = '';

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
});
afterAll(() => sandbox?.close());

async function imported(script: string, more: Partial<ImportOptions> = {}) {
  database = `Run${++count}`;
  const session = await sessionOn(sandbox);
  await session.execute(`CREATE DATABASE ${database}`);
  await session.close();
  const input = openScriptStream(stream(Buffer.from(script)), 'script.sql', undefined);
  const open = (name: string | null) => sessionOn(sandbox, name ?? undefined);
  try {
    return (await importOn(open, input, { database, loaders: createRowLoaders, ...more })).result;
  } finally {
    sandbox.faults.statements.splice(0);
  }
}

async function ask(sql: string): Promise<readonly unknown[]> {
  const session = await sessionOn(sandbox, database);
  try {
    return (await session.query(sql)).rows[0]!.map(Number);
  } finally {
    await session.close();
  }
}

const deadlock = (matching: RegExp, skip = 0) =>
  void sandbox.faults.statements.push({ kind: 'deadlock', matching, skip, times: 1 });
const inserts = (rows: number, values: (i: number) => string) =>
  Array.from({ length: rows }, (_, i) => `INSERT INTO t VALUES (${values(i)})`).join('\n');
const batches = (rows: number, value: (i: number) => number) =>
  Array.from({ length: rows }, (_, i) => `INSERT INTO t SELECT ${value(i)}\nGO\n`).join('');
const sum = (rows: number) => (rows * (rows - 1)) / 2;
const wide = 'x'.repeat(900);
const table = 'CREATE TABLE t (i int, d varchar(1000))';
const contents = 'SELECT COUNT(*), SUM(CONVERT(bigint, i)) FROM t';

describe('steps that run again', () => {
  it.each([0, 1, 2, 3, 4])(
    'load their own rows, a deadlock in load %i',
    async skip => {
      // The life of a temporary table is one group, so that several loads of it run again.
      deadlock(/INSERT BULK/i, skip);
      await imported(
        `${table}\nCREATE TABLE #x (i int)\nGO\n${inserts(25_000, i => `${i}, '${wide}'`)}\nGO\nDROP TABLE #x\nGO\n`,
      );
      expect(await ask(contents)).toEqual([25_000, sum(25_000)]);
    },
    120_000,
  );

  it('are the whole transaction of the script, however many they are', async () => {
    const script = (rows: number) =>
      `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${batches(rows, i => i)}COMMIT\nGO\nINSERT t SELECT -1\nGO\n`;
    for (const rows of [100, 450]) {
      deadlock(new RegExp(`SELECT ${rows - 5}$`));
      await imported(script(rows));
      expect(await ask('SELECT COUNT(*), SUM(i) FROM t')).toEqual([rows + 1, sum(rows) - 1]);
    }
    deadlock(/INSERT BULK/i, 2);
    await imported(`${table}\nGO\nBEGIN TRAN\nGO\n${inserts(20_000, i => `${i}, '${wide}'`)}\nGO\nCOMMIT\nGO\n`);
    expect(await ask(contents)).toEqual([20_000, sum(20_000)]);
  }, 120_000);

  it('leave out what fails for good, where errors are collected', async () => {
    const twice = batches(450, i => (i === 445 ? 0 : i));
    const { failures } = await imported(
      `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${twice}COMMIT\nGO\n`,
      { continueOnError: true },
    );
    expect(failures.map(f => [f.details.number, f.details.position?.line])).toEqual([[2627, 5 + 2 * 445]]);
    expect(await ask('SELECT COUNT(*) FROM t')).toEqual([449]);
  }, 120_000);

  it('are the INSERTs of a load that fails, so that the row is named', async () => {
    const script = `CREATE TABLE t (i int PRIMARY KEY)\nGO\nBEGIN TRAN\nGO\n${inserts(400, i => String(i === 300 ? 7 : i))}\nGO\nCOMMIT\nGO\n`;
    const error = (await imported(script).catch((e: unknown) => e)) as XpdbError;
    expect([error.details.number, error.details.position?.line]).toEqual([2627, 305]);
    const { failures } = await imported(script, { continueOnError: true });
    expect(failures.map(f => f.details.position?.line)).toEqual([305]);
    expect(await ask('SELECT COUNT(*) FROM t')).toEqual([399]);
  }, 120_000);
});

it('counts the rows of a transaction that is too long to be kept', async () => {
  const { rows, batches } = await imported(
    `${table}\nGO\nBEGIN TRAN\nGO\n${inserts(45_000, i => `${i}, '${wide}'`)}\nGO\nCOMMIT\nGO\n`,
  );
  expect([rows, batches]).toEqual([45_000, 3]);
}, 120_000);
