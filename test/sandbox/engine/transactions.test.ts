import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errors, errorsOf, infosOf, rows, rowsOf } from '../../support/answers.ts';
import { type RawServer, type RawSession, rawServer } from '../../support/raw-session.ts';

let server: RawServer;
let session: RawSession;
const run = (sql: string): Promise<string[]> => rows(session, sql);
const failing = (sql: string): Promise<number[]> => errors(session, sql);
const count = async (): Promise<string> => (await run('SELECT COUNT(*) FROM t'))[0]!;

beforeAll(async () => {
  server = rawServer(160);
  session = await server.open();
  await run('CREATE DATABASE tx');
  await run('USE tx; CREATE TABLE dbo.t (a int NOT NULL PRIMARY KEY)');
});
afterAll(async () => {
  await session.close();
  await server.close();
});
beforeEach(async () => {
  await session.batch('IF @@TRANCOUNT > 0 ROLLBACK; SET XACT_ABORT OFF; SET IMPLICIT_TRANSACTIONS OFF; DELETE t');
});

describe('transactions', () => {
  it('count their nesting; the outermost COMMIT counts', async () => {
    await run('BEGIN TRAN; BEGIN TRAN; INSERT t VALUES (1); COMMIT');
    expect(await run('SELECT @@TRANCOUNT, XACT_STATE()')).toEqual(['1|1']);
    await run('ROLLBACK');
    expect(await count()).toBe('0');
    expect(await failing('COMMIT')).toEqual([3902]);
    expect(await failing('ROLLBACK')).toEqual([3903]);
  });
  it('go back to savepoints', async () => {
    await run(
      'BEGIN TRAN; INSERT t VALUES (1); SAVE TRAN s; INSERT t VALUES (2); ROLLBACK TRAN s; INSERT t VALUES (3); COMMIT',
    );
    expect(await run('SELECT a FROM t ORDER BY a')).toEqual(['1', '3']);
    await run('BEGIN TRAN');
    expect(await failing('ROLLBACK TRAN nosuch')).toEqual([6401]);
    expect(await failing('SAVE TRAN x; COMMIT; SAVE TRAN x')).toEqual([628]);
  });
  it('a failing statement is undone alone; the rest of the transaction stays', async () => {
    await run('BEGIN TRAN; INSERT t VALUES (1)');
    expect(await failing('INSERT t VALUES (2), (1)')).toEqual([2627]);
    await run('INSERT t VALUES (3); COMMIT');
    expect(await run('SELECT a FROM t ORDER BY a')).toEqual(['1', '3']);
  });
  it('definitions are undone with them', async () => {
    await run('BEGIN TRAN; CREATE TABLE dbo.made (a int); ALTER TABLE t ADD b int NULL; ROLLBACK');
    expect(await run("SELECT OBJECT_ID('dbo.made'), COL_LENGTH('dbo.t', 'b')")).toEqual(['NULL|NULL']);
    await run('INSERT t VALUES (1)');
  });
  it('XACT_ABORT ends batch and transaction with any error', async () => {
    await run('SET XACT_ABORT ON');
    const answer = await session.batch('BEGIN TRAN; INSERT t VALUES (1); INSERT t VALUES (1); INSERT t VALUES (2)');
    expect(errorsOf(answer)).toEqual([2627]);
    expect(await run('SELECT @@TRANCOUNT')).toEqual(['0']);
    expect(await count()).toBe('0');
  });
  it('an error of conversion ends batch and transaction', async () => {
    await session.batch("BEGIN TRAN; INSERT t VALUES (1); SELECT CAST('x' AS int); INSERT t VALUES (2)");
    expect(await run('SELECT @@TRANCOUNT')).toEqual(['0']);
    expect(await count()).toBe('0');
  });
  it('other errors let the batch go on', async () => {
    const answer = await session.batch('INSERT t VALUES (1); INSERT t VALUES (1); INSERT t VALUES (2)');
    expect(errorsOf(answer)).toEqual([2627]);
    expect(await count()).toBe('2');
    expect(rowsOf(await session.batch("SELECT 1 / 0 AS a; SELECT 'on'"))).toEqual(['on']);
  });
  it('a name that does not exist ends its batch', async () => {
    expect(rowsOf(await session.batch("SELECT * FROM nosuch; SELECT 'on'"))).toEqual([]);
    expect(rowsOf(await session.batch("EXEC('SELECT * FROM nosuch'); SELECT 'on'"))).toEqual(['on']);
  });
  it('what is wrong in a text is found before any of it runs; what does not exist yet when its turn comes', async () => {
    expect(await failing('INSERT t VALUES (1); SELECT nosuch FROM t')).toEqual([207]);
    expect(await failing('INSERT t VALUES (1); PRINT @nosuch')).toEqual([137]);
    expect(await count()).toBe('0');
    expect(await failing('INSERT t VALUES (1); SELECT * FROM nosuch')).toEqual([208]);
    expect(await count()).toBe('1');
    expect(
      await run('CREATE TABLE dbo.later (b int); INSERT later (b) VALUES (1); SELECT b FROM later; DROP TABLE later'),
    ).toEqual(['1']);
  });
  it('begin by themselves under IMPLICIT_TRANSACTIONS', async () => {
    await run('SET IMPLICIT_TRANSACTIONS ON; INSERT t VALUES (1)');
    expect(await run('SELECT @@TRANCOUNT')).toEqual(['1']);
    await run('ROLLBACK; SET IMPLICIT_TRANSACTIONS OFF');
    expect(await count()).toBe('0');
  });
});

