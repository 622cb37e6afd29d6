/** Users, roles and logins by the procedures of SQL Server 2000. */
import { addLogin, loginNamed } from '../ddl/login.ts';
import { removePrincipal } from '../ddl/remove-principal.ts';
import { addRole, addUser, changeMember, setDatabaseOwner } from '../ddl/security.ts';
import { hashPassword } from '../login-password.ts';
import { findSchema, principalNamed, type Scope } from '../state.ts';
import { num, text } from '../store.ts';
import { sidOf } from '../system-content.ts';
import {
  invalidParameter,
  note,
  nothing,
  type ProcedureCall,
  type ProcedureOutcome,
  type Procedures,
  procedureError,
} from './procedure.ts';
import { table, textColumn } from './result.ts';

const noLogin = (name: string): Error =>
  procedureError(15007, `'${name}' is not a valid login or you do not have permission.`);

function changeMembership(call: ProcedureCall, add: boolean): ProcedureOutcome {
  const [role, member] = [call.text('rolename') ?? '', call.text('membername') ?? ''];
  const { scope } = call;
  const row = principalNamed(scope, role);
  if (!row || text(row['type']) !== 'R')
    throw procedureError(15014, `The role '${role}' does not exist in the current database.`);
  if (!principalNamed(scope, member)) {
    // A Windows account gets its user with the membership.
    if (!add || !member.includes('\\'))
      throw procedureError(15410, `User or role '${member}' does not exist in this database.`);
    addUser(scope, { name: member, login: member, withoutLogin: false, hasPassword: false, defaultSchema: null });
  }
  changeMember(scope, role, member, add);
  return nothing;
}

/** sp_adduser and sp_grantdbaccess give the user a schema of its own name, as the server does since 2005. */
function grantAccess(call: ProcedureCall, name: string, role: string | null): ProcedureOutcome {
  const login = call.text('loginame') ?? '';
  const { scope } = call;
  if (!loginNamed(scope, login) && !login.includes('\\')) throw noLogin(login);
  const withSchema = findSchema(scope, name) === null;
  const id = addUser(scope, {
    name,
    login,
    withoutLogin: false,
    hasPassword: false,
    defaultSchema: withSchema ? name : 'dbo',
  });
  if (withSchema) addOwnSchema(scope, name, id);
  if (role !== null) changeMember(scope, role, name, true);
  return nothing;
}

function addOwnSchema(scope: Scope, name: string, owner: number): void {
  const last = num(
    scope.store.get('SELECT max(schema_id) AS n FROM "b.sys.schemas" WHERE db = ? AND schema_id < 16384', scope.db)?.[
      'n'
    ],
  );
  scope.store.insert('sys.schemas', { db: scope.db, name, schema_id: Math.max(4, last) + 1, principal_id: owner });
}

function dropPrincipal(call: ProcedureCall, name: string, role: boolean): ProcedureOutcome {
  const { scope } = call;
  const row = principalNamed(scope, name);
  if (!row || (text(row['type']) === 'R') !== role)
    throw role
      ? procedureError(15014, `The role '${name}' does not exist in the current database.`)
      : procedureError(15008, `User '${name}' does not exist in the current database.`);
  const id = num(row['principal_id']);
  if (id < 5 || num(row['is_fixed_role']) === 1)
    throw procedureError(15150, `Cannot drop the ${role ? 'role' : 'user'} '${name}'.`);
  dropOwnSchema(scope, name, id);
  removePrincipal(scope, id, role, procedureError);
  return nothing;
}

/** The empty schema of the principal's own name goes with it. */
function dropOwnSchema(scope: Scope, name: string, owner: number): void {
  const schema = findSchema(scope, name);
  if (!schema) return;
  const used = ['sys.objects', 'sys.types', 'sys.xml_schema_collections'].some(
    view =>
      scope.store.get(`SELECT 1 AS x FROM "b.${view}" WHERE db = ? AND schema_id = ?`, scope.db, schema.id) !==
      undefined,
  );
  if (!used) scope.store.remove('sys.schemas', { db: scope.db, schema_id: schema.id, principal_id: owner });
}

function changeServerRole(call: ProcedureCall, add: boolean): ProcedureOutcome {
  const [login, role] = [call.text('loginame') ?? '', call.text('rolename') ?? ''];
  const { scope } = call;
  const loginRow = loginNamed(scope, login);
  const roleRow = loginNamed(scope, role);
  if (!roleRow || text(roleRow['type']) !== 'R')
    throw procedureError(15402, `'${role}' is not a fixed server role.`, { class: 11 });
  if (!loginRow) throw noLogin(login);
  const where = {
    role_principal_id: num(roleRow['principal_id']),
    member_principal_id: num(loginRow['principal_id']),
  };
  scope.store.remove('sys.server_role_members', where);
  if (add) scope.store.insert('sys.server_role_members', where);
  return nothing;
}

/** Users whose SID is that of no login. */
function orphans(scope: Scope): readonly { readonly name: string; readonly sid: Uint8Array }[] {
  return scope.store
    .all(
      `SELECT name, sid FROM "b.sys.database_principals" p WHERE db = ? AND type = 'S' AND principal_id > 4 AND authentication_type = 1
       AND NOT EXISTS (SELECT 1 FROM "b.sys.server_principals" l WHERE l.sid = p.sid) ORDER BY name`,
      scope.db,
    )
    .map(r => ({ name: text(r['name']), sid: r['sid'] as Uint8Array }));
}

