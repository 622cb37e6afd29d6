import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { XpdbError } from '../../../src/model/error.ts';
import { loadScript, openSandbox, sessionOn, withSandbox } from '../../support/sandbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a sandbox in a file is the same server again after a restart', async () => {
  const options = { version: 160, file: join(folder, 'server.db'), password: 'Secret-1' } as const;
  await withSandbox(options, sandbox =>
    loadScript(
      sandbox,
      `CREATE LOGIN ann WITH PASSWORD = 'Secret-2'
      CREATE DATABASE Kept
      GO
      USE Kept
      GO
      CREATE TABLE T (id int IDENTITY NOT NULL PRIMARY KEY, a varchar(5) NULL, v rowversion NOT NULL)
      CREATE SEQUENCE S AS int START WITH 1
      GO
      INSERT T (a) VALUES ('x'), ('y'), ('z')
      DELETE T WHERE id = 3
      SELECT NEXT VALUE FOR S, NEXT VALUE FOR S`,
    ),
  );
  await withSandbox(options, async sandbox => {
    const session = await sessionOn(sandbox, 'Kept');
    expect((await session.query('SELECT id, a FROM T ORDER BY id')).rows).toEqual([
      [1, 'x'],
      [2, 'y'],
    ]);
    // Identity, rowversion and sequence go on where they were.
    const before = (await session.query('SELECT CONVERT(bigint, MAX(v)) FROM T')).rows[0]?.[0] as bigint;
    await session.execute("INSERT T (a) VALUES ('new')");
    expect((await session.query("SELECT id, NEXT VALUE FOR S FROM T WHERE a = 'new'")).rows).toEqual([[4, 3]]);
    const after = (await session.query('SELECT CONVERT(bigint, MAX(v)) FROM T')).rows[0]?.[0] as bigint;
    expect(after > before).toBe(true);
    expect((await session.query("SELECT COUNT(*) FROM sys.server_principals WHERE name = 'ann'")).rows).toEqual([[1]]);
    expect((await session.query('SELECT COUNT(*) FROM sys.dm_exec_sessions')).rows).toEqual([[1]]);
    await session.close();
  });
});

it('an opened file takes the administrator that it is opened with; no password stands in it', async () => {
  const file = join(folder, 'server.db');
  await withSandbox({ version: 160, file, password: 'First-Secret-1' }, sandbox =>
    loadScript(sandbox, "CREATE LOGIN ann WITH PASSWORD = 'Third-Secret-3'"),
  );
  // A password made at random, and another administrator.
  await withSandbox({ version: 160, file }, async sandbox => (await sessionOn(sandbox)).close());
  await withSandbox({ version: 160, file, user: 'boss', password: 'Second-Secret-2' }, async sandbox => {
    const session = await sessionOn(sandbox);
    expect((await session.query("SELECT SUSER_SNAME(), IS_SRVROLEMEMBER('sysadmin')")).rows).toEqual([['boss', 1]]);
    await session.close();
  });
  const bytes = readFileSync(file).toString('latin1');
  for (const secret of ['First-Secret', 'Second-Secret', 'Third-Secret']) expect(bytes).not.toContain(secret);
});

it('a file of another version is refused by name', async () => {
  const file = join(folder, 'server.db');
  await withSandbox({ version: 110, file }, async () => undefined);
  const opening = openSandbox({ version: 160, file });
  await expect(opening).rejects.toThrow(XpdbError);
  await expect(openSandbox({ version: 160, file })).rejects.toThrow(/another server: .*110/);
});
