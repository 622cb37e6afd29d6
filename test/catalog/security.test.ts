import { describe, expect, it } from 'vitest';
import type { Permission, Securable } from '../../src/model/permission.ts';
import { everyVersion, readLoaded } from '../support/loaded.ts';

const securable = (class_: Securable['class'], schema: string | null, name: string | null, ...columns: string[]) => ({
  class: class_,
  schema,
  name,
  columns,
});
const granted = (
  permission: string,
  on: Securable,
  grantee: string,
  state: Permission['state'] = 'GRANT',
  grantor = 'dbo',
): Permission => ({ state, permission, securable: on, grantee, grantor });
const database = securable('DATABASE', null, null);

describe('users', () => {
  it('are of a log-in, without one, with a password, of Windows', async () => {
    const { users } = await readLoaded(
      `CREATE DATABASE C CONTAINMENT = PARTIAL
      GO
      CREATE LOGIN ann WITH PASSWORD = 'Secret-1'
      CREATE LOGIN [DOM\\bob] FROM WINDOWS
      GO
      USE C
      GO
      CREATE SCHEMA s
      GO
      CREATE USER ann FOR LOGIN ann WITH DEFAULT_SCHEMA = s
      CREATE USER nobody WITHOUT LOGIN
      CREATE USER own WITH PASSWORD = 'Secret-1'
      CREATE USER [DOM\\bob] FOR LOGIN [DOM\\bob]`,
      { database: 'C' },
    );
    expect(users.map(({ sid, ...user }) => ({ ...user, sid: /^0x[0-9A-F]+$/.test(sid ?? '') }))).toEqual([
      { name: 'DOM\\bob', kind: 'windows', login: 'DOM\\bob', defaultSchema: null, sid: true },
      { name: 'ann', kind: 'sql', login: 'ann', defaultSchema: 's', sid: true },
      { name: 'nobody', kind: 'withoutLogin', login: null, defaultSchema: 'dbo', sid: true },
      { name: 'own', kind: 'contained', login: null, defaultSchema: 'dbo', sid: true },
    ]);
  });

  it.each(everyVersion.filter(v => v <= 110))('are told apart in version %i, too', async version => {
    const { users } = await readLoaded(
      `CREATE LOGIN eve WITH PASSWORD = 'Secret-1'
      GO
      CREATE USER eve FOR LOGIN eve
      CREATE USER nobody WITHOUT LOGIN`,
      { version },
    );
    expect(users.map(u => [u.name, u.kind, u.login])).toEqual([
      ['eve', 'sql', 'eve'],
      ['nobody', 'withoutLogin', null],
    ]);
  });
});

describe('roles, schemas and ownership', () => {
  it('have owners and members', async () => {
    const read = await readLoaded(`
      CREATE USER u WITHOUT LOGIN
      CREATE ROLE Readers AUTHORIZATION u
      CREATE ROLE Inner
      CREATE APPLICATION ROLE App WITH PASSWORD = 'Secret-1'
      GO
      CREATE SCHEMA s AUTHORIZATION Readers
      GO
      EXEC sp_addrolemember 'Readers', 'u'
      ALTER ROLE [Inner] ADD MEMBER Readers
      ALTER ROLE db_datareader ADD MEMBER [Inner]
      GO
      CREATE TABLE s.T (a int NULL)
      CREATE TYPE s.Ty FROM int
      CREATE SYNONYM s.Sy FOR s.T
      GO
      ALTER AUTHORIZATION ON s.T TO u
      ALTER AUTHORIZATION ON TYPE::s.Ty TO u`);
    expect(read.roles).toEqual([
      { name: 'App', owner: 'dbo', application: true },
      { name: 'Inner', owner: 'dbo', application: false },
      { name: 'Readers', owner: 'u', application: false },
    ]);
    expect(read.memberships).toEqual([
      { role: 'Inner', member: 'Readers' },
      { role: 'Readers', member: 'u' },
      { role: 'db_datareader', member: 'Inner' },
    ]);
    expect(read.schemas).toEqual([{ name: 's', owner: 'Readers' }]);
    expect(read.tables[0]?.owner).toBe('u');
    expect(read.aliasTypes[0]?.owner).toBe('u');
    expect(read.synonyms[0]?.owner).toBeNull();
  });
});

