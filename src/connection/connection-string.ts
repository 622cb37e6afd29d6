/** ADO.NET connection strings, with the keys and synonyms of Microsoft.Data.SqlClient. */

import { ExitCode, XpdbError } from '../model/error.ts';
import { authenticationOf, type NamedAuthentication, namedAuthentication } from './authentication.ts';
import { type ConnectionOptions, defaultConnectionOptions, type Encryption } from './connection-options.ts';
import { parseServerName } from './server-name.ts';

/** Synonym without spaces → key. */
const synonyms: Readonly<Record<string, string>> = {
  server: 'server',
  datasource: 'server',
  address: 'server',
  addr: 'server',
  networkaddress: 'server',
  database: 'database',
  initialcatalog: 'database',
  userid: 'user',
  uid: 'user',
  user: 'user',
  username: 'user',
  password: 'password',
  pwd: 'password',
  domain: 'domain',
  integratedsecurity: 'integrated',
  trustedconnection: 'integrated',
  authentication: 'authentication',
  encrypt: 'encrypt',
  trustservercertificate: 'trust',
  hostnameincertificate: 'certificateName',
  servercertificate: 'certificate',
  legacytls: 'legacyTls',
  applicationintent: 'intent',
  multisubnetfailover: 'multiSubnet',
  packetsize: 'packetSize',
  connecttimeout: 'connectTimeout',
  connectiontimeout: 'connectTimeout',
  timeout: 'connectTimeout',
  commandtimeout: 'commandTimeout',
  applicationname: 'application',
  app: 'application',
  workstationid: 'workstation',
  wsid: 'workstation',
  network: 'network',
  net: 'network',
  networklibrary: 'network',
};

/** Keys of SqlClient that change nothing here. */
const withoutEffect: ReadonlySet<string> = new Set([
  ...['persistsecurityinfo', 'pooling', 'maxpoolsize', 'minpoolsize', 'loadbalancetimeout', 'connectionlifetime'],
  ...['connectionreset', 'enlist', 'asynchronousprocessing', 'async', 'poolblockingperiod', 'typesystemversion'],
  ...['connectretrycount', 'connectretryinterval', 'ipaddresspreference', 'transparentnetworkipresolution'],
  ...['replication', 'transactionbinding', 'serverspn', 'failoverpartnerspn'],
]);

/** Keys that would matter and that xpdb does not do: said, not swallowed. */
const noted: Readonly<Record<string, string>> = {
  failoverpartner: 'Failover Partner is ignored: name the server that is the principal now',
  multipleactiveresultsets: 'MultipleActiveResultSets is ignored: xpdb opens a connection for each piece of work',
  mars: 'MultipleActiveResultSets is ignored: xpdb opens a connection for each piece of work',
  currentlanguage:
    'Current Language is ignored: xpdb works in us_english, so that dates in scripts read the same everywhere',
  language: 'Language is ignored: xpdb works in us_english, so that dates in scripts read the same everywhere',
  columnencryptionsetting: 'Column Encryption Setting is ignored: xpdb never decrypts Always Encrypted columns',
  enclaveattestationurl: 'Enclave Attestation Url is ignored: xpdb never decrypts Always Encrypted columns',
  attestationprotocol: 'Attestation Protocol is ignored: xpdb never decrypts Always Encrypted columns',
};

const refused: Readonly<Record<string, string>> = {
  attachdbfilename:
    'attaching a file by the connection string is not supported: attach it with CREATE DATABASE … FOR ATTACH first',
  extendedproperties:
    'attaching a file by the connection string is not supported: attach it with CREATE DATABASE … FOR ATTACH first',
  initialfilename:
    'attaching a file by the connection string is not supported: attach it with CREATE DATABASE … FOR ATTACH first',
  userinstance: 'user instances are not supported: name a running instance',
  contextconnection: 'a context connection exists inside the server only',
};

