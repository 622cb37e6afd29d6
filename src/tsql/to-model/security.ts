import type { QualifiedName } from '../../model/name.ts';
import type { Permission } from '../../model/permission.ts';
import type { User } from '../../model/user.ts';
import type {
  AlterAuthorization,
  AlterRole,
  CreateRole,
  CreateSchema,
  CreateUser,
  PermissionStatement,
} from '../ddl/statement.ts';
import { quoteQualified } from '../quote.ts';
import type { Draft } from './draft.ts';
import type { ObjectMap } from './object-map.ts';

/** Users that every database has. */
const everywhere = new Set(['dbo', 'guest', 'sys', 'information_schema']);

export function createUser(draft: Draft, u: CreateUser): void {
  const key = draft.fold(u.name);
  if (everywhere.has(u.name.toLowerCase())) return;
  if (u.verb === 'ALTER') {
    const user = draft.users.get(key);
    if (!user) return draft.missing('user', { schema: '', name: u.name });
    draft.users.delete(key);
    const name = u.newName ?? user.name;
    draft.users.set(draft.fold(name), {
      ...user,
      name,
      login: u.login ?? user.login,
      defaultSchema: u.defaultSchema ?? user.defaultSchema,
    });
    return;
  }
  const kind: User['kind'] = u.from
    ? u.from.kind
    : u.withoutLogin
      ? 'withoutLogin'
      : u.hasPassword
        ? 'contained'
        : (u.login ?? u.name).includes('\\')
          ? 'windows'
          : 'sql';
  const login = kind === 'sql' || kind === 'windows' ? (u.login ?? u.name) : null;
  const schemaless = kind === 'certificate' || kind === 'asymmetricKey';
  addUser(draft, {
    name: u.name,
    kind,
    login,
    defaultSchema: u.defaultSchema ?? (schemaless ? null : 'dbo'),
    sid: null,
  });
}

/** CREATE USER grants CONNECT by itself. */
export function addUser(draft: Draft, user: User): void {
  draft.users.set(draft.fold(user.name), user);
  draft.permissions.push({
    state: 'GRANT',
    permission: 'CONNECT',
    securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
    grantee: user.name,
    grantor: 'dbo',
  });
}

export function createRole(draft: Draft, { name, owner, application }: CreateRole): void {
  draft.roles.set(draft.fold(name), { name, owner: owner ?? 'dbo', application });
}

export function alterRole(draft: Draft, { name, action }: AlterRole): void {
  switch (action.kind) {
    case 'addMember':
      addMember(draft, name, action.member);
      break;
    case 'dropMember':
      dropMember(draft, name, action.member);
      break;
    case 'rename': {
      const role = draft.roles.get(draft.fold(name));
      if (!role) return draft.missing('role', { schema: '', name });
      draft.roles.delete(draft.fold(name));
      draft.roles.set(draft.fold(action.newName), { ...role, name: action.newName });
    }
  }
}

export function addMember(draft: Draft, role: string, member: string): void {
  const names = { role: principalName(draft, role), member: principalName(draft, member) };
  if (!draft.memberships.some(m => m.role === names.role && m.member === names.member)) draft.memberships.push(names);
}

export function dropMember(draft: Draft, role: string, member: string): void {
  draft.memberships = draft.memberships.filter(
    m => draft.fold(m.role) !== draft.fold(role) || draft.fold(m.member) !== draft.fold(member),
  );
}

/** The name as it was given when the principal was made. */
function principalName(draft: Draft, name: string): string {
  return draft.users.get(draft.fold(name))?.name ?? draft.roles.get(draft.fold(name))?.name ?? name;
}

export function createSchema(draft: Draft, { name, owner }: Pick<CreateSchema, 'name' | 'owner'>): void {
  if (name.toLowerCase() === 'dbo') return;
  draft.schemas.set(draft.fold(name), { name, owner: owner ?? 'dbo' });
}

