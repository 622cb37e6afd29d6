/** Logins: CREATE and ALTER LOGIN, and the administrator that the server is started with. */
import type { CreateLogin } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import { hashPassword, isPasswordHash } from '../login-password.ts';
import { databaseRow, type Scope } from '../state.ts';
import { type Fields, num, type Row } from '../store.ts';
import { sidOf } from '../system-content.ts';
import { command, done, fail } from './failure.ts';

type ServerScope = Pick<Scope, 'state' | 'store'>;

export function loginNamed({ state, store }: ServerScope, name: string): Row | undefined {
  return store.get('SELECT * FROM "b.sys.server_principals" WHERE name_key = ?', state.key(null, name));
}

/** Adds a login; without a password hash nobody signs in as it. */
export function addLogin(scope: ServerScope, name: string, windows: boolean, passwordHash: string | null): void {
  if (loginNamed(scope, name)) throw fail(15025, `The server principal '${name}' already exists.`);
  const id =
    Math.max(258, num(scope.store.get('SELECT max(principal_id) AS n FROM "b.sys.server_principals"')?.['n'])) + 1;
  const now = scope.state.now();
  scope.store.insert('sys.server_principals', {
    name,
    principal_id: id,
    sid: sidOf(`login ${name.toLowerCase()}`),
    type: windows ? 'U' : 'S',
    is_disabled: false,
    create_date: now,
    modify_date: now,
    default_database_name: 'master',
    default_language_name: 'us_english',
    password_hash: passwordHash,
  });
}

/** The login that the server is started with: made if there is none, with this password, enabled, of sysadmin. */
export function setAdministrator(scope: ServerScope, name: string, password: string): void {
  const hash = hashPassword(password);
  if (!loginNamed(scope, name)) addLogin(scope, name, false, hash);
  scope.store.update(
    'sys.server_principals',
    { name_key: scope.state.key(null, name) },
    { password_hash: hash, is_disabled: false },
  );
  const membership = { role_principal_id: 3, member_principal_id: num(loginNamed(scope, name)?.['principal_id']) };
  scope.store.remove('sys.server_role_members', membership);
  scope.store.insert('sys.server_role_members', membership);
}

export function createLogin(scope: Scope, statement: CreateLogin): DdlOutcome {
  const { name, password, newName, enabled, defaultDatabase, defaultLanguage, sid } = statement;
  const creates = statement.verb === 'CREATE';
  if (!creates && !loginNamed(scope, name)) {
    throw fail(15151, `Cannot alter the login '${name}', because it does not exist or you do not have permission.`);
  }
  if (statement.hashed && !isPasswordHash(password ?? '')) {
    throw fail(15021, 'Invalid value given for parameter PASSWORD. Specify a valid parameter value.');
  }
  if (defaultDatabase !== null && creates && !databaseRow(scope.state, defaultDatabase)) {
    throw fail(
      15010,
      `The database '${defaultDatabase}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
    );
  }
  if (newName !== null && loginNamed(scope, newName)) {
    throw fail(15025, `The server principal '${newName}' already exists.`);
  }
  const hash = password === null ? null : statement.hashed ? password : hashPassword(password);
  if (creates) addLogin(scope, name, statement.windows, hash);
  const changes: Fields = {
    modify_date: scope.state.now(),
    ...(hash === null ? {} : { password_hash: hash }),
    ...(enabled === null ? {} : { is_disabled: !enabled }),
    ...(defaultDatabase === null ? {} : { default_database_name: defaultDatabase }),
    ...(defaultLanguage === null ? {} : { default_language_name: defaultLanguage }),
    ...(sid === null ? {} : { sid: Buffer.from(sid.slice(2), 'hex') }),
    ...(newName === null ? {} : { name: newName }),
  };
  scope.store.update('sys.server_principals', { name_key: scope.state.key(null, name) }, changes);
  return done(command.none);
}
