/** Schemas, users, roles, logins, permissions and ownership. */
import type {
  AlterAuthorization,
  AlterRole,
  CreateRole,
  CreateSchema,
  CreateUser,
  DdlStatement,
  PermissionStatement,
} from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, ServerMessage } from '../../engine/catalog-access.ts';
import {
  findColumn,
  findObject,
  findSchema,
  nameAsWritten,
  objectChanged,
  principalNamed,
  principalOrThrow,
  type Scope,
} from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { longSidOf, sidOf } from '../system-content.ts';
import { findType, findXmlCollection } from './column-types.ts';
import { command, done, fail, keywordError, syntaxError } from './failure.ts';
import { loginNamed } from './login.ts';
import { permissionCode } from './permission-codes.ts';

export function createSchema(
  scope: Scope,
  statement: CreateSchema,
  run: (element: DdlStatement, schema: string) => DdlOutcome,
): DdlOutcome {
  if (findSchema(scope, statement.name)) {
    throw fail(2714, `There is already an object named '${statement.name}' in the database.`);
  }
  const owner = statement.owner === null ? 1 : num(principalOrThrow(scope, statement.owner)['principal_id']);
  const id = nextSchemaId(scope);
  scope.store.insert('sys.schemas', { db: scope.db, name: statement.name, schema_id: id, principal_id: owner });
  const messages: ServerMessage[] = [];
  for (const element of statement.elements) messages.push(...run(element, statement.name).messages);
  return done(command.none, messages);
}

function nextSchemaId(scope: Scope): number {
  return (
    Math.max(
      4,
      num(
        scope.store.get(
          'SELECT max(schema_id) AS n FROM "b.sys.schemas" WHERE db = ? AND schema_id < 16384',
          scope.db,
        )?.['n'],
      ),
    ) + 1
  );
}

function nextPrincipalId(scope: Scope): number {
  return (
    Math.max(
      4,
      num(
        scope.store.get(
          'SELECT max(principal_id) AS n FROM "b.sys.database_principals" WHERE db = ? AND principal_id < 16384',
          scope.db,
        )?.['n'],
      ),
    ) + 1
  );
}

function refuseTakenPrincipal(scope: Scope, name: string): void {
  if (principalNamed(scope, name))
    throw fail(15023, `User, group, or role '${name}' already exists in the current database.`);
}

export interface NewUser {
  readonly name: string;
  readonly login: string | null;
  readonly withoutLogin: boolean;
  readonly hasPassword: boolean;
  readonly defaultSchema: string | null;
  readonly external?: boolean;
}

/** Adds a user. A user without FOR LOGIN takes the login of its own name (15007 when there is none). */
export function addUser(scope: Scope, user: NewUser): number {
  refuseTakenPrincipal(scope, user.name);
  const { store, db } = scope;
  const windows = user.name.includes('\\') || (user.login ?? '').includes('\\');
  let sid = longSidOf(`user ${user.name}`);
  let authentication = 0;
  const loginName = user.login ?? user.name;
  if (user.external) {
    authentication = 4;
  } else if (user.hasPassword) {
    const contained = num(
      store.get('SELECT containment FROM "b.sys.databases" WHERE database_id = ?', db)?.['containment'],
    );
    if (contained === 0) throw fail(33233, 'You can only create a user with a password in a contained database.');
    authentication = 2;
  } else if (!user.withoutLogin) {
    const login = loginNamed(scope, loginName);
    if (!login && !(windows && user.login === null)) {
      throw fail(15007, `'${loginName}' is not a valid login or you do not have permission.`);
    }
    if (login) {
      const taken = store.get(
        'SELECT name FROM "b.sys.database_principals" WHERE db = ? AND sid = ?',
        db,
        login['sid'] ?? null,
      );
      if (taken) throw fail(15063, 'The login already has an account under a different user name.');
      sid = login['sid'] as Uint8Array;
    }
    authentication = windows ? 3 : 1;
  }
  const id = nextPrincipalId(scope);
  const now = scope.state.now();
  store.insert('sys.database_principals', {
    db,
    name: user.name,
    principal_id: id,
    type: user.external ? 'E' : windows && !user.withoutLogin ? 'U' : 'S',
    default_schema_name: user.defaultSchema ?? (windows ? null : 'dbo'),
    create_date: now,
    modify_date: now,
    sid,
    authentication_type: authentication,
    login_name: user.withoutLogin || user.hasPassword ? null : loginName,
  });
  store.insert('sys.database_permissions', {
    db,
    class: 0,
    major_id: 0,
    minor_id: 0,
    grantee_principal_id: id,
    grantor_principal_id: 1,
    type: 'CO',
    permission_name: 'CONNECT',
    state: 'G',
  });
  return id;
}