/** GRANT, DENY and REVOKE, one permission a column as in the catalog. A later statement replaces what it overrides. */
export function changePermission(draft: Draft, statement: PermissionStatement): void {
  const { verb, securable: on } = statement;
  const named = on.class === 'OBJECT' || on.class === 'TYPE' || on.class === 'XML SCHEMA COLLECTION';
  const name = named ? objectNamed(draft, { schema: on.schema ?? 'dbo', name: on.name ?? '' }) : null;
  const securable = name ? { ...on, schema: name.schema, name: name.name } : on;
  for (const { name: permission, columns } of statement.permissions) {
    const listed = columns.length > 0 ? columns : statement.columns;
    for (const column of listed.length > 0 ? listed : [null]) {
      for (const grantee of statement.grantees) {
        set(draft, {
          state: verb === 'GRANT' && statement.withGrantOption ? 'GRANT_WITH_GRANT_OPTION' : verb,
          permission,
          securable: { ...securable, columns: column === null ? [] : [column] },
          grantee: principalName(draft, grantee),
          grantor: statement.grantor ?? 'dbo',
        });
      }
    }
  }
}

function set(draft: Draft, permission: Permission): void {
  const same = (p: Permission, columns: readonly string[]) =>
    p.permission === permission.permission &&
    p.securable.class === permission.securable.class &&
    draft.fold(p.securable.schema ?? '') === draft.fold(permission.securable.schema ?? '') &&
    draft.fold(p.securable.name ?? '') === draft.fold(permission.securable.name ?? '') &&
    p.securable.columns.join() === columns.join() &&
    draft.fold(p.grantee) === draft.fold(permission.grantee);
  const { columns } = permission.securable;
  draft.permissions = draft.permissions.filter(p => !same(p, columns));
  // A revoked column of a table that stays granted is a row of its own (sys.database_permissions, state R).
  if (permission.state !== 'REVOKE' || (columns.length > 0 && draft.permissions.some(p => same(p, []))))
    draft.permissions.push(permission);
}

function objectNamed(draft: Draft, name: QualifiedName): QualifiedName {
  for (const objects of draft.objectMaps()) {
    const found = objects.get(name);
    if (found) return { schema: found.schema, name: found.name };
  }
  return name;
}

/** ALTER AUTHORIZATION, and sp_changeobjectowner with `class` OBJECT. */
export function alterAuthorization(draft: Draft, statement: Omit<AlterAuthorization, 'kind' | 'position'>): void {
  const { owner } = statement;
  const name = draft.resolve(statement.name);
  const key = draft.fold(statement.name.name);
  switch (statement.class) {
    case 'DATABASE':
      draft.properties.owner = owner;
      return;
    case 'SCHEMA': {
      const schema = draft.schemas.get(key);
      if (schema) draft.schemas.set(key, { ...schema, owner: owner ?? 'dbo' });
      else if (key !== 'dbo') draft.missing('schema', { schema: '', name: name.name });
      return;
    }
    case 'ROLE': {
      const role = draft.roles.get(key);
      if (role) draft.roles.set(key, { ...role, owner: owner ?? 'dbo' });
      else draft.missing('role', { schema: '', name: name.name });
      return;
    }
    case 'TYPE':
      if (!owned([draft.aliasTypes, draft.tableTypes])) draft.missing('type', name);
      return;
    case 'XML SCHEMA COLLECTION':
      if (!owned([draft.xmlSchemaCollections])) draft.missing('xml schema collection', name);
      return;
    case 'OBJECT': {
      const { tables, views, functions, procedures, sequences, synonyms, rules, defaults, triggers } = draft;
      if (!owned([tables, views, functions, procedures, sequences, synonyms, rules, defaults, triggers]))
        draft.missing('object', name);
      return;
    }
    default:
      draft.unsupported(
        `owner of a ${statement.class.toLowerCase()}`,
        quoteQualified(statement.name.schema, name.name),
      );
  }

  function owned(maps: readonly unknown[]): boolean {
    return (maps as ObjectMap<QualifiedName & { owner: string | null }>[]).some(m =>
      m.change(name, o => ({ ...o, owner })),
    );
  }
}
