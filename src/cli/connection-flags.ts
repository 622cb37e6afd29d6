import type { Command } from 'commander';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { integerOption, option } from './option.ts';
import { readPasswordFile } from './password-file.ts';
import { askPassword } from './prompt.ts';
import { warn } from './terminal.ts';

export interface EncryptionFlags {
  trustServerCertificate?: boolean;
  encrypt?: string | true;
  legacyTls?: boolean;
}

/** Flags of sqlcmd with their meaning there, as commander hands them over. */
export interface ConnectionFlags extends EncryptionFlags {
  server?: string;
  database?: string;
  user?: string;
  password?: string;
  passwordFile?: string;
  integrated?: boolean;
  connectionString?: string;
  hostNameInCertificate?: string;
  serverCertificate?: string;
  domain?: string;
  authenticationMethod?: string;
  entra?: boolean;
  loginTimeout?: number;
  queryTimeout?: number;
  packetSize?: number;
  workstation?: string;
  applicationIntent?: string;
  multiSubnetFailover?: boolean;
}

export function addEncryptionFlags(command: Command): Command {
  return command
    .addOption(
      option('-C, --trust-server-certificate', 'accept any certificate: does not protect against a man in the middle'),
    )
    .addOption(option('-N, --encrypt [mode]', 's(trict), m(andatory, the default) or o(ptional: everything in clear)'))
    .addOption(option('--legacy-tls', 'allow TLS 1.0 and 1.1 for servers without the TLS 1.2 update'));
}

export function addConnectionFlags(command: Command): Command {
  command
    .addOption(option('-S, --server <server>', '[tcp:]host[\\instance][,port], (local) or .').env('SQLCMDSERVER'))
    .addOption(option('-d, --database <name>', 'database').env('SQLCMDDBNAME'))
    .addOption(option('-U, --user <login>', 'login').env('SQLCMDUSER'))
    .addOption(
      option(
        '-P, --password <password>',
        'password; shows in process lists, so better SQLCMDPASSWORD, --password-file or the prompt',
      ),
    )
    .addOption(option('--password-file <file>', 'file whose first line is the password'))
    .addOption(option('-E, --integrated', 'Windows account of this process (not possible: says what to use instead)'))
    .addOption(option('--connection-string <text>', 'ADO.NET connection string; other flags win over it'))
    .addOption(option('--domain <domain>', 'Windows domain: log in by NTLM with -U and the password'))
    .addOption(
      option('--authentication-method <method>', 'Entra: password, default, managedidentity, serviceprincipal'),
    )
    .addOption(option('-G, --entra', 'Entra authentication (default method)'));
  return addEncryptionFlags(command)
    .addOption(option('-F, --host-name-in-certificate <name>', 'name expected in the server certificate'))
    .addOption(option('-J, --server-certificate <file>', 'certificate to trust'))
    .addOption(integerOption('-l, --login-timeout <seconds>', 'seconds to log in', 0).env('SQLCMDLOGINTIMEOUT'))
    .addOption(integerOption('-t, --query-timeout <seconds>', 'seconds for one statement, 0 = none (the default)', 0))
    .addOption(integerOption('-a, --packet-size <bytes>', 'TDS packet size', 512, 32767).env('SQLCMDPACKETSIZE'))
    .addOption(option('-H, --workstation <name>', 'workstation name').env('SQLCMDWORKSTATION'))
    .addOption(option('-K, --application-intent <intent>', 'ReadOnly for a readable secondary'))
    .addOption(option('-M, --multi-subnet-failover', 'try all addresses of the server at once'));
}

/**
 * Options of the connection string, the flags and the environment, flags winning.
 * @throws XpdbError (usage) when no server or no way to log in was named
 */