export function createUser(scope: Scope, statement: CreateUser): DdlOutcome {
  if (statement.hasPassword && scope.version < 110) throw syntaxError('PASSWORD');
  if (statement.from && statement.from.kind !== 'external')
    throw fail(40000, `not supported by the sandbox: CREATE USER FOR ${statement.from.kind}`);
  if (statement.from?.kind === 'external' && scope.version < 160) throw syntaxError('PROVIDER');
  if (statement.verb === 'CREATE') {
    addUser(scope, { ...statement, external: statement.from?.kind === 'external' });
    return done(command.none);
  }
  const row = principalOrThrow(scope, statement.name, 'alter');
  const login = statement.login === null ? null : loginNamed(scope, statement.login);
  if (statement.login !== null && !login)
    throw fail(15007, `'${statement.login}' is not a valid login or you do not have permission.`);
  if (statement.newName !== null) refuseTakenPrincipal(scope, statement.newName);
  scope.store.update(
    'sys.database_principals',
    { db: scope.db, principal_id: num(row['principal_id']) },
    {
      modify_date: scope.state.now(),
      ...(statement.defaultSchema === null ? {} : { default_schema_name: statement.defaultSchema }),
      ...(statement.newName === null ? {} : { name: statement.newName }),
      ...(login ? { sid: login['sid'] as Uint8Array, login_name: statement.login } : {}),
    },
  );
  return done(command.none);
}

export function addRole(scope: Scope, name: string, owner: string | null, application: boolean): void {
  refuseTakenPrincipal(scope, name);
  const now = scope.state.now();
  const ownerId = owner === null ? 1 : num(principalOrThrow(scope, owner)['principal_id']);
  scope.store.insert('sys.database_principals', {
    db: scope.db,
    name,
    principal_id: nextPrincipalId(scope),
    type: application ? 'A' : 'R',
    default_schema_name: application ? 'dbo' : null,
    create_date: now,
    modify_date: now,
    owning_principal_id: application ? null : ownerId,
    sid: sidOf(`role ${name}`),
    authentication_type: 0,
  });
}

export function createRole(scope: Scope, statement: CreateRole): DdlOutcome {
  addRole(scope, statement.name, statement.owner, statement.application);
  return done(command.none);
}

/** A role with ADD or DROP MEMBER, by name. Errors 15151 as ALTER ROLE, 15014 and 15410 as the old procedures. */
export function changeMember(scope: Scope, role: string, member: string, add: boolean): void {
  const roleRow = principalNamed(scope, role);
  if (!roleRow || text(roleRow['type']) !== 'R')
    throw fail(15151, `Cannot alter the role '${role}', because it does not exist or you do not have permission.`);
  const memberRow = principalNamed(scope, member);
  if (!memberRow) {
    throw fail(
      15151,
      `Cannot ${add ? 'add' : 'drop'} the principal '${member}', because it does not exist or you do not have permission.`,
    );
  }
  const ids = {
    db: scope.db,
    role_principal_id: num(roleRow['principal_id']),
    member_principal_id: num(memberRow['principal_id']),
  };
  if (num(memberRow['principal_id']) === 1) throw fail(15405, "Cannot use the special principal 'dbo'.", { class: 11 });
  scope.store.remove('sys.database_role_members', ids);
  if (add) scope.store.insert('sys.database_role_members', ids);
}

export function alterRole(scope: Scope, statement: AlterRole): DdlOutcome {
  if (statement.action.kind === 'rename') {
    const row = principalOrThrow(scope, statement.name, 'alter', 'role');
    refuseTakenPrincipal(scope, statement.action.newName);
    scope.store.update(
      'sys.database_principals',
      { db: scope.db, principal_id: num(row['principal_id']) },
      { name: statement.action.newName, modify_date: scope.state.now() },
    );
    return done(command.none);
  }
  if (scope.version < 110) throw statement.action.kind === 'addMember' ? keywordError('ADD') : keywordError('DROP');
  changeMember(scope, statement.name, statement.action.member, statement.action.kind === 'addMember');
  return done(command.none);
}

