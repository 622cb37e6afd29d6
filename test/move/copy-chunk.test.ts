import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { Journal } from '../../src/importer/journal.ts';
import { copyChunk } from '../../src/move/copy-chunk.ts';
import type { CopyTask } from '../../src/move/copy-task.ts';
import { openSandbox, runScript, type Sandbox, sessionOn } from '../support/sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
});
afterAll(() => sandbox?.close());

const table = 'CREATE TABLE dbo.T (Id int NOT NULL CONSTRAINT PK PRIMARY KEY, X nvarchar(10) NULL)';
const task: CopyTask = {
  entry: 'rows 1',
  table: { schema: 'dbo', name: 'T' },
  from: 'Source',
  to: 'Target',
  sql: 'SELECT [Id], [X] FROM [dbo].[T] ORDER BY [Id]',
  withValues: true,
  tableLock: true,
  order: [{ column: 'Id', descending: false }],
};

it('carries a chunk once more where the target does not find it sorted', async () => {
  const from = await sessionOn(sandbox);
  await runScript(
    from,
    `CREATE DATABASE Source\nGO\nUSE Source\nGO\n${table}\nGO\nINSERT dbo.T VALUES (1, N'a'), (2, N'b')`,
  );
  await runScript(from, `CREATE DATABASE Target\nGO\nUSE Target\nGO\n${table}`);
  const to = await sessionOn(sandbox, 'Target');
  await new Journal('Target').create(to, 'a copy');
  const statements: string[] = [];
  const load = to.bulkLoad.bind(to);
  to.bulkLoad = async (statement, message, options) => {
    statements.push(statement);
    if (!statement.includes('ORDER')) return load(statement, message, options);
    for await (const _ of message);
    const said = 'Cannot bulk load. The bulk data stream was incorrectly specified as sorted.';
    const place = { state: 1, class: 16, line: 1, procedure: '', server: '' };
    throw new SqlServerError([{ number: 4819, message: said, ...place }]);
  };
  expect(await copyChunk(from, to, task, () => undefined)).toBe(2);
  expect(statements.map(s => /ORDER \(\[Id\] ASC\)/.test(s))).toEqual([true, false]);
  const { rows } = await to.query('SELECT [Id], [X] FROM [dbo].[T] ORDER BY [Id]');
  expect(rows).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect((await new Journal('Target').entries(to)).filter(e => e.kind === 'chunk').map(e => e.text)).toEqual([
    'rows 1',
  ]);
  await from.close();
  await to.close();
});
