/** Words for log-ins that fail: what happened, and the one thing to try. The ladder of encryption is the user's to walk. */

import { XpdbError } from '../model/error.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { serverText } from './server-name.ts';
import { type ServerMessage, SqlServerError } from './sql-error.ts';

/** What the log-in knows when it gives up. */
export interface FailedLogin {
  readonly cause?: unknown;
  readonly errors: readonly ServerMessage[];
  readonly secure: boolean;
}

interface Coded {
  readonly message: string;
  readonly code?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Certificates that Node refuses, with what is wrong in words. */
const certificateProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that is not trusted here',
  CERT_UNTRUSTED: 'is not trusted here',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REJECTED: 'is rejected',
  CERT_SIGNATURE_FAILURE: 'has a wrong signature',
  INVALID_PURPOSE: 'is not meant for servers',
};

export function explainLoginFailure(failure: FailedLogin, options: ConnectionOptions): XpdbError {
  const chain = causes(failure.cause);
  const server = serverText(options);
  const codes = chain.map(e => e.code ?? '');
  const texts = chain.map(e => e.message).join(' ');
  const has = (...wanted: string[]): boolean => wanted.some(code => codes.includes(code));
  const error = (message: string, hint: string): XpdbError => new XpdbError(message, { hint, cause: failure.cause });

  if (failure.errors.length > 0) return new SqlServerError(failure.errors, { cause: failure.cause });
  if (has('EENCRYPT')) {
    return options.encrypt === 'optional'
      ? error(`${server} demands encryption`, 'leave -No (Encrypt=Optional) out')
      : error(
          `${server} offers no encryption`,
          '-No (Encrypt=Optional) connects without it: password and data then cross the network in clear',
        );
  }
  const certificate = codes.find(code => Object.hasOwn(certificateProblems, code));
  if (certificate !== undefined) {
    return error(`the certificate of ${server} ${certificateProblems[certificate]}`, trustHint(options));
  }
  if (has('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return error(
      `the certificate of ${server} is made out to another name`,
      `name the server as its certificate does, or give that name with HostNameInCertificate${options.encrypt === 'strict' ? '' : '; -C trusts it unchecked'}`,
    );
  }
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME'))
    return error(`the host ${options.server} is unknown`, 'check the server name');
  if (has('ECONNREFUSED')) {
    return error(
      `nothing listens at ${server}`,
      'check host and port, that the server runs, and that TCP/IP is enabled for it in SQL Server Configuration Manager',
    );
  }
  if (has('EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'))
    return error(`${server} cannot be reached`, 'check network and firewall');
  if (has('ETIMEOUT', 'ETIMEDOUT')) {
    return error(
      `${server} did not answer within ${options.loginTimeoutSeconds} seconds`,
      'check host, port and firewall, or allow more time with -l',
    );
  }
  if (has('EFEDAUTH'))
    return error(`the Entra log-in for ${server} failed: ${last(chain)}`, 'check account, tenant and secret');
  if (
    codes.some(c => c.startsWith('ERR_SSL_') || c.startsWith('ERR_TLS_')) ||
    /\bssl3?_|SSL routines|unsupported protocol|wrong version number/i.test(texts)
  ) {
    return tlsFailure(server, options, last(chain), failure);
  }
  const hungUp = has('ECONNRESET', 'EPIPE') || /socket hang up|unexpected end of message stream/i.test(texts);
  if (hungUp && !failure.secure && options.encrypt !== 'optional' && /Failed to connect/.test(texts)) {
    return tlsFailure(server, options, 'it hung up', failure);
  }
  if (hungUp && options.encrypt === 'strict') return tlsFailure(server, options, 'it hung up', failure);
  if (hungUp) {
    return error(
      `${server} hung up before the log-in was done`,
      'check that a SQL Server listens there; one that demands strict encryption needs -Ns',
    );
  }
  return error(`the log-in at ${server} failed: ${last(chain)}`, 'check server, user and database');
}

function tlsFailure(server: string, options: ConnectionOptions, reason: string, failure: FailedLogin): XpdbError {
  const message = `no encrypted connection to ${server} came about: ${reason}`;
  if (options.encrypt === 'strict') {
    return new XpdbError(message, {
      hint: 'strict encryption needs SQL Server 2022 or later: try without -Ns',
      cause: failure.cause,
    });
  }
  const hint = options.legacyTls
    ? 'as the last resort -No connects without encryption: password and data then cross the network in clear'
    : 'a server of 2014 or older without the TLS 1.2 update needs --legacy-tls, which allows outdated encryption';
  return new XpdbError(message, { hint, cause: failure.cause });
}

function trustHint(options: ConnectionOptions): string {
  const file = 'give the certificate as a file (ServerCertificate)';
  if (options.encrypt === 'strict') return `${file}: strict encryption always checks it`;
  return `-C trusts it unchecked, and then whoever sits in between can read and change everything; or ${file}`;
}

/** The error and what it stems from, outermost first. */
function causes(error: unknown): Coded[] {
  const found: Coded[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && found.length < 20) {
    const next = open.shift();
    if (typeof next !== 'object' || next === null) continue;
    const coded = next as Coded;
    found.push({
      message: String(coded.message ?? ''),
      ...(typeof coded.code === 'string' ? { code: coded.code } : {}),
    });
    if (coded.cause !== undefined) open.push(coded.cause);
    if (Array.isArray(coded.errors)) open.push(...coded.errors);
  }
  return found;
}

function last(chain: readonly Coded[]): string {
  return chain[chain.length - 1]?.message ?? 'no reason was given';
}
