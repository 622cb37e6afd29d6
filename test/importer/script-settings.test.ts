import { describe, expect, it } from 'vitest';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import type { ImportOptions } from '../../src/importer/import-options.ts';
import { type Sandbox, sessionOn, withSandbox } from '../support/sandbox.ts';
import { importOn } from './import-on.ts';

const patience = 240_000;

async function ask(sandbox: Sandbox, sql: string): Promise<unknown> {
  const session = await sessionOn(sandbox, 'target');
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

async function withTarget(
  use: (sandbox: Sandbox, run: (script: string, given?: Partial<ImportOptions>) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await withSandbox({ version: 160 }, async sandbox => {
    const session = await sessionOn(sandbox);
    await session.execute('CREATE DATABASE [target]');
    await session.close();
    const open = (database: string | null) => sessionOn(sandbox, database ?? undefined);
    await use(sandbox, (script, given) => importOn(open, script, { loaders: createRowLoaders, ...given }));
  });
}

const table = 'CREATE TABLE t (i int, d datetime)\nGO\n';
const rows = (from: number, count: number, date: string) =>
  Array.from({ length: count }, (_, i) => `INSERT INTO t VALUES (${from + i}, '${date}')\n`).join('');
const months = 'SELECT MONTH(d), COUNT(*) FROM t GROUP BY MONTH(d)';
const failing = "RAISERROR ('stop', 16, 1)";
const passing = 'PRINT 1';

describe('rows behind a SET', () => {
  it(
    'that is guarded are read as the server reads them',
    () =>
      withTarget(async (sandbox, run) => {
        await run(`${table}IF 1 = 1 SET DATEFORMAT dmy\nGO\n${rows(1, 300, '2024-03-04')}GO\n`);
        expect(await ask(sandbox, months)).toEqual([[4, 300]]);
      }),
    patience,
  );

  it(
    'that stops everything are left out as the server leaves them out',
    () =>
      withTarget(async (sandbox, run) => {
        const stopped = `BEGIN SET NOEXEC ON END\nGO\n${rows(1, 300, '2024-03-04')}GO\nSET NOEXEC OFF\nGO\n`;
        await run(`${table}${stopped}IF 1 = 2 SET NOEXEC ON\nGO\n${rows(1, 300, '2024-05-06')}GO\n`);
        expect(await ask(sandbox, months)).toEqual([[5, 300]]);
      }),
    patience,
  );

  it(
    'that is guarded are not gone on with on another session',
    () =>
      withTarget(async (_, run) => {
        const script = (middle: string) =>
          `${table}IF 1 = 1 SET DATEFORMAT dmy\nGO\n${rows(1, 1, '03/04/2024')}GO\n${middle}\nGO\n${rows(2, 1, '03/04/2024')}GO\n`;
        await expect(run(script(failing))).rejects.toThrow('stop');
        await expect(run(script(passing), { resume: true })).rejects.toThrow(
          "the import can't be resumed: settings that only the session knew (DATEFORMAT) were lost with its connection",
        );
      }),
    patience,
  );

  it.each([
    ['a format behind a language', 'SET LANGUAGE British\nGO\nSET DATEFORMAT mdy', 3],
    ['the same format twice', 'SET DATEFORMAT mdy\nGO\nSET LANGUAGE British\nGO\nSET DATEFORMAT mdy', 3],
    ['a language behind a format', 'SET DATEFORMAT dmy\nGO\nSET LANGUAGE us_english', 3],
  ])(
    'mean the same on a session that goes on: %s',
    (_, set, month) =>
      withTarget(async (sandbox, run) => {
        const script = (middle: string) =>
          `${table}${set}\nGO\n${rows(1, 1, '03/04/2024')}GO\n${middle}\nGO\n${rows(2, 1, '03/04/2024')}GO\n`;
        await expect(run(script(failing))).rejects.toThrow('stop');
        await run(script(passing), { resume: true });
        expect(await ask(sandbox, months)).toEqual([[month, 2]]);
      }),
    patience,
  );
});
