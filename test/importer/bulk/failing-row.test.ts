import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import type { NativeRowSink } from '../../../src/data/native-row-reader.ts';
import { findFailingRow } from '../../../src/importer/bulk/failing-row.ts';
import { openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';
import { inNewDatabase } from './replay-rows.ts';

let sandbox: Sandbox;
let source: Session;
let target: Session;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  source = await sessionOn(sandbox);
  target = await sessionOn(sandbox);
  const values = Array.from({ length: 100 }, (_, i) => `(${i + 1}, ${i === 61 ? 'NULL' : `N'${i % 90}'`})`).join(', ');
  await inNewDatabase(
    source,
    'source',
    `CREATE TABLE dbo.t (id int NOT NULL, n nvarchar(10) NULL);\nINSERT dbo.t VALUES ${values};`,
  );
});
afterAll(async () => {
  await source.close();
  await target.close();
  await sandbox.close();
});

const read = (sink: Omit<NativeRowSink, 'takeRows'>) =>
  source.streamRows('SELECT id, n FROM dbo.t ORDER BY id', sink).then(() => {});
const table = { schema: 'dbo', name: 't' };

describe('the row that makes a load fail', () => {
  it('is found by its number, and nothing stays of the search', async () => {
    await inNewDatabase(
      target,
      'notnull',
      'CREATE TABLE dbo.t (id int NOT NULL, n nvarchar(10) NULL CHECK (n IS NOT NULL));',
    );
    await target.execute('CREATE UNIQUE INDEX u ON dbo.t (id)');
    const found = await findFailingRow(target, table, 100, read);
    expect(found?.row).toBe(62);
    expect(found?.error.message).toMatch(/CHECK/);
    expect((await target.query('SELECT COUNT(*) FROM dbo.t')).rows).toEqual([[0]]);
    expect(target.inTransaction).toBe(false);
  });

  it('is the second one of two that are equal', async () => {
    await inNewDatabase(target, 'twins', 'CREATE TABLE dbo.t (id int NOT NULL, n nvarchar(10) NULL);');
    await target.execute('CREATE UNIQUE INDEX u ON dbo.t (n)');
    // Rows 1 and 91 have the same n.
    expect((await findFailingRow(target, table, 100, read))?.row).toBe(91);
  });

  it('is none where the rows pass', async () => {
    await inNewDatabase(target, 'fine', 'CREATE TABLE dbo.t (id int NOT NULL, n nvarchar(10) NULL);');
    expect(await findFailingRow(target, table, 100, read)).toBeNull();
    expect((await target.query('SELECT COUNT(*) FROM dbo.t')).rows).toEqual([[0]]);
  });
});
