import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errors, infosOf, rows } from '../../support/answers.ts';
import { type RawServer, type RawSession, rawServer } from '../../support/raw-session.ts';

let server: RawServer;
let session: RawSession;
let databases = 0;
const run = (sql: string): Promise<string[]> => rows(session, sql);
const failing = (sql: string): Promise<number[]> => errors(session, sql);
/** The first error of a batch. */
const error = async (sql: string) => (await session.batch(sql)).tokens.find(t => t.name === 'ERROR');

beforeAll(async () => {
  server = rawServer(160);
  session = await server.open();
});
afterAll(async () => {
  await session.close();
  await server.close();
});
beforeEach(async () => {
  await run(`CREATE DATABASE c${++databases}`);
  await run(`USE c${databases}`);
});

describe('types and lengths', () => {
  it('refuse what does not fit, and say where', async () => {
    await run(
      'CREATE TABLE dbo.t (a varchar(3) NULL, b nvarchar(2) NULL, c binary(2) NULL, d tinyint NULL, e decimal(4,2) NULL)',
    );
    expect(await error("INSERT t (a) VALUES ('abcd')")).toMatchObject({
      number: 2628,
      message: `String or binary data would be truncated in table 'c${databases}.dbo.t', column 'a'. Truncated value: 'abc'.`,
    });
    expect(await failing("INSERT t (b) VALUES (N'abc')")).toEqual([2628]);
    expect(await failing('INSERT t (c) VALUES (0x010203)')).toEqual([2628]);
    expect(await failing('INSERT t (d) VALUES (256)')).toEqual([220]);
    expect(await failing('INSERT t (e) VALUES (100)')).toEqual([8115]);
    expect(await failing("INSERT t (d) VALUES ('x')")).toEqual([245]);
    expect(await failing("INSERT t (c) VALUES ('x')")).toEqual([257]);
    // Blanks at the end fall away.
    await run("INSERT t (a, b) VALUES ('ab   ', N'x   ')");
    expect(await run('SELECT a, DATALENGTH(a), DATALENGTH(b) FROM t')).toEqual(['ab |3|4']);
  });
  it('without the names before 2019', async () => {
    const old = rawServer(140);
    const oldSession = await old.open();
    await rows(oldSession, 'CREATE DATABASE d');
    await rows(oldSession, 'USE d; CREATE TABLE t (a varchar(3))');
    expect(await errors(oldSession, "INSERT t VALUES ('abcd')")).toEqual([8152]);
    await oldSession.close();
    await old.close();
  });
});

describe('NOT NULL', () => {
  it('is error 515', async () => {
    await run('CREATE TABLE dbo.t (a int NOT NULL, b int NULL)');
    expect(await error('INSERT t (b) VALUES (1)')).toMatchObject({
      number: 515,
      message: `Cannot insert the value NULL into column 'a', table 'c${databases}.dbo.t'; column does not allow nulls. INSERT fails.`,
    });
    await run('INSERT t VALUES (1, 1)');
    expect(await error('UPDATE t SET a = NULL')).toMatchObject({ number: 515 });
    expect(await failing('ALTER TABLE t ALTER COLUMN b int NOT NULL')).toEqual([]);
    await run('ALTER TABLE t ADD c int NULL');
    expect((await failing('ALTER TABLE t ALTER COLUMN c int NOT NULL'))[0]).toBe(515);
    expect((await failing('ALTER TABLE t ADD d int NOT NULL'))[0]).toBe(4901);
  });
});

