import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { SqlServerError } from '../../../src/connection/sql-error.ts';
import { procedures } from '../../../src/sandbox/catalog/procedures/procedures.ts';
import { systemProcedures } from '../../../src/sandbox/catalog/system-content.ts';
import { openSandbox, runScript, type Sandbox, sessionOn } from '../../support/sandbox.ts';

describe('system procedures', () => {
  let sandbox: Sandbox;
  let session: Session;
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 160 });
    session = await sessionOn(sandbox);
  });
  afterAll(async () => {
    await session.close();
    await sandbox.close();
  });
  beforeEach(async () => {
    await runScript(
      session,
      `USE master
      GO
      DROP DATABASE IF EXISTS P
      CREATE DATABASE P
      GO
      USE P
      GO
      CREATE TABLE T (a int NOT NULL CONSTRAINT PK_T PRIMARY KEY, b varchar(10) NULL, c int NULL CONSTRAINT CK_c CHECK (c > 0), t text NULL)
      CREATE INDEX IX ON T (b)
      CREATE TABLE U (a int NULL CONSTRAINT FK_U REFERENCES T (a))
      GO
      CREATE TRIGGER TR ON T AFTER INSERT AS RETURN
      GO
      CREATE RULE R AS @v > 0
      GO
      CREATE DEFAULT D AS 1`,
    );
  });

  const rows = async (sql: string) => (await session.query(sql)).rows;
  /** Numbers of the errors that a batch gets, or of its messages. */
  const errors = (sql: string): Promise<readonly number[]> =>
    session.execute(sql).then(
      () => [],
      (error: unknown) => (error instanceof SqlServerError ? error.errors.map(e => e.number) : Promise.reject(error)),
    );
  const messages = async (sql: string) => (await session.execute(sql)).messages.map(m => m.number);

  it('sp_rename renames tables, columns, indexes, constraints with their indexes, and types', async () => {
    await runScript(
      session,
      `EXEC sp_rename 'T.b', 'bb', 'COLUMN'
      EXEC sp_rename 'T.IX', 'IX2', 'INDEX'
      EXEC sp_rename 'PK_T', 'PK_2'
      EXEC sp_rename 'dbo.U', 'U 2'
      CREATE TYPE Ty FROM int
      EXEC sp_rename 'Ty', 'Ty2', 'USERDATATYPE'`,
    );
    expect(await rows("SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID('T') ORDER BY index_id")).toEqual([
      ['PK_2'],
      ['IX2'],
    ]);
    expect(await rows('SELECT name FROM sys.key_constraints')).toEqual([['PK_2']]);
    expect(await rows("SELECT name FROM sys.columns WHERE object_id = OBJECT_ID('T') AND column_id = 2")).toEqual([
      ['bb'],
    ]);
    expect(await rows('SELECT COUNT(*) FROM [U 2]')).toEqual([[0]]);
    expect(await rows('SELECT name FROM sys.types WHERE is_user_defined = 1')).toEqual([['Ty2']]);
  });

  const refused: readonly (readonly [sql: string, number: number])[] = [
    ["EXEC sp_rename 'missing', 'x'", 15225],
    ["EXEC sp_rename 'T', 'U'", 15335],
    ["EXEC sp_rename 'T.c', 'x', 'COLUMN'", 15336],
    ["EXEC sp_rename 'T', 'x', 'NOTHING'", 15249],
    ["EXEC sp_rename 'T'", 201],
    ["EXEC sp_rename 'T', 'x', 'OBJECT', 'more'", 8144],
    ["EXEC sp_rename @objname = 'T', @nothing = 'x'", 8145],
    ["EXEC sp_no_such_procedure 'T'", 2812],
    ["EXEC sp_addextendedproperty 'p', 'v', 'SCHEMA', 'dbo', 'TABLE', 'missing'", 15135],
    ["EXEC sp_addextendedproperty 'p', 'v', 'SCHEMA'", 15600],
    ["EXEC sp_dropextendedproperty 'p'", 15217],
    ["EXEC sp_updateextendedproperty 'p', 'v'", 15217],
    ["EXEC sp_addtype 'x', 'nothing'", 15036],
    ["EXEC sp_addtype 'x', 'int', 'perhaps'", 15085],
    ["EXEC sp_droptype 'missing'", 15036],
    ["EXEC sp_bindefault 'missing', 'T.b'", 15016],
    ["EXEC sp_bindrule 'missing', 'T.b'", 15017],
    ["EXEC sp_bindrule 'R', 'T.missing'", 15148],
    ["EXEC sp_bindrule 'R', 'T.t'", 15107],
    ["EXEC sp_unbindefault 'T.b'", 15236],
    ["EXEC sp_unbindrule 'T.b'", 15238],
    ["EXEC sp_addrolemember 'missing', 'dbo'", 15014],
    ["EXEC sp_addrolemember 'db_datareader', 'missing'", 15410],
    ["EXEC sp_adduser 'missing'", 15007],
    ["EXEC sp_dropuser 'missing'", 15008],
    ["EXEC sp_settriggerorder 'missing', 'First', 'INSERT'", 15165],
    ["EXEC sp_settriggerorder 'TR', 'First', 'DELETE'", 15125],
    ["EXEC sp_settriggerorder 'TR', 'Middle', 'INSERT'", 15600],
    ["EXEC sp_tableoption 'missing', 'text in row', 'ON'", 15388],
    ["EXEC sp_tableoption 'T', 'no such option', 'ON'", 15600],
    ["EXEC sp_dboption 'P', 'read only', 'true'", 2812],
    ["EXEC sp_dbcmptlevel 'P', 80", 15048],
    ["EXEC sp_configure 'no such option', 1", 15123],
    ["EXEC sp_configure 'nested triggers', 7", 15129],
    ["EXEC sp_helptext 'missing'", 15009],
    ["EXEC sp_helptext 'T'", 15197],
    ["EXEC sp_fulltext_table 'T', 'create'", 7609],
    ["EXEC sp_releaseapplock 'missing'", 1223],
    ["EXEC xp_cmdshell 'dir'", 40000],
  ];
  it.each(refused)('%s is error %i', async (sql, number) => {
    expect(await errors(sql)).toContain(number);
  });

  it('an error in one is caught, and undoes nothing else', async () => {
    const sql = `
      BEGIN TRY
        EXEC sp_rename 'missing', 'x'
        SELECT 0
      END TRY
      BEGIN CATCH
        SELECT ERROR_NUMBER(), ERROR_PROCEDURE()
      END CATCH`;
    expect(await rows(sql)).toEqual([[15225, 'sp_rename']]);
  });

  it('sp_bindefault and sp_bindrule bind to columns and types, and their opposites unbind', async () => {
    expect(await messages("EXEC sp_bindrule 'R', 'T.c'")).toEqual([15514]);
    expect(await messages("EXEC sp_bindefault 'D', 'T.c'")).toEqual([15511]);
    const bound =
      "SELECT OBJECT_NAME(rule_object_id), OBJECT_NAME(default_object_id) FROM sys.columns WHERE object_id = OBJECT_ID('T') AND name = 'c'";
    expect(await rows(bound)).toEqual([['R', 'D']]);
    expect(await errors('DROP RULE R')).toEqual([3716]);
    expect(await messages("EXEC sp_unbindrule 'T.c'")).toEqual([15522]);
    expect(await messages("EXEC sp_unbindefault 'T.c'")).toEqual([15519]);
    expect(await rows(bound)).toEqual([[null, null]]);
    await session.execute('CREATE TYPE Ty FROM int\nALTER TABLE U ADD x Ty NULL');
    expect(await messages("EXEC sp_bindrule 'R', 'Ty'")).toEqual([15515, 15516]);
    expect(await messages("EXEC sp_unbindrule 'Ty', 'futureonly'")).toEqual([15523]);
    expect(
      await rows("SELECT OBJECT_NAME(rule_object_id) FROM sys.columns WHERE object_id = OBJECT_ID('U') AND name = 'x'"),
    ).toEqual([['R']]);
  });

  it('users, roles and log-ins come and go', async () => {
    await runScript(
      session,
      `EXEC sp_addlogin 'old_login', 'Secret-1', 'master'
      EXEC sp_adduser 'old_login', 'old_user', 'db_datareader'
      EXEC sp_addrole 'old_role'
      EXEC sp_addrolemember 'old_role', 'old_user'`,
    );
    expect(
      await rows("SELECT name, default_schema_name FROM sys.database_principals WHERE name LIKE 'old%' ORDER BY name"),
    ).toEqual([
      ['old_role', null],
      ['old_user', 'old_user'],
    ]);
    expect(await rows("SELECT SCHEMA_NAME(SCHEMA_ID('old_user'))")).toEqual([['old_user']]);
    expect(await errors("EXEC sp_droprole 'old_role'")).toEqual([15144]);
    await runScript(
      session,
      `EXEC sp_droprolemember 'old_role', 'old_user'
      EXEC sp_droprole 'old_role'
      EXEC sp_revokedbaccess 'old_user'
      EXEC sp_droplogin 'old_login'`,
    );
    expect(await rows("SELECT COUNT(*) FROM sys.database_principals WHERE name LIKE 'old%'")).toEqual([[0]]);
  });

  it('sp_change_users_login finds users whose log-in is gone, and gives them one', async () => {
    await session.execute("CREATE LOGIN gone WITH PASSWORD = 'Secret-1'");
    await session.execute('CREATE USER gone FOR LOGIN gone');
    await session.execute('DROP LOGIN gone');
    expect((await rows("EXEC sp_change_users_login 'Report'")).map(r => r[0])).toEqual(['gone']);
    await session.execute("CREATE LOGIN back WITH PASSWORD = 'Secret-1'");
    await session.execute("EXEC sp_change_users_login 'Update_One', 'gone', 'back'");
    expect(await rows("EXEC sp_change_users_login 'Report'")).toEqual([]);
    await session.execute('DROP LOGIN back');
  });

  it('sp_tableoption, sp_indexoption and sp_autostats set what the catalog shows', async () => {
    await runScript(
      session,
      `EXEC sp_tableoption 'T', 'text in row', '1000'
      EXEC sp_tableoption 'dbo.T', 'large value types out of row', 'ON'
      EXEC sp_tableoption @TableNamePattern = N'T', @OptionName = 'table lock on bulk load', @OptionValue = 1
      EXEC sp_indexoption 'T.IX', 'AllowPageLocks', 'FALSE'
      EXEC sp_autostats 'T', 'OFF', 'IX'`,
    );
    expect(
      await rows(
        "SELECT text_in_row_limit, large_value_types_out_of_row, lock_on_bulk_load FROM sys.tables WHERE name = 'T'",
      ),
    ).toEqual([[1000, true, true]]);
    expect(await rows("SELECT allow_page_locks FROM sys.indexes WHERE name = 'IX'")).toEqual([[false]]);
    expect(await rows("SELECT no_recompute FROM sys.stats WHERE name = 'IX'")).toEqual([[true]]);
  });

  it('sp_configure shows and sets', async () => {
    expect(await messages("EXEC sp_configure 'clr enabled', 1")).toEqual([15457]);
    expect(await rows("EXEC sp_configure 'clr enabled'")).toEqual([['clr enabled', 0, 1, 1, 1]]);
  });

  it('sp_helptext gives the text in lines', async () => {
    await session.execute(`CREATE VIEW W AS\r\nSELECT a -- ${'x'.repeat(300)}\r\nFROM T`);
    expect((await rows("EXEC sp_helptext 'W'")).map(r => String(r[0]).length)).toEqual([18, 255, 59, 6]);
  });

  it('clients find tables, columns and keys', async () => {
    expect(
      (await rows("EXEC sp_tables @table_owner = 'dbo', @table_type = \"'TABLE'\"")).map(r => r.slice(1, 4)),
    ).toEqual([
      ['dbo', 'T', 'TABLE'],
      ['dbo', 'U', 'TABLE'],
    ]);
    expect((await rows("EXEC sp_columns 'T', @column_name = 'b'")).map(r => r.slice(3, 8))).toEqual([
      ['b', 12, 'varchar', 10, 10],
    ]);
    expect((await rows("EXEC sp_fkeys @fktable_name = 'U'")).map(r => [r[2], r[3], r[6], r[7], r[11]])).toEqual([
      ['T', 'a', 'U', 'a', 'FK_U'],
    ]);
    expect((await rows('EXEC sp_databases')).map(r => r[0])).toContain('P');
  });

  it('application locks keep other sessions out until they are released', async () => {
    const other = await sessionOn(sandbox, 'P');
    const take = (s: Session) =>
      s.query(
        "DECLARE @r int; EXEC @r = sp_getapplock @Resource = 'job', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0; SELECT @r",
      );
    expect((await take(session)).rows).toEqual([[0]]);
    expect((await take(other)).rows).toEqual([[-1]]);
    await session.execute("EXEC sp_releaseapplock 'job', 'Session'");
    expect((await take(other)).rows).toEqual([[0]]);
    await other.close();
    expect((await take(session)).rows).toEqual([[0]]);
    await session.execute("EXEC sp_releaseapplock 'job', 'Session'");
  });

  it('sp_set_session_context keeps values of the session', async () => {
    await session.execute("EXEC sp_set_session_context N'who', N'me', @read_only = 1");
    expect(await rows("SELECT CONVERT(nvarchar(10), SESSION_CONTEXT(N'who'))")).toEqual([['me']]);
    expect(await errors("EXEC sp_set_session_context N'who', N'you'")).toEqual([15664]);
  });

  it('a name with its database works there', async () => {
    await session.execute('USE master');
    await session.execute("EXEC [P].[dbo].[sp_fulltext_database] @action = 'disable'");
    expect(await rows("SELECT DATABASEPROPERTYEX('P', 'IsFulltextEnabled')")).toMatchObject([[{ value: 0 }]]);
  });

  it('are listed among the objects of the server', () => {
    for (const version of [100, 110, 130]) {
      const run = Object.entries(procedures).filter(
        ([, p]) => version >= (p.since ?? 0) && version <= (p.until ?? 170),
      );
      expect([...systemProcedures(version)].sort()).toEqual(['sp_executesql', ...run.map(([name]) => name)].sort());
    }
  });
});
