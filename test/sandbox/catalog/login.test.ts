/** Logins that scripts make: they sign in, and act as their user. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  await loadScript(sandbox, 'CREATE DATABASE Shop\nGO\nUSE Shop\nGO\nCREATE SCHEMA Sales');
});
afterAll(() => sandbox.close());

const as = (user: string, password: string, database?: string) => sessionOn({ ...sandbox, user, password }, database);
async function whoIs(user: string, password: string, database?: string): Promise<unknown> {
  const session = await as(user, password, database);
  const { rows } = await session.query('SELECT DB_NAME(), SUSER_SNAME(), USER_NAME(), SCHEMA_NAME()');
  await session.close();
  return rows[0];
}

it('CREATE LOGIN keeps password, default database and SID', async () => {
  await loadScript(
    sandbox,
    `USE Shop
    GO
    CREATE LOGIN Ann WITH PASSWORD = N'It''s-1', DEFAULT_DATABASE = Shop, CHECK_POLICY = OFF, SID = 0x0102030405060708090A0B0C0D0E0F10
    CREATE USER Annie FOR LOGIN Ann WITH DEFAULT_SCHEMA = Sales`,
  );
  expect(await whoIs('ann', "It's-1")).toEqual(['Shop', 'Ann', 'Annie', 'Sales']);
  await expect(as('Ann', "it's-1")).rejects.toThrow(/Login failed for user 'Ann'/);
  const session = await sessionOn(sandbox);
  expect((await session.query("SELECT CONVERT(varchar(40), SUSER_SID('Ann'), 1)")).rows).toEqual([
    ['0x0102030405060708090A0B0C0D0E0F10'],
  ]);
  await session.close();
});

it('ALTER LOGIN changes the password, the name, and whether it may sign in', async () => {
  await loadScript(
    sandbox,
    "CREATE LOGIN Bob WITH PASSWORD = 'a'\nALTER LOGIN Bob WITH PASSWORD = 'b' OLD_PASSWORD = 'a'",
  );
  await expect(as('Bob', 'a')).rejects.toThrow(/Login failed/);
  expect(await whoIs('Bob', 'b')).toEqual(['master', 'Bob', 'guest', 'guest']);
  await loadScript(sandbox, 'ALTER LOGIN Bob DISABLE');
  await expect(as('Bob', 'b')).rejects.toThrow(/Login failed/);
  await loadScript(sandbox, 'ALTER LOGIN Bob ENABLE\nALTER LOGIN Bob WITH NAME = Robert, DEFAULT_DATABASE = tempdb');
  expect(await whoIs('Robert', 'b')).toEqual(['tempdb', 'Robert', 'guest', 'guest']);
  await expect(as('Robert', 'b', 'Shop')).rejects.toThrow(/Cannot open database "Shop"/);
});

it('a hash that a server scripted is taken, a broken one refused', async () => {
  const salt = Buffer.from('c0ffee11', 'hex');
  const hashed = (algorithm: string, mark: string) =>
    `0x${mark}${salt.toString('hex')}${createHash(algorithm).update('Säcret', 'utf16le').update(salt).digest('hex')}`;
  await loadScript(
    sandbox,
    `CREATE LOGIN Newer WITH PASSWORD = ${hashed('sha512', '0200')} HASHED, CHECK_EXPIRATION = OFF
    CREATE LOGIN Older WITH PASSWORD = ${hashed('sha1', '0100')} HASHED`,
  );
  expect(await whoIs('Newer', 'Säcret')).toContain('Newer');
  expect(await whoIs('Older', 'Säcret')).toContain('Older');
  await expect(loadScript(sandbox, 'CREATE LOGIN Broken WITH PASSWORD = 0x0200 HASHED')).rejects.toThrow(
    /15021|PASSWORD/,
  );
});

it('names that are taken or missing are refused', async () => {
  const refused = async (sql: string, wording: RegExp) =>
    await expect(loadScript(sandbox, sql)).rejects.toThrow(wording);
  await refused("CREATE LOGIN sa WITH PASSWORD = 'x'", /'sa' already exists/);
  await refused("CREATE LOGIN Carl WITH PASSWORD = 'x', DEFAULT_DATABASE = Nowhere", /'Nowhere' does not exist/);
  await refused("ALTER LOGIN Carl WITH PASSWORD = 'x'", /Cannot alter the login 'Carl'/);
  await refused('ALTER LOGIN Older WITH NAME = Newer', /'Newer' already exists/);
});
