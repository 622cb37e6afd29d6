/** How to log in, out of what the command line, a connection string and the environment say: in this order. */

import type { NamedAuthentication } from '../connection/authentication.ts';
import type { Authentication } from '../connection/connection-options.ts';
import { readPasswordFile } from './password-file.ts';
import { askPassword } from './prompt.ts';

export interface LoginFlags {
  user?: string;
  password?: string;
  passwordFile?: string;
  integrated?: boolean;
  domain?: string;
  authenticationMethod?: string;
  entra?: boolean;
}

/**
 * @param inText what a connection string says; nothing where there is none
 * @returns undefined when nobody says how
 * @throws XpdbError (usage) for a way that is not possible, and when there is no password and nobody to ask
 */
export async function resolveLogin(
  line: LoginFlags,
  inText: NamedAuthentication,
  environment: LoginFlags,
): Promise<Authentication | undefined> {
  const { authenticationOf, namedAuthentication } = await import('../connection/authentication.ts');
  const namedBy = (flags: LoginFlags): NamedAuthentication => ({
    ...(flags.integrated ? { integrated: true } : {}),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.domain === undefined ? {} : { domain: flags.domain }),
    ...(flags.entra || flags.authenticationMethod !== undefined
      ? namedAuthentication(methodKeyword(flags.authenticationMethod ?? 'Default'))
      : {}),
  });
  if (line.integrated) return { kind: 'integrated' };
  const { password: inTextPassword, ...text } = inText;
  const above = namedBy(line);
  const textSays = text.integrated || text.method !== undefined || text.user !== undefined;
  const beneath = textSays ? text : { ...namedBy(environment), ...text };
  const replaced = above.user !== undefined || above.method !== undefined ? { integrated: false } : {};
  const named: NamedAuthentication = { ...beneath, ...replaced, ...above };
  if (named.user === undefined || !needsPassword(named)) return authenticationOf(named);
  const password =
    (await passwordBy(line)) ??
    // The password in a text belongs to the login there.
    (text.user === undefined || text.user === named.user ? inTextPassword : undefined) ??
    (await passwordBy(environment)) ??
    process.env.SQLCMDPASSWORD ??
    process.env.MSSQL_SCRIPTER_PASSWORD ??
    (await askPassword(named.user));
  return authenticationOf({ ...named, password });
}

function needsPassword({ method, integrated }: NamedAuthentication): boolean {
  if (method === undefined) return !integrated;
  return method !== 'default' && method !== 'managedidentity';
}

async function passwordBy(flags: LoginFlags): Promise<string | undefined> {
  if (flags.password !== undefined) return flags.password;
  return flags.passwordFile === undefined ? undefined : readPasswordFile(flags.passwordFile);
}

function methodKeyword(method: string): string {
  return /^activedirectory/i.test(method) ? method : `ActiveDirectory${method}`;
}
