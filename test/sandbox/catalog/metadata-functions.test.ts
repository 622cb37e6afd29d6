import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellValue } from '../../../src/connection/cell-value.ts';
import type { Session } from '../../../src/connection/session.ts';
import { metadataFunctionNames } from '../../../src/sandbox/catalog/functions/metadata-function.ts';
import { openSandbox, runScript, type Sandbox, sessionOn, withSandbox } from '../../support/sandbox.ts';

const setup = `
CREATE DATABASE M ON PRIMARY (NAME = 'M', FILENAME = 'C:\\M.mdf'), FILEGROUP Extra (NAME = 'M2', FILENAME = 'C:\\M2.ndf') LOG ON (NAME = 'M_log', FILENAME = 'C:\\M.ldf')
GO
USE M
GO
CREATE SCHEMA [odd.schema]
GO
CREATE TABLE T (id int IDENTITY(5, 3) NOT NULL CONSTRAINT PK_T PRIMARY KEY, a varchar(10) NULL CONSTRAINT DF_a DEFAULT 'x', b nvarchar(10) NOT NULL,
  c AS id * 2, d decimal(9, 2) NULL, e uniqueidentifier ROWGUIDCOL NULL, f int SPARSE NULL, CONSTRAINT CK_a CHECK (a <> ''))
CREATE TABLE [odd.schema].[a]]b] (x int NULL)
CREATE INDEX IX_T ON T (b DESC, a) WITH (FILLFACTOR = 80)
GO
CREATE VIEW V WITH SCHEMABINDING AS SELECT a FROM dbo.T
GO
CREATE TRIGGER TR ON T AFTER INSERT, DELETE AS RETURN
GO
CREATE TYPE Code FROM char(3) NOT NULL
CREATE USER u WITHOUT LOGIN
CREATE ROLE R
ALTER ROLE R ADD MEMBER u
GRANT SELECT ON T TO u
INSERT T (a, b) VALUES ('1', N'1'), ('2', N'2')
`;

