import { expect, it } from 'vitest';
import { database, table } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const user = (name: string, kind: 'contained' | 'external' | 'certificate' | 'sql') =>
  ({ name, kind, login: null, defaultSchema: null, sid: null }) as const;
const connect = (grantee: string) =>
  ({
    state: 'GRANT',
    permission: 'CONNECT',
    securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
    grantee,
    grantor: 'dbo',
  }) as const;

it('leaves out who rests on a secret, with permissions and memberships; what they own falls to its default owner', () => {
  const source = database({
    users: [user('ann', 'contained'), user('bob', 'sql'), user('cora', 'external')],
    roles: [
      { name: 'app', owner: 'dbo', application: true },
      { name: 'staff', owner: 'ann', application: false },
    ],
    memberships: [
      { role: 'staff', member: 'ann' },
      { role: 'staff', member: 'bob' },
    ],
    schemas: [{ name: 'sales', owner: 'cora' }],
    tables: [table('T', undefined, { owner: 'ann' })],
    permissions: [connect('ann'), connect('bob'), connect('app')],
  });
  const { database: fitted, findings } = gateFor('2022', source);
  expect(fitted).toEqual(
    database({
      users: [user('bob', 'sql')],
      roles: [{ name: 'staff', owner: 'dbo', application: false }],
      memberships: [{ role: 'staff', member: 'bob' }],
      schemas: [{ name: 'sales', owner: 'dbo' }],
      tables: [table('T')],
      permissions: [connect('bob')],
    }),
  );
  expect(brief(findings)).toEqual(
    [
      'blocker [ann]',
      'blocker [cora]',
      'blocker [app]',
      'rewritten [staff]',
      'rewritten [sales]',
      'rewritten [dbo].[T]',
    ].map(f => `${f} secret-principal`),
  );
});
