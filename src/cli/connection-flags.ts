import type { Command } from 'commander';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { type LoginFlags, resolveLogin } from './login.ts';
import { integerOption, option } from './option.ts';
import { warn } from './terminal.ts';

export interface EncryptionFlags {
  trustServerCertificate?: boolean;
  encrypt?: string | true;
  legacyTls?: boolean;
}

/** Flags of sqlcmd with their meaning there, as commander hands them over. */
export interface ConnectionFlags extends EncryptionFlags, LoginFlags {
  server?: string;
  database?: string;
  connectionString?: string;
  hostNameInCertificate?: string;
  serverCertificate?: string;
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
    .addOption(
      option(
        '--connection-string <text>',
        'ADO.NET connection string; other flags win over it, and it wins over variables',
      ),
    )
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
 * Options of the command line, else of the connection string, else of the environment.
 * @throws XpdbError (usage) when no server or no way to log in was named
 */
export async function resolveConnection(
  line: ConnectionFlags,
  environment: ConnectionFlags,
): Promise<ConnectionOptions> {
  const { readConnectionString } = await import('../connection/connection-string.ts');
  const { parseServerName } = await import('../connection/server-name.ts');
  const { defaultConnectionOptions } = await import('../connection/connection-options.ts');
  const text = line.connectionString ?? environment.connectionString ?? process.env.MSSQL_SCRIPTER_CONNECTION_STRING;
  if (text === undefined && line.server === undefined && environment.server === undefined) {
    throw new XpdbError('no server named', {
      hint: 'use -S host[\\instance][,port], SQLCMDSERVER or --connection-string',
      exitCode: ExitCode.usage,
    });
  }
  if (line.password !== undefined)
    warn('-P shows the password in process lists; SQLCMDPASSWORD, --password-file or the prompt do not');
  const least = withFlags(defaultConnectionOptions, environment, parseServerName);
  const { options, login } = text === undefined ? { options: least, login: {} } : readConnectionString(text, least);
  const auth = await resolveLogin(line, login, environment);
  if (auth === undefined) {
    throw new XpdbError('no way to log in named', {
      hint: 'use -U login (the password is asked for), --domain with -U for a Windows account, or -G',
      exitCode: ExitCode.usage,
    });
  }
  return { ...withFlags(options, line, parseServerName), auth };
}

function withFlags(
  base: ConnectionOptions,
  flags: ConnectionFlags,
  parseServerName: (text: string) => Pick<ConnectionOptions, 'server' | 'port' | 'instance'>,
): ConnectionOptions {
  const { port: _port, instance: _instance, ...rest } = base;
  return {
    ...(flags.server === undefined ? base : { ...rest, ...parseServerName(flags.server) }),
    ...(flags.database ? { database: flags.database } : {}),
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