describe('identity', () => {
  it('gives values, keeps given ones when told so, and goes on from the greatest', async () => {
    await run('CREATE TABLE dbo.t (id int IDENTITY(10, 5), a int NULL)');
    await run('INSERT t VALUES (1); INSERT t (a) VALUES (2), (3)');
    expect(await run('SELECT id FROM t ORDER BY id')).toEqual(['10', '15', '20']);
    expect(await run("SELECT @@IDENTITY, SCOPE_IDENTITY(), IDENT_CURRENT('t')")).toEqual(['20|20|20']);
    expect(await failing('INSERT t (id, a) VALUES (1, 1)')).toEqual([544]);
    await run('SET IDENTITY_INSERT dbo.t ON');
    expect(await failing('INSERT t VALUES (1, 1)')).toEqual([8101]);
    expect(await failing('INSERT t (a) VALUES (1)')).toEqual([545]);
    await run('INSERT t (id, a) VALUES (100, 4); SET IDENTITY_INSERT dbo.t OFF; INSERT t VALUES (5)');
    expect(await run('SELECT MAX(id) FROM t')).toEqual(['105']);
    expect(await failing('UPDATE t SET id = 3')).toEqual([8102]);
  });
  it('a value that was given out is not given again, whatever became of its row', async () => {
    await run('CREATE TABLE dbo.t (id int IDENTITY, a int NOT NULL)');
    await failing('INSERT t VALUES (NULL)');
    await run('BEGIN TRAN; INSERT t VALUES (1); ROLLBACK; INSERT t VALUES (2)');
    expect(await run('SELECT id FROM t')).toEqual(['3']);
  });
  it('IDENTITY_INSERT is on for one table, and only for one that has the property', async () => {
    await run(
      'CREATE TABLE dbo.a (id int IDENTITY); CREATE TABLE dbo.b (id int IDENTITY); CREATE TABLE dbo.c (id int)',
    );
    await run('SET IDENTITY_INSERT a ON');
    expect(await failing('SET IDENTITY_INSERT b ON')).toEqual([8107]);
    expect(await failing('SET IDENTITY_INSERT c ON')).toEqual([8106]);
    expect(await failing('SET IDENTITY_INSERT nosuch ON')).toEqual([1088]);
    await run('SET IDENTITY_INSERT a OFF; SET IDENTITY_INSERT b ON; SET IDENTITY_INSERT b OFF');
  });
  it('DBCC CHECKIDENT tells and sets it', async () => {
    await run('CREATE TABLE dbo.t (id int IDENTITY, a int NULL); INSERT t VALUES (1), (2)');
    const told = infosOf(await session.batch('DBCC CHECKIDENT (t, NORESEED)'));
    expect(told[0]).toBe("Checking identity information: current identity value '2', current column value '2'.");
    await run("DBCC CHECKIDENT ('dbo.t', RESEED, 50) WITH NO_INFOMSGS; INSERT t VALUES (3)");
    expect(await run('SELECT MAX(id) FROM t')).toEqual(['51']);
  });
});

describe('keys', () => {
  it('a duplicate is 2627 of a constraint and 2601 of an index, with its value', async () => {
    await run(
      'CREATE TABLE dbo.t (a int NOT NULL CONSTRAINT pk PRIMARY KEY, b nvarchar(10) NULL CONSTRAINT uq UNIQUE, c int NULL); CREATE UNIQUE INDEX ix ON t (c) WHERE c IS NOT NULL',
    );
    await run("INSERT t VALUES (1, N'x', 5), (2, NULL, NULL)");
    expect(await error("INSERT t VALUES (1, N'y', 6)")).toMatchObject({
      number: 2627,
      class: 14,
      message:
        "Violation of PRIMARY KEY constraint 'pk'. Cannot insert duplicate key in object 'dbo.t'. The duplicate key value is (1).",
    });
    expect(await error("INSERT t VALUES (3, N'X', 6)")).toMatchObject({
      number: 2627,
      message: expect.stringContaining("UNIQUE KEY constraint 'uq'"),
    });
    expect(await error('INSERT t VALUES (3, NULL, 6)')).toMatchObject({
      number: 2627,
      message: expect.stringContaining('(<NULL>)'),
    });
    expect(await error("INSERT t VALUES (3, N'z', 5)")).toMatchObject({
      number: 2601,
      message: expect.stringContaining("index 'ix'"),
    });
    // The filter leaves NULLs alone.
    await run("INSERT t VALUES (3, N'z', NULL)");
    // Keys may change places within one statement.
    await run('UPDATE t SET a = 3 - a WHERE a < 3');
    expect(await run('SELECT a, b FROM t ORDER BY a')).toEqual(['1|NULL', '2|x', '3|z']);
  });
  it('a statement that fails leaves none of its rows', async () => {
    await run('CREATE TABLE dbo.t (a int NOT NULL PRIMARY KEY)');
    expect(await failing('INSERT t VALUES (1), (2), (1)')).toEqual([2627]);
    expect(await run('SELECT COUNT(*) FROM t')).toEqual(['0']);
  });
  it('IGNORE_DUP_KEY leaves duplicates out and says so', async () => {
    await run('CREATE TABLE dbo.t (a int NOT NULL); CREATE UNIQUE INDEX ix ON t (a) WITH (IGNORE_DUP_KEY = ON)');
    const answer = await session.batch('INSERT t VALUES (1), (1), (2)');
    expect(infosOf(answer)).toEqual(['Duplicate key was ignored.']);
    expect(await run('SELECT a FROM t ORDER BY a')).toEqual(['1', '2']);
  });
  it('of rows that are there are checked when they are made: 1505', async () => {
    await run('CREATE TABLE dbo.t (a int NOT NULL); INSERT t VALUES (1), (1)');
    expect(await failing('CREATE UNIQUE INDEX ix ON t (a)')).toEqual([1505]);
    expect((await failing('ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a)'))[0]).toBe(1505);
    expect(await run("SELECT COUNT(*) FROM sys.indexes WHERE object_id = OBJECT_ID('t') AND name IS NOT NULL")).toEqual(
      ['0'],
    );
  });
});

