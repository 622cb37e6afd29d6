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

/** CREATE USER grants CONNECT by itself, so only its absence or another state of it needs a statement. */
export function isImpliedPermission(permission: Permission, users: ReadonlySet<string>): boolean {
  return (
    permission.permission === 'CONNECT' &&
    permission.securable.class === 'DATABASE' &&
    permission.state === 'GRANT' &&
    permission.grantor === 'dbo' &&
    users.has(permission.grantee)
  );
}
