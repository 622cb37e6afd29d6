/** How user, password and the Authentication keyword become a log-in. */

import { ExitCode, XpdbError } from '../model/error.ts';
import type { Authentication } from './connection-options.ts';

export interface NamedAuthentication {
  readonly method?: AuthenticationMethod;
  readonly integrated?: boolean;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly domain?: string | undefined;
}

export type AuthenticationMethod = 'sql' | 'ntlm' | 'password' | 'default' | 'managedidentity' | 'serviceprincipal';

/** Client id of Microsoft's own SQL clients for user name and password log-ins. */
const sqlClientApplication = '2fd908ad-0664-4344-b9be-cd3e8b574c38';

/**
 * The Authentication keyword of a connection string, as Microsoft.Data.SqlClient spells it; `NTLM` besides.
 * @throws XpdbError (usage) for those that need a browser, a device or the account of the process
 */
export function namedAuthentication(keyword: string | undefined): { readonly method?: AuthenticationMethod } {
  if (keyword === undefined) return {};
  const plain = keyword
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/^activedirectory/, 'ad-');
  switch (plain) {
    case 'sqlpassword':
      return { method: 'sql' };
    case 'ntlm':
      return { method: 'ntlm' };
    case 'ad-password':
      return { method: 'password' };
    case 'ad-default':
    case 'ad-workloadidentity':
      return { method: 'default' };
    case 'ad-managedidentity':
    case 'ad-msi':
      return { method: 'managedidentity' };
    case 'ad-serviceprincipal':
      return { method: 'serviceprincipal' };
    case 'ad-integrated':
    case 'ad-interactive':
    case 'ad-devicecodeflow':
      throw usage(
        `the log-in ${keyword} is not possible from xpdb`,
        'use Active Directory Default after az login, or Active Directory Service Principal',
      );
    default:
      throw usage(
        `Authentication cannot be ${keyword}`,
        'it takes SqlPassword, NTLM or Active Directory Password, Default, Managed Identity, Service Principal',
      );
  }
}

/**
 * A user name with a backslash is a Windows account and logs in by NTLM: SQL Server allows none in SQL log-ins (error 15006).
 * @returns undefined when nothing is said
 * @throws XpdbError (usage) when a part is missing
 */
export function authenticationOf(named: NamedAuthentication): Authentication | undefined {
  const { method, integrated, user, password, domain } = named;
  if (integrated && method === undefined) return { kind: 'integrated' };
  switch (method) {
    case undefined:
    case 'sql':
    case 'ntlm':
      if (user === undefined) {
        if (method === 'ntlm' || domain !== undefined) throw usage('NTLM needs a user name and a password');
        return undefined;
      }
      return userAndPassword(user, password ?? '', domain, method === 'ntlm');
    case 'password': {
      if (user === undefined) throw usage('Active Directory Password needs User ID and Password');
      const [, tenant] = splitAt(user);
      return {
        kind: 'entra-password',
        user,
        password: password ?? '',
        clientId: sqlClientApplication,
        tenantId: tenant ?? 'common',
      };
    }
    case 'default':
      return { kind: 'entra-default', ...(user === undefined ? {} : { clientId: user }) };
    case 'managedidentity':
      return { kind: 'entra-managed-identity', ...(user === undefined ? {} : { clientId: user }) };
    case 'serviceprincipal': {
      const [clientId, tenantId] = splitAt(user ?? '');
      if (!clientId || !tenantId) {
        throw usage(
          'Active Directory Service Principal needs the application and its tenant',
          'write User ID=application@tenant',
        );
      }
      return { kind: 'entra-service-principal', clientId, clientSecret: password ?? '', tenantId };
    }
  }
}

/** User and password as -U and -P give them. */
export function userAndPassword(user: string, password: string, domain?: string, ntlm = false): Authentication {
  const account = /^([^\\]+)\\(.+)$/.exec(user);
  if (account) return { kind: 'ntlm', user: account[2]!, password, domain: account[1]! };
  if (ntlm || domain !== undefined) return { kind: 'ntlm', user, password, domain: domain ?? '' };
  return { kind: 'sql', user, password };
}

function splitAt(user: string): [string, string | undefined] {
  const at = user.lastIndexOf('@');
  return at < 0 ? [user, undefined] : [user.slice(0, at), user.slice(at + 1)];
}

function usage(message: string, hint?: string): XpdbError {
  return new XpdbError(message, { ...(hint === undefined ? {} : { hint }), exitCode: ExitCode.usage });
}