describe('metadata functions', () => {
  let sandbox: Sandbox;
  let session: Session;
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 160, serverName: 'HOST\\INST' });
    session = await sessionOn(sandbox);
    await runScript(session, setup);
  });
  afterAll(async () => {
    await session.close();
    await sandbox.close();
  });

  const value = async (expression: string): Promise<CellValue> => {
    const cell = (await session.query(`SELECT ${expression}`)).rows[0]?.[0] ?? null;
    return typeof cell === 'object' && cell !== null && 'baseType' in cell ? cell.value : cell;
  };

  /** An expression and what it gives. */
  const cases: readonly (readonly [expression: string, expected: CellValue])[] = [
    ["OBJECT_NAME(OBJECT_ID('T'))", 'T'],
    ["OBJECT_NAME(OBJECT_ID('dbo.T'))", 'T'],
    ["OBJECT_NAME(OBJECT_ID('M..T'))", 'T'],
    ["OBJECT_NAME(OBJECT_ID('[odd.schema].[a]]b]'))", 'a]b'],
    ["OBJECT_SCHEMA_NAME(OBJECT_ID('[odd.schema].[a]]b]'))", 'odd.schema'],
    ["OBJECT_NAME(OBJECT_ID('PK_T', 'PK'))", 'PK_T'],
    ["OBJECT_ID('T', 'V')", null],
    ["OBJECT_ID('missing')", null],
    ["OBJECT_ID('nowhere.dbo.T')", null],
    ["OBJECT_NAME(OBJECT_ID('sys.tables'))", 'tables'],
    ["OBJECT_NAME(OBJECT_ID('sysobjects'))", 'sysobjects'],
    ['OBJECT_NAME(1)', null],
    ["OBJECT_DEFINITION(OBJECT_ID('CK_a'))", "([a]<>'')"],
    ["OBJECT_DEFINITION(OBJECT_ID('DF_a'))", "('x')"],
    ["OBJECT_DEFINITION(OBJECT_ID('T'))", null],
    ['SCHEMA_ID()', 1],
    ["SCHEMA_NAME(SCHEMA_ID('odd.schema'))", 'odd.schema'],
    ["SCHEMA_ID('missing')", null],
    ['DB_NAME()', 'M'],
    ["DB_NAME(DB_ID('master'))", 'master'],
    ["DB_ID('missing')", null],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'IsUserTable')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('V'), 'IsView')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('V'), 'IsSchemaBound')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('V'), 'IsTable')", 0],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'TableHasPrimaryKey')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'TableHasIdentity')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'TableHasForeignKey')", 0],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'TableHasInsertTrigger')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'TableHasUpdateTrigger')", 0],
    ["OBJECTPROPERTY(OBJECT_ID('TR'), 'ExecIsDeleteTrigger')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('PK_T'), 'CnstIsClustKey')", 1],
    ["OBJECTPROPERTY(OBJECT_ID('CK_a'), 'CnstIsDisabled')", 0],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'CnstIsDisabled')", null],
    ["OBJECTPROPERTY(OBJECT_ID('T'), 'NoSuchProperty')", null],
    ["OBJECTPROPERTYEX(OBJECT_ID('T'), 'BaseType')", 'U '],
    ["OBJECTPROPERTYEX(OBJECT_ID('T'), 'Cardinality')", 2n],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'id', 'IsIdentity')", 1],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'a', 'AllowsNull')", 1],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'b', 'ColumnId')", 3],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'b', 'Precision')", 10],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'c', 'IsComputed')", 1],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'd', 'Scale')", 2],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'e', 'IsRowGuidCol')", 1],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'f', 'IsSparse')", 1],
    ["COLUMNPROPERTY(OBJECT_ID('T'), 'missing', 'IsIdentity')", null],
    ["COL_NAME(OBJECT_ID('T'), 2)", 'a'],
    ["COL_LENGTH('T', 'b')", 20],
    ["COL_LENGTH('T', 'missing')", null],
    ["INDEXPROPERTY(OBJECT_ID('T'), 'IX_T', 'IndexFillFactor')", 80],
    ["INDEXPROPERTY(OBJECT_ID('T'), 'PK_T', 'IsClustered')", 1],
    ["INDEXPROPERTY(OBJECT_ID('T'), 'PK_T', 'IsUnique')", 1],
    ["INDEX_COL('T', 2, 1)", 'b'],
    ["INDEX_COL('T', 2, 3)", null],
    ["INDEXKEY_PROPERTY(OBJECT_ID('T'), 2, 1, 'IsDescending')", 1],
    ["TYPE_NAME(TYPE_ID('Code'))", 'Code'],
    ["TYPE_ID('nvarchar')", 231],
    ["TYPE_ID('rowversion')", 189],
    ["TYPE_ID('missing')", null],
    ["TYPEPROPERTY('Code', 'AllowsNull')", 0],
    ["TYPEPROPERTY('Code', 'Precision')", 3],
    ["IDENT_SEED('T')", '5'],
    ["IDENT_INCR('T')", '3'],
    ["IDENT_CURRENT('T')", '8'],
    ["IDENT_CURRENT('V')", null],
    ["DATABASEPROPERTYEX('M', 'Recovery')", 'FULL'],
    ["DATABASEPROPERTYEX('M', 'Status')", 'ONLINE'],
    ["DATABASEPROPERTYEX('M', 'Updateability')", 'READ_WRITE'],
    ["DATABASEPROPERTYEX('M', 'Collation')", 'SQL_Latin1_General_CP1_CI_AS'],
    ["DATABASEPROPERTYEX('M', 'IsAutoShrink')", 0],
    ["DATABASEPROPERTYEX('missing', 'Status')", null],
    ["DATABASEPROPERTY('M', 'IsTruncLog')", 0],
    ['CURRENT_USER', 'dbo'],
    ['SYSTEM_USER', 'sa'],
    ['SUSER_NAME(1)', 'sa'],
    ["SUSER_ID('sa')", 1],
    ["SUSER_SNAME(SUSER_SID('sa'))", 'sa'],
    ["USER_ID('dbo')", 1],
    ["CONNECTIONPROPERTY('net_transport')", 'TCP'],
    ["FILE_IDEX('M')", 1],
    ["STATS_DATE(OBJECT_ID('T'), 1)", null],
    ["SERVERPROPERTY('ServerName')", 'HOST\\INST'],
    ["SERVERPROPERTY('InstanceName')", 'INST'],
    ["SERVERPROPERTY('MachineName')", 'HOST'],
    ["SERVERPROPERTY('EngineEdition')", 3],
    ["SERVERPROPERTY('Edition')", 'Developer Edition (64-bit)'],
    ["SERVERPROPERTY('IsClustered')", 0],
    ["SERVERPROPERTY('NoSuchProperty')", null],
    ["COLLATIONPROPERTY('Greek_CI_AS', 'CodePage')", 1253],
    ["COLLATIONPROPERTY('Latin1_General_BIN2', 'ComparisonStyle')", 0],
    ["COLLATIONPROPERTY('Latin1_General_CI_AS', 'ComparisonStyle')", 196609],
    ["COLLATIONPROPERTY('No_Such_CI_AS', 'CodePage')", null],
    ["FILE_NAME(FILE_ID('M2'))", 'M2'],
    ["FILEPROPERTY('M_log', 'IsLogFile')", 1],
    ["FILEGROUP_NAME(FILEGROUP_ID('Extra'))", 'Extra'],
    ["FILEGROUPPROPERTY('PRIMARY', 'IsDefault')", 1],
    ['USER_NAME()', 'dbo'],
    ["USER_NAME(DATABASE_PRINCIPAL_ID('u'))", 'u'],
    ['SUSER_SNAME()', 'sa'],
    ['SUSER_SNAME(0x01)', 'sa'],
    ['ORIGINAL_LOGIN()', 'sa'],
    ["IS_SRVROLEMEMBER('sysadmin')", 1],
    ["IS_SRVROLEMEMBER('missing')", null],
    ["IS_MEMBER('db_owner')", 1],
    ["IS_ROLEMEMBER('R', 'u')", 1],
    ["IS_ROLEMEMBER('db_owner', 'u')", 0],
    ["HAS_DBACCESS('M')", 1],
    ["HAS_DBACCESS('missing')", null],
    ["HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION')", 1],
    ["HAS_PERMS_BY_NAME('T', 'OBJECT', 'SELECT')", 1],
    ["HAS_PERMS_BY_NAME('missing', 'OBJECT', 'SELECT')", null],
    ["PARSENAME('a.b.[c.d].e', 2)", 'c.d'],
    ["PARSENAME('a.b', 3)", null],
    ["FULLTEXTSERVICEPROPERTY('IsFullTextInstalled')", 0],
  ];
  it.each(cases)('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  it('are all asked here, but for those that tests of others ask', () => {
    const asked = cases.map(([expression]) => expression).join(' ');
    const unasked = metadataFunctionNames.filter(name => !asked.includes(name) && !name.startsWith('@@'));
    expect(unasked.sort()).toEqual([
      'ASSEMBLYPROPERTY',
      'DATABASE_COLLATION',
      'FULLTEXTCATALOGPROPERTY',
      'ORIGINAL_DB_NAME',
      'SCHEMA_OWNER',
      'SESSION_CONTEXT',
      'SESSION_USER',
      'XML_SCHEMA_NAMESPACE',
    ]);
  });
});

