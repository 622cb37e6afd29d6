/** Opens a session. tedious is loaded here, when the first one is opened. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ConnectionConfiguration } from 'tedious';
import { ExitCode, XpdbError } from '../model/error.ts';
import { findInstancePort } from './browser.ts';
import { explainLoginFailure } from './connect-errors.ts';
import type { Authentication, ConnectionOptions } from './connection-options.ts';
import { loadIdentityLazily } from './lazy-identity.ts';
import { type FeatureVersions, vectorFeature, vectorVersion } from './login-features.ts';
import { serverText } from './server-name.ts';
import type { Session } from './session.ts';

/** With TLS a packet is one record at most; larger ones were refused by a real server. */
const largestEncryptedPacket = 16383;
/** How long the server may take to stop what was cancelled: a statement is rolled back first. */
const cancelTimeoutMs = 60_000;
const longestTimer = 2147483647;
/** The Browser answers at once or not at all. */
const browserTimeoutMs = 5000;

/**
 * Connects and logs in. Nothing is tried that was not asked for: no weaker encryption, no other protocol, no other database.
 * @throws XpdbError with what to do: host, port, TLS, user, database
 */
export async function openSession(options: ConnectionOptions): Promise<Session> {
  if (!options.auth) {
    throw new XpdbError(`no log-in is given for ${serverText(options)}`, {
      hint: 'name a user with -U (the password is asked for), or put User ID and Password into the connection string',
      exitCode: ExitCode.usage,
    });
  }
  const authentication = tediousAuthentication(options.auth);
  const loginTimeoutMs = options.loginTimeoutSeconds * 1000;
  const port =
    options.port ?? (options.instance === undefined ? 1433 : await portOfInstance(options, options.instance));
  const config: ConnectionConfiguration = {
    server: options.server,
    authentication,
    options: {
      port,
      ...(options.database === undefined ? {} : { database: options.database }),
      encrypt: options.encrypt === 'strict' ? 'strict' : options.encrypt === 'mandatory',
      trustServerCertificate: options.trustServerCertificate,
      ...(options.hostNameInCertificate === undefined ? {} : { serverName: options.hostNameInCertificate }),
      cryptoCredentialsDetails: await tlsDetails(options),
      connectTimeout: loginTimeoutMs === 0 ? longestTimer : Math.min(loginTimeoutMs, longestTimer),
      requestTimeout: 0,
      cancelTimeout: cancelTimeoutMs,
      packetSize:
        options.encrypt === 'optional' ? options.packetSize : Math.min(options.packetSize, largestEncryptedPacket),
      appName: options.applicationName,
      ...(options.workstation === undefined ? {} : { workstationId: options.workstation }),
      readOnlyIntent: options.readOnlyIntent,
      multiSubnetFailover: options.multiSubnetFailover,
      useUTC: true,
      rowCollectionOnDone: false,
      rowCollectionOnRequestCompletion: false,
    },
  };
  loadIdentityLazily();
  const { logIn, LoginFailure } = await import('./tedious-session.ts');
  const features: FeatureVersions = new Map(options.vectorsAsText ? [] : [[vectorFeature, vectorVersion]]);
  try {
    return await logIn(config, serverText({ ...options, port }), options.requestTimeoutMs, features);
  } catch (error) {
    throw error instanceof LoginFailure ? explainLoginFailure(error, { ...options, port }) : error;
  }
}

function portOfInstance(options: ConnectionOptions, instance: string): Promise<number> {
  const limit = options.loginTimeoutSeconds === 0 ? browserTimeoutMs : options.loginTimeoutSeconds * 1000;
  return findInstancePort({ server: options.server, instance, timeoutMs: Math.min(limit, browserTimeoutMs) });
}

function tediousAuthentication(auth: Authentication): NonNullable<ConnectionConfiguration['authentication']> {
  switch (auth.kind) {
    case 'sql':
      return { type: 'default', options: { userName: auth.user, password: auth.password } };
    case 'ntlm':
      return { type: 'ntlm', options: { userName: auth.user, password: auth.password, domain: auth.domain } };
    case 'entra-password': {
      const { user, password, clientId, tenantId } = auth;
      return { type: 'azure-active-directory-password', options: { userName: user, password, clientId, tenantId } };
    }
    case 'entra-access-token':
      return { type: 'azure-active-directory-access-token', options: { token: auth.token } };
    case 'entra-default':
      return { type: 'azure-active-directory-default', options: clientId(auth) };
    case 'entra-managed-identity':
      return { type: 'azure-active-directory-msi-vm', options: clientId(auth) };
    case 'entra-service-principal':
      return {
        type: 'azure-active-directory-service-principal-secret',
        options: { clientId: auth.clientId, clientSecret: auth.clientSecret, tenantId: auth.tenantId },
      };
    case 'integrated':
      throw new XpdbError('xpdb cannot log in with the Windows account that it runs under (integrated security)', {
        hint: 'use a SQL log-in (-U sa), or NTLM with a Windows account and its password (-U DOMAIN\\name)',
        exitCode: ExitCode.usage,
      });
  }
}

function clientId(auth: { readonly clientId?: string }): { clientId?: string } {
  return auth.clientId === undefined ? {} : { clientId: auth.clientId };
}

type TlsDetails = NonNullable<NonNullable<ConnectionConfiguration['options']>['cryptoCredentialsDetails']>;

async function tlsDetails(options: ConnectionOptions): Promise<TlsDetails> {
  return {
    // OpenSSL 3 refuses the old protocols at its default security level, whatever the versions say.
    ...(options.legacyTls ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    ...(options.serverCertificate === undefined
      ? {}
      : { ca: await readCertificate(options.serverCertificate), allowPartialTrustChain: true }),
  };
}

/** PEM (one or several) or DER. */
async function readCertificate(path: string): Promise<string> {
  const bytes = await readFile(path).catch(cause => {
    throw new XpdbError(`the certificate file ${path} cannot be read`, { hint: 'check the path', cause });
  });
  if (bytes.includes('-----BEGIN CERTIFICATE-----')) return bytes.toString('latin1');
  try {
    return new X509Certificate(bytes).toString();
  } catch (cause) {
    throw new XpdbError(`${path} holds no certificate in PEM or DER form`, { cause });
  }
}
