import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/connection/session.ts';
import { serverProcedures } from '../../src/importer/server-procedures.ts';
import { lookUpOutcome } from '../../src/importer/step-outcome.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160, volumes: ['D:\\'] });
  session = await sessionOn(sandbox);
  await session.execute('CREATE DATABASE [Target]');
  await session.useDatabase('Target');
});
afterAll(async () => {
  await session?.close();
  await sandbox?.close();
});

describe('the outcome of a statement whose answer was never seen', () => {
  // In this order: later ones rest on earlier ones.
  it.each([
    "CREATE DATABASE [it's]",
    "IF DB_ID(N'Guarded') IS NULL CREATE DATABASE Guarded",
    "EXEC ('CREATE DATABASE Dynamic')",
    'ALTER DATABASE [Target] ADD FILEGROUP [More]',
    "ALTER DATABASE CURRENT ADD FILEGROUP [it's]",
    "ALTER DATABASE [Target] ADD FILE (NAME = N'more', FILENAME = N'D:\\more.ndf') TO FILEGROUP [More]",
    'ALTER DATABASE [Target] MODIFY FILEGROUP [More] DEFAULT',
    "IF NOT EXISTS (SELECT name FROM sys.filegroups WHERE is_default=1 AND name = N'PRIMARY') ALTER DATABASE [Target] MODIFY FILEGROUP [PRIMARY] DEFAULT",
    "ALTER DATABASE [Target] MODIFY FILE (NAME = N'more', NEWNAME = N'other')",
    'ALTER DATABASE [Target] REMOVE FILE [other]',
    'ALTER DATABASE [Target] REMOVE FILEGROUP [More]',
    "ALTER DATABASE [it's] MODIFY NAME = [itself]",
    "EXEC sp_renamedb 'Guarded', 'Renamed'",
    'DROP DATABASE itself, Renamed',
    'CREATE TABLE [dbo].[T] ([Id] int NOT NULL)',
    'CREATE PROCEDURE [dbo].[P] AS INSERT dbo.T VALUES (1)',
    "CREATE TYPE dbo.[Rows] AS TABLE ([Id] int NOT NULL DEFAULT ('INSERT'))",
    'CREATE TABLE dbo.A (Id int) CREATE TABLE dbo.B (Id int)',
  ])('%s', async text => {
    expect(await lookUpOutcome(session, text)).toBe('not done');
    await session.execute(text);
    expect(await lookUpOutcome(session, text)).toBe('done');
  });

  it.each([
    'ALTER DATABASE [Target] SET RECOVERY SIMPLE',
    'ALTER DATABASE [Target] SET ENABLE_BROKER',
    'ALTER DATABASE CURRENT COLLATE Latin1_General_CI_AS',
    "ALTER DATABASE [Target] MODIFY FILE (NAME = N'Target', SIZE = 20MB)",
    'ALTER AUTHORIZATION ON DATABASE::[Target] TO [sa]',
    'ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 2',
    "EXEC sys.sp_db_vardecimal_storage_format N'Target', N'ON'",
    "IF (1 = FULLTEXTSERVICEPROPERTY('IsFullTextInstalled'))\nbegin\nEXEC [Target].[dbo].[sp_fulltext_database] @action = 'enable'\nend",
    "EXEC dbo.sp_dbcmptlevel @dbname=N'Target', @new_cmptlevel=90",
    "sp_dboption 'Target', 'autoclose', 'false'",
    "EXEC sp_configure 'show advanced options', 1\nRECONFIGURE WITH OVERRIDE",
    'ALTER FULLTEXT CATALOG [c] REORGANIZE',
    'ALTER FULLTEXT INDEX ON dbo.T ENABLE',
  ])('%s may run again', async text => {
    expect(await lookUpOutcome(session, text)).toBe('repeat');
  });

  it.each([
    ['ALTER DATABASE [Target] SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 2 DAYS)', 'not done'],
    ['ALTER DATABASE [Target] SET CHANGE_TRACKING = OFF', 'done'],
    ['CREATE FULLTEXT CATALOG [c] AS DEFAULT', 'not done'],
    ['DROP FULLTEXT CATALOG [c]', 'done'],
    ['CREATE FULLTEXT INDEX ON dbo.T (X) KEY INDEX PK_T', 'not done'],
    ['DROP FULLTEXT INDEX ON [dbo].[T]', 'done'],
    ['CREATE FULLTEXT STOPLIST [s] FROM SYSTEM STOPLIST', 'not done'],
    ["ALTER FULLTEXT STOPLIST [s] ADD N'the' LANGUAGE 1033", 'not done'],
    ["ALTER FULLTEXT STOPLIST [s] DROP 'the' LANGUAGE 'English'", 'done'],
    ['ALTER FULLTEXT STOPLIST [s] DROP ALL', 'unknown'],
    ['CREATE SEARCH PROPERTY LIST [l]', 'not done'],
    [
      "ALTER SEARCH PROPERTY LIST [l] ADD 'Title' WITH (PROPERTY_SET_GUID = 'F29F85E0-4FF9-1068-AB91-08002B27B3D9', PROPERTY_INT_ID = 2)",
      'not done',
    ],
    ["EXEC sp_addlinkedserver @server = N'ARCHIVE', @srvproduct = N'SQL Server'", 'not done'],
    ["EXEC sp_dropserver 'ARCHIVE'", 'done'],
    ["EXEC sp_addumpdevice 'disk', 'weekly', 'D:\\weekly.bak'", 'not done'],
    ["EXEC sp_addlogin @passwd = 'x', @loginame = 'somebody'", 'not done'],
    ["EXEC sp_addlogin 'sa'", 'done'],
  ])('%s: %s', async (text, outcome) => {
    expect(await lookUpOutcome(session, text)).toBe(outcome);
  });

  it.each([
    "BACKUP DATABASE [Target] TO DISK = N'D:\\x.bak'",
    "EXEC sp_fulltext_table N'dbo.T', N'create', N'c', N'PK'",
    "EXEC dbo.Mine 'CREATE DATABASE X'",
    'DECLARE @n sysname = DB_NAME() EXEC sp_renamedb @n, @n',
    'CREATE DATABASE X INSERT dbo.T VALUES (1)',
    // Part of it ran.
    'CREATE TABLE dbo.T (Id int) CREATE TABLE dbo.Another (Id int)',
    // The last of it may run again, the rest may not.
    'CREATE TABLE dbo.T (Id int) ALTER DATABASE [Target] SET RECOVERY SIMPLE',
    // A right is given as often as one likes, but whether it was, nobody knows.
    'CREATE TABLE dbo.T (Id int) GRANT INSERT ON dbo.T TO public',
    'SELECT 1',
  ])('nothing tells of %s', async text => {
    expect(await lookUpOutcome(session, text)).toBe('unknown');
  });

  it('asks the catalog only for what is in it', async () => {
    for (const [name, { outcome }] of serverProcedures) {
      if (outcome === null || outcome === 'repeat') continue;
      const text = `EXEC ${name} ${outcome.argument[1]} = N'nobody''s'`;
      expect(await lookUpOutcome(session, text), name).toBe(outcome.there ? 'not done' : 'done');
    }
  });
});
