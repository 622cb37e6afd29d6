import { execFileSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { explainLoginFailure } from '../../src/connection/connect-errors.ts';
import { type ConnectionOptions, defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import { missingInternals } from '../../src/connection/raw-rows.ts';
import { describeError, XpdbError } from '../../src/model/error.ts';
import { done, error, hex } from './tds-bytes.ts';
import { type TinyOptions, tinyServer } from './tiny-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const base: ConnectionOptions = {
  ...defaultConnectionOptions,
  server: '127.0.0.1',
  encrypt: 'optional',
  auth: { kind: 'sql', user: 'sa', password: 'geheim' },
  loginTimeoutSeconds: 5,
};

async function failure(options: Partial<ConnectionOptions>, server?: TinyOptions): Promise<string> {
  let port = options.port;
  if (server) {
    const tiny = await tinyServer(x => x.send(done()), server);
    open.push(tiny);
    port = tiny.port;
  }
  try {
    const session = await openSession({ ...base, ...(port === undefined ? {} : { port }), ...options });
    open.push(session);
  } catch (caught) {
    expect(caught).toBeInstanceOf(XpdbError);
    const line = describeError(caught as XpdbError);
    expect(line).not.toContain('geheim');
    return line.replaceAll(`127.0.0.1,${port}`, 'HOST');
  }
  return expect.unreachable('the log-in should have failed');
}

it('tedious is as this folder needs it', () => {
  expect(missingInternals()).toEqual([]);
});

it('tedious is not loaded before a session is opened', () => {
  const script = `
    await import(${JSON.stringify(new URL('../../src/connection/connect.ts', import.meta.url).href)});
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache ?? {}).filter(f => f.includes('tedious'));
    process.stdout.write(String(loaded.length));
  `;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('0');
});

describe('LOGIN7', () => {
  async function login(options: Partial<ConnectionOptions>): Promise<Buffer> {
    const tiny = await tinyServer(x => x.send(done()));
    open.push(tiny);
    open.push(await openSession({ ...base, port: tiny.port, ...options }));
    return tiny.logins[0]!;
  }
  const has = (bytes: Buffer, text: string): boolean => bytes.includes(Buffer.from(text, 'utf16le'));

  it('carries user, database, program, work station, packet size and intent', async () => {
    const bytes = await login({
      database: 'Shop',
      applicationName: 'me',
      workstation: 'ws1',
      readOnlyIntent: true,
      packetSize: 8000,
    });
    expect(['sa', 'Shop', 'me', 'ws1'].every(text => has(bytes, text))).toBe(true);
    expect(has(bytes, 'geheim')).toBe(false);
    expect(bytes.readUInt32LE(8)).toBe(8000);
    expect(bytes[26]! & 0x20).toBe(0x20);
    expect((await login({}))[26]! & 0x20).toBe(0);
  });

  it('asks for packets of 16384 bytes in clear', async () => {
    expect((await login({})).readUInt32LE(8)).toBe(16384);
  });

  it('carries an NTLM negotiation instead of a user', async () => {
    const bytes = await login({ auth: { kind: 'ntlm', user: 'eve', password: 'geheim', domain: 'CORP' } });
    expect(bytes.includes('NTLMSSP\0')).toBe(true);
    expect(has(bytes, 'eve')).toBe(false);
  });

  it.each([
    { kind: 'entra-access-token', token: 'tok.en' },
    { kind: 'entra-default' },
    { kind: 'entra-managed-identity', clientId: 'cid' },
    { kind: 'entra-service-principal', clientId: 'cid', clientSecret: 'geheim', tenantId: 'ten' },
    { kind: 'entra-password', user: 'e@c.org', password: 'geheim', clientId: 'cid', tenantId: 'c.org' },
  ] as const)('asks for federated authentication: $kind', async auth => {
    const bytes = await login({ auth });
    // FEATUREEXT is in use (OptionFlags3), its FEDAUTH is feature 2; a token goes along at once.
    expect(bytes[27]! & 0x10).toBe(0x10);
    expect(has(bytes, 'tok.en')).toBe(auth.kind === 'entra-access-token');
    expect(has(bytes, 'geheim')).toBe(false);
  });
});

describe('a log-in that fails says in one line why and what to do', () => {
  it('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    expect(await failure({ port })).toMatch(/^nothing listens at HOST; check host and port, that the server runs/);
  });

  it('unknown host', async () => {
    expect(await failure({ server: 'no-such-host.invalid', port: 1433 })).toBe(
      'the host no-such-host.invalid is unknown; check the server name',
    );
  });

  it('no answer', async () => {
    expect(await failure({ loginTimeoutSeconds: 1 }, { raw: () => {} })).toBe(
      'HOST did not answer within 1 seconds; check host, port and firewall, or allow more time with -l',
    );
  });

  it('hung up before the log-in', async () => {
    expect(await failure({}, { raw: socket => socket.destroy() })).toMatch(
      /^HOST hung up before the log-in was done; check that a SQL Server/,
    );
  });

  it('wrong password: 18456', async () => {
    const login = (): Buffer =>
      Buffer.concat([error({ number: 18456, class: 14, message: "Login failed for user 'sa'." }), done(2)]);
    expect(await failure({}, { login })).toBe(
      "Login failed for user 'sa'. (error 18456); check user and password; the error log of the server says more (the state of error 18456)",
    );
  });

  it('unknown database: 4060 rather than the 18456 after it', async () => {
    const login = (): Buffer =>
      Buffer.concat([
        error({
          number: 4060,
          class: 11,
          message: 'Cannot open database "x" requested by the login. The login failed.',
        }),
        error({ number: 18456, class: 14, message: "Login failed for user 'sa'." }),
        done(2),
      ]);
    expect(await failure({}, { login })).toBe(
      'Cannot open database "x" requested by the login. The login failed. (error 4060); the database does not exist, is offline, or the log-in may not enter it: check -d',
    );
  });

  it('no encryption at the server', async () => {
    expect(await failure({ encrypt: 'mandatory' }, { encryption: 2 })).toBe(
      'HOST offers no encryption; -No (Encrypt=Optional) connects without it: password and data then cross the network in clear',
    );
  });

  it('encryption demanded by the server', async () => {
    expect(await failure({ encrypt: 'optional' }, { encryption: 3 })).toBe(
      'HOST demands encryption; leave -No (Encrypt=Optional) out',
    );
  });

  it('hung up in the TLS handshake: an old server, and then the last resort', async () => {
    const raw = (options: { hangUpAt: number }): TinyOptions => ({
      raw: socket => {
        let messages = 0;
        socket.on('data', () => {
          if (++messages >= options.hangUpAt) socket.destroy();
          else socket.write(hex('0401002b00000100 0000 0b0006 0100110001 ff 0a0000000000 01'.replace('002b', '001a')));
        });
      },
    });
    const old = await failure({ encrypt: 'mandatory' }, raw({ hangUpAt: 2 }));
    expect(old).toMatch(
      /^no encrypted connection to HOST came about: .*; a server of 2014 or older without the TLS 1.2 update needs --legacy-tls/,
    );
    const last = await failure({ encrypt: 'mandatory', legacyTls: true }, raw({ hangUpAt: 2 }));
    expect(last).toMatch(/; as the last resort -No connects without encryption/);
  });

  it('strict against a server that does not know it', async () => {
    const line = await failure({ encrypt: 'strict' }, {});
    expect(line).toMatch(/strict encryption needs SQL Server 2022 or later: try without -Ns$/);
  });

  it('the Windows account, and no account at all', async () => {
    expect(await failure({ auth: { kind: 'integrated' } })).toMatch(
      /^xpdb cannot log in with the Windows account .*; use a SQL log-in \(-U sa\), or NTLM/,
    );
    const { auth: _, ...nobody } = base;
    await expect(openSession(nobody)).rejects.toThrow('no log-in is given for 127.0.0.1');
  });

  it('a certificate file that is none', async () => {
    expect(await failure({ serverCertificate: '/nowhere.pem' })).toMatch(
      /^the certificate file \/nowhere.pem cannot be read/,
    );
    const self = new URL(import.meta.url).pathname;
    expect(await failure({ serverCertificate: self })).toMatch(/holds no certificate in PEM or DER form$/);
  });

  it.each([
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'mandatory',
      /^the certificate of db is self-signed; -C trusts it unchecked, and then whoever sits in between can read/,
    ],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'strict', /^the certificate of db is self-signed; give the certificate as a file/],
    ['CERT_HAS_EXPIRED', 'mandatory', /^the certificate of db has expired; -C/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'mandatory', /made out to another name; .*HostNameInCertificate; -C/],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'mandatory', /--legacy-tls/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'strict', /without -Ns$/],
    ['ETIMEOUT', 'mandatory', /did not answer within 15 seconds/],
    ['EHOSTUNREACH', 'mandatory', /cannot be reached/],
    ['EFEDAUTH', 'mandatory', /the Entra log-in for db failed: why/],
    ['ELSE', 'mandatory', /^the log-in at db failed: why/],
  ] as const)('%s under %s', (code, encrypt, expected) => {
    const cause = Object.assign(new Error('why'), { code });
    const line = describeError(
      explainLoginFailure(
        { cause: new Error('Failed to connect', { cause }), errors: [], secure: false },
        { ...defaultConnectionOptions, server: 'db', encrypt },
      ),
    );
    expect(line).toMatch(expected);
  });
});