describe('permissions', () => {
  it('are on the database, schemas, objects, columns, types and principals', async () => {
    const { permissions } = await readLoaded(`
      CREATE USER u WITHOUT LOGIN
      CREATE USER v WITHOUT LOGIN
      CREATE ROLE R
      GO
      CREATE SCHEMA s
      GO
      CREATE TABLE T (a int NULL, b int NULL, c int NULL)
      CREATE TYPE Ty FROM int
      CREATE XML SCHEMA COLLECTION X AS N'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>'
      GO
      CREATE PROCEDURE P AS SELECT 1
      GO
      GRANT CREATE TABLE, VIEW DEFINITION TO R
      GRANT SELECT ON SCHEMA::s TO u WITH GRANT OPTION
      GRANT SELECT ON T (a, c) TO u
      GRANT SELECT, INSERT ON T TO R
      DENY UPDATE ON OBJECT::dbo.T (b) TO v
      DENY DELETE ON T TO v
      GRANT EXECUTE ON P TO public
      GRANT REFERENCES ON TYPE::Ty TO u
      GRANT EXECUTE ON XML SCHEMA COLLECTION::X TO u
      GRANT IMPERSONATE ON USER::v TO u
      GRANT CONTROL ON ROLE::R TO u
      REVOKE INSERT ON T FROM R
      REVOKE SELECT ON T (a) FROM R`);
    const table = (...columns: string[]) => securable('OBJECT', 'dbo', 'T', ...columns);
    expect(permissions).toEqual([
      granted('CREATE TABLE', database, 'R'),
      granted('VIEW DEFINITION', database, 'R'),
      granted('CONNECT', database, 'u'),
      granted('CONNECT', database, 'v'),
      granted('EXECUTE', securable('OBJECT', 'dbo', 'P'), 'public'),
      granted('SELECT', table(), 'R'),
      granted('SELECT', table('a'), 'R', 'REVOKE'),
      granted('SELECT', table('a'), 'u'),
      granted('SELECT', table('c'), 'u'),
      granted('DELETE', table(), 'v', 'DENY'),
      granted('UPDATE', table('b'), 'v', 'DENY'),
      granted('CONTROL', securable('ROLE', null, 'R'), 'u'),
      granted('SELECT', securable('SCHEMA', null, 's'), 'u', 'GRANT_WITH_GRANT_OPTION'),
      granted('REFERENCES', securable('TYPE', 'dbo', 'Ty'), 'u'),
      granted('IMPERSONATE', securable('USER', null, 'v'), 'u'),
      granted('EXECUTE', securable('XML SCHEMA COLLECTION', 'dbo', 'X'), 'u'),
    ]);
  });

  it('that ALL stands for are each of them', async () => {
    const { permissions } = await readLoaded(`
      CREATE ROLE R
      GO
      CREATE TABLE T (a int NULL)
      GRANT ALL ON T TO R`);
    expect(permissions.map(p => p.permission)).toEqual(['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE']);
  });

  it('may be granted by another than dbo', async () => {
    const { permissions } = await readLoaded(`
      CREATE USER u WITHOUT LOGIN
      CREATE USER v WITHOUT LOGIN
      GO
      CREATE TABLE T (a int NULL)
      GRANT SELECT ON T TO u WITH GRANT OPTION
      GRANT SELECT ON T TO v AS u`);
    expect(permissions.filter(p => p.securable.class === 'OBJECT')).toEqual([
      granted('SELECT', securable('OBJECT', 'dbo', 'T'), 'u', 'GRANT_WITH_GRANT_OPTION'),
      granted('SELECT', securable('OBJECT', 'dbo', 'T'), 'v', 'GRANT', 'u'),
    ]);
  });
});