interface ResolvedSecurable {
  readonly classId: number;
  readonly majorId: number;
  readonly objectId: number | null;
  /** Whether permissions go per column by default for ALL. */
  readonly kind: string;
}

function resolveSecurable(scope: Scope, statement: PermissionStatement): ResolvedSecurable {
  const { securable } = statement;
  const name = securable.name ?? '';
  const missing = (kind: string, shown: string): Error =>
    fail(15151, `Cannot find the ${kind} '${shown}', because it does not exist or you do not have permission.`);
  switch (securable.class) {
    case 'DATABASE':
      return { classId: 0, majorId: 0, objectId: null, kind: 'database' };
    case 'SCHEMA': {
      const schema = findSchema(scope, name);
      if (!schema) throw missing('schema', name);
      return { classId: 3, majorId: schema.id, objectId: null, kind: 'schema' };
    }
    case 'OBJECT': {
      const row = findObject(scope, securable.schema, name);
      if (!row) {
        throw missing('object', name);
      }
      const id = num(row['object_id']);
      return { classId: 1, majorId: id, objectId: id, kind: text(row['type']).trim() };
    }
    case 'TYPE': {
      const row = findType(scope, securable.schema, name);
      if (!row) throw missing('type', name);
      return { classId: 6, majorId: num(row['user_type_id']), objectId: null, kind: 'type' };
    }
    case 'XML SCHEMA COLLECTION': {
      const row = findXmlCollection(scope, securable.schema, name);
      if (!row) throw missing('XML schema collection', name);
      return { classId: 10, majorId: num(row['xml_collection_id']), objectId: null, kind: 'xml' };
    }
    case 'USER':
    case 'ROLE':
    case 'APPLICATION ROLE':
      return {
        classId: 4,
        majorId: num(principalOrThrow(scope, name, 'find', securable.class.toLowerCase())['principal_id']),
        objectId: null,
        kind: 'principal',
      };
  }
}

/** What ALL stands for on a kind of securable. */
function allPermissions(kind: string): readonly string[] {
  if (['P', 'FN', 'PC'].includes(kind)) return kind === 'FN' ? ['EXECUTE', 'REFERENCES'] : ['EXECUTE'];
  if (['IF', 'TF', 'U', 'V', 'SN'].includes(kind)) return ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'];
  return [
    'BACKUP DATABASE',
    'BACKUP LOG',
    'CREATE DATABASE',
    'CREATE DEFAULT',
    'CREATE FUNCTION',
    'CREATE PROCEDURE',
    'CREATE RULE',
    'CREATE TABLE',
    'CREATE VIEW',
  ];
}

export function changePermission(scope: Scope, statement: PermissionStatement): DdlOutcome {
  const securable = resolveSecurable(scope, statement);
  const grantor = statement.grantor === null ? 1 : num(principalOrThrow(scope, statement.grantor)['principal_id']);
  const expanded = statement.permissions.flatMap(p =>
    /^ALL( PRIVILEGES)?$/i.test(p.name)
      ? allPermissions(securable.kind).map(name => ({ name, columns: p.columns }))
      : [p],
  );
  for (const grantee of statement.grantees) {
    const row = principalNamed(scope, grantee);
    if (!row)
      throw fail(15151, `Cannot find the user '${grantee}', because it does not exist or you do not have permission.`);
    if (['dbo', 'sys', 'information_schema'].includes(grantee.toLowerCase())) {
      throw fail(
        4624,
        'Cannot grant, deny, or revoke permissions to sa, dbo, entity owner, information_schema, sys, or yourself.',
      );
    }
    for (const permission of expanded) {
      const code = permissionCode(permission.name, scope.version);
      if (code === undefined) throw syntaxError(permission.name);
      const columns = permission.columns.length > 0 ? permission.columns : statement.columns;
      const minors =
        columns.length === 0 || securable.objectId === null
          ? [0]
          : columns.map(c => columnId(scope, securable.objectId ?? 0, c));
      for (const minor of minors)
        writePermission(scope, statement, securable, minor, num(row['principal_id']), grantor, code, permission.name);
    }
  }
  return done(command.none);
}

function columnId(scope: Scope, objectId: number, name: string): number {
  const column = findColumn(scope, objectId, name);
  if (!column) throw fail(1911, `Column name '${name}' does not exist in the target table or view.`);
  return column.id;
}

