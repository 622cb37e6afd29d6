import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/connection/session.ts';
import { noFaults } from '../../src/sandbox/tds/faults.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

let sandbox: Sandbox;
let session: Session;
const number = (work: Promise<unknown>): Promise<number | undefined> =>
  work.then(
    () => undefined,
    (error: { details?: { number?: number } }) => error.details?.number,
  );
const count = async (): Promise<unknown> => (await session.query('SELECT COUNT(*) FROM t')).rows[0]![0];

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160, faults: noFaults() });
  session = await sessionOn(sandbox);
  await session.execute('CREATE DATABASE faulty');
  await session.useDatabase('faulty');
  await session.execute('CREATE TABLE dbo.t (a int NOT NULL)');
}, 60_000);
afterAll(async () => {
  await session.close();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.faults.statements.length = 0;
  if (session.closed) {
    session = await sessionOn(sandbox, 'faulty');
  }
  await session.execute('IF @@TRANCOUNT > 0 ROLLBACK; DELETE t');
});

describe('faults on request', () => {
  it('a deadlock takes the transaction, once', async () => {
    sandbox.faults.statements.push({ kind: 'deadlock', matching: null, skip: 1, times: 1 });
    await session.execute('BEGIN TRAN; INSERT t VALUES (1)');
    expect(await number(session.execute('INSERT t VALUES (2)'))).toBe(1205);
    expect((await session.query('SELECT @@TRANCOUNT')).rows).toEqual([[0]]);
    expect(await count()).toBe(0);
    await session.execute('INSERT t VALUES (3)');
    expect(await count()).toBe(1);
  });

  it('a full log refuses changes as often as asked, and not what does not match', async () => {
    sandbox.faults.statements.push({ kind: 'fullLog', matching: /INSERT/, skip: 0, times: 2 });
    expect(await number(session.execute('INSERT t VALUES (1)'))).toBe(9002);
    await session.execute('DELETE t');
    expect(await number(session.execute('INSERT t VALUES (1)'))).toBe(9002);
    await session.execute('INSERT t VALUES (1)');
    expect(await count()).toBe(1);
  });

  it('a statement that hangs ends by the time-out of its client', async () => {
    sandbox.faults.statements.push({ kind: 'hang', matching: /SELECT 5/, skip: 0, times: 1 });
    await expect(session.execute('SELECT 5 AS five', { timeoutMs: 200 })).rejects.toThrow();
    expect((await session.query('SELECT 5 AS five')).rows).toEqual([[5]]);
  });

  it('a slow network only takes longer', async () => {
    sandbox.faults.sendDelayMs = 20;
    expect((await session.query('SELECT 6 AS six')).rows).toEqual([[6]]);
    sandbox.faults.sendDelayMs = 0;
  });

  it('a bulk load that a cut ends leaves nothing', async () => {
    const metadata = Buffer.from('8101000000000008003801610000', 'hex').subarray(0, 13);
    const row = (n: number): Buffer => {
      const bytes = Buffer.alloc(5);
      bytes[0] = 0xd1;
      bytes.writeInt32LE(n, 1);
      return bytes;
    };
    async function* message(): AsyncGenerator<Buffer> {
      yield metadata;
      for (let i = 0; i < 40; i++) yield Buffer.concat(Array.from({ length: 2000 }, (_, k) => row(i * 2000 + k)));
      yield Buffer.from('fd000000000000000000000000', 'hex');
    }
    sandbox.faults.cutAfterReceived = 150_000;
    await expect(session.bulkLoad('INSERT BULK t ([a] int)', message())).rejects.toThrow();
    sandbox.faults.cutAfterReceived = null;
    session = await sessionOn(sandbox, 'faulty');
    expect(await count()).toBe(0);
    expect(await session.bulkLoad('INSERT BULK t ([a] int)', message())).toBe(80_000);
    expect(await count()).toBe(80_000);
  });

  it('a bulk load that its client takes back leaves nothing', async () => {
    async function* message(): AsyncGenerator<Buffer> {
      yield Buffer.from('81010000000000080038016100', 'hex');
      yield Buffer.from('d101000000', 'hex');
      throw new Error('changed my mind');
    }
    await expect(session.bulkLoad('INSERT BULK t ([a] int)', message())).rejects.toThrow('changed my mind');
    expect(await count()).toBe(0);
  });
});