describe('foreign keys', () => {
  it('are checked on both sides', async () => {
    await run(
      'CREATE TABLE dbo.p (id int NOT NULL PRIMARY KEY); CREATE TABLE dbo.c (id int NOT NULL, p int NULL CONSTRAINT fk REFERENCES p(id)); INSERT p VALUES (1), (2); INSERT c VALUES (1, 1), (2, NULL)',
    );
    expect(await error('INSERT c VALUES (3, 9)')).toMatchObject({
      number: 547,
      state: 0,
      message: `The INSERT statement conflicted with the FOREIGN KEY constraint "fk". The conflict occurred in database "c${databases}", table "dbo.p", column 'id'.`,
    });
    expect(await failing('UPDATE c SET p = 9 WHERE id = 1')).toEqual([547]);
    expect(await error('DELETE p WHERE id = 1')).toMatchObject({
      number: 547,
      message: expect.stringContaining('REFERENCE constraint "fk"'),
    });
    expect(await failing('UPDATE p SET id = 5 WHERE id = 1')).toEqual([547]);
    await run('DELETE p WHERE id = 2');
    expect(await failing('TRUNCATE TABLE p')).toEqual([4712]);
    expect(await failing('DROP TABLE p')).toEqual([3726]);
  });
  it('cascade, set NULL and set the default', async () => {
    await run(`CREATE TABLE dbo.p (id int NOT NULL PRIMARY KEY); CREATE TABLE dbo.a (p int NULL REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE);
      CREATE TABLE dbo.b (p int NULL REFERENCES p(id) ON DELETE SET NULL); CREATE TABLE dbo.d (p int NULL DEFAULT 3 REFERENCES p(id) ON DELETE SET DEFAULT);
      INSERT p VALUES (1), (2), (3); INSERT a VALUES (1), (2); INSERT b VALUES (1); INSERT d VALUES (1)`);
    await run('DELETE p WHERE id = 1; UPDATE p SET id = 20 WHERE id = 2');
    expect(await run('SELECT p FROM a')).toEqual(['20']);
    expect(await run('SELECT p FROM b')).toEqual(['NULL']);
    expect(await run('SELECT p FROM d')).toEqual(['3']);
  });
  it('within one table wait for the end of the statement', async () => {
    await run(
      'CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, boss int NULL REFERENCES t(id)); INSERT t VALUES (1, 2), (2, NULL)',
    );
    expect(await failing('INSERT t VALUES (3, 4)')).toEqual([547]);
    await run('DELETE t');
  });
  it('WITH NOCHECK looks at no rows, WITH CHECK CHECK does', async () => {
    await run('CREATE TABLE dbo.p (id int NOT NULL PRIMARY KEY); CREATE TABLE dbo.c (p int NULL); INSERT c VALUES (7)');
    expect((await failing('ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p(id)'))[0]).toBe(547);
    await run('ALTER TABLE c WITH NOCHECK ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p(id)');
    expect(await run("SELECT is_not_trusted, is_disabled FROM sys.foreign_keys WHERE name = 'fk'")).toEqual(['1|0']);
    await run('ALTER TABLE c NOCHECK CONSTRAINT fk; INSERT c VALUES (8)');
    expect((await failing('ALTER TABLE c WITH CHECK CHECK CONSTRAINT fk'))[0]).toBe(547);
    await run('DELETE c; ALTER TABLE c WITH CHECK CHECK CONSTRAINT fk');
    expect(await run("SELECT is_not_trusted, is_disabled FROM sys.foreign_keys WHERE name = 'fk'")).toEqual(['0|0']);
  });
});

