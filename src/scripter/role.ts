import type { Role, RoleMembership } from '../model/role.ts';
import { quoteName } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import type { Batch, ScriptOptions } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';

/**
 * CREATE ROLE for every role, owners before what they own; roles that own each other get their owners afterwards.
 * The gate has taken out application roles, which rest on a password.
 */
export function scriptRoles(roles: readonly Role[], options: ScriptOptions): Batch[] {
  const names = new Set(roles.map(r => r.name));
  const made = new Set<string>();
  const batches: Batch[] = [];
  const create = (role: Role, owner: string) => {
    made.add(role.name);
    const authorization = options.owners && owner !== 'dbo' ? ` AUTHORIZATION ${quoteName(owner)}` : '';
    batches.push(`CREATE ROLE ${quoteName(role.name)}${authorization}`);
  };
  for (let waiting = roles; waiting.length > 0; waiting = waiting.filter(r => !made.has(r.name))) {
    const ready = waiting.filter(r => !names.has(r.owner) || made.has(r.owner));
    for (const role of ready) create(role, role.owner);
    if (ready.length > 0) continue;
    for (const role of waiting) create(role, 'dbo');
    batches.push(...waiting.flatMap(r => scriptOwner('ROLE', { name: r.name, owner: r.owner }, options)));
  }
  return batches;
}

/** ALTER ROLE … ADD MEMBER came with 2012; before it sp_addrolemember. */
export function scriptMembership(membership: RoleMembership, options: ScriptOptions): Batch {
  return options.target >= 110
    ? `ALTER ROLE ${quoteName(membership.role)} ADD MEMBER ${quoteName(membership.member)}`
    : scriptCall('sp_addrolemember', [
        textArgument('rolename', membership.role),
        textArgument('membername', membership.member),
      ]);
}
