import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/connection/session.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

let sandbox: Sandbox;
let session: Session;
beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  session = await sessionOn(sandbox);
  await session.execute('CREATE DATABASE [w]');
  await session.useDatabase('w');
});
afterAll(async () => {
  await session.close();
  await sandbox.close();
});

const ask = async (expression: string) =>
  (await session.query(`SELECT CONVERT(nvarchar(60), ${expression}, 121)`)).rows[0]![0];

describe('dates as the bytes that older versions of the wizard write', () => {
  it.each([
    ['CAST(0xFC1F0B00 AS Date)', '1997-03-02'],
    ['CAST(0xC0370B AS Date)', '2013-10-28'],
    ['CAST(0x0700A8E76F4B0000 AS Time)', '09:00:00.0000000'],
    ['CAST(0x0700A8E76F4BC0370B AS DateTime2)', '2013-10-28 09:00:00.0000000'],
    ['CAST(0x0700A8E76F4BC0370B3C00 AS DateTimeOffset)', '2013-10-28 10:00:00.0000000 +01:00'],
    ['CAST(0x0700A8E76F4BC0370BA8FD AS DateTimeOffset)', '2013-10-27 23:00:00.0000000 -10:00'],
  ])('%s is %s', async (expression, text) => {
    expect(await ask(expression)).toBe(text);
  });

  it('refuses bytes that are no date', async () => {
    await expect(ask('CAST(0xFFFFFF AS Date)')).rejects.toThrow(/Conversion failed/);
    await expect(ask('CAST(0x09 AS Time)')).rejects.toThrow(/Conversion failed/);
  });
});

describe('the collation of the catalog', () => {
  it('is the database’s own', async () => {
    await session.execute('CREATE DATABASE [c] WITH CATALOG_COLLATION = DATABASE_DEFAULT, LEDGER = OFF');
    await expect(
      session.execute('CREATE DATABASE [d] WITH CATALOG_COLLATION = SQL_Latin1_General_CP1_CI_AS'),
    ).rejects.toThrow(/not supported by the sandbox/);
  });
});

describe('scoped configurations', () => {
  it('are set for the database and its secondaries', async () => {
    await session.execute('ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 4;');
    await session.execute('ALTER DATABASE SCOPED CONFIGURATION FOR SECONDARY SET PARAMETER_SNIFFING = OFF');
    await session.execute('ALTER DATABASE SCOPED CONFIGURATION FOR SECONDARY SET MAXDOP = PRIMARY');
    const { rows } = await session.query(
      "SELECT name, CONVERT(int, value), CONVERT(int, value_for_secondary), is_value_default FROM sys.database_scoped_configurations WHERE name IN ('MAXDOP', 'PARAMETER_SNIFFING') ORDER BY name",
    );
    expect(rows).toEqual([
      ['MAXDOP', 4, null, false],
      ['PARAMETER_SNIFFING', 1, 0, true],
    ]);
  });

  it('are refused by name where the sandbox keeps none', async () => {
    await expect(session.execute('ALTER DATABASE SCOPED CONFIGURATION SET NO_SUCH = ON')).rejects.toThrow(/NO_SUCH/);
  });
});
