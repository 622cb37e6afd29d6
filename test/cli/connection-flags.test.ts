import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { addConnectionFlags, resolveConnection } from '../../src/cli/connection-flags.ts';
import { splitBySource } from '../../src/cli/option.ts';
import { addSideFlags, resolveServer, type SideFlags } from '../../src/cli/side-flags.ts';
import type { ConnectionOptions } from '../../src/connection/connection-options.ts';
import { plainEnvironment } from '../support/run-cli.ts';

let folder = '';
let passwordFile = '';
let errors: MockInstance<typeof process.stderr.write>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-login-'));
  passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'of the file\nsecond line\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in plainEnvironment())) vi.stubEnv(name, undefined);
  errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  errors.mockRestore();
  vi.unstubAllEnvs();
});

type Environment = Readonly<Record<string, string>>;

/** The options that a command line and an environment lead to. */
async function resolve(args: readonly string[], environment: Environment = {}): Promise<ConnectionOptions> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const command = addConnectionFlags(new Command('work')).action(() => undefined);
  await command.parseAsync(args, { from: 'user' });
  const { line, environment: variables } = splitBySource(command.opts(), command);
  return resolveConnection(line, variables);
}

async function resolveFrom(args: readonly string[], environment: Environment = {}): Promise<ConnectionOptions> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const command = addSideFlags(new Command('work'), 'source').action(() => undefined);
  await command.parseAsync([...args, '--to', 'other/db'], { from: 'user' });
  return resolveServer(splitBySource(command.opts<SideFlags>(), command), 'from');
}

const text = (...pairs: string[]) => ['--connection-string', ['Server=h;Database=shop', ...pairs].join(';')];
const sql = (user: string, password: string) => ({ kind: 'sql', user, password });

describe('the password of a login in a connection string', () => {
  it.each<[readonly string[], Environment, string]>([
    [['-P', 'of the line'], { SQLCMDPASSWORD: 'variable' }, 'of the line'],
    [['--password-file', 'FILE'], { SQLCMDPASSWORD: 'variable' }, 'of the file'],
    [[], { SQLCMDPASSWORD: 'variable' }, 'variable'],
    [[], { XPDB_PASSWORD: 'own variable', SQLCMDPASSWORD: 'variable' }, 'own variable'],
    [[], { MSSQL_SCRIPTER_PASSWORD: 'scripter' }, 'scripter'],
  ])('that has none comes from %j, %j', async (args, environment, password) => {
    const named = args.map(a => (a === 'FILE' ? passwordFile : a));
    expect((await resolve([...text('User ID=eve'), ...named], environment)).auth).toEqual(sql('eve', password));
  });

  it('is asked for where nobody says it', async () => {
    await expect(resolve(text('User ID=eve'))).rejects.toThrow('no password for login eve');
  });

  it('is as the string says, an empty one too, unless the line says another', async () => {
    const variables = { SQLCMDPASSWORD: 'variable' };
    expect((await resolve(text('UID=eve;PWD=x'), variables)).auth).toEqual(sql('eve', 'x'));
    expect((await resolve(text('UID=eve;PWD='), variables)).auth).toEqual(sql('eve', ''));
    expect((await resolve([...text('UID=eve;PWD=x'), '-P', 'y'], variables)).auth).toEqual(sql('eve', 'y'));
    expect((await resolve([...text('UID=eve;PWD=x'), '--password-file', passwordFile])).auth).toEqual(
      sql('eve', 'of the file'),
    );
    expect((await resolve([...text('PWD=x'), '-U', 'eve'], variables)).auth).toEqual(sql('eve', 'x'));
  });

  it('is no empty line of a file', async () => {
    const empty = join(folder, 'empty');
    for (const content of ['', '\nsecond line\n']) {
      writeFileSync(empty, content);
      await expect(resolve([...text('UID=eve'), '--password-file', empty])).rejects.toMatchObject({
        message: `the password file ${empty} has no password in its first line`,
        exitCode: 2,
      });
    }
  });

  it('is not that of another login', async () => {
    const args = [...text('UID=eve;PWD=x'), '-U', 'adam'];
    expect((await resolve(args, { SQLCMDPASSWORD: 'variable' })).auth).toEqual(sql('adam', 'variable'));
  });

  it('is needed by an Entra login with a user, and by none without', async () => {
    expect(
      (await resolve(text('Authentication=Active Directory Password;UID=e@c.org'), { SQLCMDPASSWORD: 'v' })).auth,
    ).toMatchObject({ kind: 'entra-password', password: 'v' });
    expect((await resolve(['-S', 'h', '-G', '-U', 'client'])).auth).toEqual({
      kind: 'entra-default',
      clientId: 'client',
    });
  });

  it('comes the same way for one of two sides', async () => {
    const from = ['--from', 'Server=h;Database=shop;User ID=eve'];
    expect((await resolveFrom(from, { SQLCMDPASSWORD: 'v' })).auth).toEqual(sql('eve', 'v'));
    expect((await resolveFrom([...from, '--from-password-file', passwordFile])).auth).toEqual(
      sql('eve', 'of the file'),
    );
    expect(
      (await resolveFrom([`${from[0]}`, `${from[1]};PWD=x`], { SQLCMDUSER: 'sa', SQLCMDPASSWORD: 'v' })).auth,
    ).toEqual(sql('eve', 'x'));
  });
});

