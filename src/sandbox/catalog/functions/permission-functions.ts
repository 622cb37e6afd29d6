/** IS_MEMBER, IS_SRVROLEMEMBER, HAS_DBACCESS, HAS_PERMS_BY_NAME. What is granted counts only for who is not an administrator. */
import { permissionCode } from '../ddl/permission-codes.ts';
import { actingUser, isSysadmin } from '../sign-in.ts';
import { databaseRow, findSchema, principalNamed } from '../state.ts';
import { num, text } from '../store.ts';
import { bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';
import { objectIdOf } from './object-functions.ts';

function loginId(call: FunctionCall, name: string): number {
  return num(
    call.state.store.get(
      'SELECT principal_id FROM "b.sys.server_principals" WHERE name_key = ?',
      call.state.key(null, name),
    )?.['principal_id'],
  );
}

const isAdministrator = (call: FunctionCall): boolean => isSysadmin(call.state, loginId(call, call.context.login));

/** Ids of a database principal and of every role it is in, directly or by others. */
function rolesOf(call: FunctionCall, principalId: number): ReadonlySet<number> {
  const found = new Set([principalId]);
  for (const id of found) {
    for (const row of call.scope.store.all(
      'SELECT role_principal_id FROM "b.sys.database_role_members" WHERE db = ? AND member_principal_id = ?',
      call.scope.db,
      id,
    ))
      found.add(num(row['role_principal_id']));
  }
  return found;
}

function isRoleMember(call: FunctionCall, role: string, member: string): number | null {
  const roleRow = principalNamed(call.scope, role);
  if (!roleRow || !['R', 'G'].includes(text(roleRow['type']))) return null;
  const memberRow = principalNamed(call.scope, member);
  if (!memberRow) return null;
  const id = num(roleRow['principal_id']);
  return bit(id === 0 || rolesOf(call, num(memberRow['principal_id'])).has(id));
}

function isServerRoleMember(call: FunctionCall): number | null {
  const role = call.text(0);
  if (role === null) return null;
  const row = call.state.store.get(
    'SELECT principal_id FROM "b.sys.server_principals" WHERE name_key = ? AND type = \'R\'',
    call.state.key(null, role),
  );
  const member = loginId(call, call.count > 1 ? (call.text(1) ?? '') : call.context.login);
  if (!row || member === 0) return null;
  const roleId = num(row['principal_id']);
  return bit(
    roleId === 2 ||
      isSysadmin(call.state, member) ||
      call.state.store.get(
        'SELECT 1 AS x FROM "b.sys.server_role_members" WHERE role_principal_id = ? AND member_principal_id = ?',
        roleId,
        member,
      ) !== undefined,
  );
}

/** Class of sys.database_permissions and id of the securable; null when there is none of that name. */
function securable(call: FunctionCall, class_: string, name: string | null): readonly [number, number] | null {
  switch (class_) {
    case 'DATABASE':
      return name === null || databaseRow(call.state, name) ? [0, 0] : null;
    case 'OBJECT': {
      const id = name === null ? null : objectIdOf(call, name);
      return id === null ? null : [1, id];
    }
    case 'SCHEMA': {
      const schema = name === null ? null : findSchema(call.scope, name.replace(/^\[(.*)\]$/, '$1'));
      return schema ? [3, schema.id] : null;
    }
    default:
      return null;
  }
}

function hasPermission(call: FunctionCall): number | null {
  const [name, class_, permission] = [call.text(0), call.text(1)?.toUpperCase() ?? '', call.text(2)?.toUpperCase()];
  if (permission === undefined) return null;
  const server = class_ === '' || class_ === 'SERVER';
  const code = permissionCode(permission, call.scope.version);
  if (permission !== 'ANY' && code === undefined && !server) return null;
  if (server) return bit(isAdministrator(call));
  const found = securable(call, class_, name);
  if (!found) return null;
  if (call.context.user === 'dbo' || isAdministrator(call)) return 1;
  const user = principalNamed(call.scope, call.context.user);
  if (!user) return 0;
  const ids = rolesOf(call, num(user['principal_id']));
  if (ids.has(16384)) return 1;
  const granted = call.scope.store.all(
    `SELECT class, major_id, grantee_principal_id, type, state FROM "b.sys.database_permissions"
     WHERE db = ? AND minor_id = 0 AND ((class = ? AND major_id = ?) OR class = 0)`,
    call.scope.db,
    found[0],
    found[1],
  );
  const own = granted.filter(
    g =>
      (ids.has(num(g['grantee_principal_id'])) || num(g['grantee_principal_id']) === 0) &&
      (permission === 'ANY' || ['CL', code].includes(text(g['type']).trim())),
  );
  return bit(own.some(g => 'GW'.includes(text(g['state']))) && !own.some(g => text(g['state']) === 'D'));
}

export const permissionFunctions: MetadataFunctions = {
  IS_MEMBER(call) {
    const role = call.text(0);
    return role === null ? null : isRoleMember(call, role, call.context.user);
  },
  IS_ROLEMEMBER(call) {
    const role = call.text(0);
    const member = call.count > 1 ? call.text(1) : call.context.user;
    return role === null || member === null ? null : isRoleMember(call, role, member);
  },
  IS_SRVROLEMEMBER: isServerRoleMember,
  HAS_DBACCESS(call) {
    const name = call.text(0);
    if (name === null || !databaseRow(call.state, name)) return null;
    return bit(actingUser(call.state, call.context.login, name) !== null);
  },
  HAS_PERMS_BY_NAME: hasPermission,
};