function writePermission(
  scope: Scope,
  statement: PermissionStatement,
  securable: ResolvedSecurable,
  minor: number,
  grantee: number,
  grantor: number,
  code: string,
  name: string,
): void {
  const where = {
    db: scope.db,
    class: securable.classId,
    major_id: securable.majorId,
    minor_id: minor,
    grantee_principal_id: grantee,
    type: code,
  };
  scope.store.remove('sys.database_permissions', where);
  const objectLevel =
    minor !== 0 &&
    scope.store.get(
      'SELECT state FROM "b.sys.database_permissions" WHERE db = ? AND class = 1 AND major_id = ? AND minor_id = 0 AND grantee_principal_id = ? AND type = ?',
      scope.db,
      securable.majorId,
      grantee,
      code.padEnd(4),
    );
  const state =
    statement.verb === 'DENY'
      ? 'D'
      : statement.verb === 'GRANT'
        ? statement.withGrantOption
          ? 'W'
          : 'G'
        : objectLevel
          ? 'R'
          : null;
  if (state === null) return;
  scope.store.insert('sys.database_permissions', {
    ...where,
    grantor_principal_id: grantor,
    permission_name: name.toUpperCase(),
    state,
  });
}

export function alterAuthorization(scope: Scope, statement: AlterAuthorization): DdlOutcome {
  const { name } = statement;
  const owner = (): Row => principalOrThrow(scope, statement.owner ?? '');
  const ownerId = statement.owner === null ? null : statement.class === 'DATABASE' ? 0 : num(owner()['principal_id']);
  const missing = (kind: string): Error =>
    fail(
      15151,
      `Cannot find the ${kind} '${nameAsWritten(name.schema, name.name)}', because it does not exist or you do not have permission.`,
    );
  switch (statement.class) {
    case 'DATABASE': {
      setDatabaseOwner(scope, name.name, statement.owner ?? 'sa');
      break;
    }
    case 'SCHEMA': {
      const schema = findSchema(scope, name.name);
      if (!schema) throw missing('schema');
      scope.store.update('sys.schemas', { db: scope.db, schema_id: schema.id }, { principal_id: ownerId });
      break;
    }
    case 'OBJECT': {
      const row = findObject(scope, name.schema, name.name);
      if (!row) throw missing('object');
      scope.store.update('sys.objects', { db: scope.db, object_id: num(row['object_id']) }, { principal_id: ownerId });
      objectChanged(scope, num(row['object_id']));
      break;
    }
    case 'TYPE': {
      const row = findType(scope, name.schema, name.name);
      if (!row) throw missing('type');
      scope.store.update(
        'sys.types',
        { db: scope.db, user_type_id: num(row['user_type_id']) },
        { principal_id: ownerId },
      );
      break;
    }
    case 'ROLE': {
      const row = principalOrThrow(scope, name.name, 'find', 'role');
      scope.store.update(
        'sys.database_principals',
        { db: scope.db, principal_id: num(row['principal_id']) },
        { owning_principal_id: ownerId },
      );
      break;
    }
    case 'XML SCHEMA COLLECTION': {
      const row = findXmlCollection(scope, name.schema, name.name);
      if (!row) throw missing('XML schema collection');
      scope.store.update(
        'sys.xml_schema_collections',
        { db: scope.db, xml_collection_id: num(row['xml_collection_id']) },
        { principal_id: ownerId },
      );
      break;
    }
    default:
      throw fail(40000, `not supported by the sandbox: ALTER AUTHORIZATION ON ${statement.class}`);
  }
  return done(command.none);
}

/** ALTER AUTHORIZATION ON DATABASE and sp_changedbowner. */
export function setDatabaseOwner(scope: Scope, database: string, login: string): void {
  const row = scope.store.get(
    'SELECT database_id FROM "b.sys.databases" WHERE name_key = ?',
    scope.state.key(null, database),
  );
  if (!row)
    throw fail(
      15151,
      `Cannot find the database '${database}', because it does not exist or you do not have permission.`,
    );
  const owner = loginNamed(scope, login);
  if (!owner)
    throw fail(15151, `Cannot find the principal '${login}', because it does not exist or you do not have permission.`);
  const db = num(row['database_id']);
  const sid = owner['sid'] as Uint8Array;
  const user = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.database_principals" WHERE db = ? AND sid = ? AND principal_id <> 1',
    db,
    sid,
  );
  if (user) throw fail(15110, 'The proposed new database owner is already a user or aliased in the database.');
  scope.store.update('sys.databases', { database_id: db }, { owner_sid: sid });
  scope.store.update('sys.database_principals', { db, principal_id: 1 }, { sid });
}