function mapUser(call: ProcedureCall, user: string, login: string): ProcedureOutcome {
  const { scope } = call;
  const row = principalNamed(scope, user);
  if (!row) throw procedureError(15291, `Terminating this procedure. The User name '${user}' is absent or invalid.`);
  const loginRow = loginNamed(scope, login);
  if (!loginRow)
    throw procedureError(15291, `Terminating this procedure. The Login name '${login}' is absent or invalid.`);
  scope.store.update(
    'sys.database_principals',
    { db: scope.db, principal_id: num(row['principal_id']) },
    { sid: loginRow['sid'] as Uint8Array, login_name: text(loginRow['name']) },
  );
  return { messages: [note(15295, 'The number of orphaned users fixed by updating users was 1.')] };
}

export const principals: Procedures = {
  sp_addrole: {
    required: ['rolename'],
    optional: ['ownername'],
    run(call) {
      addRole(call.scope, call.text('rolename') ?? '', call.text('ownername'), false);
      return nothing;
    },
  },
  sp_addgroup: {
    required: ['grpname'],
    run(call) {
      addRole(call.scope, call.text('grpname') ?? '', null, false);
      return nothing;
    },
  },
  sp_droprole: { required: ['rolename'], run: call => dropPrincipal(call, call.text('rolename') ?? '', true) },
  sp_addrolemember: { required: ['rolename', 'membername'], run: call => changeMembership(call, true) },
  sp_droprolemember: { required: ['rolename', 'membername'], run: call => changeMembership(call, false) },
  sp_adduser: {
    required: ['loginame'],
    optional: ['name_in_db', 'grpname'],
    run: call => grantAccess(call, call.text('name_in_db') ?? call.text('loginame') ?? '', call.text('grpname')),
  },
  sp_grantdbaccess: {
    required: ['loginame'],
    optional: ['name_in_db'],
    run: call => grantAccess(call, call.text('name_in_db') ?? call.text('loginame') ?? '', null),
  },
  sp_dropuser: { required: ['name_in_db'], run: call => dropPrincipal(call, call.text('name_in_db') ?? '', false) },
  sp_revokedbaccess: {
    required: ['name_in_db'],
    run: call => dropPrincipal(call, call.text('name_in_db') ?? '', false),
  },
  sp_addlogin: {
    required: ['loginame'],
    optional: ['passwd', 'defdb', 'deflanguage', 'sid', 'encryptopt'],
    run(call) {
      const name = call.text('loginame') ?? '';
      addLogin(call.scope, name, false, hashPassword(call.text('passwd') ?? ''));
      const sid = call.value('sid');
      call.scope.store.update(
        'sys.server_principals',
        { name_key: call.state.key(null, name) },
        {
          sid: sid instanceof Uint8Array ? sid : sidOf(`login ${name.toLowerCase()}`),
          default_database_name: call.text('defdb') ?? 'master',
          default_language_name: call.text('deflanguage') ?? 'us_english',
        },
      );
      return nothing;
    },
  },
  sp_grantlogin: {
    required: ['loginame'],
    run(call) {
      addLogin(call.scope, call.text('loginame') ?? '', true, null);
      return nothing;
    },
  },
  sp_droplogin: {
    required: ['loginame'],
    run(call) {
      const name = call.text('loginame') ?? '';
      if (call.scope.store.remove('sys.server_principals', { name_key: call.state.key(null, name) }) === 0)
        throw noLogin(name);
      return nothing;
    },
  },
  sp_defaultdb: {
    required: ['loginame', 'defdb'],
    run(call) {
      const changed = call.scope.store.update(
        'sys.server_principals',
        { name_key: call.state.key(null, call.text('loginame') ?? '') },
        { default_database_name: call.text('defdb') },
      );
      if (changed === 0) throw noLogin(call.text('loginame') ?? '');
      return nothing;
    },
  },
  sp_addsrvrolemember: { required: ['loginame', 'rolename'], run: call => changeServerRole(call, true) },
  sp_dropsrvrolemember: { required: ['loginame', 'rolename'], run: call => changeServerRole(call, false) },
  sp_changedbowner: {
    required: ['loginame'],
    optional: ['map'],
    run(call) {
      setDatabaseOwner(call.scope, call.context.database, call.text('loginame') ?? '');
      return nothing;
    },
  },
  sp_change_users_login: {
    required: ['action'],
    optional: ['usernamepattern', 'loginname', 'password'],
    run(call) {
      const user = call.text('usernamepattern') ?? '';
      switch (call.text('action')?.trim().toLowerCase()) {
        case 'report':
          return {
            results: [
              table(
                [
                  textColumn('UserName'),
                  { name: 'UserSID', type: { schema: null, name: 'varbinary', length: 85 }, nullable: true },
                ],
                orphans(call.scope).map(o => [o.name, o.sid]),
              ),
            ],
          };
        case 'update_one':
          return mapUser(call, user, call.text('loginname') ?? '');
        case 'auto_fix':
          if (!loginNamed(call.scope, user)) {
            const password = call.text('password');
            if (password === null)
              throw procedureError(
                15600,
                "An invalid parameter or option was specified for procedure 'sys.sp_change_users_login'.",
                { class: 15 },
              );
            addLogin(call.scope, user, false, hashPassword(password));
          }
          return mapUser(call, user, user);
        default:
          throw invalidParameter(call);
      }
    },
  },
};