/** Whether a text looks like a connection string rather than a file or `server/database`: it names a server by key. */
export function isConnectionString(text: string): boolean {
  return /(^|;)\s*(server|data\s*source|address|addr|network\s*address)\s*=/i.test(text);
}

/**
 * @returns the options, defaults filled in; `auth` is absent when the string says nothing about the log-in
 * @throws XpdbError (usage) for unknown keys, values that a key does not take, and log-ins that are not possible from here
 */
export function parseConnectionString(text: string): ConnectionOptions {
  const { options, login } = readConnectionString(text, defaultConnectionOptions);
  return { ...options, ...optional('auth', authenticationOf(login)) };
}

/**
 * As parseConnectionString, with the log-in in its parts: what the text leaves out may be said elsewhere.
 * @param defaults options for keys that the text does not have
 */
export function readConnectionString(
  text: string,
  defaults: ConnectionOptions,
): { readonly options: ConnectionOptions; readonly login: NamedAuthentication } {
  const values = new Map<string, string>();
  const notes: string[] = [];
  for (const { key, value } of splitPairs(text)) {
    const plain = key.toLowerCase().replace(/[\s_]+/g, '');
    const known = synonyms[plain];
    if (known !== undefined && Object.hasOwn(synonyms, plain)) values.set(known, value);
    else if (Object.hasOwn(refused, plain)) {
      if (!isNo(value)) throw usage(`${key}: ${refused[plain]}`);
    } else if (Object.hasOwn(noted, plain)) {
      if (!isNo(value) && value !== '' && value.toLowerCase() !== 'disabled') notes.push(noted[plain]!);
    } else if (!withoutEffect.has(plain)) {
      throw usage(`the connection string has the unknown key ${key}`, 'remove it, or check how it is spelled');
    }
  }
  return { options: optionsOf(values, notes, defaults), login: loginOf(values) };
}

function loginOf(values: ReadonlyMap<string, string>): NamedAuthentication {
  const text = (key: string): string | undefined => values.get(key) || undefined;
  return {
    ...namedAuthentication(text('authentication')),
    ...(values.has('integrated') ? { integrated: integratedOf(values.get('integrated')!) } : {}),
    ...optional('user', text('user')),
    ...optional('password', values.get('password')),
    ...optional('domain', text('domain')),
  };
}

function optionsOf(
  values: ReadonlyMap<string, string>,
  notes: readonly string[],
  defaults: ConnectionOptions,
): ConnectionOptions {
  const text = (key: string): string | undefined => values.get(key) || undefined;
  const flag = (key: string, name: string): boolean | undefined =>
    values.has(key) ? yesOrNo(values.get(key)!, name) : undefined;
  const network = text('network');
  if (network !== undefined && network.toLowerCase() !== 'dbmssocn') {
    throw usage(`the network library ${network} is not supported`, 'xpdb speaks TCP/IP (dbmssocn) only');
  }
  const server = text('server');
  const intent = text('intent');
  if (intent !== undefined && !/^read(only|write)$/i.test(intent))
    throw badValue('Application Intent', intent, 'ReadOnly or ReadWrite');
  const { port: _port, instance: _instance, ...withoutServer } = defaults;
  const commandTimeout = numberOf(values, 'commandTimeout', 'Command Timeout', 0, 2147483);
  return {
    ...(server === undefined ? defaults : { ...withoutServer, ...parseServerName(server) }),
    ...optional('database', text('database') ?? defaults.database),
    encrypt: values.has('encrypt') ? encryptionOf(values.get('encrypt')!) : defaults.encrypt,
    trustServerCertificate: flag('trust', 'TrustServerCertificate') ?? defaults.trustServerCertificate,
    ...optional('hostNameInCertificate', text('certificateName') ?? defaults.hostNameInCertificate),
    ...optional('serverCertificate', text('certificate') ?? defaults.serverCertificate),
    legacyTls: flag('legacyTls', 'Legacy TLS') ?? defaults.legacyTls,
    readOnlyIntent: intent === undefined ? defaults.readOnlyIntent : intent.toLowerCase() === 'readonly',
    multiSubnetFailover: flag('multiSubnet', 'MultiSubnetFailover') ?? defaults.multiSubnetFailover,
    packetSize: numberOf(values, 'packetSize', 'Packet Size', 512, 32767) ?? defaults.packetSize,
    loginTimeoutSeconds:
      numberOf(values, 'connectTimeout', 'Connect Timeout', 0, 2147483) ?? defaults.loginTimeoutSeconds,
    requestTimeoutMs: commandTimeout === undefined ? defaults.requestTimeoutMs : commandTimeout * 1000,
    applicationName: text('application') ?? defaults.applicationName,
    ...optional('workstation', text('workstation') ?? defaults.workstation),
    notes,
  };
}

