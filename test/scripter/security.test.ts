import { describe, expect, it } from 'vitest';
import type { Permission } from '../../src/model/permission.ts';
import type { User } from '../../src/model/user.ts';
import { scriptedPermissions, scriptPermission } from '../../src/scripter/permission.ts';
import { scriptMembership, scriptRoles } from '../../src/scripter/role.ts';
import { scriptSchema } from '../../src/scripter/schema.ts';
import { scriptUser } from '../../src/scripter/user.ts';
import { database } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const user: User = { name: "O'Brien]", kind: 'sql', login: 'ob', defaultSchema: null, sid: null };
const noOwners = { ...options, owners: false };

testScripts('scriptUser', [
  { name: 'for a login', batches: scriptUser(user), expected: ["CREATE USER [O'Brien]]] FOR LOGIN [ob]"] },
  {
    name: 'whose login is unknown',
    batches: scriptUser({ ...user, login: null }),
    expected: ["CREATE USER [O'Brien]]] FOR LOGIN [O'Brien]]]"],
  },
  {
    name: 'a Windows group with a default schema',
    batches: scriptUser({ ...user, kind: 'windowsGroup', name: 'C\\g', login: 'C\\g', defaultSchema: 's' }),
    expected: ['CREATE USER [C\\g] FOR LOGIN [C\\g] WITH DEFAULT_SCHEMA = [s]'],
  },
  {
    name: 'without a login',
    batches: scriptUser({ ...user, kind: 'withoutLogin', defaultSchema: 's' }),
    expected: ["CREATE USER [O'Brien]]] WITHOUT LOGIN WITH DEFAULT_SCHEMA = [s]"],
  },
]);

it('scriptUser refuses a user that rests on a secret', () => {
  expect(() => scriptUser({ ...user, kind: 'contained' })).toThrow('contained');
});

const roles = [
  { name: 'a', owner: 'b', application: false },
  { name: 'b', owner: 'dbo', application: false },
];

testScripts('roles and schemas', [
  {
    name: 'roles, their owners first',
    batches: scriptRoles(roles, options),
    expected: ['CREATE ROLE [b]', 'CREATE ROLE [a] AUTHORIZATION [b]'],
  },
  {
    name: 'roles that own each other',
    batches: scriptRoles(
      [roles[0]!, { ...roles[1]!, owner: 'a' }, { name: 'c', owner: 'ann', application: false }],
      options,
    ),
    expected: [
      'CREATE ROLE [c] AUTHORIZATION [ann]',
      'CREATE ROLE [a]',
      'CREATE ROLE [b]',
      'ALTER AUTHORIZATION ON ROLE::[a] TO [b]',
      'ALTER AUTHORIZATION ON ROLE::[b] TO [a]',
    ],
  },
  {
    name: 'roles without owners',
    batches: scriptRoles(roles, noOwners),
    expected: ['CREATE ROLE [b]', 'CREATE ROLE [a]'],
  },
  {
    name: 'membership from 2012 on',
    batches: scriptMembership({ role: 'a', member: 'x y' }, { ...options, target: 110 }),
    expected: ['ALTER ROLE [a] ADD MEMBER [x y]'],
    since: 110,
  },
  {
    name: 'membership before',
    batches: scriptMembership({ role: 'a', member: "x'y" }, { ...options, target: 105 }),
    expected: ["EXEC sys.sp_addrolemember @rolename = N'a', @membername = N'x''y'"],
  },
  {
    name: 'schema of an owner',
    batches: scriptSchema({ name: 's', owner: 'a' }, options),
    expected: ['CREATE SCHEMA [s] AUTHORIZATION [a]'],
  },
  {
    name: 'schema without owners',
    batches: scriptSchema({ name: 's', owner: 'a' }, noOwners),
    expected: ['CREATE SCHEMA [s]'],
  },
]);

const permission: Permission = {
  state: 'GRANT',
  permission: 'SELECT',
  securable: { class: 'OBJECT', schema: 'dbo', name: 'T', columns: [] },
  grantee: 'ann',
  grantor: 'dbo',
};

testScripts('scriptPermission', [
  { name: 'grant', batches: scriptPermission(permission), expected: ['GRANT SELECT ON OBJECT::[dbo].[T] TO [ann]'] },
  {
    name: 'deny on a column',
    batches: scriptPermission({
      ...permission,
      state: 'DENY',
      securable: { ...permission.securable, columns: ['a]'] },
    }),
    expected: ['DENY SELECT ON OBJECT::[dbo].[T] ([a]]]) TO [ann]'],
  },
  {
    name: 'with grant option, by another grantor',
    batches: scriptPermission({ ...permission, state: 'GRANT_WITH_GRANT_OPTION', grantor: 'bob' }),
    expected: ['GRANT SELECT ON OBJECT::[dbo].[T] TO [ann] WITH GRANT OPTION AS [bob]'],
  },
  {
    name: 'revoke in the database',
    batches: scriptPermission({
      ...permission,
      state: 'REVOKE',
      permission: 'CONNECT',
      securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
    }),
    expected: ['REVOKE CONNECT FROM [ann]'],
  },
  ...(['SCHEMA', 'USER', 'ROLE'] as const).map(securableClass => ({
    name: securableClass,
    batches: scriptPermission({
      ...permission,
      permission: 'CONTROL',
      securable: { class: securableClass, schema: null, name: 'x', columns: [] },
    }),
    expected: [`GRANT CONTROL ON ${securableClass}::[x] TO [ann]`],
  })),
  ...(['TYPE', 'XML SCHEMA COLLECTION'] as const).map(securableClass => ({
    name: securableClass,
    batches: scriptPermission({
      ...permission,
      permission: 'EXECUTE',
      securable: { class: securableClass, schema: 'dbo', name: 'x', columns: [] },
    }),
    expected: [`GRANT EXECUTE ON ${securableClass}::[dbo].[x] TO [ann]`],
  })),
]);

describe('scriptedPermissions', () => {
  const connect = (grantee: string, state: Permission['state'] = 'GRANT'): Permission => ({
    state,
    permission: 'CONNECT',
    securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
    grantee,
    grantor: 'dbo',
  });
  it('leaves out the CONNECT that CREATE USER gives, and revokes it where the source has none', () => {
    const source = database({
      users: ['ann', 'bob', 'cora'].map(name => ({ ...user, name })),
      permissions: [connect('ann'), connect('cora', 'DENY'), connect('guest'), permission],
    });
    expect(scriptedPermissions(source).map(scriptPermission)).toEqual([
      'REVOKE CONNECT FROM [bob]',
      'DENY CONNECT TO [cora]',
      'GRANT CONNECT TO [guest]',
      'GRANT SELECT ON OBJECT::[dbo].[T] TO [ann]',
    ]);
  });
});
