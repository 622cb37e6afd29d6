import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/connection/connect.ts';
import { type ConnectionOptions, defaultConnectionOptions } from '../../../src/connection/connection-options.ts';
import { selfSignedCertificate } from '../../../src/sandbox/tds/certificate.ts';
import { startTdsServer, type TdsServer } from '../../../src/sandbox/tds/server.ts';
import { toyEngine } from './toy-engine.ts';

const run = promisify(execFile);
const password = 'secret "ä"';
let server: TdsServer;
const engine = toyEngine();
beforeAll(async () => {
  server = await startTdsServer({ engine });
});
afterAll(() => server.close());

const options = (more: Partial<ConnectionOptions> = {}): ConnectionOptions => ({
  ...defaultConnectionOptions,
  server: '127.0.0.1',
  port: server.port,
  auth: { kind: 'sql', user: 'sa', password },
  trustServerCertificate: true,
  ...more,
});

describe.each([
  ['in clear', { encrypt: 'optional' }],
  ['TLS inside TDS', { encrypt: 'mandatory' }],
  ['TLS first', { encrypt: 'strict' }],
] as [string, Partial<ConnectionOptions>][])('a tedious client, %s', (_, how) => {
  const open = async () => {
    if (how.encrypt !== 'strict') return openSession(options(how));
    const file = join(mkdtempSync(join(tmpdir(), 'xpdb-')), 'ca.pem');
    writeFileSync(file, (await selfSignedCertificate()).cert);
    return openSession(options({ ...how, server: 'localhost', serverCertificate: file }));
  };

  it('logs in, reads rows, sees errors, cancels and goes on', async () => {
    const session = await open();
    expect((await session.query('SELECT 3')).rows).toEqual([[1], [2], [3]]);
    await expect(session.query('ERROR')).rejects.toMatchObject({ number: 50001 });
    let rows = 0;
    await expect(
      session.streamRows('SELECT 5000000', {
        columns: () => undefined,
        rows: (_b, _s, _e, count) => {
          rows += count;
          if (rows > 10000) session.cancel();
        },
      }),
    ).rejects.toThrow();
    expect(rows).toBeLessThan(5000000);
    expect((await session.query('SELECT 2')).rows).toEqual([[1], [2]]);
    await session.close();
  });

  it('runs transactions and takes a bulk load', async () => {
    const session = await open();
    engine.log.transactions = [];
    engine.log.bulkRows = 0;
    await session.beginTransaction();
    const metadata = Buffer.concat([
      Buffer.from([0x81, 1, 0, 0, 0, 0, 0, 9, 0, 0x26, 4, 1]),
      Buffer.from('n', 'utf16le'),
    ]);
    const row = Buffer.from([0xd1, 4, 7, 0, 0, 0]);
    const rows = Buffer.concat(Array.from({ length: 5000 }, () => row));
    const done = Buffer.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(
      await session.bulkLoad('INSERT BULK t ([n] int)', [metadata, rows, rows.subarray(0, 7), rows.subarray(7), done]),
    ).toBe(10000);
    await session.commit();
    expect(engine.log.bulkRows).toBe(10000);
    expect(engine.log.transactions).toEqual(['begin 0', 'commit'].map(t => expect.stringContaining(t.slice(0, 5))));
    await session.close();
  });
});

it('refuses a wrong password with 18456', async () => {
  await expect(openSession(options({ auth: { kind: 'sql', user: 'sa', password: 'no' } }))).rejects.toThrow(
    /18456|Login failed|password/i,
  );
});

it('cuts a connection where asked', async () => {
  const session = await openSession(options({ encrypt: 'optional' }));
  server.faults.cutAfterSent = 20000;
  await expect(session.query('SELECT 100000')).rejects.toThrow();
  server.faults.cutAfterSent = null;
});

const tsql = existsSync('/usr/bin/tsql');
if (!tsql) console.warn('skipped: FreeTDS (tsql) is not installed, so no foreign client is tried');
describe.skipIf(!tsql)('FreeTDS', () => {
  it.each(['request', 'require', 'off'])('logs in and reads rows with encryption %s', async encryption => {
    const directory = mkdtempSync(join(tmpdir(), 'xpdb-'));
    writeFileSync(
      join(directory, 'freetds.conf'),
      `[global]\ntds version = 7.4\n[toy]\nhost = 127.0.0.1\nport = ${server.port}\nencryption = ${encryption}\n`,
    );
    const child = run('tsql', ['-S', 'toy', '-U', 'sa', '-P', password], {
      env: { ...process.env, FREETDSCONF: join(directory, 'freetds.conf'), LC_ALL: 'C.UTF-8' },
      timeout: 15000,
    });
    child.child.stdin?.end('SELECT 3\ngo\nexit\n');
    const { stdout } = await child;
    expect(stdout).toMatch(/1\s+2\s+3/);
    expect(stdout).toContain('(3 rows affected)');
  });
});