/** `key=value;…`: values bare, in "…" or '…' with the quote doubled inside; `==` is one `=` in a key. The last of a key wins. */
function splitPairs(text: string): { readonly key: string; readonly value: string }[] {
  const pairs: { key: string; value: string }[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[\s;]/.test(text[at]!)) {
      at++;
      continue;
    }
    let key = '';
    for (; at < text.length; at++) {
      if (text[at] === '=') {
        if (text[at + 1] !== '=') break;
        at++;
      } else if (text[at] === ';')
        throw usage(`the connection string has no value for ${key.trim()}`, 'write key=value;…');
      key += text[at];
    }
    key = key.trim();
    if (at >= text.length) throw usage(`the connection string has no value for ${key}`, 'write key=value;…');
    if (key === '') throw usage('the connection string has a value without a key', 'write key=value;…');
    at++;
    while (at < text.length && /\s/.test(text[at]!)) at++;
    const quote = text[at];
    let value = '';
    if (quote === '"' || quote === "'") {
      for (at++; ; at++) {
        if (at >= text.length) throw usage(`the quoted value of ${key} in the connection string does not end`);
        if (text[at] === quote) {
          if (text[at + 1] !== quote) break;
          at++;
        }
        value += text[at];
      }
      at++;
      while (at < text.length && /\s/.test(text[at]!)) at++;
      if (at < text.length && text[at] !== ';') {
        throw usage(`text follows the quoted value of ${key} in the connection string`, 'separate the pairs by ;');
      }
    } else {
      const semicolon = text.indexOf(';', at);
      const end = semicolon < 0 ? text.length : semicolon;
      value = text.slice(at, end).trim();
      at = end;
    }
    pairs.push({ key, value });
  }
  return pairs;
}

function encryptionOf(value: string): Encryption {
  switch (value.toLowerCase()) {
    case 'true':
    case 'yes':
    case 'mandatory':
      return 'mandatory';
    case 'false':
    case 'no':
    case 'optional':
      return 'optional';
    case 'strict':
      return 'strict';
    default:
      throw badValue('Encrypt', value, 'Mandatory, Optional, Strict, True or False');
  }
}

function isNo(value: string): boolean {
  return /^(false|no)$/i.test(value);
}

function yesOrNo(value: string, name: string): boolean {
  if (/^(true|yes)$/i.test(value)) return true;
  if (isNo(value)) return false;
  throw badValue(name, value, 'True or False');
}

function integratedOf(value: string): boolean {
  return value.toLowerCase() === 'sspi' || yesOrNo(value, 'Integrated Security');
}

function numberOf(
  values: ReadonlyMap<string, string>,
  key: string,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : -1;
  if (number < least || number > most) throw badValue(name, value, `a number from ${least} to ${most}`);
  return number;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

function badValue(name: string, value: string, allowed: string): XpdbError {
  return usage(`${name} cannot be ${value}`, `it takes ${allowed}`);
}

function usage(message: string, hint?: string): XpdbError {
  return new XpdbError(message, { ...(hint === undefined ? {} : { hint }), exitCode: ExitCode.usage });
}
