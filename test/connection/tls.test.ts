import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { type ConnectionOptions, defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import type { Session } from '../../src/connection/session.ts';
import { describeError, type XpdbError } from '../../src/model/error.ts';
import { columnMetadata, done, row, text, typeInfo } from './tds-bytes.ts';
import { type TestCertificate, testCertificate } from './test-certificate.ts';
import { type TinyOptions, tinyServer } from './tiny-server.ts';

let certificate: TestCertificate;
let folder: string;
let pem: string;
let der: string;
beforeAll(async () => {
  certificate = await testCertificate('db1.example.org');
  folder = await mkdtemp(join(tmpdir(), 'xpdb-tls-'));
  pem = join(folder, 'server.pem');
  der = join(folder, 'server.cer');
  await writeFile(pem, certificate.cert);
  await writeFile(der, new X509Certificate(certificate.cert).raw);
});
afterAll(() => rm(folder, { recursive: true }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** The LOGIN7 message of the last log-in. */
let logins: readonly Buffer[] = [];
const wide = 'ü'.repeat(3000);
async function connect(options: Partial<ConnectionOptions>, server: TinyOptions): Promise<Session> {
  const answer = Buffer.concat([
    columnMetadata([['c', typeInfo.nvarchar(8000)]]),
    ...Array.from({ length: 20 }, () => row(text(wide))),
    done(16, 20),
  ]);
  const tiny = await tinyServer(x => x.send(answer), { ...server, certificate });
  open.push(tiny);
  logins = tiny.logins;
  const session = await openSession({
    ...defaultConnectionOptions,
    server: '127.0.0.1',
    port: tiny.port,
    auth: { kind: 'sql', user: 'sa', password: 'x' },
    loginTimeoutSeconds: 5,
    ...options,
  });
  open.push(session);
  return session;
}
async function refusal(options: Partial<ConnectionOptions>, server: TinyOptions): Promise<string> {
  const error = await connect(options, server).then(
    () => expect.unreachable('should have been refused'),
    e => e,
  );
  return describeError(error as XpdbError).replace(/127\.0\.0\.1,\d+/, 'HOST');
}

describe.each([
  ['mandatory', { encryption: 1 }],
  ['strict', { strict: true }],
] as const)('%s encryption', (encrypt, server) => {
  it('refuses a self-signed certificate and says what to do', async () => {
    expect(await refusal({ encrypt }, server)).toBe(
      encrypt === 'strict'
        ? 'the certificate of HOST is self-signed; give the certificate as a file (ServerCertificate): strict encryption always checks it'
        : 'the certificate of HOST is self-signed; -C trusts it unchecked, and then whoever sits in between can read and change everything; or give the certificate as a file (ServerCertificate)',
    );
  });

  it('accepts the certificate given as a file, under its name only', async () => {
    const named = { encrypt, hostNameInCertificate: 'db1.example.org' };
    for (const serverCertificate of [pem, der]) {
      const session = await connect({ ...named, serverCertificate }, server);
      const { rows } = await session.query('SELECT c');
      expect(rows).toHaveLength(20);
      expect(rows[19]).toEqual([wide]);
      // Packets above 16383 bytes do not fit one TLS record.
      expect(logins[0]!.readUInt32LE(8)).toBe(16383);
    }
    expect(await refusal({ encrypt, serverCertificate: pem }, server)).toMatch(
      /^the certificate of HOST is made out to another name; .*HostNameInCertificate/,
    );
  });
});

it('-C trusts any certificate, where it is not strict', async () => {
  const session = await connect({ trustServerCertificate: true }, { encryption: 1 });
  expect((await session.query('SELECT c')).rows).toHaveLength(20);
  expect(await refusal({ encrypt: 'strict', trustServerCertificate: true }, { strict: true })).toContain(
    'is self-signed',
  );
});

describe('a server without TLS 1.2', () => {
  const old: TinyOptions = {
    encryption: 1,
    tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
  };

  it('is refused, naming the flag', async () => {
    expect(await refusal({ trustServerCertificate: true }, old)).toMatch(
      /^no encrypted connection to HOST came about: .*; a server of 2014 or older without the TLS 1.2 update needs --legacy-tls/,
    );
  });

  it('is reached with legacy TLS', async () => {
    const session = await connect({ trustServerCertificate: true, legacyTls: true }, old);
    expect((await session.query('SELECT c')).rows).toHaveLength(20);
  });

  it('is no reason to trust its certificate', async () => {
    expect(await refusal({ legacyTls: true }, old)).toContain('is self-signed');
  });
});
