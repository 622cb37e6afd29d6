/** Who may log in, and as whom a login acts in a database. */
import { passwordMatches } from './login-password.ts';
import { type CatalogState, databaseRow } from './state.ts';
import { num, text } from './store.ts';

export interface SignedIn {
  /** The login's name as the server writes it. */
  readonly login: string;
  readonly defaultDatabase: string;
}

export interface ActingUser {
  readonly user: string;
  readonly defaultSchema: string;
}

/** A SQL log-in by name and password; null when there is none, it is disabled or the password is another. */
export function signIn(state: CatalogState, name: string, password: string): SignedIn | null {
  const row = state.store.get(
    `SELECT * FROM "b.sys.server_principals" WHERE name_key = ? AND type = 'S' AND is_disabled = 0`,
    state.key(null, name),
  );
  if (!row || !passwordMatches(password, text(row['password_hash']))) return null;
  return { login: text(row['name']), defaultDatabase: text(row['default_database_name']) || 'master' };
}

/** Members of sysadmin are dbo everywhere; others act as their user, as guest in master and tempdb, or not at all (916). */
export function actingUser(state: CatalogState, login: string, database: string): ActingUser | null {
  const { store } = state;
  const principal = store.get('SELECT * FROM "b.sys.server_principals" WHERE name_key = ?', state.key(null, login));
  const db = num(databaseRow(state, database)?.['database_id']);
  if (!principal || db === 0) return null;
  if (isSysadmin(state, num(principal['principal_id']))) return { user: 'dbo', defaultSchema: 'dbo' };
  const user = store.get(
    'SELECT name, default_schema_name FROM "b.sys.database_principals" WHERE db = ? AND sid = ?',
    db,
    principal['sid'] ?? null,
  );
  if (user) return { user: text(user['name']), defaultSchema: text(user['default_schema_name']) || 'dbo' };
  return db === 1 || db === 2 || db === 4 ? { user: 'guest', defaultSchema: 'guest' } : null;
}

export function isSysadmin(state: CatalogState, principalId: number): boolean {
  return (
    state.store.get(
      `SELECT 1 AS x FROM "b.sys.server_role_members" m JOIN "b.sys.server_principals" r ON r.principal_id = m.role_principal_id
       WHERE m.member_principal_id = ? AND r.name = 'sysadmin'`,
      principalId,
    ) !== undefined
  );
}
