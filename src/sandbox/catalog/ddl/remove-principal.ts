import type { ServerError } from '../../engine/server-error.ts';
import type { Scope } from '../state.ts';

/**
 * Takes a user or role out of the database, with its memberships, permissions and properties.
 * @param fail makes the error, as DDL and procedures do in their own ways
 * @throws what `fail` made: 15138 for an owner of schemas, 15144 for a role with members
 */
export function removePrincipal(
  scope: Scope,
  id: number,
  isRole: boolean,
  fail: (number: number, text: string) => ServerError,
): void {
  const { store, db } = scope;
  if (store.get('SELECT 1 AS x FROM "b.sys.schemas" WHERE db = ? AND principal_id = ?', db, id))
    throw fail(15138, 'The database principal owns a schema in the database, and cannot be dropped.');
  if (
    isRole &&
    store.get('SELECT 1 AS x FROM "b.sys.database_role_members" WHERE db = ? AND role_principal_id = ?', db, id)
  )
    throw fail(15144, 'The role has members. It must be empty before it can be dropped.');
  store.remove('sys.database_principals', { db, principal_id: id });
  store.remove('sys.database_role_members', { db, member_principal_id: id });
  store.remove('sys.database_permissions', { db, grantee_principal_id: id });
  store.remove('sys.extended_properties', { db, class: 4, major_id: id });
}