describe('the command line wins over the connection string, and that over variables', () => {
  const variables = {
    SQLCMDSERVER: 'other\\X,1444',
    SQLCMDUSER: 'sa',
    SQLCMDPASSWORD: 'v',
    SQLCMDDBNAME: 'master',
    SQLCMDPACKETSIZE: '4096',
    SQLCMDLOGINTIMEOUT: '77',
    XPDB_ENCRYPT: 'optional',
    XPDB_TRUST_SERVER_CERTIFICATE: 'true',
    XPDB_INTEGRATED: 'true',
  };

  it('with all of its keys', async () => {
    const options = await resolve(
      text('UID=eve;PWD=x;Packet Size=8192;Encrypt=Strict;TrustServerCertificate=no'),
      variables,
    );
    expect(options).toMatchObject({
      server: 'h',
      database: 'shop',
      auth: sql('eve', 'x'),
      packetSize: 8192,
      encrypt: 'strict',
      trustServerCertificate: false,
    });
    expect(options).not.toHaveProperty('port');
    expect(options).not.toHaveProperty('instance');
  });

  it('while variables say what it leaves open', async () => {
    const { XPDB_INTEGRATED: _, ...rest } = variables;
    expect(await resolve(['--connection-string', 'Packet Size=8192'], rest)).toMatchObject({
      server: 'other',
      instance: 'X',
      port: 1444,
      database: 'master',
      auth: sql('sa', 'v'),
      packetSize: 8192,
      loginTimeoutSeconds: 77,
      encrypt: 'optional',
      trustServerCertificate: true,
    });
  });

  it('and the line has the last word', async () => {
    const line = ['-S', 'third,5', '-U', 'adam', '-P', 'p', '-d', 'd', '-a', '512', '-N', 'm', '-l', '1'];
    expect(
      await resolve([...text('UID=eve;PWD=x;Trusted_Connection=yes;Packet Size=8192'), ...line], variables),
    ).toMatchObject({
      server: 'third',
      port: 5,
      database: 'd',
      auth: sql('adam', 'p'),
      packetSize: 512,
      encrypt: 'mandatory',
      loginTimeoutSeconds: 1,
    });
    expect((await resolve([...text('UID=eve;PWD=x'), '-E'])).auth).toEqual({ kind: 'integrated' });
    expect((await resolve([...text('UID=eve;PWD=x'), '--domain', 'CORP'])).auth).toEqual({
      kind: 'ntlm',
      user: 'eve',
      password: 'x',
      domain: 'CORP',
    });
  });
});

describe('the warning of -P', () => {
  it('is for the command line, not for a variable', async () => {
    await resolve(['-S', 'h', '-U', 'sa'], { XPDB_PASSWORD: 'v' });
    expect(errors).not.toHaveBeenCalled();
    await resolve(['-S', 'h', '-U', 'sa', '-P', 'x']);
    expect(errors.mock.calls.join()).toContain('-P shows the password in process lists');
  });
});
