import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { NBCROW, ROW } from '../../../src/data/row-scanner.ts';
import { openSandbox, type Sandbox, sessionOn, withSandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let session: Session;
const many = 60_000;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  session = await sessionOn(sandbox);
  await session.execute('CREATE DATABASE big');
  await session.useDatabase('big');
  await session.execute('CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, n int NULL, filler char(100) NOT NULL)');
  for (let i = 0; i < many; i += 1000) {
    const values = Array.from({ length: 1000 }, (_, k) => `(${i + k}, ${k % 2 ? 'NULL' : k}, 'x')`);
    await session.execute(`INSERT t VALUES ${values.join(',')}`);
  }
}, 120_000);
afterAll(async () => {
  await session.close();
  await sandbox.close();
});

/** Reads a result slowly; yields rows and the token bytes that they began with. */
async function drain(sql: string, pause: number): Promise<{ rows: number; tokens: Set<number> }> {
  const tokens = new Set<number>();
  const { rows } = await session.streamRows(sql, {
    columns: () => undefined,
    async rows(bytes, start) {
      tokens.add(bytes[start]!);
      if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause));
    },
  });
  return { rows, tokens };
}

describe('large results', () => {
  it('wait for a slow client, whether rows are stored ones or computed', async () => {
    expect((await drain('SELECT * FROM t', 5)).rows).toBe(many);
    expect((await drain('SELECT id + 1, filler FROM t WHERE id >= 0', 5)).rows).toBe(many);
    expect((await drain('SELECT filler, id FROM t ORDER BY id', 0)).rows).toBe(many);
  });

  it('do not pile up in the server while the client does not read', async () => {
    const before = process.memoryUsage().rss;
    let peak = 0;
    let first = true;
    await session.streamRows('SELECT a.id, a.filler, b.filler FROM t a JOIN t b ON b.id = a.id', {
      columns: () => undefined,
      async rows() {
        if (!first) return;
        first = false;
        // All of it is some 13 MB; a server that does not wait has sent it into memory by then.
        await new Promise(resolve => setTimeout(resolve, 1000));
        peak = process.memoryUsage().rss - before;
      },
    });
    expect(peak).toBeLessThan(400 * 1024 * 1024);
  });

  it('end soon after attention, and the connection goes on', async () => {
    let seen = 0;
    const reading = session.streamRows('SELECT a.id FROM t a CROSS JOIN t b', {
      columns: () => undefined,
      rows(_bytes, _start, _end, count) {
        seen += count;
        if (seen > 5000) session.cancel();
      },
    });
    await expect(reading).rejects.toThrow();
    expect(seen).toBeLessThan(many * many);
    expect((await session.query('SELECT COUNT(*) FROM t')).rows[0]![0]).toBe(many);
  });

  it('of statements that never end are cancelled, too', async () => {
    const running = session.execute('DECLARE @i int = 0; WHILE 1 = 1 SET @i += 1');
    setTimeout(() => session.cancel(), 200);
    await expect(running).rejects.toThrow();
    expect((await session.query('SELECT 1')).rows).toHaveLength(1);
  });

  it('a client that disappears in the middle harms nobody', async () => {
    const other = await sessionOn(sandbox, 'big');
    const reading = other.streamRows('SELECT * FROM t', { columns: () => undefined, rows: () => undefined });
    sandbox.faults.cutAfterSent = 100_000;
    await expect(reading).rejects.toThrow();
    sandbox.faults.cutAfterSent = null;
    await other.close();
    expect((await session.query('SELECT 1')).rows).toHaveLength(1);
  });
});

describe('rows with NULLs', () => {
  it('come compressed from 2008 R2 on, never from 2008', async () => {
    expect([...(await drain('SELECT n FROM t', 0)).tokens].sort()).toEqual([ROW, NBCROW].sort());
    for (const [version, expected] of [
      [100, [ROW]],
      [105, [ROW, NBCROW]],
    ] as const) {
      await withSandbox({ version }, async old => {
        const oldSession = await sessionOn(old);
        const tokens = new Set<number>();
        for (const sql of ['SELECT 1 AS a, 2 AS b', 'SELECT 1 AS a, NULL AS b'])
          await oldSession.streamRows(sql, {
            columns: () => undefined,
            rows: (bytes, start) => {
              tokens.add(bytes[start]!);
            },
          });
        expect([...tokens].sort()).toEqual([...expected].sort());
        await oldSession.close();
      });
    }
  });
});

describe('a port scanner', () => {
  it('that sends garbage is cut, and the server goes on', async () => {
    await new Promise<void>(resolve => {
      const socket = connect(sandbox.port, sandbox.host, () => socket.write('GET / HTTP/1.0\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      setTimeout(() => socket.destroy(), 500);
    });
    expect((await session.query('SELECT 1')).rows).toHaveLength(1);
  });
});
