import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let a: Session;
let b: Session;

const read = async (session: Session, sql: string): Promise<string> =>
  (await session.query(sql)).rows.map(r => r.join('|')).join(' ');
const number = (work: Promise<unknown>): Promise<number | undefined> =>
  work.then(
    () => undefined,
    (error: { details?: { number?: number } }) => error.details?.number,
  );
/** Whether a promise is still open after the others had time. */
async function waits(work: Promise<unknown>): Promise<boolean> {
  let open = true;
  void work.then(
    () => {
      open = false;
    },
    () => {
      open = false;
    },
  );
  await new Promise(resolve => setTimeout(resolve, 300));
  return open;
}

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  a = await sessionOn(sandbox);
  await a.execute('CREATE DATABASE shared');
  await a.execute('ALTER DATABASE shared SET ALLOW_SNAPSHOT_ISOLATION ON');
  await a.useDatabase('shared');
  b = await sessionOn(sandbox, 'shared');
  await a.execute(
    'CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, v int NOT NULL); CREATE TABLE dbo.u (id int NOT NULL)',
  );
}, 60_000);
afterAll(async () => {
  await a.close();
  await b.close();
  await sandbox.close();
});
beforeEach(async () => {
  for (const s of [a, b])
    await s.execute('IF @@TRANCOUNT > 0 ROLLBACK; SET LOCK_TIMEOUT -1; SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await a.execute('DELETE t; INSERT t VALUES (1, 10), (2, 20)');
});

describe('two sessions', () => {
  it('a reader waits for what is not committed, unless it asks for it', async () => {
    await a.execute('BEGIN TRAN; UPDATE t SET v = 11 WHERE id = 1');
    expect(await read(b, 'SELECT v FROM t WITH (NOLOCK) ORDER BY id')).toBe('11 20');
    expect(await read(b, 'SELECT COUNT(*) FROM u')).toBe('0');
    const reading = read(b, 'SELECT v FROM t ORDER BY id');
    expect(await waits(reading)).toBe(true);
    await a.execute('ROLLBACK');
    expect(await reading).toBe('10 20');
  });

  it('a writer waits for another, or gives up after its time-out', async () => {
    await a.execute('BEGIN TRAN; UPDATE t SET v = 11 WHERE id = 1');
    await b.execute('SET LOCK_TIMEOUT 50');
    expect(await number(b.execute('UPDATE t SET v = 99 WHERE id = 2'))).toBe(1222);
    await b.execute('SET LOCK_TIMEOUT -1');
    const writing = b.execute('UPDATE t SET v = v + 1 WHERE id = 1');
    expect(await waits(writing)).toBe(true);
    await a.execute('COMMIT');
    await writing;
    expect(await read(a, 'SELECT v FROM t ORDER BY id')).toBe('12 20');
  });

  it('who waits can be cancelled, and works on', async () => {
    await a.execute('BEGIN TRAN; DELETE t');
    const reading = read(b, 'SELECT v FROM t');
    expect(await waits(reading)).toBe(true);
    b.cancel();
    await expect(reading).rejects.toThrow();
    expect(await read(b, 'SELECT 1')).toBe('1');
    await a.execute('ROLLBACK');
  });

  it('work of one is not undone by the rollback of another', async () => {
    await a.execute('BEGIN TRAN; INSERT t VALUES (3, 30)');
    const other = b.execute('INSERT u VALUES (1)');
    await a.execute('ROLLBACK');
    await other;
    expect(await read(a, 'SELECT COUNT(*) FROM u')).toBe('1');
    expect(await read(a, 'SELECT COUNT(*) FROM t')).toBe('2');
    await a.execute('DELETE u');
  });

  it('a connection that goes away rolls back', async () => {
    const gone = await sessionOn(sandbox, 'shared');
    await gone.execute('BEGIN TRAN; DELETE t');
    await gone.close();
    // The server notices on its own time.
    expect(await read(b, 'SELECT COUNT(*) FROM t')).toBe('2');
  });

  it('many that add to one counter lose nothing', async () => {
    const sessions = await Promise.all(Array.from({ length: 4 }, () => sessionOn(sandbox, 'shared')));
    await Promise.all(
      sessions.map(async s => {
        for (let i = 0; i < 10; i++) await s.execute('BEGIN TRAN; UPDATE t SET v = v + 1 WHERE id = 1; COMMIT');
      }),
    );
    expect(await read(a, 'SELECT v FROM t WHERE id = 1')).toBe('50');
    await Promise.all(sessions.map(s => s.close()));
  });
});

describe('a database snapshot', () => {
  it('keeps the rows of its moment, and refuses changes', async () => {
    await a.execute(
      'CREATE TABLE dbo.empty (n int); CREATE TABLE dbo.back (id int NOT NULL PRIMARY KEY); INSERT back VALUES (3), (1), (2)',
    );
    await a.execute("CREATE DATABASE frozen ON (NAME = shared, FILENAME = 'C:\\frozen.ss') AS SNAPSHOT OF shared");
    await a.execute('DELETE t; INSERT u VALUES (9); INSERT back VALUES (0); INSERT empty VALUES (1)');
    expect(await read(b, 'SELECT v FROM frozen.dbo.t ORDER BY id')).toBe('10 20');
    expect(await read(b, 'SELECT id FROM frozen.dbo.back ORDER BY id')).toBe('1 2 3');
    expect(await read(b, 'SELECT COUNT(*) FROM frozen.dbo.u')).toBe('0');
    expect(await read(b, 'SELECT COUNT(*) FROM frozen.dbo.empty')).toBe('0');
    expect(await number(b.execute('INSERT frozen.dbo.u VALUES (1)'))).toBe(3906);
    expect(await number(b.execute('CREATE TABLE frozen.dbo.x (n int)'))).toBe(3906);
    await a.execute('DROP DATABASE frozen; DROP TABLE back; DROP TABLE empty; DELETE u');
  });
});

describe('a SNAPSHOT transaction', () => {
  it('reads everything as of its first statement', async () => {
    await b.beginTransaction('snapshot');
    expect(await read(b, 'SELECT v FROM t ORDER BY id')).toBe('10 20');
    await a.execute('UPDATE t SET v = 99; INSERT t VALUES (3, 30); DELETE t WHERE id = 2');
    await a.execute('INSERT u VALUES (5)');
    expect(await read(b, 'SELECT v FROM t ORDER BY id')).toBe('10 20');
    expect(await read(b, 'SELECT SUM(v), COUNT(*) FROM t')).toBe('30|2');
    expect(await read(b, 'SELECT COUNT(*) FROM u')).toBe('0');
    await a.execute('TRUNCATE TABLE u');
    await b.rollback();
    expect(await read(b, 'SELECT v FROM t ORDER BY id')).toBe('99 30');
  });

  it('may not change what others changed meanwhile', async () => {
    await b.beginTransaction('snapshot');
    await read(b, 'SELECT v FROM t');
    await a.execute('UPDATE t SET v = 1');
    expect(await number(b.execute('UPDATE t SET v = 2'))).toBe(3960);
    await b.rollback();
  });

  it('is refused where the database does not allow it', async () => {
    await a.execute('CREATE DATABASE plain');
    await a.execute('CREATE TABLE plain.dbo.x (n int)');
    await b.execute('SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRAN');
    expect(await number(b.execute('SELECT * FROM plain.dbo.x'))).toBe(3952);
    await b.execute('ROLLBACK');
    await a.execute('DROP DATABASE plain');
  });
});