describe('SERVERPROPERTY', () => {
  const ask = (version: 105 | 110, properties: readonly string[], platform: 'windows' | 'linux' = 'windows') =>
    withSandbox({ version, platform }, async sandbox => {
      const session = await sessionOn(sandbox);
      const list = properties.map(p => `CONVERT(nvarchar(200), SERVERPROPERTY('${p}'))`).join(', ');
      const { rows } = await session.query(`SELECT ${list}`);
      await session.close();
      return rows[0];
    });
  const asked = ['ProductVersion', 'ProductLevel', 'InstanceDefaultDataPath', 'InstanceDefaultLogPath'];

  it('tells the default directories from 2012 on', async () => {
    expect(await ask(105, asked)).toEqual(['10.50.6000.34', 'SP3', null, null]);
    const folder = 'C:\\Program Files\\Microsoft SQL Server\\MSSQL11.MSSQLSERVER\\MSSQL\\DATA\\';
    expect(await ask(110, asked)).toEqual(['11.0.7001.0', 'SP4', folder, folder]);
  });

  it('tells of FILESTREAM where the platform has it', async () => {
    const of = ['FilestreamEffectiveLevel', 'FilestreamShareName'];
    expect(await ask(110, of)).toEqual(['3', 'MSSQLSERVER']);
    expect(await ask(110, of, 'linux')).toEqual(['0', null]);
  });
});
