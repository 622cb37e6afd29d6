import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userAndPassword } from '../../src/connection/authentication.ts';
import { defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import { isConnectionString, parseConnectionString } from '../../src/connection/connection-string.ts';
import { XpdbError } from '../../src/model/error.ts';

describe('parseConnectionString', () => {
  it('reads what SqlClient reads', () => {
    expect(
      parseConnectionString(
        'Data Source=tcp:db1\\X,1444; Initial Catalog = Shop ;User ID=sa;PWD="a;""b\'";Encrypt=Strict;' +
          'TrustServerCertificate=yes;Host Name In Certificate=db1.example.org;ServerCertificate=/c.pem;' +
          'ApplicationIntent=ReadOnly;MultiSubnetFailover=True;Packet Size=8192;Connection Timeout=30;' +
          'Command Timeout=60;Application Name=me;Workstation ID=ws;Persist Security Info=true;Pooling=false;',
      ),
    ).toEqual({
      server: 'db1',
      instance: 'X',
      port: 1444,
      database: 'Shop',
      auth: { kind: 'sql', user: 'sa', password: 'a;"b\'' },
      encrypt: 'strict',
      trustServerCertificate: true,
      hostNameInCertificate: 'db1.example.org',
      serverCertificate: '/c.pem',
      legacyTls: false,
      readOnlyIntent: true,
      multiSubnetFailover: true,
      packetSize: 8192,
      loginTimeoutSeconds: 30,
      requestTimeoutMs: 60000,
      applicationName: 'me',
      workstation: 'ws',
      notes: [],
    });
  });

  it('has defaults', () => {
    expect(parseConnectionString('Server=.')).toEqual({ ...defaultConnectionOptions, server: 'localhost' });
    expect(parseConnectionString('')).toEqual(defaultConnectionOptions);
  });

  it('lets the last of a key win, synonyms included', () => {
    const options = parseConnectionString('server=a;addr=b;Database=x;initial catalog=y;encrypt=no;legacy tls=yes');
    expect(options).toMatchObject({ server: 'b', database: 'y', encrypt: 'optional', legacyTls: true });
  });

  it.each([
    ['Integrated Security=SSPI', { kind: 'integrated' }],
    ['Trusted_Connection=yes;User ID=x', { kind: 'integrated' }],
    ['Integrated Security=false;UID=a;PWD=b', { kind: 'sql', user: 'a', password: 'b' }],
    ['UID=CORP\\eve;PWD=b', { kind: 'ntlm', user: 'eve', password: 'b', domain: 'CORP' }],
    ['Authentication=NTLM;UID=eve;PWD=b;Domain=CORP', { kind: 'ntlm', user: 'eve', password: 'b', domain: 'CORP' }],
    [
      'Authentication=Active Directory Password;UID=e@c.org;PWD=b',
      {
        kind: 'entra-password',
        user: 'e@c.org',
        password: 'b',
        clientId: '2fd908ad-0664-4344-b9be-cd3e8b574c38',
        tenantId: 'c.org',
      },
    ],
    ['Authentication=ActiveDirectoryDefault', { kind: 'entra-default' }],
    ['Authentication=Active Directory MSI;UID=cid', { kind: 'entra-managed-identity', clientId: 'cid' }],
    [
      'Authentication=Active Directory Service Principal;UID=app@ten;PWD=s',
      { kind: 'entra-service-principal', clientId: 'app', clientSecret: 's', tenantId: 'ten' },
    ],
  ])('%s', (text, auth) => {
    expect(parseConnectionString(text).auth).toEqual(auth);
  });

  it('says what it ignores although it would matter', () => {
    const { notes } = parseConnectionString(
      'Failover Partner=b;MARS=true;Current Language=German;Column Encryption Setting=Enabled',
    );
    expect(notes).toHaveLength(4);
    expect(notes[0]).toContain('Failover Partner is ignored');
    expect(parseConnectionString('MultipleActiveResultSets=False;Column Encryption Setting=Disabled').notes).toEqual(
      [],
    );
  });

  it.each([
    ['Servr=x', 'unknown key Servr'],
    ['constructor=x', 'unknown key constructor'],
    ['Server', 'no value for Server'],
    ['Server;Database=x', 'no value for Server'],
    ['=x', 'without a key'],
    ['Password="abc', 'does not end'],
    ['Password="abc"d', 'follows the quoted value'],
    ['Encrypt=maybe', 'Encrypt cannot be maybe'],
    ['TrustServerCertificate=2', 'TrustServerCertificate cannot be 2'],
    ['Packet Size=100', 'a number from 512 to 32767'],
    ['Connect Timeout=-1', 'Connect Timeout cannot be -1'],
    ['ApplicationIntent=Write', 'Application Intent cannot be Write'],
    ['AttachDBFilename=x.mdf', 'attaching a file'],
    ['User Instance=true', 'user instances'],
    ['Net=dbnmpntw', 'dbnmpntw is not supported'],
    ['Authentication=Active Directory Interactive', 'not possible from xpdb'],
    ['Authentication=Active Directory Service Principal;UID=app', 'application and its tenant'],
    ['Authentication=foo', 'Authentication cannot be foo'],
    ['Authentication=NTLM', 'NTLM needs a user name'],
  ])('refuses %s', (text, message) => {
    let failure: unknown;
    try {
      parseConnectionString(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(XpdbError);
    const { hint } = (failure as XpdbError).details;
    expect(`${(failure as XpdbError).message} ${hint}`).toContain(message);
    expect((failure as XpdbError).exitCode).toBe(2);
  });

  it('never repeats a password in an error', () => {
    for (const text of ['Password=geheim;Servr=x', 'Password="geheim', 'Password="geheim"x']) {
      try {
        parseConnectionString(text);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify([(error as XpdbError).message, (error as XpdbError).details])).not.toContain('geheim');
      }
    }
  });

  it('reads back any quoted value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('"', "'"), (password, quote) => {
        const quoted = quote + password.replaceAll(quote, quote + quote) + quote;
        const options = parseConnectionString(`uid=u;pwd= ${quoted} ;database=d`);
        expect(options.auth).toEqual({ kind: 'sql', user: 'u', password });
        expect(options.database).toBe('d');
      }),
      { numRuns: 100 },
    );
  });
});

describe('isConnectionString', () => {
  it.each([
    ['Server=a;Database=b', true],
    ['uid=x; data source = y', true],
    ['server/database', false],
    ['out.sql', false],
    ['a=b.sql', false],
  ])('%s', (text, expected) => {
    expect(isConnectionString(text)).toBe(expected);
  });
});

it('takes a Windows account for NTLM', () => {
  expect(userAndPassword('CORP\\eve', 'p')).toEqual({ kind: 'ntlm', user: 'eve', password: 'p', domain: 'CORP' });
  expect(userAndPassword('eve', 'p')).toEqual({ kind: 'sql', user: 'eve', password: 'p' });
});
