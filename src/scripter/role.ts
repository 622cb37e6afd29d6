import type { Role, RoleMembership } from '../model/role.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteName } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import type { Batch, ScriptOptions } from './options.ts';

/** CREATE ROLE for every role, then ownership, since one role may own another. The gate has taken out application roles, which rest on a password. */
export function scriptRoles(roles: readonly Role[], options: ScriptOptions): Batch[] {
  return [
    ...roles.map(r => `CREATE ROLE ${quoteName(r.name)}`),
    ...roles
      .filter(r => r.owner !== 'dbo')
      .flatMap(r => scriptOwner('ROLE', { name: r.name, owner: r.owner }, options)),
  ];
}

/** ALTER ROLE … ADD MEMBER came with 2012; before it sp_addrolemember. */
export function scriptMembership(membership: RoleMembership, options: ScriptOptions): Batch {
  return options.target >= 110
    ? `ALTER ROLE ${quoteName(membership.role)} ADD MEMBER ${quoteName(membership.member)}`
    : `EXEC sys.sp_addrolemember @rolename = ${scriptString(membership.role)}, @membername = ${scriptString(membership.member)}`;
}