describe('defaults, computed columns, checks', () => {
  it('are applied', async () => {
    await run(
      "CREATE TABLE dbo.t (a int NOT NULL DEFAULT 7, b AS a * 2, c AS (a + 1) PERSISTED, d varchar(10) NOT NULL DEFAULT 'x', e int NULL CONSTRAINT ck CHECK (e > 0))",
    );
    await run('INSERT t DEFAULT VALUES; INSERT t (a, e) VALUES (1, 5), (DEFAULT, NULL)');
    expect(await run('SELECT a, b, c, d, e FROM t')).toEqual(['7|14|8|x|NULL', '1|2|2|x|5', '7|14|8|x|NULL']);
    await run('UPDATE t SET a = 10 WHERE e = 5');
    expect(await run('SELECT b, c FROM t WHERE e = 5')).toEqual(['20|11']);
    expect(await error('INSERT t (e) VALUES (0)')).toMatchObject({
      number: 547,
      message: expect.stringContaining('CHECK constraint "ck"'),
    });
    expect(await failing('UPDATE t SET e = -1')).toEqual([547]);
    expect(await failing('INSERT t (b) VALUES (1)')).toEqual([271]);
    expect(await failing('UPDATE t SET b = 1')).toEqual([271]);
  });
  it('rowversion columns change with their row and refuse values', async () => {
    await run('CREATE TABLE dbo.t (a int NULL, v rowversion)');
    expect(await failing('INSERT t (a, v) VALUES (1, 0x01)')).toEqual([273]);
    await run('INSERT t (a) VALUES (1), (2)');
    const before = await run('SELECT v FROM t ORDER BY a');
    await run('UPDATE t SET a = a WHERE a = 1');
    const after = await run('SELECT v FROM t ORDER BY a');
    expect(after[1]).toBe(before[1]);
    expect(after[0]! > before[1]!).toBe(true);
    expect(await failing('UPDATE t SET v = 0x01')).toEqual([272]);
  });
});

describe('what is recorded and not done', () => {
  it('triggers are told once', async () => {
    await run('CREATE TABLE dbo.t (a int NULL); CREATE TABLE dbo.log (a int NULL)');
    await run('CREATE TRIGGER dbo.tr ON dbo.t AFTER INSERT AS INSERT log SELECT a FROM inserted');
    expect(infosOf(await session.batch('INSERT t VALUES (1)'))).toEqual([
      'The sandbox does not fire triggers: tr on dbo.t.',
    ]);
    expect(infosOf(await session.batch('INSERT t VALUES (2)'))).toEqual([]);
    expect(await run('SELECT COUNT(*) FROM log')).toEqual(['0']);
  });
  it('checks with functions of the user are told, not enforced', async () => {
    await run('CREATE FUNCTION dbo.f (@a int) RETURNS int AS BEGIN RETURN @a END');
    await run('CREATE TABLE dbo.t (a int NULL CONSTRAINT ck CHECK (dbo.f(a) > 0))');
    const told = infosOf(await session.batch('INSERT t VALUES (0)'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^The check constraint ck cannot be evaluated by the sandbox/);
  });
  it('procedures and functions are refused', async () => {
    await run('CREATE PROCEDURE dbo.p AS SELECT 1');
    await run('CREATE FUNCTION dbo.f () RETURNS int AS BEGIN RETURN 1 END');
    expect(await failing('EXEC dbo.p')).toEqual([40000]);
    expect(await failing('SELECT dbo.f()')).toEqual([40000]);
    expect(await failing('EXEC dbo.nosuch')).toEqual([2812]);
  });
});

describe('files', () => {
  it('outside of the pretended volumes are error 5133', async () => {
    expect((await failing("CREATE DATABASE far ON (NAME = far, FILENAME = '/nowhere/far.mdf')"))[0]).toBe(5133);
    expect(await run("SELECT COUNT(*) FROM sys.databases WHERE name = 'far'")).toEqual(['0']);
  });
});