describe('TRY and CATCH', () => {
  it('catch, tell the error, and go on behind', async () => {
    expect(
      await run(`BEGIN TRY INSERT t VALUES (1), (1) END TRY BEGIN CATCH
        SELECT ERROR_NUMBER(), ERROR_SEVERITY(), ERROR_STATE(), ERROR_LINE(), XACT_STATE() END CATCH; SELECT ERROR_NUMBER()`),
    ).toEqual(['2627|14|1|1|0', 'NULL']);
  });
  it('do not catch what is found when their own text is compiled, but that of an inner one', async () => {
    expect(await failing("BEGIN TRY SELECT * FROM nosuch END TRY BEGIN CATCH PRINT 'caught' END CATCH")).toEqual([208]);
    expect(
      infosOf(
        await session.batch(
          "BEGIN TRY EXEC('SELECT * FROM nosuch') END TRY BEGIN CATCH PRINT ERROR_MESSAGE() END CATCH",
        ),
      ),
    ).toEqual(["Invalid object name 'nosuch'."]);
  });
  it('leave a transaction that can only be rolled back after some errors', async () => {
    expect(
      await run(
        "BEGIN TRAN; BEGIN TRY SELECT CAST('x' AS int) END TRY BEGIN CATCH SELECT XACT_STATE() END CATCH; IF XACT_STATE() = -1 ROLLBACK",
      ),
    ).toEqual(['-1']);
    const answer = await session.batch(
      "BEGIN TRAN; BEGIN TRY SELECT CAST('x' AS int) END TRY BEGIN CATCH PRINT 'caught' END CATCH; INSERT t VALUES (1)",
    );
    expect(errorsOf(answer)).toEqual([3930, 3998]);
    expect(await run('SELECT @@TRANCOUNT')).toEqual(['0']);
  });
  it('THROW raises again and ends the batch', async () => {
    const answer = await session.batch(
      "BEGIN TRY INSERT t VALUES (NULL) END TRY BEGIN CATCH THROW END CATCH; SELECT 'on'",
    );
    expect(errorsOf(answer)).toEqual([515]);
    expect(rowsOf(answer)).toEqual([]);
    expect(await failing("THROW 50001, 'mine', 3")).toEqual([50001]);
    expect(await failing("THROW 5, 'mine', 3")).toEqual([35100]);
  });
  it('RAISERROR fills its text and ends nothing', async () => {
    const answer = await session.batch("RAISERROR('%s has %d of %05d', 16, 4, N'x', 3, 42); SELECT @@ERROR");
    expect(answer.tokens.find(t => t.name === 'ERROR')).toMatchObject({
      number: 50000,
      state: 4,
      class: 16,
      message: 'x has 3 of 00042',
    });
    expect(rowsOf(answer)).toEqual(['50000']);
    expect(infosOf(await session.batch("RAISERROR('note', 10, 1)"))).toEqual(['note']);
  });
});