export async function resolveConnection(
  flags: ConnectionFlags,
  defaults: { database?: string } = {},
): Promise<ConnectionOptions> {
  const { parseConnectionString } = await import('../connection/connection-string.ts');
  const { parseServerName } = await import('../connection/server-name.ts');
  const { authenticationOf, namedAuthentication, userAndPassword } = await import('../connection/authentication.ts');
  const { defaultConnectionOptions } = await import('../connection/connection-options.ts');
  const text = flags.connectionString ?? process.env.MSSQL_SCRIPTER_CONNECTION_STRING;
  const base: ConnectionOptions = text === undefined ? defaultConnectionOptions : parseConnectionString(text);
  if (text === undefined && flags.server === undefined) {
    throw new XpdbError('no server named', {
      hint: 'use -S host[\\instance][,port], SQLCMDSERVER or --connection-string',
      exitCode: ExitCode.usage,
    });
  }
  if (flags.password !== undefined)
    warn('-P shows the password in process lists; SQLCMDPASSWORD, --password-file or the prompt do not');
  const { port: _port, instance: _instance, ...rest } = base;
  const named: Pick<ConnectionOptions, 'server' | 'port' | 'instance'> =
    flags.server === undefined ? base : parseServerName(flags.server);
  const merged: ConnectionOptions = {
    ...rest,
    server: named.server,
    ...(named.port === undefined ? {} : { port: named.port }),
    ...(named.instance === undefined ? {} : { instance: named.instance }),
    ...((flags.database ?? defaults.database) ? { database: flags.database ?? defaults.database! } : {}),
    ...(flags.encrypt === undefined ? {} : { encrypt: encryption(flags.encrypt) }),
    ...(flags.trustServerCertificate ? { trustServerCertificate: true } : {}),
    ...(flags.hostNameInCertificate === undefined ? {} : { hostNameInCertificate: flags.hostNameInCertificate }),
    ...(flags.serverCertificate === undefined ? {} : { serverCertificate: flags.serverCertificate }),
    ...(flags.legacyTls ? { legacyTls: true } : {}),
    ...(flags.loginTimeout === undefined ? {} : { loginTimeoutSeconds: flags.loginTimeout }),
    ...(flags.queryTimeout === undefined ? {} : { requestTimeoutMs: flags.queryTimeout * 1000 }),
    ...(flags.packetSize === undefined ? {} : { packetSize: flags.packetSize }),
    ...(flags.workstation === undefined ? {} : { workstation: flags.workstation }),
    ...(flags.applicationIntent === undefined ? {} : { readOnlyIntent: /^readonly$/i.test(flags.applicationIntent) }),
    ...(flags.multiSubnetFailover ? { multiSubnetFailover: true } : {}),
  };
  if (flags.integrated) return { ...merged, auth: { kind: 'integrated' } };
  if (flags.entra || flags.authenticationMethod !== undefined) {
    const keyword = flags.authenticationMethod ?? 'ActiveDirectoryDefault';
    const method = namedAuthentication(/^activedirectory/i.test(keyword) ? keyword : `ActiveDirectory${keyword}`);
    const user = flags.user;
    const password = user === undefined ? undefined : await findPassword(flags, user);
    const auth = authenticationOf({
      ...method,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    });
    return auth ? { ...merged, auth } : merged;
  }
  const user = flags.user;
  if (user !== undefined)
    return {
      ...merged,
      auth: userAndPassword(user, await findPassword(flags, user), flags.domain, flags.domain !== undefined),
    };
  if (merged.auth === undefined) {
    throw new XpdbError('no way to log in named', {
      hint: 'use -U login (the password is asked for), --domain with -U for a Windows account, or -G',
      exitCode: ExitCode.usage,
    });
  }
  return merged;
}

/** Flag, file, environment, prompt: in this order. */
async function findPassword(flags: ConnectionFlags, user: string): Promise<string> {
  if (flags.password !== undefined) return flags.password;
  if (flags.passwordFile !== undefined) return readPasswordFile(flags.passwordFile);
  return process.env.SQLCMDPASSWORD ?? process.env.MSSQL_SCRIPTER_PASSWORD ?? (await askPassword(user));
}

function encryption(mode: string | true): ConnectionOptions['encrypt'] {
  switch (mode === true ? 'm' : mode.toLowerCase()) {
    case 's':
    case 'strict':
      return 'strict';
    case 'm':
    case 'mandatory':
    case 'true':
    case 'yes':
      return 'mandatory';
    case 'o':
    case 'optional':
    case 'false':
    case 'disable':
    case 'no':
      return 'optional';
    default:
      throw new XpdbError(`-N takes s, m or o, not ${String(mode)}`, { exitCode: ExitCode.usage });
  }
}
