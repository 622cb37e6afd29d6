import type { Database } from '../model/database.ts';
import type { Permission } from '../model/permission.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { Batch } from './options.ts';

/** GRANT, DENY or REVOKE on a securable; the grantor is named where it is not dbo. */
export function scriptPermission(permission: Permission): Batch {
  const { securable, state } = permission;
  const columns = securable.columns.length > 0 ? ` (${securable.columns.map(quoteName).join(', ')})` : '';
  const on =
    securable.class === 'DATABASE' || securable.name === null
      ? ''
      : ` ON ${securable.class}::${quoteQualified(securable.schema, securable.name)}${columns}`;
  const verb = state === 'GRANT_WITH_GRANT_OPTION' ? 'GRANT' : state;
  const grantor = permission.grantor === 'dbo' ? '' : ` AS ${quoteName(permission.grantor)}`;
  return (
    `${verb} ${permission.permission}${on} ${verb === 'REVOKE' ? 'FROM' : 'TO'} ${quoteName(permission.grantee)}` +
    `${state === 'GRANT_WITH_GRANT_OPTION' ? ' WITH GRANT OPTION' : ''}${grantor}`
  );
}

/**
 * Permissions that need a statement. CREATE USER grants CONNECT by itself, so that is left out, and a user who may not
 * connect gets it revoked.
 */
export function scriptedPermissions(database: Database): readonly Permission[] {
  const users = new Set(database.users.map(u => u.name));
  const connects = database.permissions.filter(p => p.permission === 'CONNECT' && p.securable.class === 'DATABASE');
  const known = new Set(connects.map(p => p.grantee));
  const revoked = database.users
    .filter(u => !known.has(u.name))
    .map((u): Permission => ({ ...connect, state: 'REVOKE', grantee: u.name }));
  const implied = new Set(connects.filter(p => p.state === 'GRANT' && p.grantor === 'dbo' && users.has(p.grantee)));
  return [...revoked, ...database.permissions.filter(p => !implied.has(p))];
}

const connect = {
  permission: 'CONNECT',
  securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
  grantor: 'dbo',
} as const;