describe('variables and flow', () => {
  it('keep their types', async () => {
    expect(
      await run(
        "DECLARE @a varchar(3) = 'abcdef', @b decimal(5,2) = 1.005, @c char(3) = 'x'; SET @a += 'z'; SELECT @a, @b, DATALENGTH(@c)",
      ),
    ).toEqual(['abc|1.01|3']);
    expect(await failing('SELECT @nosuch')).toEqual([137]);
    expect(await failing('DECLARE @a int; DECLARE @a int')).toEqual([134]);
  });
  it('take values from rows, one after another', async () => {
    expect(
      await run(
        "INSERT t VALUES (1), (2), (3); DECLARE @s varchar(20) = ''; SELECT @s = @s + CAST(a AS varchar(9)) + ',' FROM t ORDER BY a DESC; SELECT @s, @@ROWCOUNT",
      ),
    ).toEqual(['3,2,1,|3']);
  });
  it('WHILE, BREAK, CONTINUE and RETURN', async () => {
    const answer = await session.batch(
      'DECLARE @i int = 0; WHILE 1 = 1 BEGIN SET @i += 1; IF @i = 2 CONTINUE; IF @i > 3 BREAK; PRINT @i END; RETURN; PRINT 9',
    );
    expect(infosOf(answer)).toEqual(['1', '3']);
  });
  it('tables of variables and of the session', async () => {
    expect(
      await run(
        'DECLARE @t TABLE (id int IDENTITY, a int NULL); INSERT @t VALUES (5), (6); BEGIN TRAN; DELETE @t WHERE a = 5; ROLLBACK; SELECT id, a FROM @t',
      ),
    ).toEqual(['2|6']);
    await run('CREATE TABLE #x (a int); INSERT #x VALUES (1)');
    expect(await run('SELECT a FROM #x')).toEqual(['1']);
    const other = await server.open();
    expect(await errors(other, 'SELECT a FROM #x')).toEqual([208]);
    await other.close();
    await run("EXEC('CREATE TABLE #inner (a int)')");
    expect(await failing('SELECT * FROM #inner')).toEqual([208]);
    await run('SELECT a INTO #y FROM #x; DROP TABLE #x; DROP TABLE #y');
  });
  it('variables of a table type', async () => {
    await run('CREATE TYPE dbo.pairs AS TABLE (a int NOT NULL PRIMARY KEY, b int NULL)');
    expect(await run('DECLARE @p dbo.pairs; INSERT @p VALUES (2, 1), (1, 2); SELECT a FROM @p')).toEqual(['1', '2']);
    expect(await failing('DECLARE @p dbo.pairs; INSERT @p VALUES (1, 1), (1, 1)')).toEqual([2627]);
  });
  it('EXEC passes arguments and takes what comes back', async () => {
    expect(
      await run(
        "DECLARE @n int; EXEC sp_executesql N'SET @out = @in * 2', N'@in int, @out int OUTPUT', @in = 21, @out = @n OUTPUT; SELECT @n",
      ),
    ).toEqual(['42']);
    expect(await run("INSERT t EXEC('SELECT 7 UNION SELECT 8'); SELECT a FROM t")).toEqual(['7', '8']);
    expect(await failing("EXEC sp_executesql N'SELECT @x', N'@x int'")).toEqual([8178]);
  });
});
